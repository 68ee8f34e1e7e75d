"""Numbers that remember their origin: through arithmetic, printing, escaping and Markdown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportlib.danish import as_decimal, capitalise, count_text, interval_text, number_text, value_text
from reportlib.numbers.collect import Printed, collect, named
from reportlib.numbers.tokens import tokens, with_origins
from reportlib.text.marks import number_mark, recording, unmarked
from reportlib.text.markup import attribute, escape, origins_in, read_origins, span, with_spans
from reportlib.text.origin import Kind, Origin, count_of, derived, fact, keys_in, origin_of, with_origin
from reportlib.text.units import Unit

KEY = Origin("andel.deltager.uge35")


def test_a_number_with_an_origin_is_the_number_itself() -> None:
    value = with_origin(12.5, KEY)
    assert value == 12.5 and hash(value) == hash(12.5) and f"{value}" == "12.5"
    assert origin_of(value) == KEY


@pytest.mark.parametrize("value", [12.4, 12, Decimal("12.4"), Fraction(31, 2)])
def test_decimals_and_sizes_keep_the_origin(value: float | Decimal | Fraction) -> None:
    assert origin_of(as_decimal(with_origin(value, KEY))) == KEY
    assert origin_of(abs(as_decimal(with_origin(value, KEY)))) == KEY


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.ROW, "a"), (Kind.FACT, "fakta:a"), (Kind.SETTING, "trial:a"), (Kind.FILE, "fil:a"),
        (Kind.METHOD, "metode:a"), (Kind.DERIVED, "udledt:a"), (Kind.AXIS, "akse:a"), (Kind.TEXT, "tekst:a"),
        (Kind.REFERENCE, "henvisning:a"),
    ],
)  # fmt: skip
def test_an_origin_is_written_as_files_that_are_already_out_have_it(kind: Kind, text: str) -> None:
    assert str(Origin("a", kind=kind)) == text
    assert Origin.parse(text) == Origin("a", kind=kind)


def test_arithmetic_makes_a_number_of_its_own() -> None:
    assert origin_of(with_origin(12.5, KEY) - with_origin(7.5, KEY)) is None


def test_nothing_is_marked_without_a_recording() -> None:
    assert value_text(with_origin(12.0, KEY), Unit.PCT) == "12\u00a0pct."


def test_a_printed_number_becomes_a_span_with_its_key() -> None:
    with recording() as record:
        text = with_spans(f"I alt {value_text(with_origin(12.0, KEY), Unit.PCT)} af dem.", record)
    assert text == 'I alt [12\u00a0pct]{.tal key="andel.deltager.uge35"}. af dem.'


def test_every_end_of_an_interval_has_its_own_key() -> None:
    low, high = with_origin(1.2, Origin("a", "ci_low")), with_origin(3.4, Origin("a", "ci_high"))
    with recording() as record:
        text = with_spans(interval_text(low, high), record)
    assert 'key="a#ci_low"' in text and 'key="a#ci_high"' in text and 'key="trial:design.level"' in text


def test_a_count_in_words_keeps_its_large_first_letter() -> None:
    with recording() as record:
        text = with_spans(capitalise(count_text(with_origin(7, KEY), "kommune")), record)
    assert text == '[Syv kommuner]{.tal key="andel.deltager.uge35"}'


def test_marks_survive_escaping_and_never_reach_an_attribute() -> None:
    with recording() as record:
        text = f"{number_text(with_origin(7, KEY))} * 2"
        assert 'key="andel.deltager.uge35"' in with_spans(escape(text), record)
        assert attribute(text) == "7 * 2"


def test_signs_of_marks_in_data_are_removed() -> None:
    assert escape("\ufdd0\ufdd6\ufdd1falsk\ufdd2") == "falsk"
    assert unmarked("\ufdd0\ufdd6\ufdd1falsk\ufdd2") == "falsk"


@pytest.mark.parametrize(
    "origin", [KEY, Origin("a.site=Øby", "n"), fact("uge"), derived("sum", ["a", "b"]), Origin("x", kind=Kind.FILE)]
)
def test_an_origin_is_read_back_as_it_was_written(origin: Origin) -> None:
    assert Origin.parse(str(origin)) == origin


def test_a_count_names_what_it_counts() -> None:
    made = origin_of(count_of(["a.x", "b.y"]))
    assert made is not None and list(keys_in(made)) == ["a.x", "b.y"]


def test_a_phrase_is_found_after_as_many_like_it_as_were_passed() -> None:
    text = "Område 13 har i 13 uger 4 personer, og 13 i alt."
    for passed, before in ((0, []), (1, ["13"]), (2, ["13", "13", "4"])):
        found = list(with_origins(text, [("13", passed)]))
        place = next(at for at, (_, number, _) in enumerate(found) if number == 0)
        assert [phrase for phrase, _, _ in found[:place]] == before
    assert [number for _, number, _ in with_origins(text, [("13", 3)])] == [None] * 4


def test_collecting_finds_numbers_in_order_with_their_places() -> None:
    lines = [
        ("# Resume {#sec-a}", "x.qmd:1"),
        (
            'I uge [35]{.tal key="fakta:uge"} er det [12 pct]{.tal key="a"}. i Område 4, jf. @tbl-b og @sec-a.',
            "x.qmd:2",
        ),
        ('| Nord | [7]{.tal key="b"} |', "x.qmd:3"),
        (': Andel i [2]{.tal key="c"} dele {#tbl-b}', "x.qmd:4"),
    ]
    found = collect(lines)
    assert [(one.text, one.place) for one in found.numbers] == [
        ("35", "text"), ("12 pct", "text"), ("4", "text"), ("1", "text"), ("1", "text"),
        ("2", "caption"), ("7", "table"),
    ]  # fmt: skip
    assert found.numbers[2].origin.kind is Kind.TEXT
    assert found.lines[1].startswith(f"I uge {number_mark('35', 1)} er det")


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (['Ændret 1.^[Trådte i kraft [3]{.tal key="a"} år efter, se [her](x).] Igen 2.'], "1 text, 2 text, 3 note"),
        (["Ændret 1.^[Trådte i kraft", "efter 3 år.] Igen 2."], "1 text, 3 note, 2 text"),
        (["Ændret 1 \\^[ikke 3] og 2"], "1 text, 3 text, 2 text"),
        (["Ændret 1.^[aldrig lukket 3", "", "Igen 2"], "1 text, 3 note, 2 text"),
        (["| Nord^[Fra 2017.] | 7 |"], "7 table, 2017 note"),
    ],
)
def test_a_note_in_the_line_is_a_note(lines: list[str], wanted: str) -> None:
    found = collect((text, "x.qmd:1") for text in lines)
    written = [f"{one.text} {one.place}" for one in found.numbers]
    assert sorted(written) == sorted(wanted.split(", "))


@given(st.integers(-10_000_000, 10_000_000), st.integers(0, 3))
def test_every_printed_number_is_found_again_as_one_token(whole: int, places: int) -> None:
    text = number_text(Decimal(whole).scaleb(-places), places)
    assert [token.text for token in tokens(f"Det er {text} i alt.")] == [text]


@pytest.mark.parametrize("text", ["WHO-5", "CR2", "HC2", "2A", "sup-t"])
def test_names_with_digits_are_no_numbers(text: str) -> None:
    assert tokens(f"efter {text} her") == []


def test_a_reference_is_one_token() -> None:
    assert [(t.text, t.reference) for t in tokens("jf. Afsnit\u00a04.1.2 og Figur 3")] == [
        ("4.1.2", "Afsnit"),
        ("3", "Figur"),
    ]


NAMES = st.sampled_from(["Område 13", "Område 3", "Projektkommune 2", "1A", "uge 13", "WHO-5", "i", "af", "13", "3"])


@given(st.lists(st.one_of(NAMES, st.integers(0, 133)), min_size=1, max_size=12))
def test_a_number_beside_a_name_with_the_same_digits_keeps_its_own_origin(parts: list[str | int]) -> None:
    wanted = [str(part) for part in parts if isinstance(part, int)]
    with recording():
        text = " ".join(
            part if isinstance(part, str) else number_text(with_origin(part, Origin(f"k{place}")))
            for place, part in enumerate(parts)
        )
        origins = origins_in(text)
    keys = [f"k{place}" for place, part in enumerate(parts) if isinstance(part, int)]
    assert [(one.text, one.origin.ref) for one in read_origins(origins)] == list(zip(wanted, keys, strict=True))
    found = named(unmarked(text), origins, Printed(text="", origin=Origin("-"), place="alt"))
    assert [(one.text, one.origin.ref) for one in found if one.origin.kind is not Kind.TEXT] == list(
        zip(wanted, keys, strict=True)
    )
    assert [one.text for one in found] == [token.text for token in tokens(unmarked(text))]


def test_the_third_of_three_equal_numbers_is_the_one_with_an_origin() -> None:
    with recording():
        text = f"Område 13 og Område 13 i {number_text(with_origin(13, KEY))} uger"
        found = named(unmarked(text), origins_in(text), Printed(text="", origin=KEY, place="alt"))
    assert [one.origin.kind for one in found] == [Kind.TEXT, Kind.TEXT, Kind.ROW]
    assert found[2].after == "uger"


def test_a_less_than_sign_is_escaped_once() -> None:
    for text in ("< 0,001", r"\< 0,001"):
        assert span(text, KEY).startswith(r"[\< 0,001]{.tal")


def test_an_escaped_sign_is_read_as_it_is_printed() -> None:
    found = collect([(f"Forskellen er stor (p {span('< 0,001', KEY)}).", "x.qmd:1")])
    assert [one.text for one in found.numbers] == ["< 0,001"]


def test_the_title_on_the_cover_is_no_number_of_the_report() -> None:
    box = '::: {.boks .fremhaev title="Forsøg 2"}'
    cover = '::: {.forside title="Forsøg 2" subtitle="Slutrapport"}'
    assert [found.text for found in collect([(box, "a:1"), (":::", "a:2")]).numbers] == ["2"]
    assert collect([(cover, "a:1"), (":::", "a:2")]).numbers == []


def references(*lines: str) -> list[str]:
    """What the references of a document print, by the account."""
    found = collect((line, f"a.qmd:{number}") for number, line in enumerate(lines, 1)).numbers
    return [one.text for one in found if one.origin.kind is Kind.REFERENCE]


def test_figures_and_tables_written_as_divs_are_counted_and_their_parts_are_not() -> None:
    panel = ["::: {#fig-a layout-ncol=2}", "", "![En](a.svg){#fig-b}", "", "![To](b.svg)", "", "Begge", ":::", ""]
    frame = ["::: {#tbl-a}", "```{=html}", "<table></table>", "```", "", "Ramme", ":::", "", ": To {#tbl-b}", ""]
    last = ["![Tre](c.svg){#fig-c}", "", "Se @fig-c, @fig-b, @tbl-b og @tbl-a."]
    assert references(*panel, *frame, *last) == ["2", "1", "2", "1"]


def test_a_box_is_referred_to_by_its_number() -> None:
    box = ['::: {.boks title="A"}', "Tekst", ":::", "", "::: {#tip-b .callout-tip}", "Tekst", ":::", ""]
    assert references(*box, "Se @tip-b.") == ["2"]


def test_the_heading_that_is_a_box_s_title_is_no_section() -> None:
    box = ["# A", "", "::: {.callout-note}", "", "## Titel", "Tekst", "", "## Afsnit", ":::", "", "## B {#sec-b}", ""]
    assert references(*box, "Se @sec-b.") == ["1.2"]


def test_numbers_of_a_frame_s_table_are_in_the_account_and_those_of_its_looks_are_not() -> None:
    lines = [
        "```{=html}",
        "<style>",
        "td {width: 10px}",
        "</style>",
        '<td style="width: 20px">1234</td>',
        "```",
        "",
        "Og 7.",
    ]
    found = collect((line, f"a.qmd:{number}") for number, line in enumerate(lines, 1)).numbers
    assert [(one.text, one.place) for one in found] == [("1234", "table"), ("7", "text")]


def test_a_number_is_made_of_what_has_a_name_and_not_of_a_record_as_python_prints_it() -> None:
    with pytest.raises(TypeError, match="a slice has no key: name what the number is made of"):
        derived("antal", ["ordinaere-timer", slice(1)])
