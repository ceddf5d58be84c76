"""Validation accepts what the text of the document has in the right place, and rejects the rest
with a fault.
"""

from __future__ import annotations

from typing import Any

import pytest

from ingest.readers.claims import Claim, Claims, Span
from ingest.validation import Validated, validate
from vectorstore.records import Document, DocumentKind, Page

SHEETS = [
    ("M 1", "Jobticket", "Busse fahren öfter.", "Bauamt"),
    ("M 2", "Radwege im Moor", "Drei Wege werden breiter.", "Tiefbauamt"),
    ("M 3", "Solardächer", "Acht Schulen bekommen Anlagen.", "Gebäudewirtschaft"),
]
SHEET = "{number} {title}\n\nBeschreibung: {text}\n\nZuständig: {unit}"
LONG_UNIT = (
    "Beratungs- und Servicestellen der Stadt, der Sozial- und Wohlfahrtsverbände, der Kontaktstellen aus dem "
    "Gesundheitswesen und der Träger der freien Jugendhilfe im Landkreis"
)
SENTENCES = "Das Bauamt baut die Wege im Moor noch in diesem Jahr. Das Umweltamt schildert sie danach aus und pflegt sie."
Name = tuple[str | None, str]


def sheet(place: int) -> str:
    return SHEET.format(
        **dict(zip(("number", "title", "text", "unit"), SHEETS[place], strict=True))
    )


def claim(
    number: str | None, title: str, where: str = "sheet", page: int = 1, **other: Any
) -> Claim:
    """A record as a model claims it."""
    record = {
        "kind": "measure",
        "number": number,
        "title": title,
        "page": page,
        "where": where,
        "source": "m",
        **other,
    }
    return Claim.model_validate(record)


def with_unit(number: str | None, title: str, unit: str = "Bauamt", **other: Any) -> Claim:
    return claim(number, title, units=[unit], **other)


def labelled(label: str, text: str, **other: Any) -> Claim:
    return claim("M 1", "Jobticket", fields=[{"label": label, "text": text}], **other)


def of_sheet(place: int, page: int = 1, **other: Any) -> Claim:
    number, title, text, unit = SHEETS[place]
    fields = [{"label": "Beschreibung", "text": text}, {"label": "Zuständig", "text": unit}]
    given: dict[str, Any] = {
        "number": number,
        "title": title,
        "page": page,
        "fields": fields,
        "units": [unit],
    }
    return claim(**{**given, **other})


def plan(text: str, pages: tuple[Page, ...]) -> Document:
    return Document(
        id="plan", title="Plan", publisher="Kreis", kind=DocumentKind.PLAN, status=None, digest="",
        file_name="plan.txt", text=text, pages=pages,
    )  # fmt: skip


def check(text: str, *claims: Claim, pages: tuple[Page, ...] = ()) -> Validated:
    return validate(Claims(records=claims), plan(text, pages))


def names(found: Validated) -> list[Name]:
    return [(record.number, record.title) for record in found.claims.records]


def kinds(found: Validated) -> list[str]:
    return [str(fault.kind) for fault in found.faults]


def paged(*texts: str) -> tuple[str, tuple[Page, ...]]:
    starts = [sum(len(text) + 2 for text in texts[:place]) for place in range(len(texts))]
    return "\n\n".join(texts), tuple(
        Page(start, number, "") for number, start in enumerate(starts, 1)
    )


PLAN = "\n\n".join(map(sheet, range(3)))
ALL = [of_sheet(place) for place in range(3)]
NAMES: list[Name] = [(number, title) for number, title, *_ in SHEETS]


def test_what_is_in_the_text_is_accepted_with_its_spans() -> None:
    found = check(PLAN, *ALL)
    assert names(found) == NAMES and found.faults == () and check(PLAN, *ALL) == found
    record = found.claims.records[1]
    assert record.head == Span(PLAN.index("M 2"), PLAN.index("Radwege im Moor") + 15)
    spans = [(field.label_span or (0, 0), field.span or (0, 0)) for field in record.fields]
    printed = [(PLAN[slice(*label)], PLAN[slice(*span)]) for label, span in spans]
    assert printed == [("Beschreibung", SHEETS[1][2]), ("Zuständig", "Tiefbauamt")]


