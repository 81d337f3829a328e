"""Adds up what all suites found: ``python summary.py REPOSITORY NAME=PYTEST_REPORT.xml …``.

Reads Surefire's reports of every module and pytest's reports, of which those with the same name are one suite; prints one line for each
suite and the sum, and names what failed. Exit code 1 when a test failed, or when a report is missing or cannot be read: a suite that did
not run has not passed.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Count:
    """Test cases of one suite; ``failed`` names them."""

    ran: int = 0
    skipped: int = 0
    failed: list[str] = field(default_factory=list)

    def add(self, report: Path) -> None:
        """Counts the cases of a JUnit report."""
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            self.ran += 1
            if case.find("skipped") is not None:
                self.skipped += 1
            if case.find("failure") is not None or case.find("error") is not None:
                self.failed.append(f"{case.get('classname', '')}.{case.get('name', '')}")


def suites(repository: Path, reports: list[str]) -> dict[str, list[Path]]:
    """The reports of each suite that has tests, by the name of its module or the one given."""
    found: dict[str, list[Path]] = {}
    for module in sorted(repository.glob("*/pom.xml")):
        folder = module.parent
        if any((folder / "src" / "test").rglob("*Test.java")):
            found[folder.name] = sorted((folder / "target" / "surefire-reports").glob("TEST-*.xml"))
    for report in reports:
        name, _, path = report.partition("=")
        found.setdefault(name, []).append(Path(path))
    return found


def main(repository: str, *reports: str) -> int:
    """Prints the summary."""
    total, missing = Count(), []
    for name, files in suites(Path(repository), list(reports)).items():
        count = Count()
        for report in files:
            try:
                count.add(report)
            except (ElementTree.ParseError, OSError) as error:
                missing.append(f"{name}: {report.name} cannot be read ({error})")
        if not count.ran:
            missing.append(f"{name}: no test ran")
        print(f"{name:<32}{count.ran:>7} tests{len(count.failed):>5} failed{count.skipped:>5} skipped")
        total.ran += count.ran
        total.skipped += count.skipped
        total.failed += count.failed
    print(f"{'all':<32}{total.ran:>7} tests{len(total.failed):>5} failed{total.skipped:>5} skipped")
    for line in [*missing, *total.failed]:
        print(f"FAILED {line}")
    return 1 if missing or total.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
