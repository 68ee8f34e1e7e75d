"""A hundred generated trials, each new -> synthetic -> render -> check: designs x sizes x missing pieces x odd nouns.

    python benchmarks/gauntlet.py [--trials 100] [--seed 1] [--limit 300] [--only SEED]

Prints a line for each trial (what it is, whether it passed, CPU seconds, numbers and how many hide) and every failure
with its seed, which `--only` makes again. Exit status 1 where one failed. Not part of the tests: an hour or more.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

DESIGNS = ("randomised", "quasi_experiment", "before_after", "status")
SOURCES = ("dream", "timer", "sager", "survey")
NOUNS = {
    "label: deltagergruppen, many: deltagerne": "label: kursusholdet, many: kursisterne, one: kursist, some: kursister",
    "one: kommune, many: kommuner, many_definite: kommunerne": "one: hus, many: huse, many_definite: husene",
    "one: borger, many: borgere, many_definite: borgerne": "one: rektor, many: rektorer, many_definite: rektorerne",
}
NAMES = ("Å", "Høje-Taastrup", "Sankt Hans' By", "Nord & Syd", "1. Afdeling", "Ærø (øst)", "d'Angleterre", "Bov")
PIECES = ("nothing", "a place without persons", "one group in a place", "few answers")


@dataclass(frozen=True)
class Generated:
    """A trial as its seed has it."""

    seed: int
    design: str
    sites: tuple[str, ...]
    sources: tuple[str, ...]
    persons: int
    weeks: int
    odd: bool
    missing: str

    def __str__(self) -> str:
        about = f"{self.design}, {len(self.sites)} places, {self.persons} a group, {'+'.join(self.sources)}"
        return f"{about}, {self.weeks} weeks, {self.missing} missing{', odd nouns' if self.odd else ''}"


def generated(seed: int) -> Generated:
    """The trial of a seed."""
    rng = random.Random(seed)
    places = rng.choice((1, 2, 4, 9, 25))
    names = [*rng.sample(NAMES, min(places, len(NAMES))), *(f"Sted {number}" for number in range(places))][:places]
    return Generated(
        seed,
        rng.choice(DESIGNS),
        tuple(names),
        tuple(name for name in SOURCES if rng.random() < 0.7) or ("sager",),
        rng.choice((20, 60, 300, 900)),
        rng.choice((12, 30, 60)),
        rng.random() < 0.5,
        rng.choice(PIECES),
    )


def begin(trial: Generated, root: Path) -> None:
    """Write the trial and its extracts into an empty project, and take away what is to be missing."""
    first = date(2023, 1, 2)
    last = first + timedelta(weeks=20)
    answers = {
        "--title": f"Forsøg {trial.seed}", "--commissioner": "Opdragsgiver", "--evaluator": "Evaluator",
        "--design": trial.design, "--sites": ",".join(trial.sites), "--first": first, "--last": last,
        "--until": last + timedelta(weeks=trial.weeks), "--sources": ",".join(trial.sources),
    }  # fmt: skip
    run(root, "init", ".")
    run(root, "new", "proeve", *(str(part) for pair in answers.items() for part in pair))
    path = root / "data" / "proeve" / "trial.yml"
    text = path.read_text(encoding="utf-8")
    if trial.odd:
        for usual, odd in NOUNS.items():
            text = text.replace(usual, odd)
        path.write_text(text, encoding="utf-8")
    run(root, "synthetic", "proeve", "--persons", str(trial.persons), "--seed", str(trial.seed))
    take_away(trial, root / "data" / "proeve")


def take_away(trial: Generated, folder: Path) -> None:
    """Records and cells that a real extract may lack."""
    rng = random.Random(trial.seed)

    def edit(name: str, keep: object) -> None:
        path = folder / name
        if path.is_file():
            head, *lines = path.read_text(encoding="utf-8").splitlines()
            columns = head.split(";")
            kept = [line for line in (keep(line.split(";"), columns) for line in lines) if line]  # type: ignore[operator]
            path.write_text("\n".join([head, *(kept or lines[:1]), ""]), encoding="utf-8")

    place = trial.sites[-1]
    match trial.missing:
        case "a place without persons" if len(trial.sites) > 1:
            edit(
                "deltagere.csv", lambda cells, names: "" if cells[names.index("kommune")] == place else ";".join(cells)
            )
        case "one group in a place" if len(trial.sites) > 1:
            edit(
                "deltagere.csv",
                lambda cells, names: (
                    "" if cells[names.index("kommune")] == place and "kontrol" in cells else ";".join(cells)
                ),
            )
        case "few answers":
            edit("borgere.csv", lambda cells, _: ";".join(cells) if rng.random() < 0.2 else "")


class StepError(Exception):
    """A command ended otherwise than it should."""


def run(root: Path, *arguments: str, limit: int = 300) -> str:
    """The output of a command of the library in the project."""
    program = [str(Path(sys.executable).with_name("reportlib")), *arguments]
    done = subprocess.run(  # CPU seconds: a busy machine is no failure
        program, cwd=root, capture_output=True, text=True, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
    )  # fmt: skip
    if done.returncode < 0:
        raise StepError(f"{arguments[0]}: stopped by signal {-done.returncode}; more than {limit} CPU s?")
    if done.returncode:
        raise StepError(f"{arguments[0]}: {(done.stderr + done.stdout).strip()[-1500:]}")
    return done.stdout


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--trials", type=int, default=100)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--limit", type=int, default=300, help="CPU seconds for one command")
    asked.add_argument("--only", type=int, help="one trial, by its seed; its folder is kept")
    options = asked.parse_args()
    os.environ["COLUMNS"] = "300"
    failures: list[str] = []
    seeds = [options.only] if options.only is not None else range(options.seed, options.seed + options.trials)
    for seed in seeds:
        trial, root = generated(seed), Path(tempfile.mkdtemp(prefix="gauntlet-"))
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        told, why = "passed", ""
        try:
            begin(trial, root)
            versions = ("--kommune", "Alle", "--kommune", trial.sites[0])
            run(root, "render", "proeve", *versions, "--format", "html", "--workers", "0", limit=options.limit)
            run(root, "check", "_output/proeve", "reports/proeve.qmd", limit=options.limit)
        except StepError as error:
            told, why = "FAILED", f"\n    {error}"
            failures.append(f"seed {seed}: {str(error).splitlines()[0]}")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"{seed}: {told}, {spent:.0f} CPU s{hidden(root)}: {trial}{why}", flush=True)
        if options.only is None:
            shutil.rmtree(root, ignore_errors=True)
        else:
            print(root)
    print(f"{len(seeds) - len(failures)} of {len(seeds)} passed")
    for failure in failures:
        print(failure)
    return bool(failures)


def hidden(root: Path) -> str:
    """How many numbers the trial's ledger has and how many of them hide."""
    for path in (root / "_output" / ".cache" / "ledgers").glob("*.json"):
        columns = json.loads(path.read_text(encoding="utf-8")).get("columns")
        if columns:
            return f", {len(columns['key'])} numbers, {sum(map(bool, columns['suppressed']))} hide"
    return ""


if __name__ == "__main__":
    sys.exit(main())
