"""Adds up what all suites found: ``python summary.py REPOSITORY PYTEST_RESULTS.xml MLFLOW_RESULTS.xml MODEL_RESULTS.xml``.

Reads Surefire's reports of every module and pytest's reports, prints one line for each and the sum, and names what failed. Exit code 1
when a test failed, or when a report is missing or cannot be read: a suite that did not run has not passed.
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


def suites(repository: Path, results: Path, client: Path, models: Path) -> dict[str, list[Path]]:
    """The reports of each suite that has tests, by the name of its module."""
    found: dict[str, list[Path]] = {}
    for module in sorted(repository.glob("*/pom.xml")):
        folder = module.parent
        if any((folder / "src" / "test").rglob("*Test.java")):
            found[folder.name] = sorted((folder / "target" / "surefire-reports").glob("TEST-*.xml"))
    found["python and black box"] = [results] if results.is_file() else []
    found["MLflow's client"] = [client] if client.is_file() else []
    found["MLflow's models"] = [models] if models.is_file() else []
    return found


def main(repository: str, results: str, client: str, models: str) -> int:
    """Prints the summary."""
    total, missing = Count(), []
    for name, reports in suites(Path(repository), Path(results), Path(client), Path(models)).items():
        count = Count()
        for report in reports:
            try:
                count.add(report)
            except (ElementTree.ParseError, OSError) as error:
                missing.append(f"{name}: {report.name} cannot be read ({error})")
        if not count.ran:
            missing.append(f"{name}: no test ran")
        print(f"{name:<24}{count.ran:>7} tests{len(count.failed):>5} failed{count.skipped:>5} skipped")
        total.ran += count.ran
        total.skipped += count.skipped
        total.failed += count.failed
    print(f"{'all':<24}{total.ran:>7} tests{len(total.failed):>5} failed{total.skipped:>5} skipped")
    for line in [*missing, *total.failed]:
        print(f"FAILED {line}")
    return 1 if missing or total.failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:5]))
