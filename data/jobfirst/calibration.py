"""The numbers that the synthetic JobFirst extracts are made to give back. Counts, shares and curves; no persons.

Where the published report gives a share, the count that gives it is given here; where it is silent, the number is ours.
README.md says which is which.
"""

from __future__ import annotations

import numpy as np
from calibrating.fit import Tally, Target
from calibrating.lives import Frame, Life
from calibrating.paths import drift, path
from calibrating.process import Process
from calibrating.quotas import spread

SEED = 20160301
PROPOSALS = {"deltager": 100_000, "kontrol": 100_000}
HEAT = 300_000
WEEKS = 44  # 2016-W09 to 2016-W52

# --- Persons by site: treated before October, in autumn, in December; of the first: with 13 weeks at one place
# --- by 31 December, and of these with ordinary hours there. 540 of 1,634 is 33 pct., 115 of 540 is 21 pct.
SITES = {
    "Aalborg": (206, 11, 3, 72, 14),
    "Aarhus": (243, 13, 4, 82, 15),
    "Hedensted": (89, 5, 1, 30, 16),
    "Hillerød": (74, 4, 1, 26, 6),
    "Jammerbugt": (75, 4, 0, 28, 6),
    "København": (280, 15, 5, 80, 13),
    "Lolland": (108, 6, 1, 36, 7),
    "Sorø": (59, 3, 0, 20, 5),
    "Syddjurs": (80, 4, 1, 25, 6),
    "Vallensbæk": (31, 2, 0, 10, 0),
    "Viborg": (142, 7, 2, 48, 9),
    "Projektkommune 12": (84, 5, 1, 28, 7),
    "Projektkommune 13": (70, 4, 1, 24, 6),
    "Projektkommune 14": (52, 2, 1, 18, 5),
    "Projektkommune 15": (41, 2, 0, 13, 0),
}
COMPLETED = sum(row[3] for row in SITES.values())
TIED = sum(row[4] for row in SITES.values())
CONTROLS = 600
BACKGROUND = {"kvinde": 0.54, "ikke_vestlig": 0.21, "samlevende": 0.28, "boern": 0.3, "ufaglaert": 0.57}
ON_RESOURCE = 0.22  # share in ressourceforløb, the same in both groups
SITES_VARY = 7.0  # standard deviation between sites, in percentage points, where only the total is published

# --- Entry, week by week. Few enter at Easter and in the summer; 767 treated and 286 controls are followed in week 35.
_SLOW_WEEKS = {3: 0.6, 4: 0.8, 18: 0.8, 19: 0.6, 20: 0.45, 21: 0.4, 22: 0.5, 23: 0.7}


def entries(first: int, by_week_10: int, by_october: int, later: int) -> np.ndarray:
    """(WEEKS,) persons who enter in each week: in the first, by the end of week 10, before October, and after."""
    pull = np.concatenate([[1.0], np.linspace(1.2, 0.85, 9), np.linspace(1.15, 0.9, 21), np.linspace(1.0, 0.35, 13)])
    for week, slow in _SLOW_WEEKS.items():
        pull[week] *= slow
    return np.concatenate(
        [
            [first],
            spread(by_week_10 - first, pull[1:10]),
            spread(by_october - by_week_10, pull[10:31]),
            spread(later, pull[31:]),
        ]
    )


ENTER = {"deltager": entries(91, 767, 1634, 108), "kontrol": entries(30, 286, 563, 37)}
FOLLOWED = {group: np.cumsum(counts)[::-1] for group, counts in ENTER.items()}

