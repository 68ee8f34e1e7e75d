"""What a ledger row, a fact or a setting is called in Danish, where a reader asks a number what it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Protocol

from reportlib.danish import (
    EN_DASH,
    NBSP,
    capitalise,
    confidence_name,
    decapitalise,
    number_text,
    number_word,
    sentence,
    short_date,
)
from reportlib.ledger import Estimate, Measure
from reportlib.ledger.keys import ACCOUNTS, AT_LEAST_TWO, BACKGROUND, COST_BENEFIT, DUE, OTHERS
from reportlib.text.origin import Kind, Origin, keys_in
from reportlib.text.units import RULES, Unit
from reportlib.trial.analyses import Division, Subgroups
from reportlib.trial.measures import SurveyAnswers
from reportlib.trial.model import Trial

# What is said of a printed number: what it counts, of whom, when, how many, how sure, from which source.


_MOST_NAMED = 2
_ROUNDING = 1e-6

PARTS: Mapping[str, str] = {
    "k": "antal bag andelen",
    "n": "antal i alt",
    "se": "standardfejl",
    "ci_low": "nedre grænse i konfidensintervallet",
    "ci_high": "øvre grænse i konfidensintervallet",
    "p": "p-værdi",
    "df": "frihedsgrader",
    "time": "ugen, tallet gælder",
    "subgroup": "båndet, tallet gælder",
}

DERIVED: Mapping[str, str] = {
    "antal": "Talt sammen i rapporten",
    "sum": "Sum af tal i regnskabet",
    "frafald": "Andel af dem, der kunne være målt, som mangler",
    "relativt": "Relativ forskel, beregnet af de uafrundede tal",
    "grænse": "Så langt når intervallet fra ingen forskel, rundet udad",
    "forhold": "Forholdet mellem to tal, beregnet af de uafrundede tal",
    "afstand": "Afstanden fra det viste tal til målet",
    "resten": "Hundrede minus det viste tal",
    "tilfaeldigt": "Antal test gange signifikansniveauet, i hele test",
    "udeladt": "Antal steder, hvis tal ikke vises",
    "steder": "Antal steder, der har personer",
    "omtrent": "Afrundet",
    "uger": "Ugen, tallet gælder",
    "stigning": "Den stigning i procentpoint, der skal kunne findes",
    "dag": "Dagen er talt frem i hele uger",
    "vaegt": "Produktet af de fem vægte",
    "eksempel": "Et eksempel: den viste gevinst ganget med tusind kroner",
}


METHODS: Mapping[str, str] = {
    "eksempelpris": "Et rundt beløb, som regnestykket er vist med",
    "foerste-uge": "Opfølgningens første uge",
    "balance-efter-matchning": "Fast grænse i metoden for den standardiserede forskel efter matchning",
    **{
        f"jobeffekter-{factor}": f"Jobeffekter.dk's vægt for {factor}"
        for factor in ("kvalitet", "metode", "geografi", "tidsskrift", "kombination")
    },
}
"""What the constants of the methods are."""


def where(row: Estimate, named: Mapping[str, str] | None = None) -> str:
    """Whom, when and at which site: `deltagerne, uge 35 efter start, Aarhus`.

    `named` is what the rows' subgroups are called, by key; without it they stand as in the key.
    """
    site = f"de øvrige end {row.site.removeprefix(OTHERS)}" if row.site.startswith(OTHERS) else row.site
    part = row.subgroup if named is None else named.get(row.key, "")
    return ", ".join(text for text in (row.population, row.window, site, part) if text)


def what(row: Estimate, measure: Measure) -> str:
    """`Andel med ordinære timer, forskellen`."""
    statistic = STATISTICS.get(row.statistic, "" if row.statistic in ("share", "mean", "count") else row.statistic)
    return f"{measure.label}, {statistic}" if statistic else measure.label


def counts(row: Estimate) -> str:
    """`92 af 767`, `767 personer`, or nothing."""
    if row.n is None:
        return ""
    if row.k is not None and row.unit is Unit.PCT and _is_share(row):
        return f"{number_text(row.k)}{NBSP}af{NBSP}{number_text(row.n)}"
    return f"n{NBSP}={NBSP}{number_text(row.n)}"


def _is_share(row: Estimate) -> bool:
    """True when the number is 100 k / n: a mean of shares and a survival curve are per cent of something else."""
    return bool(row.n) and row.value is not None and abs(100 * (row.k or 0) / (row.n or 1) - row.value) < _ROUNDING


def spread(row: Estimate) -> str:
    """`1,2–8,8`, or nothing; with one decimal where the unit has any."""
    decimals = min(1, RULES[row.unit].most)
    if row.ci_low is None or row.ci_high is None:
        return ""
    return f"{number_text(row.ci_low, decimals)}{EN_DASH}{number_text(row.ci_high, decimals)}"


def row_text(
    row: Estimate, measure: Measure, part: str, *, level: float, named: Mapping[str, str] | None = None
) -> str:
    """Everything about a row's number, in sentences; `named` as in `where`."""
    first = f"{PARTS[part].capitalize()}: {what(row, measure)}" if part in PARTS else what(row, measure)
    evidence = [text for text in (counts(row), _interval(row, level)) if text]
    return " ".join(
        [
            sentence(first),
            sentence(measure.definition),
            sentence(f"Gælder {where(row, named)}" + (f"; {'; '.join(evidence)}" if evidence else "")),
            sentence(
                f"Kilde: {capitalise(measure.source.rstrip('.'))}"
                + (f", opgjort {_day(row.data_date)}" if row.data_date else "")
            ),
        ]
    )


