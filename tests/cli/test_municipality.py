"""The parameter kommune: recognised whatever its case, refused with near names, written to safe files."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_trial import make_trial

from reportlib.trial.municipality import (
    AmbiguousFileNameError,
    UnknownMunicipalityError,
    expand,
    file_names,
    resolve,
    slug,
)

SITES = ("Aarhus", "Kolding", "Sorø", "Projektkommune 12")


@pytest.mark.parametrize("name", ["aarhus", "Aarhus", "AARHUS", "  aarhus "])
def test_case_and_blanks_do_not_matter(name: str) -> None:
    assert resolve(name, SITES, trial="eksempel") == "Aarhus"


def test_alle_is_the_whole_trial() -> None:
    assert resolve("alle", SITES, trial="eksempel") == "Alle"


def test_a_misspelt_name_gets_the_nearest() -> None:
    with pytest.raises(UnknownMunicipalityError, match="Kolding") as raised:
        resolve("Koldng", SITES, trial="eksempel")
    assert "'Koldng' is no municipality of eksempel" in str(raised.value)


def test_every_site_expands_in_the_trials_order() -> None:
    assert expand(["alle-kommuner"], SITES, trial="eksempel") == list(SITES)


def test_a_name_asked_for_twice_is_rendered_once() -> None:
    assert expand(["Sorø", "sorø", "Alle"], SITES, trial="eksempel") == ["Sorø", "Alle"]


def test_danish_letters_are_spelled_out_in_file_names() -> None:
    assert [slug(name) for name in ("Høje-Taastrup", "Ærø", "Sorø", "Projektkommune 12")] == [
        "hoeje-taastrup",
        "aeroe",
        "soroe",
        "projektkommune-12",
    ]


def test_a_reserved_name_of_windows_is_not_a_file_name() -> None:
    assert slug("Con") == "kommune-con"


def test_two_sites_with_one_file_name_are_refused() -> None:
    with pytest.raises(AmbiguousFileNameError, match="Sorø"):
        file_names(["Soroe", "Sorø"])


@given(st.text(max_size=40))
def test_a_file_name_is_always_safe(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug(name))


RING = "a\N{COMBINING RING ABOVE}"  # an å as some disks and extracts write it


@pytest.mark.parametrize("asked", ["Båring By", f"b{RING}ring by", "Båring\N{NO-BREAK SPACE}By"])
@pytest.mark.parametrize("written", ["Båring By", f"B{RING}ring By", "Båring\N{NO-BREAK SPACE}By"])
def test_how_a_letter_or_a_blank_is_encoded_does_not_matter(asked: str, written: str) -> None:
    assert resolve(asked, [written], trial="eksempel") == written
    assert slug(written) == "baaring-by"


def test_names_that_differ_in_encoding_only_are_one_name_given_twice() -> None:
    with pytest.raises(ValueError, match="named twice"):
        make_trial(sites={"names": ["Båby", f"B{RING}by"]})
