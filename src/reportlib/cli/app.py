"""The commands and their options. Each command imports what it needs, so that `reportlib list` starts at once."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from reportlib import __version__
from reportlib.cli.printing import SystemRefusedError, print_error
from reportlib.errors import ReportlibError
from reportlib.files.whole import refused, refused_hint

app = typer.Typer(
    help="Danish evaluation reports of labour-market trials: extracts in, ledger in the middle, PDF and HTML out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Data = Annotated[Path | None, typer.Option("--data", help="Folder with one folder per trial (default: data/).")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the output (default: _output/).")]


def _print_version(asked: bool) -> None:
    if asked:
        typer.echo(f"reportlib {__version__}")
        raise typer.Exit


@app.callback()
def _about(version: Annotated[bool, typer.Option("--version", callback=_print_version, is_eager=True)] = False) -> None:
    if "SOURCE_DATE_EPOCH" in os.environ:  # packages read it too when they are imported, and end on what is no time
        from reportlib.engine.settings import fixed_time

        fixed_time()


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Where the project begins.")] = Path(),
    theme: Annotated[
        bool, typer.Option("--theme", help="Also the theme, to change it, or for Quarto run by itself.")
    ] = False,
) -> None:
    """Begin a project: _quarto.yml and folders for data and documents. The theme comes with the library."""
    from reportlib.cli.projects import begin_project

    begin_project(folder, theme=theme)


@app.command("list")
def list_command(data: Data = None, as_json: AsJson = False) -> None:
    """List the trials, their municipalities and their documents."""
    from reportlib.cli.projects import print_trials

    print_trials(data, as_json=as_json)


@app.command()
def show(
    pattern: Annotated[str, typer.Argument(help="Only parts whose name or description holds this.")] = "",
    as_json: AsJson = False,
) -> None:
    """Show every claim, section, table and figure that a document can write, with its call."""
    from reportlib.cli.looking_up import print_parts

    print_parts(pattern, as_json=as_json)


@app.command()
def keys(
    trial: Annotated[str, typer.Argument(help="The trial's id.")],
    pattern: Annotated[str, typer.Argument(help="Only keys that hold this.")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="As CSV, with semicolons.")] = False,
    data: Data = None,
    out: Out = None,
) -> None:
    """List the numbers of a trial's ledger: what `r["key"]` prints in its document."""
    from reportlib.cli.looking_up import print_keys

    print_keys(trial, pattern, data, out, csv=csv)


@app.command()
def new(
    trial: Annotated[str | None, typer.Argument(help="The new trial's id: small letters, digits, hyphens.")] = None,
    title: Annotated[str | None, typer.Option(help="The report's title (asked for when left out).")] = None,
    commissioner: Annotated[str | None, typer.Option(help="Who ordered the evaluation.")] = None,
    evaluator: Annotated[str | None, typer.Option(help="Who makes it.")] = None,
    design: Annotated[str | None, typer.Option(help="One of those that --list shows.")] = None,
    sites: Annotated[str | None, typer.Option(help="The municipalities, with commas between.")] = None,
    first: Annotated[str | None, typer.Option(help="First day persons come in, YYYY-MM-DD.")] = None,
    last: Annotated[str | None, typer.Option(help="Last day persons come in.")] = None,
    until: Annotated[str | None, typer.Option(help="Last day the extracts will cover.")] = None,
    sources: Annotated[str | None, typer.Option(help="Sources, with commas between; --list shows them.")] = None,
    source_trial: Annotated[str | None, typer.Option("--from", help="An existing trial to copy instead.")] = None,
    show: Annotated[bool, typer.Option("--list", help="Show the designs and sources, and stop.")] = False,
) -> None:
    """Begin a trial of your own: trial.yml, a document that renders at once, and a folder that git leaves out."""
    from reportlib.cli.new_trials import ask_for_trial, begin_trial, copy_trial, print_designs

    if show:
        print_designs()
        return
    if source_trial is not None:
        copy_trial(source_trial, trial, title)
        return
    begin_trial(
        ask_for_trial(
            id=trial,
            title=title,
            commissioner=commissioner,
            evaluator=evaluator,
            design=design,
            sites=sites,
            first=first,
            last=last,
            last_day=until,
            sources=sources,
        )
    )


