"""From estimates to Danish sentences: every word of size, direction or cause is chosen by the evidence.

Each claim has a table of all wordings it can choose (`ALL_WORDINGS`), so that documentation can list them and tests can
ask for each.
"""

from reportlib.prose.claims.balance import BALANCE, SINGLE, balance_verdict
from reportlib.prose.claims.base import Claim, Wording, WordingTable
from reportlib.prose.claims.effect import EFFECT, effect_at
from reportlib.prose.claims.fidelity import (
    LIGHT_WORDS,
    SITES_BELOW,
    TARGET,
    compare_to_target,
    count_sites_below,
    fidelity_level,
    light_text,
    lights_text,
    share_against,
    target_text,
)
from reportlib.prose.claims.hazard import HAZARD, hazard_rate
from reportlib.prose.claims.hidden import HIDDEN, OUT_OF_REGARD, hidden_claim
from reportlib.prose.claims.lasting import LASTING, lasting_from, lasting_phrase
from reportlib.prose.claims.own import OWN, own_against_others, stands_apart
from reportlib.prose.claims.ranking import MOST, RANKING, most, ranking
from reportlib.prose.claims.relative import RELATIVE, relative_change
from reportlib.prose.claims.shares import share_of, share_words
from reportlib.prose.claims.sites import (
    EFFECTS_BY_SITE,
    HETEROGENEITY,
    SITES_THAT_DIFFER,
    UNCORRECTED,
    SiteTest,
    effects_by_site,
    sites_that_differ,
)
from reportlib.prose.claims.verdict import ContradictoryVerdictError, Verdict, verdict
from reportlib.prose.claims.weeks import BAND, WEEKS, significant_in_periods

ALL_WORDINGS: tuple[WordingTable, ...] = (
    EFFECT,
    RELATIVE,
    LASTING,
    WEEKS,
    BAND,
    EFFECTS_BY_SITE,
    SITES_THAT_DIFFER,
    UNCORRECTED,
    HETEROGENEITY,
    MOST,
    RANKING,
    TARGET,
    SITES_BELOW,
    OWN,
    BALANCE,
    SINGLE,
    HAZARD,
    HIDDEN,
)

__all__ = [
    "ALL_WORDINGS",
    "LIGHT_WORDS",
    "OUT_OF_REGARD",
    "Claim",
    "ContradictoryVerdictError",
    "SiteTest",
    "Verdict",
    "Wording",
    "WordingTable",
    "balance_verdict",
    "compare_to_target",
    "count_sites_below",
    "effect_at",
    "effects_by_site",
    "fidelity_level",
    "hazard_rate",
    "hidden_claim",
    "lasting_from",
    "lasting_phrase",
    "light_text",
    "lights_text",
    "most",
    "own_against_others",
    "ranking",
    "relative_change",
    "share_against",
    "share_of",
    "share_words",
    "significant_in_periods",
    "sites_that_differ",
    "stands_apart",
    "target_text",
    "verdict",
]
