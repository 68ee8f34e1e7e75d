"""Time our estimators beside lifelines, statsmodels and R, on the same data, and check that the answers are the same.

    python benchmarks/estimators.py                    all tasks, each program stopped after 300 seconds
    python benchmarks/estimators.py cox-indicators     one task
    python benchmarks/estimators.py --quick            a tenth of the rows, for a first look

Every program runs in a process of its own, reads the same file, and times the estimate alone (best of three when it
is short); loading the program and the data is not counted. Where other work goes on at the
same time, compare the seconds of processor time. "Same answer" compares the coefficient and the error of
treatment with R's, or with ours where R is not installed. Programs that are not installed are left out.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

Answer = tuple[float, float]
"""The estimate of treatment and its error."""
HERE = Path(__file__).resolve()
SAME = 1e-6
SHORT = 5.0
"""Seconds under which a run is repeated."""
REPEATS = 5


# --- data ------------------------------------------------------------------------------------------------------------


def cox_indicators(scale: float) -> pd.DataFrame:
    """12,206 persons of 95 municipalities, weekly ties, 208 indicators for exact prior duration."""
    n = int(12_206 * scale)
    frame = _persons(n, clusters=95, seed=1, late=False)
    duration = np.random.default_rng(11).integers(0, 209, n)
    # a level nobody, or nobody with an event, belongs to has no coefficient in any program
    events = frame["event"].to_numpy() == 1
    duration[~np.isin(duration, duration[events])] = 0
    levels = [level for level in np.unique(duration) if level > 0]
    block = pd.DataFrame({f"uge{level}": (duration == level).astype(float) for level in levels})
    return pd.concat([frame, block], axis=1)


def cox_clustered(scale: float) -> pd.DataFrame:
    """100,000 persons of 95 municipalities, weekly ties, half of them watched from a later week."""
    return _persons(int(100_000 * scale), clusters=95, seed=2, late=True)


def cox_untied(scale: float) -> pd.DataFrame:
    """The same 100,000 persons with (all but) no two leaving at the same time."""
    frame = cox_clustered(scale)
    earlier = np.random.default_rng(22).random(len(frame)) * 0.999
    return frame.assign(stop=frame["stop"] - earlier * (frame["stop"] - frame["start"] > 1))


def did_two_way(scale: float) -> pd.DataFrame:
    """100,000 rows: persons' hours in 52 weeks in 98 municipalities, a third of which start in week 27."""
    rng = np.random.default_rng(3)
    n = int(100_000 * scale)
    unit, week = rng.integers(0, 98, n), rng.integers(1, 53, n)
    treated = ((unit % 3 == 0) & (week > 26)).astype(float)
    level = rng.normal(0, 2, 98)
    drift = rng.normal(0, 1, 53)
    hours = 10 + level[unit] + drift[week] + treated + rng.normal(0, 5, n) + rng.normal(0, 1, (98, 2))[unit, week // 27]
    return pd.DataFrame({"hours": hours, "treated": treated, "unit": unit, "week": week})


def matching(scale: float) -> pd.DataFrame:
    """50,000 persons, a third treated, with whole-number covariates, so that scores are tied."""
    rng = np.random.default_rng(4)
    n = int(50_000 * scale)
    age, months = rng.normal(45, 9, n).round(), rng.exponential(20, n).round()
    male, jobs = rng.integers(0, 2, n), rng.poisson(2, n)
    odds = -0.8 + 0.03 * (age - 45) - 0.02 * (months - 20) + 0.2 * male + 0.1 * jobs
    treated = (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(int)
    hours = 5 + 0.1 * age - 0.05 * months + 2 * treated + rng.normal(0, 4, n)
    columns = {"treated": treated, "age": age, "months": months, "male": male, "jobs": jobs, "hours": hours}
    return pd.DataFrame(columns).astype(float)


def _persons(n: int, *, clusters: int, seed: int, late: bool) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, clusters, n)
    treated = ((cluster % 2 == 0) ^ (rng.random(n) < 0.1)).astype(float)
    age, male = rng.normal(45, 9, n).round(), rng.integers(0, 2, n).astype(float)
    frailty = rng.normal(0, 0.2, clusters)[cluster]
    rate = 0.015 * np.exp(0.25 * treated - 0.02 * (age - 45) + 0.1 * male + frailty)
    leaves, closes = rng.exponential(1 / rate), rng.uniform(20, 104, n)
    start = np.floor(rng.uniform(0, 20, n)) * (rng.random(n) < 0.5) if late else np.zeros(n)
    stop = np.maximum(np.ceil(np.minimum(leaves, closes)), start + 1)
    columns = {"start": start, "stop": stop, "event": (leaves <= closes).astype(int), "cluster": cluster}
    return pd.DataFrame({**columns, "treated": treated, "age": age, "male": male})


# --- programs --------------------------------------------------------------------------------------------------------


def _covariates(frame: pd.DataFrame) -> list[str]:
    return [name for name in frame.columns if name not in ("start", "stop", "event", "cluster")]


def ours_cox(frame: pd.DataFrame, *, clustered: bool = True) -> Callable[[], Answer]:
    from reportlib.estimators.proportional_hazards import cox

    def run() -> Answer:
        fit = cox(
            frame,
            start="start",
            stop="stop",
            event="event",
            covariates=_covariates(frame),
            cluster="cluster" if clustered else None,
        )
        row = fit.terms.iloc[0]
        return row["coef"], row["se_cluster" if clustered else "se_model"]

    return run


def ours_cox_model_errors(frame: pd.DataFrame) -> Callable[[], Answer]:
    return ours_cox(frame, clustered=False)


def lifelines_cox(frame: pd.DataFrame, *, clustered: bool = True) -> Callable[[], Answer]:
    from lifelines import CoxPHFitter

    late = bool(frame["start"].any())
    kept = frame if late else frame.drop(columns="start")
    kept = kept if clustered else kept.drop(columns="cluster")

    def run() -> Answer:
        fit = CoxPHFitter().fit(
            kept, "stop", "event", entry_col="start" if late else None, cluster_col="cluster" if clustered else None
        )
        return fit.params_["treated"], fit.standard_errors_["treated"]

    return run


def lifelines_cox_model_errors(frame: pd.DataFrame) -> Callable[[], Answer]:
    return lifelines_cox(frame, clustered=False)


def statsmodels_cox(frame: pd.DataFrame) -> Callable[[], Answer]:
    from statsmodels.duration.hazard_regression import PHReg

    late = bool(frame["start"].any())
    x = frame[_covariates(frame)].to_numpy()

    def run() -> Answer:
        entry = frame["start"].to_numpy() if late else None
        model = PHReg(frame["stop"].to_numpy(), x, status=frame["event"].to_numpy(), entry=entry, ties="efron")
        fit = model.fit(groups=frame["cluster"].to_numpy())
        return fit.params[0], fit.bse[0]

    return run


def ours_did_cr2(frame: pd.DataFrame) -> Callable[[], Answer]:
    from reportlib.estimators.diff_in_diff import two_way

    def run() -> Answer:
        fit = two_way(frame["hours"], frame["treated"], frame["unit"], frame["week"])
        return fit.estimate, fit.se

    return run


def statsmodels_did(frame: pd.DataFrame) -> Callable[[], Answer]:
    import statsmodels.api as sm

    def run() -> Answer:
        effects = [pd.get_dummies(frame[name], drop_first=True, dtype=float) for name in ("unit", "week")]
        x = np.column_stack([frame["treated"], np.ones(len(frame)), *effects])
        fit = sm.OLS(frame["hours"].to_numpy(), x).fit(
            cov_type="cluster", cov_kwds={"groups": frame["unit"].to_numpy()}
        )
        return fit.params[0], fit.bse[0]

    return run


MATCHED_ON = ["age", "months", "male", "jobs"]


def ours_matching(frame: pd.DataFrame) -> Callable[[], Answer]:
    from reportlib.estimators.propensity_matching import match

    def run() -> Answer:
        effect = match(frame, treated="treated", covariates=MATCHED_ON, on="probability").effect(frame["hours"])
        return effect.effect, effect.se

    return run


def numpy_matching(frame: pd.DataFrame) -> Callable[[], Answer]:
    """The definition, one treated person at a time, on statsmodels' logit score."""
    import statsmodels.api as sm

    def run() -> Answer:
        z = frame["treated"].to_numpy() == 1
        x = sm.add_constant(frame[MATCHED_ON].to_numpy())
        score = sm.Logit(z.astype(float), x).fit(disp=0, method="newton", tol=1e-12).predict(x)
        y, controls = frame["hours"].to_numpy(), np.flatnonzero(~z)
        at, rows = score[controls], np.flatnonzero(z)
        matched, spread, k, k2 = np.empty(len(rows)), np.empty(len(rows)), np.zeros(len(at)), np.zeros(len(at))
        for i, row in enumerate(rows):
            distance = np.abs(at - score[row])
            hit = np.flatnonzero(distance <= distance.min() + 1e-9)
            matched[i], spread[i] = y[controls[hit]].mean(), y[controls[hit]].var()
            k[hit] += 1 / len(hit)
            k2[hit] += 1 / len(hit) ** 2
        tau = y[rows] - matched
        squares = (tau - tau.mean()) ** 2
        sigma2 = 0.5 * np.mean(squares + spread)
        return tau.mean(), np.sqrt(squares.sum() + (k**2 - k2).sum() * sigma2) / len(rows)

    return run


COX = {
    "reportlib": ours_cox,
    "lifelines": lifelines_cox,
    "statsmodels": statsmodels_cox,
    "reportlib, model errors": ours_cox_model_errors,
    "lifelines, model errors": lifelines_cox_model_errors,
}
PROGRAMS: dict[str, dict[str, Callable[[pd.DataFrame], Callable[[], Answer]]]] = {
    "cox-indicators": COX,
    "cox-clustered": COX,
    "cox-untied": COX,
    "did-two-way": {"statsmodels": statsmodels_did, "reportlib, CR2": ours_did_cr2},
    "matching": {"reportlib": ours_matching, "statsmodels and NumPy": numpy_matching},
}
DATA = {
    "cox-indicators": cox_indicators,
    "cox-clustered": cox_clustered,
    "cox-untied": cox_untied,
    "did-two-way": did_two_way,
    "matching": matching,
}


# --- running ---------------------------------------------------------------------------------------------------------


def worker(task: str, program: str, data: Path) -> None:
    """Time one program on one task and print its answer as JSON."""
    run = PROGRAMS[task][program](pd.read_parquet(data))
    seconds: list[float] = []
    processor: list[float] = []
    estimate, se = 0.0, 0.0
    while not seconds or (len(seconds) < REPEATS and seconds[0] < SHORT):
        started, started_processor = time.perf_counter(), time.process_time()
        estimate, se = run()
        seconds.append(time.perf_counter() - started)
        processor.append(time.process_time() - started_processor)
    best = {"seconds": min(seconds), "processor": min(processor)}
    print(json.dumps({**best, "estimate": float(estimate), "se": float(se)}))


def run_command(command: list[str], limit: float) -> dict[str, float] | str:
    """The answer of a worker, or in a word why there is none."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return f"over {limit:g} s"
    if done.returncode:
        absent = "No module named" in done.stderr or "there is no package called" in done.stderr
        return "not installed" if absent else "failed: " + (done.stderr.strip().splitlines() or ["?"])[-1]
    answer: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def run_task(task: str, scale: float, limit: float, folder: Path) -> list[tuple[str, dict[str, float] | str]]:
    """Every program's answer on one task."""
    frame = DATA[task](scale)
    parquet, csv = folder / f"{task}.parquet", folder / f"{task}.csv"
    frame.to_parquet(parquet)
    answers: list[tuple[str, dict[str, float] | str]] = []
    for program in PROGRAMS[task]:
        command = [sys.executable, str(HERE), "--worker", task, program, str(parquet)]
        answers.append((program, run_command(command, limit)))
    if rscript := shutil.which("Rscript"):
        frame.to_csv(csv, index=False)
        answers.append(("R", run_command([rscript, str(HERE.with_suffix(".R")), task, str(csv)], limit)))
    return answers


def report(task: str, rows: int, answers: list[tuple[str, dict[str, float] | str]]) -> str:
    """A table of one task: seconds, how many times ours, and whether the answer is the same."""
    found = {program: answer for program, answer in answers if isinstance(answer, dict)}
    ours = found.get("reportlib") or found["reportlib, CR2"]
    truth = found.get("R", ours)
    lines = [f"\n{task}: {DATA[task].__doc__}"[:-1] + f" [{rows:,} rows]"]
    lines.append(f"  {'program':<26}{'seconds':>10}{'processor':>11}{'times ours':>12}  same answer")
    for program, answer in answers:
        if isinstance(answer, str):
            lines.append(f"  {program:<26}{answer:>10}")
            continue
        off = {name: abs(answer[name] / truth[name] - 1) for name in ("estimate", "se")}
        other_error = ", " in program
        worst = off["estimate"] if other_error else max(off.values())
        said = (
            "yes" if worst < SAME else "no: " + ", ".join(f"{name} {v:.1%} off" for name, v in off.items() if v >= SAME)
        )
        said += " (estimate; another error)" if other_error and worst < SAME else ""
        against = found.get(program.replace("lifelines", "reportlib"), ours) if other_error else ours
        ratio = answer["seconds"] / against["seconds"]
        lines.append(f"  {program:<26}{answer['seconds']:>10.3f}{answer['processor']:>11.3f}{ratio:>12.1f}  {said}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("tasks", nargs="*", metavar="task", help=f"of {', '.join(DATA)}; all if none is named")
    parser.add_argument("--quick", action="store_true", help="a tenth of the rows")
    parser.add_argument("--limit", type=float, default=300, help="seconds after which a program is stopped")
    parser.add_argument("--worker", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        task, program, data = options.worker
        worker(task, program, Path(data))
        return
    if unknown := set(options.tasks) - set(DATA):
        parser.error(f"no task {', '.join(sorted(unknown))}; known: {', '.join(DATA)}")
    scale = 0.1 if options.quick else 1.0
    with tempfile.TemporaryDirectory() as folder:
        for task in options.tasks or DATA:
            answers = run_task(task, scale, options.limit, Path(folder))
            print(report(task, len(DATA[task](scale)), answers), flush=True)


if __name__ == "__main__":
    main()
