"""Validation accepts what the text of the document has in the right place, and rejects the rest with a fault."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.readers.claims import Claim, Claims, Span
from ingest.validation import Validated, validate
from vectorstore.records import Page

SHEETS = [
    ("M 1", "Jobticket", "Busse fahren öfter.", "Bauamt"),
    ("M 2", "Radwege im Moor", "Drei Wege werden breiter.", "Tiefbauamt"),
    ("M 3", "Solardächer", "Acht Schulen bekommen Anlagen.", "Gebäudewirtschaft"),
]
SHEET = "{number} {title}\n\nBeschreibung: {text}\n\nZuständig: {unit}"


def sheet(place: int) -> str:
    return SHEET.format(**dict(zip(("number", "title", "text", "unit"), SHEETS[place], strict=True)))


def claim(number: str | None, title: str, where: str = "sheet", page: int = 1, **other: Any) -> Claim:
    """A record as a model claims it."""
    record = {"kind": "measure", "number": number, "title": title, "page": page, "where": where, "source": "m", **other}
    return Claim.model_validate(record)


def of_sheet(place: int, page: int = 1, **other: Any) -> Claim:
    number, title, text, unit = SHEETS[place]
    fields = [{"label": "Beschreibung", "text": text}, {"label": "Zuständig", "text": unit}]
    given: dict[str, Any] = {"number": number, "title": title, "page": page, "fields": fields, "units": [unit]}
    return claim(**{**given, **other})


def check(text: str, *claims: Claim, pages: tuple[Page, ...] = ()) -> Validated:
    return validate(Claims(records=claims), text, pages)


def names(found: Validated) -> list[tuple[str | None, str]]:
    return [(record.number, record.title) for record in found.claims.records]


def kinds(found: Validated) -> list[str]:
    return [str(fault.kind) for fault in found.faults]


def paged(*texts: str) -> tuple[str, tuple[Page, ...]]:
    """A text of several pages."""
    starts = [sum(len(text) + 2 for text in texts[:place]) for place in range(len(texts))]
    return "\n\n".join(texts), tuple(Page(start, number, "") for number, start in enumerate(starts, 1))


def test_what_is_in_the_text_is_accepted_with_its_spans() -> None:
    text = "\n\n".join(map(sheet, range(3)))
    found = check(text, *map(of_sheet, range(3)))
    assert names(found) == [(number, title) for number, title, *_ in SHEETS] and found.faults == ()
    record = found.claims.records[1]
    assert record.head == Span(text.index("M 2"), text.index("Radwege im Moor") + 15)
    spans = [(field.label_span or (0, 0), field.span or (0, 0)) for field in record.fields]
    printed = [(text[slice(*label)], text[slice(*span)]) for label, span in spans]
    assert printed == [("Beschreibung", SHEETS[1][2]), ("Zuständig", "Tiefbauamt")]
    assert check(text, *map(of_sheet, range(3))) == found


@pytest.mark.parametrize("title", ["Freibier für alle", "im Moor", "Wege werden", "Radwege […] Moor"])
def test_a_title_that_is_not_printed_as_one_is_rejected(title: str) -> None:
    found = check("\n\n".join(map(sheet, range(3))), of_sheet(0), of_sheet(1, title=title), of_sheet(2))
    assert [number for number, _ in names(found)] == ["M 1", "M 3"] and kinds(found) == ["title"]


@pytest.mark.parametrize(
    ("printed", "claimed"),
    [
        ("M 2 Radwege\nim Moor", "Radwege im Moor"),
        ("M 2 Rad-\nwege im Moor", "Radwege im Moor"),
        ("M 2 RADWEGE IM MOOR", "Radwege im Moor"),
        ("Radwege und Stege | M 2 | Blatt 7\n\nim Moor am Kreisrand", "Radwege und Stege im Moor am Kreisrand"),
    ],
)
def test_a_title_is_compared_without_breaks_hyphens_and_case_and_may_be_split(printed: str, claimed: str) -> None:
    text = f"{sheet(0)}\n\n{printed}\n\nZuständig: Tiefbauamt\n\n{sheet(2)}"
    found = check(text, of_sheet(0), claim("M 2", claimed, units=["Tiefbauamt"]), of_sheet(2))
    assert names(found)[1] == ("M 2", claimed) and found.claims.records[1].units == ("Tiefbauamt",)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Mehr unter https://moorau.example/wege/\n\nSP-2: Radwege im Moor", "SP-2"),
        ("Eine Liste von\n\n12: Radwege im Moor", "12"),
        ("Der Weg führt durch das Moor, an dem 18 Tafeln sind.17 KR: Radwege im Moor", "KR"),
        ("Nr. 7\n\nHandlungsfeld Mobilität und Verkehr im Kreis\n\nRadwege im Moor", "7"),
        ("Radwege im Moor (M 12)", "M 12"),
        ("Maßnahme 07 von 52\nRadwege im Moor", "Maßnahme 07"),
    ],
)
def test_a_number_is_beside_its_title_or_up_to_two_lines_above(text: str, number: str) -> None:
    found = check(f"Wege\n\n{text}\n\nZuständig: Bauamt", claim(number, "Radwege im Moor", units=["Bauamt"]))
    assert names(found) == [(number.removeprefix("Maßnahme "), "Radwege im Moor")] and found.faults == ()


def test_a_number_of_another_record_is_rejected_and_the_record_stays() -> None:
    text = "\n\n".join(map(sheet, range(3)))
    wrong = [of_sheet(place, number=f"M {place + 2}") for place in range(3)]
    found = check(text, *wrong)
    assert names(found) == [(None, title) for _, title, *_ in SHEETS] and kinds(found) == ["number"] * 3


def test_a_number_below_its_title_is_accepted_where_no_other_is_nearer() -> None:
    printed = [("Jobticket", "M 1"), ("Radwege", "M 9"), ("Solardächer", "M 3"), ("Mehr Licht", "M 4")]
    sheets = (
        f"{title}\n\nDas Blatt\n\nhat die Kennung\n\n{ref}\n\nZuständig: Bauamt\n\nKosten: keine bis 2030"
        for title, ref in printed
    )
    titles = [title for title, _ in printed]
    claims = [claim(f"M {place}", title, units=["Bauamt"]) for place, title in enumerate(titles, 1)]
    found = check("\n\n".join(sheets), *claims)
    assert [number for number, _ in names(found)] == ["M 1", None, "M 3", "M 4"] and kinds(found) == ["number"]


def test_an_overview_row_never_evicts_its_sheet() -> None:
    rows = "\n".join(f"{number}\t{title}\t{unit}" for number, title, _, unit in SHEETS)
    text, pages = paged(f"Übersicht\n\n{rows}", *map(sheet, range(3)))
    listed = [claim(number, title, "row", units=[unit]) for number, title, _, unit in SHEETS]
    slipped = claim("M 1", "Jobticket", "row", page=2)  # the row as if on the page of the sheet
    found = check(text, *listed, slipped, *(of_sheet(place, place + 2) for place in range(3)), pages=pages)
    assert [(record.where, record.page) for record in found.claims.records] == [
        *[("row", 1)] * 3, ("sheet", 2), ("sheet", 3), ("sheet", 4)
    ]  # fmt: skip
    assert [record.units for record in found.claims.records[:3]] == [(unit,) for *_, unit in SHEETS]


def test_a_number_has_one_head_and_a_sheet_beats_a_heading() -> None:
    heading = "M 2 Wege durch das Moor"
    text, pages = paged(f"Kurz gesagt\n\n{heading}\n\nDarum geht es.", *map(sheet, range(3)))
    mention = claim("M 2", "Wege durch das Moor", "heading")
    found = check(text, mention, *(of_sheet(place, place + 2) for place in range(3)), pages=pages)
    assert [record.number for record in found.claims.records] == ["M 1", "M 2", "M 3"]
    assert found.claims.records[1].title == "Radwege im Moor" and kinds(found) == ["duplicate"]


def test_a_sheet_shown_as_an_example_is_no_record() -> None:
    text, pages = paged(f"So ist ein Blatt aufgebaut:\n\n{sheet(2)}", *map(sheet, range(3)))
    example = of_sheet(2, 1)
    found = check(text, example, *(of_sheet(place, place + 2) for place in range(3)), pages=pages)
    assert [record.page for record in found.claims.records] == [2, 3, 4]


def test_several_records_with_fields_may_share_a_number_and_numbers_begin_anew() -> None:
    projects = [("1.1", "Busse", "Amt A"), ("1.1", "Räder", "Amt B"), ("1", "Wege", "Amt C"), ("1", "Stege", "Amt D")]
    text = "\n\n".join(f"{number} {title}\n\nZuständig: {unit}" for number, title, unit in projects)
    found = check(text, *(claim(number, title, units=[unit]) for number, title, unit in projects))
    assert names(found) == [(number, title) for number, title, _ in projects] and found.faults == ()


def test_texts_of_another_record_are_rejected() -> None:
    text = "\n\n".join(map(sheet, range(3)))
    others = [of_sheet((place + 1) % 3) for place in range(3)]
    mixed = [of_sheet(place, fields=other.fields, units=other.units) for place, other in enumerate(others)]
    found = check(text, *mixed)
    assert all(not record.fields and not record.units for record in found.claims.records)
    other = of_sheet(0, period="ab 2027", cost="3 Mio. Euro", partners="Bauamt")
    record = check(text, other).claims.records[0]
    assert (record.period, record.cost, record.partners) == (None, None, "Bauamt")


@pytest.mark.parametrize(
    "printed",
    [
        "Verantwortliche\nStelle\nHauptamt",
        "Verantwortliche\tHauptamt\nStelle\t",
        "Verantwortliche Stelle: Hauptamt",
    ],
)
def test_a_label_may_have_two_lines(printed: str) -> None:
    text = f"M 1 Jobticket\n\n{printed}\n\nKosten: keine"
    fields = [{"label": "Verantwortliche Stelle", "text": "Hauptamt"}]
    [record] = check(text, claim("M 1", "Jobticket", fields=fields)).claims.records
    assert [field.text for field in record.fields] == ["Hauptamt"]


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
        fields = [{"label": "Dauer", "text": option}]
        [record] = check(text, claim("M 1", "Jobticket", fields=fields, period=option, units=["Bauamt"])).claims.records
        is_accepted = ticked in (None, option)
        assert bool(record.fields) == is_accepted and (record.period == option) == is_accepted


def test_a_mark_is_in_the_column_of_its_label() -> None:
    text = "Nr.\tMaßnahme\tkurz\tlang\n1\tJobticket\tx\t\n2\tRadwege\t\tx"
    for label, accepted in (("kurz", True), ("lang", False)):
        row = claim("1", "Jobticket", "row", fields=[{"label": label, "text": "x"}])
        [record] = check(text, row).claims.records
        assert bool(record.fields) is accepted


def test_a_text_with_an_omission_is_whole_as_printed() -> None:
    text = "M 1 Jobticket\n\nWann: ab 2026, zuerst in der Stadt und danach im ganzen Kreis\n\nZuständig: Bauamt"
    short = "ab 2026, […] im ganzen Kreis"
    fields = [{"label": "Wann", "text": short}]
    [record] = check(text, claim("M 1", "Jobticket", period=short, fields=fields)).claims.records
    assert record.period == record.fields[0].text == "ab 2026, zuerst in der Stadt und danach im ganzen Kreis"


def test_a_field_is_on_the_page_that_is_claimed_for_it() -> None:
    text, pages = paged("M 1 Jobticket\n\nKosten: keine", "Kosten: keine\n\nZuständig: Bauamt")
    for page in (1, 2):
        fields = [{"label": "Kosten", "text": "keine", "page": page}]
        [record] = check(text, claim("M 1", "Jobticket", fields=fields), pages=pages).claims.records
        assert record.fields[0].span is not None and (record.fields[0].span.start > pages[1].start) == (page == 2)


def test_rows_that_run_on_in_one_paragraph_have_their_own_cells() -> None:
    text = "Übersicht K-1 Busse am Abend A Bauamt K-2 Räder für alle B x Umweltamt K-3 Mehr Licht A Bauamt Schulamt"
    cells = [("Busse am Abend", "A", ["Bauamt"]), ("Räder für alle", "B", ["Umweltamt"])]
    cells.append(("Mehr Licht", "A", ["Bauamt", "Schulamt"]))
    rows = [claim(f"K-{n}", title, "row", priority=p, units=units) for n, (title, p, units) in enumerate(cells, 1)]
    found = check(f"Anhang\n\n{text}", *rows)
    assert [(record.title, record.priority, [*record.units]) for record in found.claims.records] == cells
    wrong = check(f"Anhang\n\n{text}", rows[0].model_copy(update={"units": ("Umweltamt",)}), *rows[1:])
    assert wrong.claims.records[0].units == ()


def test_labels_before_the_title_are_those_of_their_own_record() -> None:
    sheets = [f"Inhalt\n\n{text}\n\n{number} {title}" for number, title, text, _ in SHEETS]
    text, pages = paged(*sheets)
    texts = [[{"label": "Inhalt", "text": text}] for *_, text, _ in SHEETS]
    claims = [claim(*SHEETS[place][:2], page=place + 1, fields=texts[place]) for place in range(3)]
    found = check(text, *claims, pages=pages)
    assert [record.fields[0].text for record in found.claims.records] == [text for *_, text, _ in SHEETS]
    for record in found.claims.records:
        assert record.extent and record.head and record.extent.start < record.head.start
    mixed = [claim(*SHEETS[place][:2], page=place + 1, fields=texts[(place + 1) % 3]) for place in range(3)]
    assert not any(record.fields for record in check(text, *mixed, pages=pages).claims.records)


def test_sections_say_nothing_about_the_side_of_a_label() -> None:
    further = [f"Zuständig: alle Ämter.\n\nTeil {word}" for word in ("eins", "zwei", "drei")]
    text, pages = paged("\n\n".join(map(sheet, range(3))), *further)
    sections = [claim(None, part.splitlines()[-1], where="heading", page=page, kind="section")
                for page, part in enumerate(further, 2)]  # fmt: skip
    found = check(text, *map(of_sheet, range(3)), *sections, pages=pages)
    assert [len(record.fields) for record in found.claims.records] == [2, 2, 2, 0, 0, 0] and found.faults == ()


def test_contents_may_have_page_numbers_without_dots_and_a_theme_may_stand_on_every_page() -> None:
    text = "Inhalt\n\nM 1 Jobticket 12\n\nMobilität\n\n" + sheet(0) + "\n\nMobilität\n\n" + sheet(1)
    themes = [claim(None, "Mobilität", where="heading", kind="theme") for _ in range(2)]
    found = check(text, claim("M 1", "Jobticket", where="contents"), themes[0], of_sheet(0), themes[1], of_sheet(1))
    assert "contents" in [record.where for record in found.claims.records] and found.faults == ()


def test_a_record_needs_a_field_a_list_or_a_neighbour() -> None:
    text = "\n\n".join([*map(sheet, range(3)), "M 9 Randnotiz", "Ein Satz dazu."])
    found = check(text, *map(of_sheet, range(3)), claim("M 9", "Randnotiz"))
    assert [record.kind for record in found.claims.records] == [*["measure"] * 3, "section"]
    assert names(found)[3] == ("M 9", "Randnotiz") and kinds(found) == ["unsupported"], "people decide what it is"
    listed = claim(None, "Randnotiz", "contents")
    claims = [listed, *map(of_sheet, range(3)), claim("M 9", "Randnotiz")]
    assert len(check(f"Inhalt\nRandnotiz ..... 3\n\n{text}", *claims).claims.records) == 5


def test_totals_are_quoted() -> None:
    text, pages = paged("Moorau bewegt sich\n\nDer Plan enthält 42 Maßnahmen.", "Herausgeber: Landkreis Moorau")
    stated = "enthält 42 Maßnahmen"
    claimed = [(42, stated, 1), (40, stated, 1), (42, "über 42 Maßnahmen", 1), (42, stated, 2)]
    totals = [{"kind": "measure", "count": count, "quote": quote, "page": page} for count, quote, page in claimed]
    found = validate(Claims.model_validate({"totals": totals}), text, pages)
    assert [(total.count, total.page) for total in found.claims.totals] == [(42, 1)]


@pytest.mark.parametrize(
    ("unit", "accepted"),
    [
        ("Beratungs- und Servicestellen der Stadt, der Sozial- und Wohlfahrtsverbände, der Kontaktstellen aus dem "
         "Gesundheitswesen und der Träger der freien Jugendhilfe im Landkreis", True),
        ("Das Bauamt baut die Wege im Moor noch in diesem Jahr. Das Umweltamt schildert sie danach aus und pflegt "
         "sie.", False),
    ],
)  # fmt: skip
def test_a_unit_is_a_name_however_long_and_no_sentence(unit: str, accepted: bool) -> None:
    text = f"M 1 Radwege im Moor\n\nZuständig: {unit}\n\nKosten: keine"
    fields = [{"label": "Kosten", "text": "keine"}]
    [record] = check(text, claim("M 1", "Radwege im Moor", units=[unit], fields=fields)).claims.records
    assert record.units == ((unit,) if accepted else ())


def test_claims_of_the_simple_reader_keep_their_spans() -> None:
    text = f"{sheet(0)}\n\nM 2 Notiz\n\n{sheet(1)}"
    made = [of_sheet(0), claim("M 2", "Notiz", "heading"), of_sheet(1)]
    claims = []
    for record in made:
        start = text.index(record.title)
        spans = {"head": Span(start - 4, start + len(record.title)), "source": "simple"}
        claims.append(record.model_copy(update=spans))
    found = check(text, *claims)
    assert found.claims.records == (claims[0], claims[2]) and kinds(found) == ["duplicate"]
