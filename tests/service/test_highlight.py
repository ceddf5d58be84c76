"""What pages show of quotes, exact or absent."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from service.web.pages.items import wording
from service.web.pictures import find_quote
from service.web.pictures.highlight import find_parts, find_spans, pieces
from tests.ingest.cases import cases
from tests.service.county import report
from vectorstore.records import Catalogue

TEXT = "Der Rad-\nschnellweg verbindet\n\nAuental und  Bergheim. Wegen Bau\u00adstellen dauert es."


@cases("quote", "found")
def test_quotes(quote: str, found: str) -> None:
    span = find_quote(TEXT, quote)
    assert (TEXT[span[0] : span[1]] if span else "") == found


PAGE = (
    "Nachhaltigkeitsbericht\r\nDer Rad\x02schnellweg verbindet\r\nAuental und  Bergheim. E\x02Bikes und "
    "Lade-\r\nsäulen bis 2027-\r\n2030.\r\n• Erster Punkt\r\n- Zweiter Punkt\r\noﬀene Fra\u0308gen, Bau\u00adstellen"
    "\r\nVerkehr, Verkehr"
)


@cases("quote", "place")
def test_quotes_in_print(quote: str, place: str) -> None:
    assert [PAGE[start:end] for start, end in find_spans(PAGE, quote)] == ([place] if place else [])


@given(st.text(max_size=80), st.data())
def test_what_is_marked_is_the_quote_without_white_space(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    quote = text[start : data.draw(st.integers(start, len(text)))]
    span = find_quote(text, quote)
    if span:
        assert find_quote(text[span[0] : span[1]], quote) == (0, span[1] - span[0])
    assert "".join(piece.text for piece in pieces(text, span)) == text


@cases("quote", "title")
def test_where_a_quote_stands(quote: str, title: str) -> None:
    catalogue = Catalogue([report()])
    item = catalogue.item("auenland-report", "2.1.2.3")
    assert item is not None
    found = wording(catalogue, item, quote)
    marked = [
        part.title
        for part in found.parts
        if any(piece.marked for text in part.paragraphs for piece in text)
    ]
    assert marked == ([title] if title else [])
    assert found.found is bool(title)


@cases("quote", "marked")
def test_of_a_quote_over_two_pages_what_stands_on_the_page_is_marked(
    quote: str, marked: tuple[str, ...]
) -> None:
    page = "Die Kosten trägt der Kreis. Anlage 1 Anlage 2"
    assert [page[start:end] for start, end in find_parts(page, quote)] == list(marked)