# --- How lives come about before they are fitted
_SIZES = {
    (2.0, 4.75): 0.05,
    (5.5, 9.75): 0.25,
    (10.25, 14.75): 0.2,
    (15.25, 24.5): 0.2,
    (26.0, 36.0): 0.1,
    (37.0, 37.0): 0.2,
}
_UNEVEN_SIZES = {(2.0, 4.75): 0.2, (5.5, 9.75): 0.3, (10.25, 14.75): 0.1, (15.25, 24.5): 0.05, (37.0, 37.0): 0.35}
_STARTS = np.interp(np.arange(1, WEEKS + 1), [1, 2, 6, 10, 16, 25, 44], [0.3, 0.9, 2.4, 2.2, 1.3, 0.8, 0.5])
PROCESS = {
    "deltager": Process(
        job_at_entry=0.031,
        subsidy_at_entry=0.012,
        practice_at_entry=0.128,
        practice_left=5,
        placed=0.78,
        start_weights=tuple(_STARTS),
        fails=0.28,
        longer=5,
        again=0.45,
        job_after=0.07,
        job_otherwise=0.05,
        tied_hours=0.22,
        subsidy_after=0.05,
        sizes=_SIZES,
    ),
    "kontrol": Process(
        job_at_entry=0.031,
        subsidy_at_entry=0.012,
        practice_at_entry=0.128,
        practice_left=5,
        placed=0.45,
        start_weights=(1.0,) * WEEKS,
        fails=0.45,
        longer=4,
        again=0.3,
        job_after=0.07,
        job_otherwise=0.06,
        tied_hours=0.05,
        subsidy_after=0.05,
        sizes=_UNEVEN_SIZES,
    ),
}
TALLY = Tally(
    weeks=WEEKS,
    run_weeks=13,
    run_gap=4,
    place_days=91,
    band_week=35,
    bands=tuple(4 * h for h in (0, 5, 10, 15, 25, 37)),
)

# --- Curves: event week -> per cent or hours a week
_SHARES = {
    "deltager": {
        "employed": {
            1: 3.0, 10: 5.0, 14: 6.85, 15: 7.5, 20: 9.0, 26: 10.4, 30: 11.2, 35: 12.0, 40: 12.8, 43: 14.0, 44: 14.3,
        },
        "practice": {
            1: 13.0, 2: 13.4, 4: 16.0, 6: 19.5, 8: 23.0, 10: 26.0, 13: 30.0, 16: 33.0, 19: 34.6, 21: 35.0, 24: 34.0,
            28: 32.0, 32: 29.5, 36: 27.5, 40: 26.0, 44: 24.0,
        },
        "subsidy": {1: 1.15, 13: 1.15, 17: 1.8, 20: 2.3, 26: 2.4, 30: 2.6, 36: 2.8, 44: 2.8},
        "run": {
            1: 0.0, 12: 0.0, 13: 4.4, 14: 6.2, 16: 10.6, 18: 15.0, 20: 19.6, 22: 24.2, 24: 28.8, 26: 33.0, 28: 36.9,
            30: 40.4, 32: 43.3, 35: 47.07, 38: 49.0, 40: 49.7, 42: 50.2, 44: 50.55,
        },
    },
    "kontrol": {
        "employed": {
            1: 3.0, 10: 4.4, 14: 5.0, 15: 4.95, 20: 5.8, 26: 6.6, 30: 6.9, 35: 7.0, 37: 6.4, 40: 5.5, 43: 4.6, 44: 3.3,
        },
        "practice": {1: 13.0, 44: 13.0},
        "subsidy": {1: 1.17, 10: 1.2, 26: 1.4, 36: 1.9, 44: 1.9},
        "run": {
            1: 0.0, 12: 0.0, 13: 3.5, 14: 3.7, 16: 4.9, 20: 8.0, 26: 13.8, 30: 17.8, 35: 22.03, 38: 22.3, 40: 21.7,
            42: 21.0, 44: 20.0,
        },
    },
}  # fmt: skip
_HOURS = {
    "deltager": {
        1: 0.5, 10: 0.84, 14: 1.12, 15: 1.22, 18: 1.35, 20: 1.45, 22: 1.49, 23: 1.51, 25: 1.5, 27: 1.58, 28: 1.63,
        30: 1.75, 35: 2.083, 40: 2.03, 41: 2.06, 42: 2.1, 44: 2.1,
    },
    "kontrol": {
        1: 0.5, 10: 0.62, 14: 0.69, 15: 0.69, 18: 0.77, 20: 0.87, 22: 0.91, 23: 0.94, 25: 1.0, 26: 1.015, 28: 1.08,
        30: 1.18, 35: 1.333, 37: 1.2, 40: 1.0, 41: 0.86, 42: 0.6, 43: 0.66, 44: 0.5,
    },
}  # fmt: skip

