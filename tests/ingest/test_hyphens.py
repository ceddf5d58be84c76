from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.layout.hyphens import Vocabulary, join_cell_lines, join_lines
from ingest.layout.lines import squash

WORDS = Vocabulary(
    ["Die CO₂-reduzierte Mobilität sowie der Kantinenausschuss und die Wirtschaftsförderungen sind in Bearbeitung."]
)


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("den Radwege-", "und Schienennetzen", "den Radwege- und Schienennetzen"),
        ("von Homeoffice-", "Arbeitsplätzen und", "von Homeoffice-Arbeitsplätzen und"),
        ("eine Transforma-", "tion", "eine Transformation"),
        ("Bürger- und Akteur-", "s-Konsultationen", "Bürger- und Akteurs-Konsultationen"),
        ("eine CO₂-", "reduzierte Mobilität", "eine CO₂-reduzierte Mobilität"),
        ("im ÖPNV-", "gestützten Netz", "im ÖPNV-gestützten Netz"),
        ("Nachbarn so-", "wie", "Nachbarn sowie"),
        ("in landes-", "als auch bundesweit", "in landes- als auch bundesweit"),
        ("in landes-", "als", "in landes- als"),
        ("den Schul-", "sowie Kitawegen", "den Schul- sowie Kitawegen"),
        ("weder Rad-", "noch Fußwege", "weder Rad- noch Fußwege"),
        ("mehr Rad-", "statt Autoverkehr", "mehr Rad- statt Autoverkehr"),
        ("von Grund-", "bis Oberschule", "von Grund- bis Oberschule"),
        ("gibt es den-", "noch Wege", "gibt es dennoch Wege"),
        ("in der Werk-", "statt arbeiten", "in der Werkstatt arbeiten"),
        ("des Materi-", "als wegen", "des Materials wegen"),
        ("Haupt- –", "so ist es", "Haupt- – so ist es"),
        ("ohne Strich", "weiter", "ohne Strich weiter"),
    ],
)
def test_lines(first: str, second: str, joined: str) -> None:
    assert join_lines(first, second, WORDS) == joined


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["Wirtschaftsförderunge", "n sind"], "Wirtschaftsförderungen sind"),
        (["Kantinen-au", "sschuss"], "Kantinen-ausschuss"),
        (["Bearbe", "itung"], "Bearbeitung"),
        (["Bürgermeister in", "weiteren Orten"], "Bürgermeister in weiteren Orten"),
        (["alle Kommunen", "Kreis"], "alle Kommunen Kreis"),
        (["Umwelt-", "Rat"], "Umwelt-Rat"),
        (["H ₂", "-Mobilität"], "H ₂-Mobilität"),
    ],
)
def test_cells(lines: list[str], joined: str) -> None:
    assert join_cell_lines(lines, WORDS) == joined


@given(st.lists(st.text(alphabet="abcDEF -äß.", min_size=1), min_size=1, max_size=5))
def test_cells_lose_nothing_but_hyphens_and_spaces(lines: list[str]) -> None:
    assert squash(join_cell_lines(lines, WORDS)).replace("-", "") == squash("".join(lines)).replace("-", "")


@given(st.text(alphabet="abcDEF -ä.", min_size=1), st.text(alphabet="abcDEF -ä.", min_size=1))
def test_lines_lose_at_most_one_hyphen(first: str, second: str) -> None:
    joined, plain = squash(join_lines(first, second, WORDS)), squash(first + second)
    assert len(plain) - 1 <= len(joined) <= len(plain)