@app.command()
def synthetic(
    trial: Annotated[str, typer.Argument(help="The trial's id; its trial.yml must say `synthetic: true`.")],
    persons: Annotated[
        int | None,
        typer.Option(min=20, max=2_000_000, help="Persons in each group (default: 40 a site, at least 300)."),
    ] = None,
    effect: Annotated[
        float, typer.Option(min=0.1, max=10, help="How many times as often the treated come to work; 1 is no effect.")
    ] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same extracts.")] = 1,
    data: Data = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Another folder of trials (default: beside trial.yml).")
    ] = None,
) -> None:
    """Make up every extract of a trial from its trial.yml, to write the report before the real ones are there."""
    from reportlib.cli.new_trials import make_up_extracts
    from reportlib.synthetic import Assumptions

    make_up_extracts(trial, data, out, Assumptions(persons, effect, seed))


@app.command()
def analyse(
    trial: Annotated[str, typer.Argument(help="The trial's id, as `reportlib list` shows it.")],
    data: Data = None,
    out: Out = None,
    against: Annotated[
        Path | None,
        typer.Option(help="The ledger of an earlier release: tell which numbers differ by a few persons."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read a trial's extracts, write its ledger, and tell what was read and dropped."""
    from reportlib.cli.analysing import analyse_trial

    analyse_trial(trial, data, out, as_json=as_json, against=against)


@app.command()
def render(
    trials: Annotated[list[str] | None, typer.Argument(help="Trials to render; none means all.")] = None,
    kommune: Annotated[
        list[str] | None,
        typer.Option(help="A municipality, `Alle`, or `alle-kommuner`; may be given several times."),
    ] = None,
    formats: Annotated[str, typer.Option("--format", help="Of pdf, html and docx (Word).")] = "pdf,html",
    out: Out = None,
    engine: Annotated[Literal["embedded", "quarto"], typer.Option(help="The engine that renders.")] = "embedded",
    data: Data = None,
    ledger: Annotated[
        Path | None, typer.Option(help="A finished ledger: render without the extracts (one trial only).")
    ] = None,
    everything: Annotated[
        bool,
        typer.Option("--all", help="The whole trial and every municipality, each a report."),
    ] = False,
    parameter: Annotated[
        list[str] | None, typer.Option("-P", "--parameter", help="NAME:VALUE for the document's parameters cell.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan; write nothing.")] = False,
    workers: Annotated[
        int | None, typer.Option(min=0, help="Worker processes (default: one a core; 0: in this process).")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Make every report anew, also the unchanged ones.")] = False,
    xlsx: Annotated[
        bool, typer.Option("--xlsx", help="Also a workbook of each report's tables and its figures' numbers.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="A line for each report; errors in full.")] = False,
    as_json: AsJson = False,
) -> None:
    """Render reports: one file per municipality and format, each whole or not at all; unchanged ones are left."""
    from reportlib.batch.batch_run import Options
    from reportlib.batch.plan import BatchRequest
    from reportlib.cli.rendering import EVERYTHING, WHOLE, parameters_of, render_reports

    request = BatchRequest(
        trials=tuple(trials or ()),
        municipalities=EVERYTHING if everything else tuple(kommune or WHOLE),
        formats=tuple(name.strip().lower() for name in formats.split(",") if name.strip()),
        out_dir=out,
        engine=engine,
        ledger=ledger,
        parameters=parameters_of(parameter or ()),
    )
    options = Options(workers=workers, force=force)
    if not render_reports(
        request, options, data_dir=data, dry_run=dry_run, xlsx=xlsx, verbose=verbose, as_json=as_json
    ):
        raise typer.Exit(1)


@app.command()
def preview(
    trial: Annotated[str, typer.Argument(help="The trial whose document you are writing.")],
    kommune: Annotated[str, typer.Option(help="A municipality, or `Alle`.")] = "Alle",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on this machine (0: a free one).")] = 0,
    data: Data = None,
) -> None:
    """Show a report in the browser and make it again on every save; errors are shown in the page."""
    from reportlib.cli.rendering import preview_report

    preview_report(trial, kommune, data, port)


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Finished reports (PDF, HTML), folders of them, or documents.")],
    data: Data = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """Read reports as a stranger would: every number must be in the account beside them, and come out again."""
    from reportlib.cli.checking import check_files

    if not check_files(tuple(files), data, out, as_json=as_json):
        raise typer.Exit(1)


@app.command()
def verify(
    files: Annotated[list[Path], typer.Argument(help="Finished reports (PDF, HTML, .tal.json), or folders of them.")],
    data: Data = None,
    ledger: Annotated[Path | None, typer.Option(help="A finished ledger instead of the extracts.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make reports again from their extracts and compare them byte by byte."""
    from reportlib.cli.checking import verify_files

    if not verify_files(tuple(files), data, ledger, as_json=as_json):
        raise typer.Exit(1)


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="A ledger, a report's .tal.json, or its Word file.")],
    new: Annotated[Path, typer.Argument(help="The later one, or the Word file as a reviewer left it.")],
    page: Annotated[Path | None, typer.Option("--html", help="Also write the comparison as an HTML page.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tell what changed between two ledgers, two reports or two Word files: verdicts and numbers first, then words."""
    from reportlib.cli.looking_up import diff_files

    diff_files(old, new, page, as_json=as_json)


@app.command()
def export(
    trial: Annotated[str, typer.Argument(help="The trial's id; `reportlib analyse` must have written its ledger.")],
    ard: Annotated[
        bool, typer.Option("--ard", help="Analysis results data (R's cards): ard.parquet and ard.json (Dataset-JSON).")
    ] = False,
    crate: Annotated[
        bool, typer.Option("--crate", help="Make the trial's output folder a Process Run Crate (RO-Crate 1.1).")
    ] = False,
    ledger: Annotated[Path | None, typer.Option(help="For --ard: a finished ledger from elsewhere.")] = None,
    data: Data = None,
    out: Out = None,
) -> None:
    """Write a trial's results for other programs to read; numbers that hide are left out."""
    from reportlib.cli.exchanging import export_results, write_crate

    if not ard and not crate:
        raise typer.BadParameter("name what to write: --ard, --crate")
    if ard:
        export_results(trial, ledger, data, out)
    if crate:
        write_crate(trial, data, out)


@app.command()
def order(
    trial: Annotated[str, typer.Argument(help="The trial's id.")],
    data: Data = None,
    out: Annotated[Path | None, typer.Option("--out", help="A file for it (default: print it).")] = None,
) -> None:
    """Say in Danish what to order from Danmarks Statistik: population, registers, variables and weeks."""
    from reportlib.cli.exchanging import tell_order

    tell_order(trial, data, out)


@app.command()
def jobeffekter(
    trial: Annotated[str, typer.Argument(help="The trial's id; `reportlib analyse` must have written its ledger.")],
    ledger: Annotated[Path | None, typer.Option(help="A finished ledger from elsewhere.")] = None,
    data: Data = None,
    out: Out = None,
) -> None:
    """Write a trial's results as records for Jobeffekter.dk, in its words, with the weight they would get."""
    from reportlib.cli.exchanging import write_bank_records

    write_bank_records(trial, ledger, data, out)


def _fetches_from(bank: str, says: str) -> None:
    @app.command(bank, help=f"Fetch a trial's series from {says}: dated extracts, with the table as source.")
    def fetch(
        trial: Annotated[
            str | None, typer.Argument(help="The trial whose series name its tables under `fetch`.")
        ] = None,
        find: Annotated[str | None, typer.Option(help="List the tables that hold this word (empty: all).")] = None,
        data: Data = None,
    ) -> None:
        from reportlib.cli.exchanging import fetch_series, print_tables

        if find is not None:
            print_tables(bank, find)
        else:
            fetch_series(bank, trial, data)


_fetches_from("jobindsats", "Jobindsats (token in JOBINDSATS_TOKEN)")
_fetches_from("statistikbanken", "Statistikbanken")


def main() -> None:
    """Run the command line; errors the user can mend end it with one message and status 1."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # Danish letters also where the console's code page is not UTF-8
            stream.reconfigure(encoding="utf-8")
    _end_as_by_ctrl_c()
    try:
        app(prog_name="reportlib")
    except ReportlibError as error:
        print_error(error)
        sys.exit(1)
    except BrokenPipeError:  # `reportlib list | head`: whoever read has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        print_error(SystemRefusedError(refused(error), hint=refused_hint(error)))
        sys.exit(1)


def _end_as_by_ctrl_c() -> None:
    """Told to end, or the terminal gone: the workers are ended and what was begun is cleared away."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, signal.default_int_handler)