class Sources(Protocol):
    """What numbers come from: an account."""

    @property
    def facts(self) -> Mapping[str, Mapping[str, Any]]: ...
    @property
    def rows(self) -> Mapping[str, Estimate]: ...
    @property
    def measures(self) -> Mapping[str, Measure]: ...
    @property
    def subgroups(self) -> Mapping[str, str]: ...


def other_text(origin: Origin, known: Sources) -> str:
    """What is said of a number that is no ledger row's own."""
    match origin.kind:
        case Kind.FACT:
            found = known.facts.get(origin.ref, {})
            return sentence(
                f"{found.get('label', origin.ref)}. Kilde: {capitalise(found.get('source', ''))}".rstrip(". ")
            )
        case Kind.SETTING:
            words = setting_words(origin.ref)
            return f"Fastlagt i rapportens opsætning: {words or origin.ref}."
        case Kind.FILE:
            return f"Rækker i udtrækket {origin.ref}."
        case Kind.METHOD:
            return sentence(METHODS.get(origin.ref, f"Fast tal i metoden ({origin.ref})"))
        case Kind.AXIS:
            return "Tal på en akse."
        case Kind.TEXT | Kind.REFERENCE:
            return ""
        case _:
            how = origin.ref.partition("(")[0]
            made_of = _made_of(origin, known)
            return sentence(DERIVED.get(how, how) + (f": {made_of}" if made_of else ""))


def _made_of(origin: Origin, known: Sources) -> str:
    """The labels of what a derived number is made of; empty where they are names and settings only."""
    labels = []
    for key in keys_in(origin):
        if (row := known.rows.get(key)) is not None:
            labels.append(f"{what(row, known.measures[row.measure])} ({where(row, known.subgroups)})")
        elif key in known.measures:
            labels.append(known.measures[key].label)
    distinct = list(dict.fromkeys(labels))
    return f"{distinct[0]} til {distinct[-1]}" if len(distinct) > _MOST_NAMED else "; ".join(distinct)


def _interval(row: Estimate, level: float) -> str:
    limits = spread(row)
    return f"{confidence_name(level)} {limits}" if limits else ""


def _day(iso: str) -> str:
    try:
        return short_date(date.fromisoformat(iso))
    except ValueError:
        return iso


# What a number's statistic and its place in trial.yml are called in Danish.


_BEYOND_CHANCE = "med sikker forskel"

