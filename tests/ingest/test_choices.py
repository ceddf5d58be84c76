"""What people say of the records of a document is kept as a value and applied to the claims of any
reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest import (
    Look,
    RecordExample,
    add_items,
    add_look,
    forget_choices,
    load_choices,
    missed_headings,
    missed_rows,
    remove_item,
    remove_look,
)
from ingest.choices import Choices
from ingest.keys import is_of_family
from ingest.previous_edition import attach_previous
from ingest.readers.looks import PREDECESSOR, REGISTER
from ingest.register import RegisterEntry
from ingest.report import MissedText
from tests.ingest.cases import cases
from tests.ingest.papers import read_text
from tests.service.county import report
from vectorstore import Texts
from vectorstore.records import BY_STAFF, Item, ItemKind, ParsedDocument
from vectorstore.storage import Database


def test_stored_choices_are_forgotten_and_damaged_ones_are_none(tmp_path: Path) -> None:
    texts = Texts(Database(tmp_path))
    add_look(texts, "plan", look("AW1 Wege"))
    assert load_choices(texts, "anderer") == Choices()
    forget_choices(texts, ["plan"])
    assert texts.all("choices/") == {}
    for damaged in (b'{"families": [["M {n}", "unfug"]]}', b"["):
        texts.put("choices/plan.json", damaged)
        assert load_choices(texts, "plan") == Choices()


@cases("label", "number", "fits")
def test_a_label_is_the_shape_of_its_numbers(label: str, number: str, fits: bool) -> None:
    assert is_of_family(label, number) is fits


def look(
    *names: str, source: str = BY_STAFF, page: int | None = None, kind: Any = "measure"
) -> Look:
    examples = tuple(RecordExample(name=name, page=page) for name in names)
    return Look(kind=kind, examples=examples, source=source)


def test_looks_are_stored_and_taken_back_and_who_is_second_is_told(tmp_path: Path) -> None:
    texts = Texts(Database(tmp_path))
    add_look(texts, "plan", look("AW1 Wege", "AW9 Stege", page=2))
    for second in (look("AW9 Stege"), look("AW1 Wege", page=3)):
        with pytest.raises(ValueError):
            add_look(texts, "plan", second)
    add_look(texts, "plan", look("B1 Brücken"))
    remove_look(texts, "plan", ["AW1 Wege", "AW9 Stege"])
    assert load_choices(texts, "plan").looks == (look("B1 Brücken"),)
    with pytest.raises(ValueError):
        remove_look(texts, "plan", ["AW1 Wege", "AW9 Stege"])
    with pytest.raises(ValueError):
        for number in range(100):
            add_look(texts, "plan", look(f"C{number} Wege"))
    assert len(load_choices(texts, "plan").looks) == 50


def test_looks_of_a_predecessor_are_taken_over_once(tmp_path: Path) -> None:
    texts, old = Texts(Database(tmp_path)), report().document
    add_look(texts, old.id, look("AW1 Wege", page=60))
    series = RegisterEntry("reihe", Path("neu.pdf"), series="bericht")
    replacing = RegisterEntry("ersatz", Path("neu.pdf"), replaces=old.id)
    following = RegisterEntry("folge", Path("neu.pdf"))
    documents = [replace(old, series="bericht", followed_by="folge")]
    entries = attach_previous([series, replacing, following], texts, documents, store=True)
    taken_over = look("AW1 Wege", source=PREDECESSOR)
    assert [entry.choices.looks for entry in entries] == [(taken_over,)] * 3
    remove_look(texts, "reihe", taken_over.names)
    assert attach_previous([series], texts, documents)[0].choices.looks == ()


def test_looks_of_the_register_hold_beside_those_of_staff_until_it_names_others(
    tmp_path: Path,
) -> None:
    texts = Texts(Database(tmp_path))
    add_look(texts, "plan", look("B1 Brücken"))

    def attached(*looks: Look, is_registered: bool = True) -> tuple[Look, ...]:
        entry = RegisterEntry("plan", Path("plan.pdf"), choices=Choices(looks=looks))
        attach = attach_previous([entry], texts, [], is_registered=is_registered, store=True)
        return attach[0].choices.looks

    ways = look("A1 Wege", source=REGISTER)
    for _ in range(2):
        assert attached(ways) == (ways, look("B1 Brücken"))
    assert attached(is_registered=False) == (ways, look("B1 Brücken"))
    bridges = look("B1 Brücken", source=REGISTER)
    assert attached(bridges) == (bridges,)
    assert attached() == ()


PLAN = """# Wege im Kreis

