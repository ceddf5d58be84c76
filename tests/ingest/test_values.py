"""Values: every kind in many spellings with what is none, spans verbatim; units, who leads and who
takes part.
"""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.claims import Span
from ingest.values.item_values import Municipalities, add_values
from ingest.values.parsing import amount_list, dates, parse
from ingest.values.units import UnitNames, long_form, named_units, spells_abbreviation, units
from tests.ingest.cases import cases
from vectorstore.records import Document, DocumentKind, Item, ItemKind, Value, ValueKind


def _found(text: str, *kinds: ValueKind) -> list[Value]:
    values = [value.value for value in parse(text)]
    assert all(text[value.start : value.end] == value.text for value in values)
    return [value for value in values if value.kind in kinds]


def _times(text: str) -> list[tuple[str, str]]:
    return [(found.kind, found.value) for found in _found(text, ValueKind.DATE, ValueKind.PERIOD)]


@cases("text", "value")
def test_dates(text: str, value: str) -> None:
    assert _times(text) == [("date", value)]


@cases("text", "value")
def test_periods(text: str, value: str) -> None:
    assert _times(f"Umsetzung: {text}, danach Betrieb") == [("period", value)]


@cases("text")
def test_what_is_no_date(text: str) -> None:
    assert _times(text) == []


def _amounts(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((found.value, found.unit) for found in _found(text, ValueKind.AMOUNT))


@cases("text", "values")
def test_amounts(text: str, values: tuple[tuple[str, str], ...]) -> None:
    assert _amounts(text) == values


@cases("text")
def test_what_is_no_amount(text: str) -> None:
    assert _amounts(text) == ()


@cases("text", "found")
def test_plain_list_of_dates(text: str, found: tuple[str, ...]) -> None:
    assert dates(text) == found


@cases("text", "found")
def test_plain_list_of_amounts(text: str, found: tuple[str, ...]) -> None:
    assert amount_list(parse(text)) == found


@cases("text", "printed", "names")
def test_names_of_units_come_from_the_document(
    text: str, printed: tuple[str, ...], names: dict[str, str]
) -> None:
    assert UnitNames(text, printed).names == names


@cases("code", "words", "name")
def test_long_form_of_an_abbreviation(code: str, words: str, name: str) -> None:
    assert long_form(code, words.split()) == (name or None)
    assert not name or spells_abbreviation(code, name)


# What is printed is found again

sentences = st.sampled_from(
    (
        "{} sind vorgesehen.",
        "Das Vorhaben umfasst {}.",
        "(vgl. {})",
        "Ergebnis: {}; mehr folgt",
        "- {}",
        "{}\tneu",
    )
)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 1, 1)), sentences)
def test_every_full_date_is_found(day: date, sentence: str) -> None:
    text = sentence.format(f"{day:%d.%m.%Y}")
    (value,) = _found(text, ValueKind.DATE, ValueKind.PERIOD)
    assert (value.value, value.text) == (f"{day:%Y-%m-%d}", f"{day:%d.%m.%Y}")
    assert dates(text) == (f"{day:%Y-%m-%d}",)


@given(
    st.integers(1, 999_999_999),
    st.sampled_from(
        (
            ("Euro", 1),
            ("€", 1),
            ("EUR", 1),
            ("T€", 1000),
            ("TEUR", 1000),
            ("Mio. €", 10**6),
            (",- €", 1),
        )
    ),
    sentences,
)
def test_every_amount_is_found(number: int, currency: tuple[str, int], sentence: str) -> None:
    printed = f"{_grouped(number)}{'' if currency[0][0] == ',' else ' '}{currency[0]}"
    (value,) = _found(sentence.format(printed), ValueKind.AMOUNT)
    assert (value.text, value.value, value.unit) == (printed, str(number * currency[1]), "EUR")


@given(st.text(alphabet="0123456789.,-–/ €%§()\t\nMEioabistunkm²äQ", max_size=120))
def test_spans_are_verbatim_whatever_stands_there(text: str) -> None:
    values = [value.value for value in parse(text)]
    assert [value.start for value in values] == sorted(value.start for value in values)
    for value in values:
        assert (
            value.start < value.end and text[value.start : value.end] == value.text and value.value
        )


