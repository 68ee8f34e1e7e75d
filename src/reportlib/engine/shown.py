"""What a document shows, as records: its figures and tables, and what they are called in the report."""

from __future__ import annotations

from dataclasses import dataclass

from reportlib.engine.accounting import number_lines
from reportlib.engine.execute import Assembly, execute
from reportlib.engine.parameters import inject
from reportlib.engine.qmd import read_document
from reportlib.engine.render import RenderJob, environment
from reportlib.engine.versions import of_version
from reportlib.engine.workspace import open_workspace
from reportlib.ledger.keys import WHOLE_TRIAL
from reportlib.show.part import Shown, all_shown


@dataclass(frozen=True)
class AllShown:
    """Figures and tables in the order of the document, and their names in it: `tbl-uge` -> `Tabel 1`."""

    parts: tuple[Shown, ...]
    labels: dict[str, str]


def shown_in(job: RenderJob) -> AllShown:
    """Run the document of `job` and keep what it shows; nothing is set or written.

    Raises: the named errors of reading and running a document.
    """
    assembly = Assembly()
    with open_workspace(job.document, job.project) as workspace, all_shown() as parts:
        document = inject(
            read_document(workspace.document, root=workspace.root), {"kommune": job.kommune, **job.parameters}
        )
        document = of_version(document, whole=job.kommune == WHOLE_TRIAL)
        execute(document, folder=workspace.folder, environment=environment(job), assembly=assembly)
        return AllShown(tuple(parts), number_lines(assembly.lines, folder=workspace.folder).collected.floats)
