"""All wordings that sections can choose, for documentation and for the tests that ask for each."""

from __future__ import annotations

from reportlib.prose.claims import WordingTable
from reportlib.prose.sections.beside import BESIDE
from reportlib.prose.sections.costs import ACTIVITY
from reportlib.prose.sections.effects import ACCUMULATED, ROBUST
from reportlib.prose.sections.implementation import ITEM, RED
from reportlib.prose.sections.shares import REACHED
from reportlib.prose.sections.summary import OWN_LIST
from reportlib.prose.sections.survey import CONTRAST

SECTION_WORDINGS: tuple[WordingTable, ...] = (
    ACCUMULATED,
    ACTIVITY,
    BESIDE,
    CONTRAST,
    ITEM,
    OWN_LIST,
    REACHED,
    RED,
    ROBUST,
)
