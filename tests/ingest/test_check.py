"""One check for both readers: a record of the simple reader, too, is one only as far as the paper prints it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.check import Checked, Standing, borne_out, checked
from ingest.claims import Claim
from ingest.keys import Keys
from ingest.verbatim import PrintedText
from tests.ingest.papers import read_text
from vectorstore.records import DocumentKind, Field, Item, ItemKind, Page

SHEETS = "\n\n".join(
    f"M {number} {title}\n\nBeschreibung: {text}\n\nZuständig: Bauamt"
    for number, title, text in (
        (1, "Jobticket", "Busse fahren öfter."),
        (2, "Radwege im Moor", "Drei Wege werden breiter."),
        (3, "Solardächer", "Acht Schulen bekommen Anlagen."),
    )
)


def after_check(folder: Path, key: str, **wrong: str | None) -> Item:
    """What the check makes of one record that is claimed otherwise than it is printed."""
    parsed = read_text(folder, f"Maßnahmenplan\n\n{SHEETS}", DocumentKind.STRATEGY)
    claimed = [replace(one, **wrong) if one.key == key else one for one in parsed.items]
    found, renamed = borne_out(claimed, PrintedText(parsed.document.text, parsed.document.pages), Keys())
    assert not renamed
    assert [one.key for one in found] == [one.key for one in parsed.items]
    others = [(one.kind, one.title) for one in found if one.key != key]
    assert others == [(one.kind, one.title) for one in parsed.items if one.key != key]
    return next(one for one in found if one.key == key)


@pytest.mark.parametrize(
    "other", [{}, {"period": "bald " * 300}, {"title": "Radwege im Moor", "ref": "Radwege im Moor"}]
)
def test_what_stands_is_a_record(other: dict[str, str], tmp_path: Path) -> None:
    assert after_check(tmp_path, "M-2", **other).kind is ItemKind.MEASURE


@pytest.mark.parametrize("title", ["Freibier für alle", "Radwege", "Wege werden", ""])
def test_a_title_that_is_not_printed_as_one_makes_a_section(title: str, tmp_path: Path) -> None:
    found = after_check(tmp_path, "M-2", title=title, heading="", ref=title)
    assert (found.kind, found.family) == (ItemKind.SECTION, None)


FAR = (
    "{title}\n\nDas Blatt trägt im Plan des Kreises die Kennung\n\n{number}\n\nZuständig: Bauamt\n\n"
    "Mehr dazu steht im Bericht des Kreises, der jedes Jahr im Sommer erscheint und alle Orte nennt."
)


@pytest.mark.parametrize("wrong", ["M 9", "M 2"], ids=["out of order", "not printed"])
def test_a_number_of_the_simple_reader_that_does_not_stand_falls_and_its_key_with_it(
    wrong: str, tmp_path: Path
) -> None:
    titles = ["Jobticket", "Radwege im Moor", "Solardächer", "Mehr Licht"]
    printed = ["M 1", "M 9" if wrong == "M 9" else "ohne Nummer", "M 3", "M 4"]
    sheets = (FAR.format(title=title, number=number) for title, number in zip(titles, printed, strict=True))
    [section] = read_text(tmp_path, "Der Kreis plant in diesem Jahr einiges.", DocumentKind.STRATEGY).items
    text = "\n\n".join(sheets)
    claimed = [
        replace(
            section, kind=ItemKind.MEASURE, title=one, heading=one, ref=ref, key=ref, start=text.index(one),
            fields=(Field("Zuständig", "Bauamt"),),
        )
        for one, ref in zip(titles, ["M 1", wrong, "M 3", "M 4"], strict=True)
    ]  # fmt: skip
    claimed.append(replace(section, key="Umsetzung", parent=wrong))
    items, renamed = borne_out(claimed, PrintedText(text, ()), Keys())
    assert renamed == {wrong: "Radwege-im-Moor"}
    assert [(one.ref, one.key) for one in items[:4]] == [
        ("M 1", "M 1"), ("Radwege im Moor", "Radwege-im-Moor"), ("M 3", "M 3"), ("M 4", "M 4")
    ]  # fmt: skip
    assert items[4].parent == "Radwege-im-Moor" and {one.kind for one in items[:4]} == {ItemKind.MEASURE}


def claim(number: str | None, title: str, where: str = "sheet", **other: Any) -> Claim:
    """A record as a model claims it."""
    return Claim.model_validate(
        {"kind": "measure", "number": number, "title": title, "page": 1, "where": where, **other}
    )


def held(text: str, claims: Sequence[Claim]) -> Checked:
    """Claims held against a paper of one page."""
    return checked(claims, PrintedText(text, ()))


def told(text: str, one: Standing) -> tuple[list[str], list[str], dict[str, str]]:
    """Units, texts of fields and other texts of a record that stands."""
    return (
        [text[span.start : span.end] for span in one.units],
        [text[span.start : span.end] for _, span in one.fields],
        {name: text[span.start : span.end] for name, span in one.texts.items()},
    )


@pytest.mark.parametrize(
    ("before", "number", "printed"),
    [
        ("Mehr unter https://moorau.example/wege/\n\n", "SP-2", "SP-2: "),
        ("Eine Liste von\n\n", "12", "12: "),
        ("Der Weg führt durch das Moor, an dem 18 Tafeln stehen werden.17 ", "KR", "KR: "),
    ],
)
def test_a_number_right_before_its_title_stands(before: str, number: str, printed: str) -> None:
    text = f"Wege\n\n{before}{printed}Radwege im Moor\n\nZuständig: Bauamt"
    found = held(text, [claim(number, "Radwege im Moor", units=["Bauamt"])])
    assert [(one.ref, one.title.start) for one in found.standing] == [(number.lower(), text.index("Radwege"))]
    assert found.faults == []


ROWS = "Übersicht K-1 Busse am Abend A Bauamt K-2 Räder für alle B x Umweltamt K-3 Mehr Licht A Bauamt Schulamt"


def test_rows_that_run_on_in_one_paragraph_have_each_its_own_cells() -> None:
    cells = [("Busse am Abend", "A", ["Bauamt"]), ("Räder für alle", "B", ["Umweltamt"])]
    cells.append(("Mehr Licht", "A", ["Bauamt", "Schulamt"]))
    claims = [
        claim(f"K-{at}", title, "row", priority=priority, units=units)
        for at, (title, priority, units) in enumerate(cells, 1)
    ]
    found = held(f"Anhang\n\n{ROWS}", claims)
    assert found.faults == []
    for one, (_, priority, units), end in zip(found.standing, cells, ("K-2", "K-3", None), strict=True):
        text = f"Anhang\n\n{ROWS}"
        assert told(text, one) == (units, [], {"priority": priority})
        last = text.index(end) if end else len(text)
        assert one.title.end < one.texts["priority"].start < last and max(one.units).end <= last


def test_a_label_that_stands_before_the_next_title_on_its_page_is_that_of_the_record_before() -> None:
    sheets = [
        ("M 1", "Busse am Abend", "Mehr Fahrten."),
        ("M 2", "Räder für alle", "Neue Ständer."),
        ("M 3", "Mehr Licht", "Helle Wege."),
        ("M 4", "Mehr Grün", "Junge Bäume."),
    ]
    pages = [f"{number} {title}\n\nInhalt\n\n{text}\n\n" for number, title, text in sheets]
    ends = [f"Bei Stufe 1&2\n\nWie immer {at}\n\n" for at in range(4)]
    text, parts = "", []
    for at, page in enumerate(pages):  # the last label of a sheet stands on the next page
        parts.append(Page(len(text), at + 1, ""))
        text += (ends[at - 1] if at else "") + page
    parts.append(Page(len(text), 5, ""))
    text += ends[-1]
    claims = [
        claim(number, title, page=at + 1, fields=[
            {"label": "Inhalt", "text": said}, {"label": "Bei Stufe 1&2", "text": f"Wie immer {at}"}
        ])
        for at, (number, title, said) in enumerate(sheets)
    ]  # fmt: skip
    found = checked(claims, PrintedText(text, parts))
    assert found.faults == []
    assert [told(text, one)[1] for one in found.standing] == [[s[2], f"Wie immer {at}"] for at, s in enumerate(sheets)]


@pytest.mark.parametrize(
    ("unit", "stands"),
    [
        ("Beratungs- und Servicestellen der Stadt, der Sozial- und Wohlfahrtsverbände, der Kontaktstellen aus dem "
         "Gesundheitswesen und der Träger der freien Jugendhilfe im Landkreis", True),
        ("Das Bauamt baut die Wege im Moor noch in diesem Jahr. Das Umweltamt schildert sie danach aus und pflegt "
         "sie.", False),
    ],
)  # fmt: skip
def test_a_unit_is_a_name_however_long_and_no_sentence(unit: str, stands: bool) -> None:
    text = f"M 1 Radwege im Moor\n\nZuständig: {unit}\n\nKosten: keine"
    fields = [{"label": "Kosten", "text": "keine"}]
    [one] = held(text, [claim("M 1", "Radwege im Moor", units=[unit], fields=fields)]).standing
    assert told(text, one)[0] == ([unit] if stands else [])
