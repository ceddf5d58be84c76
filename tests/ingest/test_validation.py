"""Validation finds in the text what staff added, in the right place, and leaves out the rest; a
number has one head.
"""

from __future__ import annotations

from typing import Any

import pytest

from ingest.readers.claims import Claim, Claims, Span
from ingest.validation import validate
from vectorstore.records import BY_STAFF, Document, DocumentKind, Page

SHEETS = [
    ("M 1", "Jobticket", "Busse fahren öfter.", "Bauamt"),
    ("M 2", "Radwege im Moor", "Drei Wege werden breiter.", "Tiefbauamt"),
    ("M 3", "Solardächer", "Acht Schulen bekommen Anlagen.", "Gebäudewirtschaft"),
]
SHEET = "{number} {title}\n\nBeschreibung: {text}\n\nZuständig: {unit}"
Name = tuple[str | None, str]


def sheet(place: int) -> str:
    return SHEET.format(
        **dict(zip(("number", "title", "text", "unit"), SHEETS[place], strict=True))
    )


def claim(
    number: str | None, title: str, where: str = "heading", page: int = 1, **other: Any
) -> Claim:
    """A record as staff added it."""
    record = {
        "kind": "measure",
        "number": number,
        "title": title,
        "page": page,
        "where": where,
        "source": BY_STAFF,
        **other,
    }
    return Claim.model_validate(record)


def row(number: str, title: str, *fields: tuple[str, str], page: int = 1) -> Claim:
    given = [{"label": label, "text": text} for label, text in fields]
    return claim(number, title, "row", page, fields=given)


def plan(text: str, pages: tuple[Page, ...]) -> Document:
    return Document(
        id="plan", title="Plan", publisher="Kreis", kind=DocumentKind.PLAN, status=None, digest="",
        file_name="plan.txt", text=text, pages=pages,
    )  # fmt: skip


def check(text: str, *claims: Claim, pages: tuple[Page, ...] = ()) -> tuple[Claim, ...]:
    return validate(Claims(records=claims), plan(text, pages)).records


def names(found: tuple[Claim, ...]) -> list[Name]:
    return [(record.number, record.title) for record in found]


def texts(record: Claim) -> list[tuple[str, str]]:
    return [(field.label, field.text) for field in record.fields]


def paged(*parts: str) -> tuple[str, tuple[Page, ...]]:
    starts = [sum(len(text) + 2 for text in parts[:place]) for place in range(len(parts))]
    return "\n\n".join(parts), tuple(
        Page(start, number, "") for number, start in enumerate(starts, 1)
    )


PLAN = "\n\n".join(map(sheet, range(3)))
NAMES: list[Name] = [(number, title) for number, title, *_ in SHEETS]
ALL = [claim(*name) for name in NAMES]


def test_what_is_in_the_text_is_accepted_with_its_span() -> None:
    found = check(PLAN, *ALL)
    assert names(found) == NAMES and check(PLAN, *ALL) == found
    assert found[1].head == Span(PLAN.index("M 2"), PLAN.index("Radwege im Moor") + 15)


@pytest.mark.parametrize("title", ["Freibier für alle", "im Moor", "breiter"])
def test_a_title_that_is_not_printed_as_one_is_left_out(title: str) -> None:
    assert names(check(PLAN, ALL[0], claim("M 2", title), ALL[2])) == [NAMES[0], NAMES[2]]


@pytest.mark.parametrize(
    ("printed", "number", "title"),
    [  # without breaks, hyphens and case, and split in two
        ("M 2 Radwege\nim Moor", "M 2", "Radwege im Moor"),
        ("M 2 Rad-\nwege im Moor", "M 2", "Radwege im Moor"),
        ("M 2 RADWEGE IM MOOR", "M 2", "Radwege im Moor"),
        (
            "Radwege und Stege | M 2 | Blatt 7\n\nim Moor am Kreisrand",
            "M 2",
            "Radwege und Stege im Moor am Kreisrand",
        ),
        # the number beside its title or up to two lines above
        (
            "Mehr unter https://moorau.example/wege/\n\nSP-2: Radwege im Moor",
            "SP-2",
            "Radwege im Moor",
        ),
        ("Eine Liste von\n\n12: Radwege im Moor", "12", "Radwege im Moor"),
        (
            "Der Weg führt durch das Moor, an dem 18 Tafeln sind.17 KR: Radwege im Moor",
            "KR",
            "Radwege im Moor",
        ),
        (
            "Nr. 7\n\nHandlungsfeld Mobilität und Verkehr im Kreis\n\nRadwege im Moor",
            "7",
            "Radwege im Moor",
        ),
        ("Radwege im Moor (M 12)", "M 12", "Radwege im Moor"),
        ("Maßnahme 07 von 52\nRadwege im Moor", "07", "Radwege im Moor"),
        ("Maßnahme 07 von 52\nRadwege im Moor", "Maßnahme 07", "Radwege im Moor"),
    ],
)
def test_a_title_and_its_number_are_found_as_printed(printed: str, number: str, title: str) -> None:
    found = check(f"Wege\n\n{printed}\n\nZuständig: Bauamt", claim(number, title))
    assert names(found) == [(number.removeprefix("Maßnahme "), title)]


def test_a_number_of_another_record_is_left_out_and_the_record_stays() -> None:
    found = check(PLAN, *(claim(f"M {n}", title) for n, (_, title) in enumerate(NAMES, 2)))
    assert names(found) == [(None, title) for _, title in NAMES]