@pytest.mark.parametrize(
    "title", ["Freibier für alle", "im Moor", "Wege werden", "Radwege […] Moor"]
)
def test_a_title_that_is_not_printed_as_one_is_rejected(title: str) -> None:
    found = check(PLAN, ALL[0], of_sheet(1, title=title), ALL[2])
    assert names(found) == [NAMES[0], NAMES[2]] and kinds(found) == ["title"]


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
    found = check(f"Wege\n\n{printed}\n\nZuständig: Bauamt", with_unit(number, title))
    assert names(found) == [(number.removeprefix("Maßnahme "), title)] and found.faults == ()
    assert found.claims.records[0].units == ("Bauamt",)


def test_a_number_of_another_record_is_rejected_and_the_record_stays() -> None:
    found = check(PLAN, *(of_sheet(place, number=f"M {place + 2}") for place in range(3)))
    assert names(found) == [(None, title) for _, title in NAMES] and kinds(found) == ["number"] * 3


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
        text, *(with_unit(f"M {place}", title) for place, (title, _) in enumerate(printed, 1))
    )
    assert [number for number, _ in names(found)] == ["M 1", None, "M 3", "M 4"] and kinds(
        found
    ) == ["number"]


# One head for a number

ROWS = "\n".join(f"{number}\t{title}\t{unit}" for number, title, _, unit in SHEETS)
LISTED = [with_unit(number, title, unit, where="row") for number, title, _, unit in SHEETS]
HEADING = "M 2 Wege durch das Moor"
ON_NEXT_PAGES = [of_sheet(place, place + 2) for place in range(3)]


@pytest.mark.parametrize(
    ("first", "claims", "places", "faults"),
    [
        # rows of an overview never evict their sheets, though one is claimed as if on the page of
        # its sheet
        (
            f"Übersicht\n\n{ROWS}",
            [*LISTED, claim("M 1", "Jobticket", "row", page=2)],
            [("row", 1)] * 3,
            [],
        ),
        (
            f"Kurz gesagt\n\n{HEADING}\n\nDarum geht es.",
            [claim("M 2", HEADING[4:], "heading")],
            [],
            ["duplicate"],
        ),
        (
            f"So ist ein Blatt aufgebaut:\n\n{sheet(2)}",
            [of_sheet(2, 1)],
            [],
            ["duplicate"],
        ),  # an example
    ],
)
def test_a_number_has_one_head_and_a_sheet_beats_others(
    first: str, claims: list[Claim], places: list[tuple[str, int]], faults: list[str]
) -> None:
    text, pages = paged(first, *map(sheet, range(3)))
    found = check(text, *claims, *ON_NEXT_PAGES, pages=pages)
    assert [(record.where, record.page) for record in found.claims.records] == [
        *places, ("sheet", 2), ("sheet", 3), ("sheet", 4)
    ]  # fmt: skip
    assert names(found)[-3:] == NAMES and kinds(found) == faults
    assert [record.units for record in found.claims.records[:-3]] == [
        (unit,) for *_, unit in SHEETS[: len(places)]
    ]


def test_several_records_with_fields_may_share_a_number_and_numbers_begin_anew() -> None:
    projects = [
        ("1.1", "Busse", "Amt A"),
        ("1.1", "Räder", "Amt B"),
        ("1", "Wege", "Amt C"),
        ("1", "Stege", "Amt D"),
    ]
    text = "\n\n".join(f"{number} {title}\n\nZuständig: {unit}" for number, title, unit in projects)
    found = check(text, *(with_unit(*project) for project in projects))
    assert names(found) == [(number, title) for number, title, _ in projects] and found.faults == ()


def test_contents_may_have_page_numbers_without_dots_and_a_theme_may_stand_on_every_page() -> None:
    text = "Inhalt\n\nM 1 Jobticket 12\n\nMobilität\n\n" + sheet(0) + "\n\nMobilität\n\n" + sheet(1)
    themes = [claim(None, "Mobilität", where="heading", kind="theme") for _ in range(2)]
    found = check(
        text, claim("M 1", "Jobticket", where="contents"), themes[0], ALL[0], themes[1], ALL[1]
    )
    assert "contents" in [record.where for record in found.claims.records] and found.faults == ()


