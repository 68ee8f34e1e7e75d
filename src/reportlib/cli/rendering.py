"""`reportlib render`: plan the reports, run the plan, tell how it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reportlib.batch.library_page import write_library_page
from reportlib.batch.plan import BatchRequest, make_plan
from reportlib.batch.run import Options, run_plan
from reportlib.cli import printing
from reportlib.cli.outcomes import print_interrupted, print_plan, print_result, shown
from reportlib.cli.printing import print_json
from reportlib.cli.progress import watching
from reportlib.errors import ReportlibError
from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.trial.municipality import EVERY_SITE
from reportlib.trial.project import find_project

EVERYTHING = (WHOLE_TRIAL, EVERY_SITE)
"""What `--all` means for a trial: the whole trial's version, then every municipality's."""


INTERRUPTED = 130
"""Exit status of a command that was stopped by Ctrl-C, as everywhere."""


class ParameterFormError(ReportlibError):
    """`-P` is not NAME:VALUE."""


@dataclass(frozen=True)
class RenderRequest:
    """What the user asked for. No trials means all of them."""

    trials: tuple[str, ...]
    municipalities: tuple[str, ...]
    formats: tuple[str, ...]
    out_dir: Path | None
    engine: str
    data_dir: Path | None
    ledger: Path | None
    parameters: tuple[str, ...] = ()
    dry_run: bool = False
    verbose: bool = False
    options: Options = field(default_factory=Options)


def render_reports(request: RenderRequest, *, as_json: bool) -> bool:
    """Render what was asked for and print the outcome; False when any report failed.

    Raises:
        ReportlibError: the request itself is wrong; nothing has then been written.
    """
    project = find_project(data_dir=request.data_dir)
    plan = make_plan(
        project,
        BatchRequest(
            trials=request.trials,
            municipalities=request.municipalities,
            formats=request.formats,
            out_dir=request.out_dir,
            engine=request.engine,
            ledger=request.ledger,
            parameters=_parameters(request.parameters),
        ),
    )
    if request.dry_run:
        print_plan(plan, force=request.options.force, as_json=as_json)
        return True
    try:
        with watching(quiet=as_json) as watcher:
            result = run_plan(plan, request.options, watcher)
        page = write_library_page(project, plan.out_dir)
    except KeyboardInterrupt:
        print_interrupted(plan)
        raise SystemExit(INTERRUPTED) from None
    if as_json:
        print_json([outcome.as_data(plan.out_dir) for outcome in result.outcomes])
    else:
        print_result(plan, result, verbose=request.verbose)
        if page is not None:
            printing.say(f"all reports: {shown(page)}")
    return result.ok


def _parameters(given: Sequence[str]) -> dict[str, str]:
    values = {}
    for text in given:
        name, separator, value = text.partition(":")
        if not separator or not name.strip():
            raise ParameterFormError(f"-P {text!r} is not NAME:VALUE", hint="as in Quarto: -P uge:35")
        if name.strip() == "kommune":
            raise ParameterFormError("the municipality is given by --kommune", hint="leave -P kommune out")
        values[name.strip()] = value
    return values