def test_a_number_below_its_title_is_accepted_where_no_other_is_nearer() -> None:
    printed = [
        ("Jobticket", "M 1"),
        ("Radwege", "M 9"),
        ("Solardächer", "M 3"),
        ("Mehr Licht", "M 4"),
    ]
    body = "Das Blatt\n\nhat die Kennung\n\n{}\n\nZuständig: Bauamt\n\nKosten: keine bis 2030"
    text = "\n\n".join(f"{title}\n\n{body.format(ref)}" for title, ref in printed)
    found = check(
        text, *(claim(f"M {place}", title) for place, (title, _) in enumerate(printed, 1))
    )
    assert [number for number, _ in names(found)] == ["M 1", None, "M 3", "M 4"]


# One head for a number

ROWS = "\n".join(f"{number}\t{title}\t{unit}" for number, title, _, unit in SHEETS)
LISTED = [row(number, title, ("Amt", unit)) for number, title, _, unit in SHEETS]
HEADING = "M 2 Wege durch das Moor"


def of_reader(text: str, place: int, page: int) -> Claim:
    """The claim of a sheet by the reader, which comes with spans and fields."""
    number, title, described, _ = SHEETS[place]
    start = text.rindex(f"{number} {title}")
    spans = {"source": "simple", "head": Span(start, start + len(f"{number} {title}"))}
    field = {"label": "Beschreibung", "text": described}
    return claim(number, title, "sheet", page, fields=[field], **spans)


@pytest.mark.parametrize(
    ("first", "claims", "places"),
    [
        # rows of an overview never evict their sheets
        (f"Übersicht\n\n{ROWS}", LISTED, [("row", 1)] * 3),
        (f"Kurz gesagt\n\n{HEADING}\n\nDarum geht es.", [claim("M 2", HEADING[4:])], []),
        (f"So ist ein Blatt aufgebaut:\n\n{sheet(2)}", [claim("M 3", "Solardächer")], []),
    ],
)
def test_a_number_has_one_head_and_a_sheet_beats_others(
    first: str, claims: list[Claim], places: list[tuple[str, int]]
) -> None:
    text, pages = paged(first, *map(sheet, range(3)))
    sheets = [of_reader(text, place, place + 2) for place in range(3)]
    found = check(text, *claims, *sheets, pages=pages)
    assert [(record.where, record.page) for record in found] == [
        *places, ("sheet", 2), ("sheet", 3), ("sheet", 4)
    ]  # fmt: skip
    assert names(found)[-3:] == NAMES and found[-3:] == tuple(sheets)
    assert [texts(record) for record in found[:-3]] == [
        [("Amt", unit)] for *_, unit in SHEETS[: len(places)]
    ]


def test_a_theme_may_stand_on_every_page() -> None:
    text = "Mobilität\n\n" + sheet(0) + "\n\nMobilität\n\n" + sheet(1)
    themes = [claim(None, "Mobilität", kind="theme") for _ in range(2)]
    found = check(text, themes[0], ALL[0], themes[1], ALL[1])
    assert names(found) == [(None, "Mobilität"), *NAMES[:2]]


# Fields of rows


@pytest.mark.parametrize(("label", "accepted"), [("kurz", True), ("lang", False)])
def test_a_mark_is_in_the_column_of_its_label(label: str, accepted: bool) -> None:
    text = "Nr.\tMaßnahme\tkurz\tlang\n1\tJobticket\tx\t\n2\tRadwege\t\tx"
    [record] = check(text, row("1", "Jobticket", (label, "x")))
    assert bool(record.fields) is accepted


@pytest.mark.parametrize(
    ("line", "ticked"),
    [
        ("☐ kurzfristig ☒ mittelfristig ☐ langfristig", "mittelfristig"),
        ("kurzfristig ☐ mittelfristig ☒ langfristig ☐", "mittelfristig"),
        ("[ ] kurzfristig [x] mittelfristig [ ] langfristig", "mittelfristig"),
        ("kurzfristig, mittelfristig, langfristig", None),
    ],
)
def test_an_option_whose_box_is_empty_is_left_out(line: str, ticked: str | None) -> None:
    for option in ("kurzfristig", "mittelfristig", "langfristig"):
        [record] = check(f"Liste\n\nJobticket\t{line}", row("", "Jobticket", ("Dauer", option)))
        assert bool(record.fields) == (ticked in (None, option))


def test_rows_that_run_on_in_one_paragraph_have_their_own_cells() -> None:
    text = "Übersicht K-1 Busse am Abend A Bauamt K-2 Räder für alle B x Umweltamt K-3 Mehr Licht A Bauamt"
    cells = [
        ("Busse am Abend", ("Rang", "A"), ("Amt", "Bauamt")),
        ("Räder für alle", ("Rang", "B"), ("Amt", "Umweltamt")),
        ("Mehr Licht", ("Rang", "A"), ("Amt", "Bauamt")),
    ]
    rows = [row(f"K-{n}", *cell) for n, cell in enumerate(cells, 1)]
    found = check(f"Anhang\n\n{text}", *rows)
    assert [(record.title, *texts(record)) for record in found] == cells
    wrong = row("K-1", "Busse am Abend", ("Amt", "Umweltamt"))
    assert check(f"Anhang\n\n{text}", wrong, *rows[1:])[0].fields == ()
