"""How places and years are compared, in words."""

from __future__ import annotations

from reportlib.danish import confidence_name
from reportlib.ledger import Ledger
from reportlib.prose.sections.common import paragraphs
from reportlib.trial.model import Trial
from reportlib.trial.quasi import Did


def method(ledger: Ledger, trial: Trial, *, site: str | None) -> str:
    """How places and years are compared, in words that follow the settings."""
    dids = [spec for spec in trial.analyses if isinstance(spec, Did)]
    confidence = confidence_name(trial.design.level)
    first = (
        f"Med fire grupper kan udviklingen i de deltagende {trial.sites.noun.many} holdes op mod udviklingen i "
        f"de øvrige. Estimatet er "
        "koefficienten til produktet af *efter* og *delt_komm*, de to variable, der siger, om personen er "
        "registreret i indsatsåret, og "
        f"om personen bor i et deltagende {trial.sites.noun.one}. Det forudsætter, at udviklingen uden "
        f"indsatsen ville have været den samme."
    )
    second = (
        "Tiden, til en person går videre, er beskrevet med Kaplan-Meier-kurver og Cox' model (Efron). "
        "Resultatet er et "
        "forhold mellem rater og siger "
        f"ikke direkte, hvor mange flere der går videre. Intervallerne er {confidence}er, og fejlene er klynget "
        f"på {trial.sites.noun.many}."
    )
    third = (
        "Timerne er sammenlignet uge for uge med lineær regression. Fejlene er klynget (CR2) med Satterthwaites "
        "frihedsgrader, fordi der er "
        f"få deltagende {trial.sites.noun.many}. Andre konventioner giver fejl, der er nogle procent større "
        f"eller mindre."
        if dids
        else ""
    )
    return paragraphs(first, second, third)