## Anlass

Der Kreis will, dass mehr Menschen mit dem Rad fahren, und baut dafür Wege und Abstellanlagen aus.

| Bereich | Vorhaben im Einzelnen | Zuständigkeit | Anmerkung |
|---|---|---|---|
| Nord | Stege am See | Tiefbauamt | {note} |
| Süd | Brücke am Markt | Amt 66 | noch offen |
| West | Wege im Moor |  | zwei Abschnitte |

## Beratung für Betriebe

Der Kreis berät Betriebe, die ihren Beschäftigten Räder stellen wollen, vor Ort und ohne Kosten.
"""


def taken(parsed: ParsedDocument) -> list[Item]:
    return [item for item in parsed.items if item.read_by == BY_STAFF]


def fields(item: Item) -> dict[str, str]:
    return {field.label: field.text for field in item.fields}


def titles(rows: Iterable[MissedText]) -> list[str]:
    """Return the second cells of rows that no record holds."""
    return [row.text.split(" | ")[1] for row in rows]


def test_a_row_and_a_section_that_people_take_are_items_also_in_the_next_edition(
    tmp_path: Path,
) -> None:
    texts, first = Texts(Database(tmp_path)), PLAN.format(note="läuft")
    parsed = read_text(first, name="papier.md")
    rows = missed_rows(parsed)
    assert titles(rows) == ["Stege am See", "Brücke am Markt", "Wege im Moor"]
    (heading,) = (place for place in missed_headings(parsed) if "Beratung" in place.text)
    add_items(texts, parsed, [rows[0].start, rows[2].start], "measure")
    add_items(texts, parsed, [heading.start], "project")
    for places, kind in (([], "measure"), ([1], "measure"), ([rows[1].start], "section")):
        with pytest.raises(ValueError):
            add_items(texts, parsed, places, kind)
    later = PLAN.format(note="fertig seit Mai")
    later = later.replace("## Anlass", "## Vorwort\n\nEin neuer Text.\n\n## Anlass")
    for text in (first, later):
        found = read_text(text, name="papier.md", choices=load_choices(texts, "papier"))
        steg, moor, advice = taken(found)
        assert (steg.title, steg.kind) == ("Stege am See", ItemKind.MEASURE)
        assert steg.responsible == ("Tiefbauamt",) and "Bereich" in fields(steg)
        assert steg.table_row in text.replace(" | ", "\t")
        assert (moor.title, moor.responsible) == ("Wege im Moor", ())
        assert fields(moor)["Anmerkung"] == "zwei Abschnitte"
        assert (advice.title, advice.kind) == ("Beratung für Betriebe", ItemKind.PROJECT)
        assert "vor Ort" in advice.body and titles(missed_rows(found)) == ["Brücke am Markt"]
        assert any("Brücke am Markt" in item.body for item in found.items), (
            "what was not taken stays in its section"
        )
    remove_item(texts, "papier", "Stege am See")
    found = read_text(later, name="papier.md", choices=load_choices(texts, "papier"))
    assert [item.title for item in taken(found)] == ["Wege im Moor", "Beratung für Betriebe"]


def test_a_row_without_a_word_is_named_by_its_numbers(tmp_path: Path) -> None:
    rows = "\n".join(f"| 202{n} | {n * 40} | {n * 7} |" for n in range(1, 5))
    text = f"# Bericht\n\n{PLAN[20:200]}\n\n| Jahr | Wege | Brücken |\n|---|---|---|\n{rows}\n"
    texts, parsed = Texts(Database(tmp_path)), read_text(text, name="papier.md")
    add_items(texts, parsed, [missed_rows(parsed)[1].start], "measure")
    (item,) = taken(read_text(text, name="papier.md", choices=load_choices(texts, "papier")))
    assert (item.title, item.table_row) == ("2022 80 14", "2022\t80\t14")
