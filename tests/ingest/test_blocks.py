"""Blocks that repeat the same labels are records, and their labels are fields, never headings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ingest.papers import PROSE, read_bytes, read_text, records, said

VALUES = {
    "Ziele": "Mehr Menschen sollen mit dem Rad zur Arbeit fahren",
    "Zielgruppe": "Berufstätige im Kreis",
    "Träger": "Amt 61",
    "Kosten": "5.000 Euro",
    "Zeitraum": "2031",
    "Sonstiges": "Weiteres wird noch geklärt",
}
TITLES = ("Radwege", "Rufbusse", "Solardächer", "Mehrweg", "Leihräder", "Moore", "Hecken", "Bäume")
Head = Callable[[int, str], str]


def numbered(index: int) -> str:
    return f"{1 + index // 4}-{1 + index % 4}"


def plan(head: Head, label: str, values: dict[str, str] = VALUES, count: int = 8) -> str:
    """Return a text with a block for each title; `label` is how a label and its value are
    printed.
    """
    text = f"# Plan des Kreises\n\n{PROSE}\n\n"
    for index, title in enumerate(TITLES[:count]):
        text += f"{head(index, f'{title} für alle Orte')}\n\n"
        text += "".join(label.format(name, f"{value}, {title}") for name, value in values.items())
        text += "\n\n" * (not text.endswith("\n\n"))
    return text


@pytest.mark.parametrize(
    "head",
    [
        lambda index, title: f"{numbered(index)} {title}",
        lambda index, title: f"Vorhaben {numbered(index)}: {title}",
        lambda index, title: f"{numbered(index)}\n\n{title}",
    ],
    ids=["in the line", "behind a word", "above"],
)
@pytest.mark.parametrize(
    ("label", "name"),
    [("## {}\n\n{}\n\n", "plan.md"), ("{}:\n{}\n\n", "plan.txt"), ("{}: {}\n\n", "plan.txt")],
    ids=["headings", "lines", "before values"],
)
def test_blocks_with_the_same_labels_are_records(head: Head, label: str, name: str) -> None:
    parsed = read_text(plan(head, label), name=name)
    found = records(parsed)
    assert [item.title for item in found] == [f"{title} für alle Orte" for title in TITLES]
    assert [item.ref for item in found] == [numbered(index) for index in range(8)]
    for item in found:
        assert [field.label for field in item.fields] == list(VALUES)
    assert not [item for item in parsed.items if item.title in VALUES], "labels are no headings"


def test_examples_that_an_overview_prints_are_the_blocks() -> None:
    names = [f"E-{n + 1} {title} für alle Orte" for n, title in enumerate(TITLES)]
    head = (
        "Feld:\nOrt\n\nNr.:\nE-{}\n\n" + "Art:\nneu\nviel\n\nTyp:\nalt\nkurz\n\nMaßnahmentitel:\n{}"
    )
    sheets = plan(lambda n, title: head.format(n + 1, title), "{}:\n{}\n\n")
    text = "\n\n".join(names) + "\f" + sheets
    found = records(read_bytes(text.encode(), "a.txt", said(*names[3:5])))
    assert [(item.ref, item.page) for item in found] == [(f"E-{n}", 2) for n in range(1, 9)]


def test_a_family_says_which_labels_make_it_one() -> None:
    text = plan(lambda index, title: f"{numbered(index)} {title}", "{}:\n{}\n\n")
    (family,) = read_text(text).document.families
    expected = "8 Blöcke mit denselben 6 Angaben („Ziele“, „Zielgruppe“, „Träger“ …)"
    assert family.reason == expected


def test_the_parts_that_group_blocks_are_no_records() -> None:
    def head(index: int, title: str) -> str:
        group = f"Paket {1 + index // 4}: Verkehr und Wege {1 + index // 4}\n\n"
        return f"{group * (index % 4 == 0)}{numbered(index)} {title}"

    found = records(read_text(plan(head, "{}:\n{}\n\n")))
    assert [item.ref for item in found] == [numbered(index) for index in range(8)]


@pytest.mark.parametrize("word", ["Indikator", "Modul", "Paket"])
def test_blocks_that_are_called_otherwise_are_asked(word: str) -> None:
    parsed = read_text(plan(lambda n, title: f"{word} {n + 1}: {title}", "{}: {}\n\n"))
    assert records(parsed) == [] and parsed.document.proposed[0].count == 8


@pytest.mark.parametrize("above", ["", "Maßnahmen"])
def test_one_field_makes_records_only_of_what_is_called_so(above: str) -> None:
    values = {"Einheit": "Anteil", "Quelle": "Amt für Statistik", "Träger": "Amt 61"}
    text = plan(lambda n, title: f"{n + 1} {title}", "{}: {}\n\n", values)
    heading = f"## {above}\n\n1 Radwege" if above else "1 Radwege"
    parsed = read_text(text.replace("1 Radwege", heading, 1), name="a.md")
    assert len(records(parsed)) == (8 if above else 0)