def test_claims_of_the_simple_reader_keep_their_spans() -> None:
    text = f"{sheet(0)}\n\nM 2 Notiz\n\n{sheet(1)}"
    claims = []
    for record in (ALL[0], claim("M 2", "Notiz", "heading"), ALL[1]):
        start = text.index(record.title)
        spans = {"head": Span(start - 4, start + len(record.title)), "source": "simple"}
        claims.append(record.model_copy(update=spans))
    found = check(text, *claims)
    assert found.claims.records == (claims[0], claims[2]) and kinds(found) == ["duplicate"]


# Fields


def test_texts_of_another_record_are_rejected() -> None:
    remaining = [of_sheet((place + 1) % 3) for place in range(3)]
    mixed = [
        of_sheet(place, fields=other.fields, units=other.units)
        for place, other in enumerate(remaining)
    ]
    assert all(
        not record.fields and not record.units for record in check(PLAN, *mixed).claims.records
    )
    other = of_sheet(0, period="ab 2027", cost="3 Mio. Euro", partners="Bauamt")
    record = check(PLAN, other).claims.records[0]
    assert (record.period, record.cost, record.partners) == (None, None, "Bauamt")


@pytest.mark.parametrize(
    ("printed", "label", "text", "whole"),
    [
        ("Verantwortliche\nStelle\nHauptamt", "Verantwortliche Stelle", "Hauptamt", "Hauptamt"),
        ("Verantwortliche\tHauptamt\nStelle\t", "Verantwortliche Stelle", "Hauptamt", "Hauptamt"),
        ("Verantwortliche Stelle: Hauptamt", "Verantwortliche Stelle", "Hauptamt", "Hauptamt"),
        ("Wann: ab 2026, in der Stadt und danach im Kreis", "Wann", "ab 2026, […] im Kreis",
         "ab 2026, in der Stadt und danach im Kreis"),
    ],
)  # fmt: skip
def test_a_label_may_have_two_lines_and_a_text_be_shortened(
    printed: str, label: str, text: str, whole: str
) -> None:
    [record] = check(
        f"M 1 Jobticket\n\n{printed}\n\nKosten: keine", labelled(label, text, period=text)
    ).claims.records
    assert [field.text for field in record.fields] == [whole] and record.period == whole


@pytest.mark.parametrize(
    ("line", "ticked"),
    [
        ("☐ kurzfristig ☒ mittelfristig ☐ langfristig", "mittelfristig"),
        ("kurzfristig ☐ mittelfristig ☒ langfristig ☐", "mittelfristig"),
        ("[ ] kurzfristig\n[x] mittelfristig\n[ ] langfristig", "mittelfristig"),
        ("kurzfristig, mittelfristig, langfristig", None),
    ],
)
def test_a_tick_put_wrong_is_rejected_by_the_text(line: str, ticked: str | None) -> None:
    text = f"M 1 Jobticket\n\nDauer: {line}\n\nZuständig: Bauamt"
    for option in ("kurzfristig", "mittelfristig", "langfristig"):
        [record] = check(
            text, labelled("Dauer", option, period=option, units=["Bauamt"])
        ).claims.records
        is_accepted = ticked in (None, option)
        assert bool(record.fields) == is_accepted and (record.period == option) == is_accepted


@pytest.mark.parametrize(("label", "accepted"), [("kurz", True), ("lang", False)])
def test_a_mark_is_in_the_column_of_its_label(label: str, accepted: bool) -> None:
    text = "Nr.\tMaßnahme\tkurz\tlang\n1\tJobticket\tx\t\n2\tRadwege\t\tx"
    row = claim("1", "Jobticket", "row", fields=[{"label": label, "text": "x"}])
    [record] = check(text, row).claims.records
    assert bool(record.fields) is accepted