# Items


def _item(text: str, heading: str, body: str, ref: str, **more: object) -> Item:
    start = text.index(heading)
    end = text.index(body) + len(body) if body in text else len(text)
    return Item(
        document_id="d", key=ref, ref=ref, kind=ItemKind.MEASURE, title=heading, order=0, heading=heading, body=body,
        start=start, end=end, **more,
    )  # type: ignore[arg-type]  # fmt: skip


@cases("text", "printed")
def test_no_value_runs_over_a_paragraph_or_a_cell(text: str, printed: list[str]) -> None:
    assert [value.text for value in _found(text, *ValueKind)] == list(printed)


def _document(text: str) -> Document:
    return Document(
        id="a", title="Plan", publisher="Kreis", kind=DocumentKind.PLAN, status=None, digest="",
        file_name="a.txt", text=text,
    )  # fmt: skip


def test_an_item_has_the_values_of_its_own_spans() -> None:
    text = (
        "3 Schulen sanieren\n\nBis 2030 werden 12 Schulen für 2 Mio. € saniert.\n\n"
        "4 Wege bauen\n\n7 km Radwege\n\n3\tSchulen\t66.01, Dez.06"
    )
    row = "3\tSchulen\t66.01, Dez.06"
    first = _item(
        text, "3 Schulen sanieren", "Bis 2030 werden 12 Schulen für 2 Mio. € saniert.", "3",
        table_row=row, table_start=text.index(row), responsible=("66.01", "Dez. 06"),
    )  # fmt: skip
    second = _item(text, "4 Wege bauen", "7 km Radwege", "4")
    spans = {item.key: [Span(item.start, item.end)] for item in (first, second)}
    first, second = add_values([first, second], _document(text), spans, "")
    assert [(value.kind.value, value.text, value.value) for value in first.values] == [
        ("period", "Bis 2030", "/2030"),
        ("amount", "2 Mio. €", "2000000"),
        ("unit", "66.01", "66.01"),
        ("unit", "Dez.06", "Dez. 06"),
    ]
    assert (first.dates, first.amounts) == (("2030",), ("2 Mio. €",))
    assert second.values == ()
    assert all(
        text[value.start : value.end] == value.text
        for item in (first, second)
        for value in item.values
    )


def test_a_heading_that_is_its_own_ref_keeps_its_date() -> None:
    text = "Talfeld, 12. Januar 2026\n\nWir beantragen das."
    item = _item(
        text, "Talfeld, 12. Januar 2026", "Wir beantragen das.", "Talfeld, 12. Januar 2026"
    )
    spans = {item.key: [Span(item.start, item.end)]}
    assert add_values([item], _document(text), spans, "")[0].dates == ("2026-01-12",)


# Units


@cases("text", "leading", "aside")
def test_a_field_for_who_is_responsible(
    text: str, leading: tuple[str, ...], aside: tuple[str, ...]
) -> None:
    named = named_units(text)
    assert (named.leading, named.taking_part) == (leading, aside)


@cases("text", "found")
def test_units(text: str, found: tuple[str, ...]) -> None:
    assert units(text) == found


def test_a_noun_behind_the_word_for_a_town_or_in_a_list_is_no_municipality() -> None:
    text = (
        "Stadt Tannhausen\n\nVerkehr, Wohnen und Gebäude\n\nDer Verkehr in der Stadt Tannhausen wird "
        "leiser. Wohnen und Gebäude: das Wohnen kostet.\n\nKommune\nInvestitionskosten: 3 Euro\n\n"
        "Stadt Wer: wer hilft? Wer zahlt? Stadt Wer.\n\nQuellstadt und Bergheim helfen. Auch das "
        "Tannhausen Forum hilft; Tannhausen. " + "Tannhausen wächst. " * 12
    )
    paragraphs = text.split("\n\n")
    found = Municipalities(["Quellstadt, Bergheim"], paragraphs, text)
    assert found.names == {"Tannhausen", "Quellstadt", "Bergheim"}
    assert found.find_in("Der Kreis Bergheim und Tannhausen") == ("Tannhausen",)
