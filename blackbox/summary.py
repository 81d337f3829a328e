"""Adds up what all suites found: ``python summary.py [--some] REPOSITORY PHASES NAME=PYTEST_REPORT.xml …``.

Reads Surefire's reports of every module and pytest's reports, of which those with the same name are one suite. Prints one line for each
suite and the sum, the seconds of each phase (PHASES has lines of a name, seconds and an exit code, separated by tabs), the 25 slowest
tests, and names what failed with the beginning of its message; the last line is ``N passed, N failed``. Exit code 1 when a test failed, or when a report is missing or
cannot be read: a suite that did not run has not passed. With ``--some`` a module without reports was not asked for.
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from pathlib import Path

SLOWEST = 25
# Of the message of a failure, for a reader who has the printed summary and no reports.
LINES, WIDTH = 8, 240


@dataclass
class Count:
    """Test cases of one suite; ``failed`` has names and messages, ``seconds`` has what each took."""

    ran: int = 0
    skipped: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    seconds: list[tuple[float, str]] = field(default_factory=list)

    def add(self, report: Path) -> None:
        """Counts the cases of a JUnit report."""
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            name = f"{case.get('classname', '')}.{case.get('name', '')}"
            self.ran += 1
            self.seconds.append((float(case.get("time", "0").replace(",", "")), name))
            if case.find("skipped") is not None:
                self.skipped += 1
            for fault in (case.find("failure"), case.find("error")):
                if fault is not None:
                    self.failed.append((name, beginning(fault.get("message") or fault.text or "")))
                    break

    def join(self, other: Count) -> None:
        """Takes over what another suite found."""
        self.ran += other.ran
        self.skipped += other.skipped
        self.failed += other.failed
        self.seconds += other.seconds

    def line(self, name: str) -> str:
        """The suite in one line."""
        return f"{name:<32}{self.ran:>7} tests{len(self.failed):>5} failed{self.skipped:>5} skipped{sum(took for took, _ in self.seconds):>8.0f} s"


def beginning(message: str) -> str:
    """The first lines of a failure's message, indented."""
    lines = [line.rstrip() for line in message.splitlines() if line.strip()]
    return "".join(f"\n    {line[:WIDTH]}" for line in lines[:LINES])


def suites(repository: Path, reports: list[str], some: bool) -> dict[str, list[Path]]:
    """The reports of each suite that has tests, by the name of its module or the one given."""
    found: dict[str, list[Path]] = {}
    for module in sorted(repository.glob("*/pom.xml")):
        folder = module.parent
        files = sorted((folder / "target" / "surefire-reports").glob("TEST-*.xml"))
        if files or (not some and any((folder / "src" / "test").rglob("*Test.java"))):
            found[folder.name] = files
    for report in reports:
        name, _, path = report.partition("=")
        found.setdefault(name, []).append(Path(path))
    return found


def phases(file: Path) -> dict[str, tuple[str, int]]:
    """Seconds and exit code of each phase."""
    rows = (row.split("\t") for row in file.read_text().splitlines())
    return {name: (seconds, int(status)) for name, seconds, status in rows}


def main(repository: str, timed: str, *reports: str, some: bool = False) -> int:
    """Prints the summary."""
    total, missing = Count(), []
    for name, files in suites(Path(repository), list(reports), some).items():
        count = Count()
        for report in files:
            try:
                count.add(report)
            except (ElementTree.ParseError, OSError) as error:
                missing.append(f"{name}: {report.name} cannot be read ({error})")
        if not count.ran:
            missing.append(f"{name}: no test ran")
        print(count.line(name))
        total.join(count)
    print(total.line("all"))
    timings = phases(Path(timed))
    if not total.failed and not missing:
        # What is no test may fail, too: a compilation, a format, the installation of a package.
        missing += [f"{name}: exit code {status}, see {name}.log beside {timed}" for name, (_, status) in timings.items() if status]
    for title, lines in [
        ("Phases", [f"{name:<32}{seconds:>7} s" for name, (seconds, _) in timings.items()]),
        (f"The {SLOWEST} slowest tests", [f"{took:>8.1f} s  {name}" for took, name in sorted(total.seconds, reverse=True)[:SLOWEST]]),
    ]:
        if lines:
            print(f"\n{title}", *lines, sep="\n")
    print()
    for line in missing:
        print(f"FAILED {line}")
    for name, message in total.failed:
        print(f"FAILED {name}{message}")
    # A suite that did not run is a failure, also in the closing line.
    failed = len(total.failed) + len(missing)
    print(f"{total.ran - len(total.failed) - total.skipped} passed, {failed} failed" + (f", {total.skipped} skipped" if total.skipped else ""))
    return 1 if failed else 0


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--some"]
    sys.exit(main(*words, some="--some" in sys.argv))