@pytest.mark.parametrize("page", [1, 2])
def test_a_field_is_on_the_page_that_is_claimed_for_it(page: int) -> None:
    text, pages = paged("M 1 Jobticket\n\nKosten: keine", "Kosten: keine\n\nZuständig: Bauamt")
    fields = [{"label": "Kosten", "text": "keine", "page": page}]
    [record] = check(text, claim("M 1", "Jobticket", fields=fields), pages=pages).claims.records
    assert record.fields[0].span is not None and (record.fields[0].span.start > pages[1].start) == (
        page == 2
    )


def test_rows_that_run_on_in_one_paragraph_have_their_own_cells() -> None:
    text = "Übersicht K-1 Busse am Abend A Bauamt K-2 Räder für alle B x Umweltamt K-3 Mehr Licht A Bauamt Schulamt"
    cells = [("Busse am Abend", "A", ["Bauamt"]), ("Räder für alle", "B", ["Umweltamt"])]
    cells.append(("Mehr Licht", "A", ["Bauamt", "Schulamt"]))
    rows = [
        claim(f"K-{n}", title, "row", priority=p, units=units)
        for n, (title, p, units) in enumerate(cells, 1)
    ]
    found = check(f"Anhang\n\n{text}", *rows)
    assert [
        (record.title, record.priority, [*record.units]) for record in found.claims.records
    ] == cells
    wrong = check(
        f"Anhang\n\n{text}", rows[0].model_copy(update={"units": ("Umweltamt",)}), *rows[1:]
    )
    assert wrong.claims.records[0].units == ()


def test_labels_before_the_title_are_those_of_their_own_record() -> None:
    text, pages = paged(
        *(f"Inhalt\n\n{text}\n\n{number} {title}" for number, title, text, _ in SHEETS)
    )
    texts = [[{"label": "Inhalt", "text": text}] for *_, text, _ in SHEETS]

    def claimed(shift: int) -> list[Claim]:
        return [
            claim(*NAMES[place], page=place + 1, fields=texts[(place + shift) % 3])
            for place in range(3)
        ]

    found = check(text, *claimed(0), pages=pages)
    assert [record.fields[0].text for record in found.claims.records] == [
        text for *_, text, _ in SHEETS
    ]
    for record in found.claims.records:
        assert record.extent and record.head and record.extent.start < record.head.start
    assert not any(record.fields for record in check(text, *claimed(1), pages=pages).claims.records)


def test_sections_say_nothing_about_the_side_of_a_label() -> None:
    text, pages = paged(
        PLAN, *(f"Zuständig: alle Ämter.\n\nTeil {word}" for word in ("eins", "zwei", "drei"))
    )
    sections = [claim(None, f"Teil {word}", where="heading", page=page, kind="section")
                for page, word in enumerate(("eins", "zwei", "drei"), 2)]  # fmt: skip
    found = check(text, *ALL, *sections, pages=pages)
    assert [len(record.fields) for record in found.claims.records] == [
        2,
        2,
        2,
        0,
        0,
        0,
    ] and found.faults == ()


@pytest.mark.parametrize(("unit", "units"), [(LONG_UNIT, (LONG_UNIT,)), (SENTENCES, ())])
def test_a_unit_is_a_name_however_long_and_no_sentence(unit: str, units: tuple[str, ...]) -> None:
    text = f"M 1 Jobticket\n\nZuständig: {unit}\n\nKosten: keine"
    assert check(text, labelled("Kosten", "keine", units=[unit])).claims.records[0].units == units


def test_totals_are_quoted() -> None:
    text, pages = paged(
        "Moorau bewegt sich\n\nDer Plan enthält 42 Maßnahmen.", "Herausgeber: Landkreis Moorau"
    )
    stated = "enthält 42 Maßnahmen"
    claimed = [(42, stated, 1), (40, stated, 1), (42, "über 42 Maßnahmen", 1), (42, stated, 2)]
    totals = [
        {"kind": "measure", "count": count, "quote": quote, "page": page}
        for count, quote, page in claimed
    ]
    found = validate(Claims.model_validate({"totals": totals}), plan(text, pages))
    assert [(total.count, total.page) for total in found.claims.totals] == [(42, 1)]