STATISTICS: Mapping[str, str] = {
    "difference": "forskellen",
    "accumulated": "forskellen lagt sammen uge for uge",
    "adjusted": "forskellen, justeret for baggrund",
    "unadjusted": "forskellen uden kontrol for baggrund",
    "exact": "forskellen med kontrol for den præcise værdi ved begyndelsen",
    "two_way": "forskellen med effekter af sted og måned",
    "stratified": "forskellen, sammenlignet inden for stederne",
    "clustered": "forskellen, med usikkerhed mellem stederne",
    "uniform_band": "forskellen med bånd for alle uger",
    "shrunken": "forskellen, trukket mod den fælles",
    "contrast": "forskellen mellem delgrupperne",
    "interaction": "test af, om forskellen er den samme i delgrupperne",
    "interaction_holm": "test af, om forskellen er den samme i delgrupperne, korrigeret for antallet af test",
    "relative_change": "den relative forskel",
    "normalised_difference": "den normaliserede forskel",
    "units_per_gain": "enheder pr. vundet enhed",
    "total_units": "antal pr. person i alt",
    "mean_among_positive": "gennemsnit blandt dem, der har et tal over nul",
    "share_of_positive": "andel af dem, der har et tal over nul",
    "share_of_all": "andel af alle",
    "first_lasting_week": "den første uge, forskellen er varig fra",
    "first_significant_week": f"den første uge {_BEYOND_CHANCE}",
    "last_significant_week": f"den sidste uge {_BEYOND_CHANCE}",
    "significant_weeks": f"antal uger {_BEYOND_CHANCE}",
    "maximum_week": "ugen med det højeste tal",
    "maximum": "det højeste tal",
    "minimum": "det laveste tal",
    "monthly": "månedens tal",
    "mean_of_months": "gennemsnit af månederne",
    "lowest_site": "det laveste sted",
    "highest_site": "det højeste sted",
    "sites_green": "steder med grønt",
    "sites_yellow": "steder med gult",
    "sites_red": "steder med rødt",
    "sites_unknown": "steder uden tal",
    "sites_yes": "steder, der svarer ja",
    "sites_significant": f"antal steder {_BEYOND_CHANCE}, korrigeret for antallet af test",
    "sites_significant_unadjusted": f"antal steder {_BEYOND_CHANCE} før korrektion for antallet af test",
    "p_holm": "p-værdi, korrigeret for antallet af test",
    "p_bh": "p-værdi, mildere korrigeret for antallet af test",
    "test": "test af forskellen",
    "sign_test": "fortegnstest",
    "joint_test": "samlet test",
    "heterogeneity": "test af, om stederne er ens",
    "over_benchmark": "afstanden til pejlemærket",
    "cost_per_unit": "bevillingen pr. person",
    "answered": "antal, der har svaret",
    "sheets": "antal udfyldte skemaer",
    "without_first": "antal uden den første måling",
    "last_reached": "antal, hvis seneste måling det er",
    "first_mean": "gennemsnit ved den første måling",
    "last_mean": "gennemsnit ved den seneste måling",
    "panel_mean": "gennemsnit for dem, der har alle målinger",
    "change": "ændringen",
    "share_rose": "andel med et højere tal end før",
    "share_same": "andel med det samme tal som før",
    "share_fell": "andel med et lavere tal end før",
    "share_relevant_rose": "andel med et mærkbart højere tal end før",
    "share_relevant_same": "andel uden mærkbar ændring",
    "share_relevant_fell": "andel med et mærkbart lavere tal end før",
    "share_only_before": "andel, om hvem det kun gælder før",
    "share_only_after": "andel, om hvem det kun gælder efter",
    "recruited": "antal indtil nu",
    "pace": "antal pr. uge i den seneste tid",
    "share_of_milestone": "andel af målet",
    "probability": "sandsynligheden for at nå målet",
    "forecast_cautious": "forsigtig fremskrivning",
    "forecast_realistic": "realistisk fremskrivning",
    "forecast_optimistic": "optimistisk fremskrivning",
    "forecast_interval": "fremskrivningens usikkerhed",
    "weeks_cautious": "uger til målet i den forsigtige fremskrivning",
    "weeks_realistic": "uger til målet i den realistiske fremskrivning",
    "weeks_optimistic": "uger til målet i den optimistiske fremskrivning",
    "detectable": "den mindste stigning, der kan påvises",
    "needed": "antal personer, der kræves",
    "survival": "punkt på kurven",
    "left": "andel, der er gået videre",
    "exit_rate": "afgangsraten",
    "at_risk": "antal, der følges endnu",
    "median_weeks": "ugen, hvor halvdelen er gået videre",
    "events": "antal, der er gået videre",
    "hazard_ratio": "forholdet mellem afgangsraterne",
    "hazard_ratio_change": "forholdet senere delt med forholdet først",
    "proportional_hazards": "test af, om forholdet mellem afgangsraterne er det samme hele tiden",
    "matched": "forskellen mellem de matchede",
    "matched_mean_treated": "gennemsnit blandt de matchede",
    "matched_mean_other": "gennemsnit blandt dem, de er matchet med",
    "matched_treated": "antal matchede",
    "matched_others": "antal, de er matchet med",
    "standardised_before": "den standardiserede forskel før matchning",
    "standardised_after": "den standardiserede forskel efter matchning",
    "net": "nettoresultatet",
    "contribution": "bidraget fra én post",
    "break_even": "hvor regnskabet går i nul",
    "chance_of_gain": "sandsynligheden for et overskud",
    "parameter": "forudsætningen",
    "assumption_low": "forudsætningen, når den er lav",
    "assumption_high": "forudsætningen, når den er høj",
    "net_low": "nettoresultatet, når forudsætningen er lav",
    "net_high": "nettoresultatet, når forudsætningen er høj",
}
"""How a statistic reads after the measure's label; shares, means and counts are what the label says."""

