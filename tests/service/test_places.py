"""A quote is found on a printed page exactly, whole and once, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.pictures.places import find_place

PAGE = (
    "Nachhaltigkeitsbericht\r\nDer Rad\x02schnellweg verbindet\r\nAuental und  Bergheim. E\x02Bikes und "
    "Lade-\r\nsäulen bis 2027-\r\n2030.\r\n• Erster Punkt\r\n- Zweiter Punkt\r\noﬀene Fra\u0308gen, Bau\u00adstellen"
    "\r\nVerkehr, Verkehr"
)


@pytest.mark.parametrize(
    ("quote", "place"),
    [
        ("Der Radschnellweg verbindet Auental", "Der Rad\x02schnellweg verbindet\r\nAuental"),
        ("Der Rad-schnellweg", "Der Rad\x02schnellweg"),
        ("Auental und Bergheim.", "Auental und  Bergheim."),
        ("E-Bikes", "E\x02Bikes"),
        ("Ladesäulen", "Lade-\r\nsäulen"),
        ("Lade-\nsäulen", "Lade-\r\nsäulen"),
        ("bis 2027-2030.", "bis 2027-\r\n2030."),
        ("Erster Punkt\n\nZweiter Punkt", "Erster Punkt\r\n- Zweiter Punkt"),
        ("- Erster Punkt\n- Zweiter Punkt", "Erster Punkt\r\n- Zweiter Punkt"),
        ("offene Frägen", "oﬀene Fra\u0308gen"),
        ("Baustellen", "Bau\u00adstellen"),
        ("Verkehr", None),
        ("Verkehr, Verkehr", "Verkehr, Verkehr"),
        ("Rad", None),
        ("schnellweg", None),
        ("Auen", None),
        ("auental und bergheim", None),
        ("Auental oder Bergheim", None),
        ("Der Radschnellweg verbindet Bergheim", None),
        ("Auental-und Bergheim", None),
        ("(", None),
        ("", None),
        (" - \n", None),
    ],
)
def test_quotes(quote: str, place: str | None) -> None:
    span = find_place(PAGE, quote)
    assert (PAGE[span[0] : span[1]] if span else None) == place


@given(st.text(alphabet="ab -\n\x02\u00ad•ﬁ.", max_size=40), st.data())
def test_what_is_found_reads_as_the_quote(page: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(page)))
    quote = page[start : data.draw(st.integers(start, len(page)))]
    span = find_place(page, quote)
    if span:
        assert letters(page[span[0] : span[1]]) == letters(quote)


@given(st.text(max_size=60), st.text(max_size=30))
def test_no_text_breaks_it(page: str, quote: str) -> None:
    span = find_place(page, quote)
    assert span is None or 0 <= span[0] < span[1] <= len(page)


def letters(text: str) -> str:
    return "".join(char for char in text.replace("ﬁ", "fi") if char in "abfi.")
