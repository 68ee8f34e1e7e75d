"""The numbers the synthetic extracts give back. Published counts where there are any; README.md says which are ours."""

from __future__ import annotations

import numpy as np

SEED = 20190930

FIRST_DAY = np.datetime64("2018-03-01")
LAST_DAY = np.datetime64("2019-03-20")  # registrations
STATUS = np.datetime64("2019-01-31")  # DREAM, paid hours and measurements
SHEETS_UNTIL = np.datetime64("2019-02-08")  # last first meeting with a sheet

SITES = ("Brøndby", "Projektkommune 2", "Projektkommune 3", "Projektkommune 4", "Projektkommune 5")
SITE_WEIGHTS = (64, 62, 58, 55, 51)
SEL_SHARE = dict(zip(SITES, (0.72, 0.28, 0.24, 0.2, 0.3), strict=True))

# Persons who begin a placement and CTI in each week that ends on a Wednesday, 55 weeks to 20 March 2019: 76 by the end
# of September, 105 by Christmas, 160 in all. The last 16 weeks (61 persons, in bursts) tell the forecast's pace.
RECRUITS = (
    *(0, 0, 0, 1, 1, 2, 2, 3, 3, 3, 4, 3, 4, 3, 4, 3, 3, 2, 1, 1, 0, 1, 2, 4, 5, 5, 5, 4, 4, 3),
    *(0, 2, 3, 3, 3, 3, 3, 3, 3),
    *(2, 3, 1, 0, 0, 0, 0, 1, 4, 5, 6, 7, 8, 8, 8, 8),
)
DELAY = 67.0  # mean days from the first meeting to the placement

# How far people have come by the end of January 2019: first meeting only, some CTI, much CTI.
ONLY_MEETING, SOME, MUCH = 136, 74, 30
COMPLETED = 34
LATE = 50  # first meetings in February and March, after the status
LATE_WITH_SHEET = 4

MEN = (60, 35, 14)
DANES = (102, 62, 25)
AGE = (46.9, 46.3, 46.9)
PLACED_BEFORE = (58, 34, 15)  # in a placement or wage subsidy in the year before
PLACED_WEEKS_BEFORE = (14.0, 20.4, 22.3)  # mean weeks of those
ACTIVATION = (24.0, 30.0, 25.0)  # pct. of the year's weeks in activation of any kind
HOURS_BEFORE = (14, 12, 9)
PLACED_SINCE_2014, HOURS_SINCE_2014 = 168, 72  # of the 240

PLACED_AFTER = (28, 64, 28)  # 92 of the 104 with CTI
WEEKS_AFTER = 46.0  # mean pct. of the weeks after, of the 104
SUBSIDY = 6  # of the 120 placed after
HOURS_AFTER = (5, 19, 16)  # 35 of the 104, 40 in all
MONTHLY_HOURS = (None, 2.96, 9.9)  # mean of everybody in the group
IN_SAME_MONTH = 23
ROSE, SAME, FELL = 18, 8, 14

MENTOR_BEFORE, MENTOR_AFTER = 139, (27, 54, 22)

# Last measurement reached (2 to 5), those of them without the first one, and those with the first one only.
LAST_REACHED = {2: 32, 3: 37, 4: 17, 5: 19}
WITHOUT_FIRST = {2: 4, 3: 4, 4: 2, 5: 0}
FIRST_ONLY = 103
WHO5_FIRST, GSE_FIRST = 56.4, 26.8

# From first to last measurement: rises, unchanged and falls, by how many measurements a person has.
WHO5_MOVES = {2: (14, 8, 10), 3: (18, 6, 11), 4: (9, 0, 6), 5: (12, 0, 7)}
GSE_MOVES = {2: (14, 6, 12), 3: (19, 6, 10), 4: (5, 0, 10), 5: (7, 0, 12)}
BIP_MOVES = {
    "bip_viden": (50, 34, 17),
    "bip_overskud": (50, 32, 19),
    "bip_tro": (37, 41, 23),
    "bip_samarbejde": (28, 50, 23),
    "bip_helbred": (34, 43, 24),
    "bip_netvaerk": (31, 46, 24),
    "bip_job": (20, 51, 30),
}
BIP_FIRST = {
    "bip_viden": 2.5,
    "bip_overskud": 2.4,
    "bip_tro": 3.1,
    "bip_samarbejde": 3.8,
    "bip_helbred": 2.9,
    "bip_netvaerk": 3.3,
    "bip_job": 3.0,
}

# Contact by phase: days between meetings and minutes a contact takes, of the second to fifth measurement.
CONTACT = {
    1: {3: 36, 7: 89, 14: 46, 30: 7},
    2: {3: 5, 7: 12, 14: 19},
    3: {7: 7, 14: 12},
}
LENGTH = {1: {30: 71, 60: 89, 120: 18}, 2: {30: 18, 60: 13, 120: 5}, 3: {30: 12, 60: 7}}

# First meetings: 139 with all four main professions, 95 with three and 10 with two; others in 44 of the 95 and 30 more.
MEETINGS = 244
ABSENT = {"cti": 10, "sagsbehandler_beskaeftigelse": 17, "konsulent": 29, "sagsbehandler_social": 59}
TWO_ABSENT = 10
OTHERS_AT_THREE, OTHERS_ELSE = 44, 30

# Answers from "helt enig" (5) to "helt uenig" (1).
LIKERT_START = {
    "hoert": (92, 73, 15, 6, 0),
    "egne_maal": (84, 78, 17, 7, 0),
    "klar_plan": (61, 77, 34, 14, 0),
    "klart_jobmaal": (49, 66, 37, 25, 9),
    "aftale_med": (55, 47, 12, 8, 5),
    "aftale_timer": (58, 45, 13, 6, 5),
    "aftale_holder": (53, 50, 16, 8, 0),
}
LIKERT_FIVE_MONTHS = {
    "passer": (26, 25, 11, 8, 0),
    "naermere": (22, 26, 14, 8, 0),
    "motiveret": (34, 24, 7, 5, 0),
    "plan_aendret": (15, 17, 8, 5, 0),
    "hoert_undervejs": (19, 16, 10, 0, 0),
}

# Managers and staff, baseline and midterm: sheets, and mean answers from 1 to 5.
MINDSHIFT_SHEETS = {"baseline": 88, "midtvejs": 81}
MINDSHIFT = {
    "viden": (3.1, 3.7),
    "samarbejde": (3.2, 3.6),
    "kan": (3.9, 3.6),
    "tro": (4.3, 4.1),
}
ROLES = {"CTI-medarbejder": 0.27, "Job- eller virksomhedskonsulent": 0.24, "Sagsbehandler": 0.33, "Leder": 0.16}
