"""Would a test notice? Small faults are put into the library, one at a time; each must fail a test (`make mutants`).

A mutant is one change on one line (`mutations.py`). Lines are drawn at random, then one change on each, so that every
line with something to change is as likely. For each mutant run the tests that reach its line, nearest and quickest
first, to the first that fails, in a private copy of the project; where none of those fails, the others that reach it
and those that hold the pages of docs/ against the library. Who reaches a line is found once, by coverage, and
kept in `.cache/mutants/` by the text of the line, so that it stays right while files change (delete it to find out
anew). Survivors that somebody has looked at and that change nothing stand in `mutants_same.yml`, with the reason.

    python benchmarks/mutants.py --map tests/danish          # once for each area of tests
    python benchmarks/mutants.py --seed 7 --count 150 [--package danish] [--workers 2]
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import multiprocessing
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import coverage
import pytest
import yaml
from mutations import Mutant, mutants_of

ROOT = Path(__file__).resolve().parents[1]
MAP = ROOT / ".cache" / "mutants"
SAME = Path(__file__).with_name("mutants_same.yml")
LIBRARY = "src/reportlib"
SECONDS = 40  # of recorded test time for one mutant at first; a test that takes longer by itself waits
LATER = 240  # of recorded test time for one that has lived so far
PAGES = re.compile(r"/test_(wordings_page|prose_words|reference|catalogue)\.py")  # of docs/, made from the library
# Whole reports, ledgers and parts as kept, which see what most others cannot. What several of a file's tests share is
# made once, so the map knows of the first that asked for it only.
WHOLE = re.compile(r"^tests/golden_reports/|_on_odd_ledgers\.py")
NEAR = {"show": "figures tables", "numbers": "checking trace diffing"}  # whose tests have another name
FILES = 10  # of tests for one mutant: each costs its imports


def draw(seed: int, count: int, packages: list[str]) -> list[Mutant]:
    chance = random.Random(seed)
    files = [path.relative_to(ROOT).as_posix() for path in sorted((ROOT / LIBRARY).rglob("*.py"))]
    chosen = [file for file in files if not packages or any(f"{file}/".startswith(f"{LIBRARY}/{p}") for p in packages)]
    by_line: dict[tuple[str, int], list[Mutant]] = defaultdict(list)
    for file in chosen:
        for mutant in mutants_of(file, (ROOT / file).read_bytes()):
            by_line[file, mutant.line].append(mutant)
    lines = chance.sample(sorted(by_line), min(count, len(by_line)))
    return [chance.choice(by_line[line]) for line in lines]


def private_copy(folder: str) -> Path:
    copy = Path(tempfile.mkdtemp(dir=folder))
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


def in_child(copy: Path, files: list[str], plugin: object, seconds: float) -> int | None:
    """Exit status of pytest in a copy, in a process with the large packages imported already; None for a time-out."""
    child = os.fork()
    if child == 0:
        os.setsid()
        log = os.open(copy / "pytest.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.chdir(copy)
        os.environ["PYTHONPATH"] = str(copy / "src")
        sys.path[:1] = [str(copy / "src")]
        vars(sys.modules["__main__"]).pop("__file__", None)  # or each process that a test spawns would run this file
        sys.dont_write_bytecode = True  # a changed file of the same second and size would be taken for the former
        options = ["-x", "-p", "no:cacheprovider", "-p", "no:xdist", f"--basetemp={copy}/t"]
        os._exit(pytest.main([*options[isinstance(plugin, Recorder) :], *files], [plugin]))
    ends = time.monotonic() + seconds
    done = 0
    while not done and time.monotonic() < ends:
        time.sleep(0.05)
        done, status = os.waitpid(child, os.WNOHANG)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)  # what the tests started and left, too
    if done:
        return os.waitstatus_to_exitcode(status)
    os.waitpid(child, 0)
    return None


class Recorder:
    """Tells coverage which test runs, and keeps how long each took and which fail without any change."""

    def __init__(self, copy: Path) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.failed: set[str] = set()
        self.copy = copy

    def pytest_configure(self) -> None:
        self.coverage = coverage.Coverage(data_file=None, include=[f"{self.copy}/{LIBRARY}/*"], config_file=False)
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.coverage.switch_context(item.nodeid)
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self.coverage.stop()
        data = self.coverage.get_data()
        tests = sorted(set(self.seconds) - self.failed)
        index = {test: number for number, test in enumerate(tests)}
        reached: dict[str, dict[str, list[int]]] = {}
        for file in filter(re.compile(r"\.py$").search, data.measured_files()):
            lines = Path(file).read_text(encoding="utf-8").splitlines()
            rows = reached.setdefault(Path(file).relative_to(self.copy).as_posix(), {})
            for number, found in data.contexts_by_lineno(file).items():
                text = lines[number - 1].strip()
                rows[text] = sorted({*rows.get(text, []), *(index[test] for test in found if test in index)})
        record = {"tests": tests, "seconds": [round(self.seconds[test], 3) for test in tests], "reached": reached}
        record["failed"] = sorted(self.failed)
        (self.copy / "map.json").write_text(json.dumps(record), encoding="utf-8")


def make_map(area: str, folder: str) -> None:
    kept = MAP / f"{area.rstrip('/').replace('/', '+')}.json"
    if kept.exists():
        return
    copy = private_copy(folder)
    in_child(copy, [area], Recorder(copy), float("inf"))
    print(area, (copy / "pytest.log").read_text().splitlines()[-1], flush=True)
    MAP.mkdir(parents=True, exist_ok=True)
    shutil.copy(copy / "map.json", kept)


def nearest(mutant: Mutant) -> list[str]:
    """The areas of tests of the mutant's package."""
    package = Path(mutant.file).relative_to(LIBRARY).parts[0].removesuffix(".py")
    return NEAR.get(package, package).split()