_SETTINGS: Mapping[str, str] = {
    "sites": "antal steder",
    "reservations": "antal forbehold",
    "elements": "antal elementer i indsatsen",
    "price_range": "hvor meget priserne varieres",
    "design.level": "signifikansniveau",
    "disclosure.threshold": "færrest personer, et tal må hvile på",
    "follow_up.enough": "færrest personer i en uge, der tæller",
    "follow_up.weeks": "antal uger, personerne følges",
    "follow_up.weeks_before": "antal uger før begyndelsen",
    "target.green": "grænse for grønt",
    "target.yellow": "grænse for gult",
    "number": "nummer i rækken",
    "computed.low": "laveste svar på skalaen",
    "computed.high": "højeste svar på skalaen",
    "computed.weeks": "antal uger, der kræves",
    "computed.gap": "længste ophold, der er tilladt",
    "paid_by": "fordeling mellem kasserne",
    "kr": "pris pr. enhed",
    "due": "andel, der tilskrives indsatsen",
    "weeks": "antal uger",
    "band": "antal uger, der slås sammen",
    "split_week": "uge, hvor perioden deles",
    "latest": "antal uger, tempoet måles over",
    "power": "styrke",
}
"""The last names of a setting's place in trial.yml -> what it is."""


def setting_words(place: str) -> str:
    """`grænse for grønt` of `elements.jobmaal.components.jobmaal.target.green`; empty for one that has no words."""
    names = place.split(".")
    ends = (len(names), len(names) - 1)  # `paid_by.kommune`, `due.2`: the last name may be which of several
    endings = (".".join(names[at:end]) for end in ends for at in range(end))
    return next((_SETTINGS[ending] for ending in endings if ending in _SETTINGS), "")


# What the subgroups of ledger rows are called in Danish; their ids in keys are for machines.


_ANSWER = "svar-"
_ASSUMPTIONS: Mapping[str, str] = {
    "discount_rate": "diskonteringsrenten",
    "tax_distortion": "skatteforvridningen",
    "net_tax_factor": "nettoafgiftsfaktoren",
}
_ACCOUNT_NAMES: Mapping[str, str] = {
    ACCOUNTS["society"]: "samfundet",
    ACCOUNTS["public"]: "det offentlige",
    ACCOUNTS["kommune"]: "kommunen",
    ACCOUNTS["region"]: "regionen",
    ACCOUNTS["stat"]: "staten",
}
_NUMBERED: Mapping[str, Callable[[int], str]] = {
    "antal": lambda count: f"{number_word(count)} målinger",
    "stigning": lambda points: f"en stigning på {points} procentpoint",
    DUE: lambda share: f"{share}{NBSP}pct. tilskrevet indsatsen",
}
"""Subgroups that are a word and a number; the persons themselves (`n160`) are told beside the row."""