# --- Weeks in which the count is exact (persons; quarter hours for hours)
_EXACT = {
    "deltager": {
        "employed": {13: 105, 14: 112, 15: 120, 35: 92, 38: 70, 39: 62, 40: 52, 41: 44, 42: 38, 43: 26, 44: 13},
        "practice": {21: 467},
        "subsidy": {26: 29},
        "run": {13: 72, 14: 101, 26: 400, 35: 361, 44: 46},
        "quarters": {1: 3484, 15: 7774, 25: 7434, 26: 7460, 27: 7413, 35: 6392, 40: 3224, 42: 2327, 43: 1577},
    },
    "kontrol": {
        "employed": {14: 28, 15: 27, 35: 20, 36: 17, 37: 15, 38: 12, 39: 10, 40: 8, 41: 6, 42: 5, 43: 3, 44: 1},
        "subsidy": {26: 6},
        "run": {13: 20, 14: 21, 35: 63, 44: 6},
        "quarters": {1: 1200, 15: 1518, 25: 1748, 26: 1738, 27: 1748, 35: 1525, 40: 584, 42: 242, 43: 170},
    },
}
_BANDS = {"deltager": [5, 30, 20, 10, 27], "kontrol": [0, 5, 5, 5, 5]}
_MEAN_GROWTH_QUARTERS = 1932  # 115 persons x 4.2 hours x 4
_DRIFT = {"employed": 0.1, "practice": 0.4, "subsidy": 0.03, "run": 0.15}
_PULL = 1_000_000


def no_hours_at_a_limit(life: Life, frame: Frame) -> bool:
    """True unless a job has exactly 5, 10, 15 or 25 hours a week, where rounding would decide the band."""
    return life.job is None or not set(life.job.quarters) & set(TALLY.bands[1:-1])


def targets(rng: np.random.Generator, group: str) -> dict[str, Target]:
    """What the group's tally shall come to. A week pulls as hard as its count is certain; exact weeks pull
    so much harder that nothing outweighs them."""
    followed = FOLLOWED[group]
    found: dict[str, Target] = {}
    for name, knots in _SHARES[group].items():
        share = (
            np.clip(path(knots, WEEKS) + drift(rng, WEEKS, sd=_DRIFT[name]) * (path(knots, WEEKS) > 0), 0, 100) / 100
        )
        variance = followed * share * (1 - share) + 3
        found[name] = _by_week(np.rint(share * followed), variance / 4, _EXACT[group].get(name, {}), hard=1000)
    hours = 4 * path(_HOURS[group], WEEKS) * followed
    found["quarters"] = _by_week(np.rint(hours), followed * 10.0 + 2000, _EXACT[group]["quarters"], hard=100)
    found["bands"] = Target(np.array(_BANDS[group]), np.full(5, 200 * _PULL))
    if group == "deltager":
        for name, count in (("completed", COMPLETED), ("tied", TIED)):
            found[name] = Target(np.array([count]), np.array([20 * _PULL]))
        found["progress"] = Target(np.array([_MEAN_GROWTH_QUARTERS]), np.array([3000]))
    return found


def _by_week(values: np.ndarray, variance: np.ndarray, exact: dict[int, int], *, hard: int) -> Target:
    counts, weights = values.astype(np.int64), np.rint(_PULL / variance).astype(np.int64)
    for week, count in exact.items():
        counts[week - 1], weights[week - 1] = count, weights[week - 1] * hard
    return Target(counts, weights)