class Reaching:
    """The tests that reach a line, from all maps."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.failed: set[str] = set()
        self.reached: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for path in sorted(MAP.glob("*.json")):
            record = json.loads(path.read_text(encoding="utf-8"))
            tests = record["tests"]
            self.seconds.update(zip(tests, record["seconds"], strict=True))
            self.failed.update(record.get("failed", []))
            for file, rows in record["reached"].items():
                for text, found in rows.items():
                    self.reached[file][text].update(tests[number] for number in found)

    def of_line(self, mutant: Mutant) -> set[str]:
        """Those that reach the line or the nearest above that is known, in this file or, where it moved, in another."""
        lines = (COPY / mutant.file).read_text(encoding="utf-8").splitlines()[: mutant.line]
        for text in map(str.strip, reversed(lines)):
            files = self.reached.values() if len(text) > 15 else [self.reached[mutant.file]]
            found = [rows[text] for rows in files if text in rows]
            if found:
                return set().union(*found)
        return set()

    def rounds(self, mutant: Mutant) -> Iterator[list[str]]:
        """The nearest and quickest tests, then the others with the pages."""
        files = self.by_file(mutant)
        first = self.within(files[:FILES], SECONDS)
        yield first
        pages = sorted(test for test in self.seconds if PAGES.search(test))
        whole = {tests[0].split("::")[0] for tests in files if WHOLE.search(tests[0])}
        files = [[test for test in self.seconds if test.split("::")[0] == file] for file in sorted(whole)] + files
        left = [[test for test in tests if test not in set(first)] for tests in [pages, *files]]
        yield self.within(left, LATER)

    def newer_files(self, mutant: Mutant) -> list[str]:
        """Files of the tests nearest to the mutant that no map knows."""
        known = {test.split("::")[0] for test in self.seconds}
        near = [path for area in nearest(mutant) for path in (COPY / "tests" / area).rglob("test_*.py")]
        return [name for path in sorted(near) if (name := path.relative_to(COPY).as_posix()) not in known]

    def within(self, files: list[list[str]], seconds: float) -> list[str]:
        chosen, spent = [], 0.0
        for test in (test for tests in files for test in tests):
            if spent + self.seconds[test] <= seconds:
                chosen.append(test)
                spent += self.seconds[test]
        return list(dict.fromkeys(chosen))

    def by_file(self, mutant: Mutant) -> list[list[str]]:
        """Those of the line, else (run on import) of the file and all near it; then neighbours, who share fixtures."""
        near = nearest(mutant)
        here = set() if mutant.on_import else self.of_line(mutant)
        everywhere = here.union(*self.reached[mutant.file].values())
        if not here:
            everywhere |= {test for test in self.seconds if any(f"tests/{area}/" in test for area in near)}
            here = everywhere
        by_file: dict[str, list[str]] = defaultdict(list)
        for test in sorted(everywhere, key=lambda test: (test not in here, self.seconds[test])):
            by_file[test.split("::")[0]].append(test)
        files = [file for file, tests in by_file.items() if tests[0] in here]
        files.sort(
            key=lambda file: (not any(area in file for area in near), sum(self.seconds[test] for test in by_file[file]))
        )
        return [by_file[file] for file in files]


class Chosen:
    """Keeps the tests chosen, in their order, and what is newer than the map; not those that fail by themselves."""

    def __init__(self, chosen: list[str], known: set[str]) -> None:
        self.place = {test: number for number, test in enumerate(chosen)}
        self.known = known

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = [item for item in items if item.nodeid in self.place or item.nodeid not in self.known]
        items.sort(key=lambda item: self.place.get(item.nodeid, -1))


def outcome(mutant: Mutant) -> str:
    """How the mutant ends: `died`, `survived`, `timed out`, or `not reached` by any test."""
    path = COPY / mutant.file
    source, times = path.read_bytes(), path.stat()
    path.write_bytes(mutant.of(source))
    end = "not reached"
    try:
        for chosen in REACHING.rounds(mutant):
            names = [*(test.split("::")[0] for test in chosen), *REACHING.newer_files(mutant)]
            files = [file for file in dict.fromkeys(names) if (COPY / file).is_file()]
            if not files:
                continue
            seconds = 120 + 8 * sum(REACHING.seconds[test] for test in chosen)
            code = in_child(COPY, files, Chosen(chosen, {*REACHING.seconds, *REACHING.failed}), seconds)
            end = "survived" if code in {0, 5} else "timed out" if code is None else "died"
            if end != "survived":
                break
    finally:
        path.write_bytes(source)
        os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    return end


def changes_nothing(mutant: Mutant) -> bool:
    """Whether somebody has seen that it changes nothing a reader can see, and written down why."""
    return any(
        (row["file"], row["before"], row["after"]) == (mutant.file, mutant.before.strip(), mutant.after.strip())
        for row in yaml.safe_load(SAME.read_text(encoding="utf-8")) or []
    )


def begin(folder: str) -> None:
    global COPY, REACHING
    COPY, REACHING = private_copy(folder), Reaching()


def run(seed: int, count: int, packages: list[str], workers: int, folder: str) -> None:
    drawn = draw(seed, count, packages)
    left = [mutant for mutant in drawn if not changes_nothing(mutant)]
    print(f"seed {seed}: {len(drawn)} mutants, {len(drawn) - len(left)} of them known to change nothing", flush=True)
    table: dict[str, Counter[str]] = defaultdict(Counter)
    with multiprocessing.get_context("fork").Pool(min(workers, 2), begin, [folder]) as pool:
        for number, (mutant, end) in enumerate(zip(left, pool.imap(outcome, left), strict=True), start=1):
            table[Path(mutant.file).relative_to(LIBRARY).parts[0]][end] += 1
            if end in {"survived", "not reached"}:
                print(f"\n{number}: {end}: {mutant.file}:{mutant.line}", flush=True)
                print(f"- {mutant.before.strip()}\n+ {mutant.after.strip()}", flush=True)
            elif number % 10 == 0:
                print(f"\n{number} of {len(left)}", flush=True)
    total = sum(table.values(), Counter())
    for package, ends in [*sorted(table.items()), ("all", total)]:
        alive = ends["survived"] + ends["not reached"]
        print(f"{package:20} {ends.total() - alive:4} of {ends.total():4} died")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--map", nargs="+", default=[], metavar="AREA", help="find out who reaches a line, for these tests"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=150)
    parser.add_argument("--package", nargs="+", default=[], help="below src/reportlib: danish, figures/heat_table.py")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        for area in given.map:
            make_map(area, folder)
        if not given.map:
            run(given.seed, given.count, given.package, given.workers, folder)


if __name__ == "__main__":
    for name in (
        "IPython",
        "babel.numbers",
        "hypothesis",
        "matplotlib.figure",
        "pandas",
        "pikepdf",
        "pyarrow.parquet",
        "scipy.stats",
    ):
        importlib.import_module(name)
    main()
