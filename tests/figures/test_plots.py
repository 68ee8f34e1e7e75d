"""An evaluator's own plots: rows as a frame, and a plotnine plot as a figure whose numbers can be followed."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from drawn import picture
from made_up import Rows, add_sites, rising, trial, with_leak
from matplotlib import pyplot
from plotnine import aes, coord_flip, geom_col, geom_hline, geom_line, geom_pointrange, geom_text, ggplot, labs

from reportlib.document import Report
from reportlib.ledger import Ledger
from reportlib.show.ledger_rows import NothingToShowError
from reportlib.show.plots import PlotWordsError, plot_chart, theme_reportlib
from reportlib.text.marks import unmarked

SVG = "{http://www.w3.org/2000/svg}"
LEAK = 87654321.0


def weekly() -> Ledger:
    return Rows().weekly("timer", rising(0.5, 2.1), rising(0.5, 1.3)).ledger()


def by_site() -> Ledger:
    shares = [("Åby", 30, 40), ("Bøgelund", 34, 40), ("Cæsarsholm", 2, 40), ("Dalby", 3, 40)]
    return add_sites(Rows(), "samtale", shares).ledger()


def report(ledger: Ledger, kommune: str = "Alle") -> Report:
    return Report(trial=trial(), ledger=ledger, kommune=kommune)


def curves(r: Report) -> ggplot:
    data = r.data("timer", statistic="mean", site="")
    return ggplot(data, aes("week", "value", colour="group")) + geom_line() + labs(x="Uger") + theme_reportlib()


def bars(r: Report) -> tuple[ggplot, str]:
    data = r.data("samtale", statistic="share", group="deltager")
    data = data[data["site"].isin(r.trial.sites.names)]
    plot = ggplot(data, aes("site", "value")) + geom_col() + geom_text(aes(label="text")) + coord_flip()
    plot = plot + geom_hline(yintercept=50)
    return plot + theme_reportlib(), f"Søjler. {r.i_ord(data)}"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "figs"


def texts(path: Path) -> list[ET.Element]:
    return list(ET.fromstring(path.read_bytes()).iter(f"{SVG}text"))


def test_a_frame_has_a_row_for_each_of_the_ledger_with_names_as_they_print() -> None:
    frame = report(weekly()).data("timer", statistic="mean", site="")
    assert list(frame["group"].cat.categories) == ["Deltagergruppen", "Kontrolgruppen"]
    assert frame["value"].tolist() == [row.value for row in weekly().select(measure="timer", statistic="mean", site="")]


@pytest.mark.parametrize("column", ["value", "low", "high", "n"])
def test_a_hidden_row_gives_nothing_away(column: str) -> None:
    faulty = with_leak(by_site(), "samtale.deltager.site=Åby", LEAK)
    frame = report(faulty).data("samtale", site="Åby")
    assert frame[column].isna().all() and frame["text"].eq("").all() and frame["hidden"].all()


def test_rows_that_are_not_there_are_told_with_what_there_is() -> None:
    with pytest.raises(NothingToShowError) as error:
        report(by_site()).data("samtale", statistic="mean")
    assert "share" in (error.value.hint or "")


def test_a_plot_is_a_figure_with_source_and_definition(here: Path) -> None:
    r = report(weekly())
    block = r.vis(curves(r), id="fig-timer", caption="Timer", alt="Kurver.")
    assert "![Timer](figs/timer-" in block and "{#fig-timer .inline-svg" in block
    assert "Kilde: eIndkomst." in block and weekly().measure("timer").definition in block
    assert picture(here, "timer").is_file()


def test_numbers_on_the_axes_are_danish_and_accounted_for(here: Path) -> None:
    r = report(weekly())
    r.vis(curves(r), id="x", caption="Timer", alt="Kurver.")
    ticks = [text for text in texts(picture(here, "x")) if re.fullmatch(r"[\d,.]+", text.text or "")]
    assert any("," in (tick.text or "") for tick in ticks) and not any("." in (tick.text or "") for tick in ticks)
    assert all(f"{tick.text} @ akse:tal" == tick.get("data-tal") for tick in ticks)


def test_a_printed_value_leads_back_to_its_row(here: Path) -> None:
    r = report(by_site())
    plot, alt = bars(r)
    block = r.vis(plot, id="x", caption="Samtaler", alt=alt)
    drawn = {text.text: text.get("data-tal") for text in texts(picture(here, "x"))}
    assert drawn["75"] == "75 @ samtale.deltager.site=Åby"
    assert "75 pct @ samtale.deltager.site=Åby" in block.replace("\u00a0", " ")
    assert "Skjult af hensyn til anonymitet: Cæsarsholm og Dalby." in block


def test_the_rows_of_its_frame_are_named_beside_its_picture(here: Path) -> None:
    r = report(by_site())
    plot, alt = bars(r)
    r.vis(plot, id="x", caption="Samtaler", alt=alt)
    named = json.loads(picture(here, "x").with_suffix(".keys").read_text(encoding="utf-8"))
    assert named == [f"samtale.deltager.site={name}" for name in r.trial.sites.names]


def test_without_an_alternative_text_the_rows_offer_one() -> None:
    r = report(by_site())
    with pytest.raises(PlotWordsError) as error:
        r.vis(bars(r)[0], id="x", caption="Samtaler")
    assert "Åby 75 pct." in (error.value.hint or "").replace("\u00a0", " ")


def test_without_a_caption_a_plot_is_refused() -> None:
    r = report(by_site())
    with pytest.raises(PlotWordsError, match="caption"):
        r.vis(bars(r)[0], id="x", alt="Søjler.")


@pytest.mark.parametrize("together", [False, True], ids=["plot", "composition"])
def test_the_same_plot_is_the_same_file_and_leaves_no_figure_open(together: bool, here: Path) -> None:
    for _ in range(2):
        r = report(by_site())
        plot, alt = bars(r)
        r.vis(plot | plot if together else plot, id="x", caption="Samtaler", alt=alt)
    assert picture(here, "x").is_file()  # a second file would have another name
    assert not pyplot.get_fignums()


def test_a_plot_is_drawn_once_for_all_versions(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REPORTLIB_FIGURE_CACHE", str(here))
    for _ in range(2):
        r = report(by_site())
        plot, alt = bars(r)
        r.vis(plot, id="x", caption="Samtaler", alt=alt)
        monkeypatch.setattr("reportlib.show.pictures.drawn", lambda *_: pytest.fail("drawn again"))


@pytest.mark.parametrize("mapping", [aes("site", "value * factor"), aes("site", "value", fill="value > 50")])
def test_a_plot_that_looks_beyond_its_columns_is_drawn_every_time(mapping: aes) -> None:
    r = report(by_site())
    plot = ggplot(r.data("samtale", group="deltager"), mapping) + geom_col()
    chart = plot_chart(plot, r.ledger, r.trial, r._plotted, site=None, caption="Samtaler", alt="Søjler.")
    assert not chart.kept


def test_intervals_that_are_drawn_are_said_what_they_are() -> None:
    r = report(by_site())
    data = r.data("samtale", group="deltager")
    plot = ggplot(data, aes("site", "value", ymin="low", ymax="high")) + geom_pointrange()
    assert "Stregerne viser den statistiske usikkerhed" in unmarked(
        " ".join(plot_chart(plot, r.ledger, r.trial, r._plotted, site=None, caption="x", alt="x").notes)
    )


def test_another_row_behind_the_same_number_is_another_picture() -> None:
    r = report(add_sites(Rows(), "samtale", [("Åby", 30, 40), ("Dalby", 30, 40)]).ledger())

    def content(site: str) -> str:
        own = report(r.ledger)
        data = own.data("samtale", site=site).assign(site="X")
        plot = ggplot(data, aes("site", "value")) + geom_text(aes(label="text"))
        plan = plot_chart(plot, r.ledger, r.trial, own._plotted, site=None, caption="x", alt="x").plan
        return plan.content  # type: ignore[attr-defined, no-any-return]

    assert content("Åby") == content("Åby")
    assert content("Åby") != content("Dalby")


def test_a_municipalitys_version_says_when_its_numbers_are_not_shown() -> None:
    r = report(weekly(), "Åby")
    assert "ikke kun Åby" in r.vis(curves(r), id="x", caption="Timer", alt="Kurver.")
    own = report(by_site(), "Åby")
    plot, alt = bars(own)
    assert "ikke kun" not in own.vis(plot, id="y", caption="Samtaler", alt=alt)