# --- Fidelity: k in all, shares by site in per cent where they are published, and how low other sites may lie
FIRST_TALK = {"total": 1549, "share": 90, "at_least": 77}
REGULAR_TALKS = {
    "total": 1446, "share": 87, "at_least": 77, "fixed": {"Syddjurs": 61, "Hillerød": 74},
}  # fmt: skip
CV = {"total": 1411, "share": 82, "at_least": 62}
TOOL_EARLY = {"total": 876, "share": 51, "at_least": 22}
TOOL_REGULAR = {"total": 831, "share": 51, "at_least": 20}
ACTIVITY_PLAN_MISSES = {"København": 6, "Aarhus": 5, "Aalborg": 6}
TRYING_OUT = {"total": 1148, "share": 67, "at_least": 52, "fixed": {"Sorø": 47, "Vallensbæk": 73, "Hillerød": 67}}
TRYING_OUT_STEADY = {"pct": 95, "share": 97, "at_least": 90, "fixed": {"Hillerød": 88, "Vallensbæk": 79}}
MENTOR = {
    "pct": 79,
    "share": 90,
    "at_least": 76,
    "behind": {
        "Aarhus": 66, "København": 68, "Lolland": 70, "Sorø": 62, "Projektkommune 13": 60, "Projektkommune 15": 55,
    },
}  # fmt: skip
PLAN_UPDATED = {"total": 459, "share": 92, "at_least": 77, "fixed": {"København": 65, "Jammerbugt": 71}}

# --- The citizens' questionnaire: 340 sheets; 331 answered the questions on other efforts, 71 of them in
# --- ressourceforløb
SHEETS = 340
ON_RESOURCE_BENEFIT, ON_CASH_BENEFIT = 71, 260
PSYCHIATRIC = {"Ressourceforløbsydelse": 25, "Kontanthjælp": 27}
HEALTH_TREATMENT, NOT_RELEVANT = 139, 113
AGREEMENT = (257, 262)  # yes of those who answered yes or no
CONTACT = (268, 294)
SCORES = {  # item -> answers, mean; the two n that are lost in the published report and the last mean are ours
    "bet_klarhed": (313, 7.4),
    "bet_mentor": (314, 6.9),
    "bet_kontaktperson": (268, 6.5),
    "bet_opfoelgning": (314, 6.3),
    "bet_konsulent": (291, 6.3),
    "bet_arbejdsaftale": (257, 5.8),
    "bet_faser": (286, 5.5),
    "bet_justering": (269, 5.5),
    "bet_ordinaere_timer": (181, 5.4),
    "bet_jobmaal": (291, 5.2),
    "bet_snuseperiode": (248, 4.8),
    "bet_minplan_efter": (229, 4.3),
    "bet_minplan": (305, 4.2),
    "bet_cv": (303, 3.8),
    "bet_progression": (295, 3.5),
}
ADJUSTMENT_WITHOUT_MEANING = 54  # answer 1 of 269: 80 pct. answer 2 to 10

# --- The staff's questionnaire
STAFF = {
    "Aalborg": 27, "Aarhus": 30, "Hedensted": 15, "Hillerød": 13, "Jammerbugt": 13, "København": 34, "Lolland": 16,
    "Sorø": 12, "Syddjurs": 13, "Vallensbæk": 7, "Viborg": 20, "Projektkommune 12": 15, "Projektkommune 13": 13,
    "Projektkommune 14": 11, "Projektkommune 15": 10,
}  # fmt: skip
STAFF_ITEMS = {  # item -> k in all, usual share, lowest share elsewhere, shares of named sites
    "rollefordeling": (218, 90, 75, {"København": 65, "Aarhus": 70}),
    "fagpersoner": (192, 77, 50, {"Aalborg": 59}),
    "borger_med": (139, 56, 30, {}),
    "arbejdsaftale": (199, 88, 75, {"København": 53, "Viborg": 50, "Hedensted": 53, "Sorø": 50}),
}
STRATEGY = (150, 80, {"Viborg": 25, "Aarhus": 52, "København": 48})
STRATEGY_UNSURE = {"Aalborg": 8, "København": 9, "Aarhus": 7}