_PLAIN: Mapping[str, str] = {AT_LEAST_TWO: "mindst to målinger", "uden-kontrol": "uden kontrol for baggrund"}


def subgroup_names(rows: Iterable[Estimate], measures: Mapping[str, Measure], trial: Trial) -> dict[str, str]:
    """Row key -> what its subgroup is called, for rows of a subgroup that their population does not tell."""
    return {row.key: words for row in rows if row.subgroup and (words := subgroup_words(row, measures, trial))}


def subgroup_words(row: Estimate, measures: Mapping[str, Measure], trial: Trial) -> str:
    """`mændene`, `diskonteringsrenten`, `to målinger`; empty where the row's population says it.

    The same id means one thing among the background columns, another in a division, a third in the accounts.
    """
    if row.subgroup in _PLAIN:
        return _PLAIN[row.subgroup]
    if row.measure == COST_BENEFIT:
        return _cost_benefit(row.subgroup, trial)
    if row.measure == BACKGROUND:
        return decapitalise(_background(row.subgroup, trial))
    first, _, rest = row.subgroup.partition(":")
    if (division := _division(row.measure, first, trial)) is not None:
        return division.values.get(rest, rest) if rest else f"delt efter {division.label}"
    if (answer := row.subgroup.rpartition(":")[2]).startswith(_ANSWER):
        return _answer(row.measure, answer.removeprefix(_ANSWER), trial)
    if (group := next((one for one in trial.every_group if one.id == first), None)) is not None:
        name = f"sammenlignet med {group.label}"
        label = measures[rest].label if rest in measures else _background(rest, trial)
        return f"{name}, {decapitalise(label)}" if rest else name
    return _numbered(row.subgroup) or _band(row.subgroup)


def _division(measure: str, name: str, trial: Trial) -> Division | None:
    """The division of a subgroup analysis; where subgroups are compared, the population names them."""
    divisions = (
        division
        for spec in trial.analyses
        if isinstance(spec, Subgroups) and spec.measure == measure
        for division in spec.by
    )
    return next((division for division in divisions if division.id == name), None)


def _background(covariate: str, trial: Trial) -> str:
    column, _, value = covariate.partition(":")
    label = trial.extracts.participants.background.get(column, column)
    return f"{label}: {decapitalise(value)}" if value else label


def _answer(measure: str, answer: str, trial: Trial) -> str:
    computed = trial.measure_by_id[measure].computed
    label = computed.answers.get(answer, answer) if isinstance(computed, SurveyAnswers) else answer
    return f"svaret ”{decapitalise(label)}”"


def _cost_benefit(subgroup: str, trial: Trial) -> str:
    first, _, name = subgroup.partition(":")
    prices = {price.key: price.label or trial.measure_by_id[price.measure].label for price in trial.prices}
    if first == "price":
        return f"prisen på {decapitalise(prices[name])}"
    if first == "quantity":
        units = next((price.units for price in trial.prices if price.measure == name and price.units), None)
        return f"forskellen i {decapitalise(units or trial.measure_by_id[name].label)}"
    if first in _ACCOUNT_NAMES:
        return ", ".join([_ACCOUNT_NAMES[first], *([decapitalise(prices[name])] if name else [])])
    return _ASSUMPTIONS.get(first) or decapitalise(prices.get(first, ""))


def _numbered(subgroup: str) -> str:
    for prefix, words in _NUMBERED.items():
        number = subgroup.removeprefix(prefix)
        if subgroup.startswith(prefix) and number.isdecimal():
            return words(int(number))
    return ""


def _band(subgroup: str) -> str:
    """`0–5` of a distribution's `0-5`."""
    low, dash, high = subgroup.partition("-")
    return f"{low}{EN_DASH}{high}" if dash and low[:1].isdecimal() and high[:1].isdecimal() else ""
