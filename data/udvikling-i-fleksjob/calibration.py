"""What the synthetic extracts of Udvikling i fleksjob are made to give back, and how large the groups are.

`PUBLISHED` numbers stand in tests/published/udvikling-i-fleksjob.csv; all else is ours and is named in README.md.
"""

from __future__ import annotations

SEED = 20180630

SITES = {  # participating jobcentres -> weight
    "Frederikshavn": 60, "Gladsaxe": 68, "Gribskov": 41, "Holbæk": 70, "Jammerbugt": 40, "Køge": 60, "Langeland": 20,
    "Norddjurs": 39, "Nordfyn": 30, "Nyborg": 33, "Odense": 170, "Ringkøbing-Skjern": 57, "Rødovre": 40,
    "Silkeborg": 88, "Stevns": 25, "Tønder": 39, "Vallensbæk": 20, "Vordingborg": 46, "Aalborg": 180,
}  # fmt: skip

ELSEWHERE = {  # all other municipalities -> weight
    "Albertslund": 28, "Allerød": 25, "Assens": 41, "Ballerup": 48, "Billund": 27, "Bornholm": 40, "Brøndby": 35,
    "Brønderslev": 36, "Dragør": 14, "Egedal": 43, "Esbjerg": 115, "Fanø": 6, "Favrskov": 48, "Faxe": 36,
    "Fredensborg": 40, "Fredericia": 51, "Frederiksberg": 104, "Frederikssund": 45, "Furesø": 41, "Faaborg-Midtfyn": 52,
    "Gentofte": 75, "Glostrup": 23, "Greve": 50, "Guldborgsund": 61, "Haderslev": 56, "Halsnæs": 31, "Hedensted": 46,
    "Helsingør": 62, "Herlev": 29, "Herning": 88, "Hillerød": 50, "Hjørring": 65, "Holstebro": 58, "Horsens": 90,
    "Hvidovre": 53, "Høje-Taastrup": 50, "Hørsholm": 25, "Ikast-Brande": 41, "Ishøj": 23, "Kalundborg": 49,
    "Kerteminde": 24, "Kolding": 93, "København": 300, "Lejre": 28, "Lemvig": 20, "Lolland": 43, "Lyngby-Taarbæk": 55,
    "Læsø": 5, "Mariagerfjord": 42, "Middelfart": 38, "Morsø": 21, "Næstved": 83, "Odder": 22, "Odsherred": 33,
    "Randers": 98, "Rebild": 29, "Ringsted": 34, "Roskilde": 87, "Rudersdal": 56, "Samsø": 5, "Skanderborg": 61,
    "Skive": 46, "Slagelse": 79, "Solrød": 22, "Sorø": 30, "Struer": 21, "Svendborg": 58, "Syddjurs": 42,
    "Sønderborg": 75, "Thisted": 44, "Tårnby": 43, "Varde": 50, "Vejen": 43, "Vejle": 114, "Vesthimmerlands": 37,
    "Viborg": 97, "Ærø": 6, "Aabenraa": 59, "Aarhus": 200,
}  # fmt: skip

DELTAGER, SAMMENLIGNING, FOER, SAMMENLIGNING_FOER = "deltager", "sammenligning", "foer", "sammenligning-foer"
TARGET_GROUPS = ("Målgruppe 1", "Målgruppe 2", "Målgruppe 3")

PERSONS = {
    # PUBLISHED: all of the participants, and the others' first two.
    DELTAGER: (729, 1354, 1382),
    SAMMENLIGNING: (6536, 10852, 3000),
    FOER: (700, 3200, 1200),
    SAMMENLIGNING_FOER: (3500, 9000, 3000),
}
REACH_1A = 309  # PUBLISHED: participants of target group 1 who pass to ledighedsydelse or fleksjob ...
DIRECT = {DELTAGER: 80, SAMMENLIGNING: 1310, FOER: 140, SAMMENLIGNING_FOER: 700}  # ... 80 of them straight to fleksjob
NARROW_2A = {DELTAGER: 1099, SAMMENLIGNING: 5426, FOER: 1760, SAMMENLIGNING_FOER: 4500}  # PUBLISHED: 1099
NARROW_3A = {DELTAGER: 590, SAMMENLIGNING: 400, FOER: 240, SAMMENLIGNING_FOER: 420}  # PUBLISHED: 590
WEEKS_2 = {DELTAGER: 23, SAMMENLIGNING: 64, FOER: 61, SAMMENLIGNING_FOER: 63}  # PUBLISHED: the first three
WEEKS_3 = {DELTAGER: 32, SAMMENLIGNING: 144, FOER: 138, SAMMENLIGNING_FOER: 142}  # PUBLISHED: the first two

AGE = {  # PUBLISHED: of the participants, and three years more among the others in target group 3
    DELTAGER: (46.0, 47.5, 47.2),
    SAMMENLIGNING: (46.8, 48.3, 50.16),
    FOER: (46.3, 47.9, 49.5),
    SAMMENLIGNING_FOER: (46.7, 48.2, 50.0),
}
MEN = {DELTAGER: (0.398, 0.32, 0.40), SAMMENLIGNING: (0.41, 0.35, 0.41), FOER: (0.405, 0.34, 0.40),
       SAMMENLIGNING_FOER: (0.41, 0.35, 0.41)}  # fmt: skip
NON_WESTERN = {DELTAGER: (0.07, 0.08, 0.07), SAMMENLIGNING: (0.10, 0.09, 0.07), FOER: (0.08, 0.08, 0.07),
               SAMMENLIGNING_FOER: (0.10, 0.09, 0.07)}  # fmt: skip
MARRIED = {DELTAGER: (0.47, 0.45, 0.44), SAMMENLIGNING: (0.43, 0.44, 0.46), FOER: (0.45, 0.45, 0.45),
           SAMMENLIGNING_FOER: (0.43, 0.44, 0.46)}  # fmt: skip
JOB_3 = {DELTAGER: (44, 34, 16), SAMMENLIGNING: (38, 26, 30), FOER: (41, 29, 26), SAMMENLIGNING_FOER: (38, 26, 30)}
JOB_6 = {DELTAGER: (116, 96, 60), SAMMENLIGNING: (102, 80, 92), FOER: (109, 86, 84), SAMMENLIGNING_FOER: (102, 80, 92)}

# PUBLISHED hazard ratios.
RATIO_1A = 1.149  # prints as 15 pct. and lies within 1.147 +- 2 pct.
RATIO_1A_EARLY, RATIO_1A_LATE, SPLIT = 0.994, 1.682, 8
RATIO_2, RATIO_2A, RATIO_2_RAW = 1.327, 1.201, 1.77
IN_JOB_WEEK_15 = 0.20

# Where the searches in spells.py ended; they begin here, and end at once while nothing they aim at is changed.
STAYS_1 = (-3.3359662525371405, 0.013087807680829618, 0.6076188574463239, -0.004075488529999855)
STAYS_2 = (-3.655994348916505, 0.13154481863964584, 1.0377499125306362, 0.6647815726479435)

# PUBLISHED: hours significant in weeks 10 to 15, about 0.4 hours.
HOURS_WEEKS, HOURS_EFFECT = (10, 15), 0.40
PATH_WEEKS = 40  # the path's last week, as `weeks` of the `did` analysis in trial.yml

# PUBLISHED: shares of participants with all requirements met, and the share of requirements in phase 3.
PHASE_1, PHASE_2, PHASE_3_REQUIREMENTS, AGREEMENT = 86, 96, 89, 40
