"""Tables whose heads name number and title list records, whatever their titles look like."""

from __future__ import annotations

from collections.abc import Sequence

from tests.ingest.cases import cases
from tests.ingest.papers import PROSE, read_text, records, said
from vectorstore.records import ParsedDocument

HEADS = ("Nr.", "Kurzbeschreibung der Maßnahme", "Verantwortlichkeit")
THINGS = ("Radwege", "Busse im Takt", "Wärmenetze", "Moore", "Leihräder", "Hecken")
LONG = "an allen Orten des Kreises gemeinsam mit Gemeinden und Vereinen fördern und ausbauen"


def rows(prefix: str = "", place: str = "", count: int = 6) -> list[tuple[str, ...]]:
    """Return rows of number, long title and unit."""
    return [
        (f"{prefix}{number}", f"{thing}{place} {LONG}", f"Amt {number}")
        for number, thing in enumerate(THINGS[:count], 1)
    ]


def table(heads: Sequence[str], body: Sequence[Sequence[str]]) -> str:
    ruled = [heads, ["---"] * len(heads), *body]
    return "\n".join(f"| {' | '.join(row)} |" for row in ruled) + "\n\n"


def read(*parts: str) -> ParsedDocument:
    return read_text(f"# Plan des Kreises\n\n{PROSE}\n\n{''.join(parts)}", name="plan.md")


def names(parsed: ParsedDocument) -> list[tuple[str, str]]:
    return [(item.ref, item.title) for item in records(parsed)]


@cases("heads")
def test_rows_below_heads_for_number_and_title_are_records(heads: tuple[str, ...]) -> None:
    parsed = read(table(heads, rows()))
    assert names(parsed) == [row[:2] for row in rows()]
    (family,) = parsed.document.families
    assert family.reason == f"Spalten „{heads[0]}“ und „{heads[1]}“" and family.complete
    assert parsed.document.proposed == ()


def test_the_unit_of_a_row_is_that_of_its_column() -> None:
    parsed = read(table(HEADS, rows()))
    assert [item.responsible for item in records(parsed)] == [(row[2],) for row in rows()]


@cases("heads")
def test_heads_that_name_no_records_make_none(heads: tuple[str, ...]) -> None:
    assert names(read(table(heads, rows()))) == []


def test_a_numbered_table_with_unknown_heads_is_asked_with_them() -> None:
    (asked,) = read(table(("Nr.", "Name", "Ort"), rows())).document.proposed
    assert [(record.ref, record.title) for record in asked.records] == [row[:2] for row in rows()]
    assert asked.reason == "Tabelle mit den Spalten „Nr.“, „Name“, „Ort“; als Titel gelesen: „Name“"


def test_an_example_of_another_column_moves_the_titles_of_a_table() -> None:
    body = [(number, f"Fachbereich am Ort {unit}", title) for number, title, unit in rows()]
    text = f"# Plan des Kreises\n\n{PROSE}\n\n{table(('Nr.', 'Ort', 'Inhalt'), body)}"
    (asked,) = read_text(text, name="plan.md").document.proposed
    assert asked.records[0].title == "Fachbereich am Ort Amt 1"
    chosen = said(f"1 {rows()[0][1]}")
    assert names(read_text(text, name="plan.md", choices=chosen)) == [row[:2] for row in rows()]


def test_tables_of_several_fields_are_one_list() -> None:
    parts = [
        f"## Feld {name}\n\n{PROSE}\n\n{table(HEADS, rows(name, f' in {name}', count))}"
        for name, count in (("A", 5), ("B", 1), ("C", 3))
    ]
    assert len(names(read(*parts))) == 9


def test_numbers_may_begin_anew_in_each_table() -> None:
    parts = [f"## Feld {name}\n\n{table(HEADS, rows('', f' in {name}'))}" for name in "AB"]
    assert [item.ref for item in records(read(*parts))] == list("123456") * 2


def test_sheets_with_the_same_numbers_are_the_records() -> None:
    sheets = [
        f"## M{number} {thing}\n\n{PROSE}\n\n**Ziel:** {PROSE}\n\n**Kosten:** {number} Euro\n\n"
        for number, thing in enumerate(THINGS, 1)
    ]
    parsed = read(table(HEADS, rows("M")), *sheets)
    assert [item.ref for item in records(parsed)] == [f"M{number}" for number in range(1, 7)]
    assert all(item.cost and item.responsible for item in records(parsed))


def test_texts_below_the_titles_of_a_table_are_the_records() -> None:
    texts = [f"## {row[0]} {row[1]}\n\n{PROSE * 2}\n\n" for row in rows("M")]
    parsed = read(table(HEADS, rows("M")), *texts)
    assert [item.ref for item in records(parsed)] == [f"M{number}" for number in range(1, 7)]
    assert all(PROSE in item.body for item in records(parsed))
    assert parsed.document.families[0].reason.startswith("Überschriften mit eigenem Text")


def test_a_table_printed_again_adds_no_records() -> None:
    again = table(("Nr.", "Maßnahme", "Zeitraum"), [(*row[:2], "2031") for row in rows("M")])
    parsed = read(table(HEADS, rows("M")), "## Zeitplan\n\n", again)
    assert names(parsed) == [row[:2] for row in rows("M")]


def test_a_list_of_numbers_and_titles_beside_sheets_is_none() -> None:
    sheets = [
        f"## M {number} {thing}\n\n**Ziel:** {PROSE}\n\n**Kosten:** 5 Euro\n\n**Amt:** Bauamt\n\n"
        for number, thing in enumerate(THINGS, 1)
    ]
    earlier = table(("Nr.", "Projekt"), [(str(n), f"Altes Vorhaben {n}") for n in range(1, 9)])
    assert [ref for ref, _ in names(read(earlier, *sheets))] == [
        f"M {number}" for number in range(1, 7)
    ]


def test_a_long_text_gives_its_first_sentence_as_title() -> None:
    body = [(f"P{n}", f"{thing} bauen. {PROSE * 3}", "Bauamt") for n, thing in enumerate(THINGS)]
    assert max(len(row[1]) for row in body) > 300
    parsed = read(table(("Nr.", "Beschreibung des Projekts", "Zuständig"), body))
    assert names(parsed) == [(f"P{n}", f"{thing} bauen.") for n, thing in enumerate(THINGS)]
