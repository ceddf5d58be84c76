"""The builder: claims made by hand become items, with keys, parents, bodies, children, rows and
families.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingest.chunks import find_misplaced
from ingest.items import build_document
from ingest.readers.claims import Claim, ClaimedField, ClaimedTotal, Claims, Span
from ingest.report import FileReport, missed_headings
from tests.ingest.cases import cases, documents
from tests.ingest.test_readings import COMPLETE
from vectorstore.language import remove_spaces
from vectorstore.records import (
    Document,
    DocumentKind,
    Family,
    Item,
    ItemKind,
    ItemStatus,
    Page,
    ParsedDocument,
    ProposedFamily,
    ProposedRecord,
)

SENTENCE = "Der Kreis baut dort Wege für alle, die mit dem Rad fahren."


def claim(
    text: str, printed: str, kind: str = "measure", where: str = "sheet", **other: Any
) -> Claim:
    """Return the claim of what is printed as "number title", or as a row with tabs between its
    cells.
    """
    start = text.index(printed)
    head = Span(start, start + len(printed))
    mark = "\t" if where == "row" else ": "
    number, _, title = printed.partition(mark) if mark in printed else ("", "", printed)
    values = {"title": title.partition("\t")[0], "level": 80, **other}
    if where == "row":
        values["extent"] = head
    return Claim(kind=kind, number=number or None, page=1, where=where, head=head, **values)


def built(
    text: str,
    *records: Claim,
    totals: tuple[ClaimedTotal, ...] = (),
    apart: tuple[Span, ...] = (),
    pages: tuple[Page, ...] = (Page(0, 1, "1"),),
    proposed: tuple[ProposedFamily, ...] = (),
) -> ParsedDocument:
    document = Document(
        id="papier", title="Plan", publisher="Kreis", kind=DocumentKind.PLAN, status=None, digest="", file_name="a.txt",
        text=text, pages=pages, proposed=proposed,
    )  # fmt: skip
    return build_document(document, Claims(records=records, totals=totals), apart)


def shown(parsed: ParsedDocument, *names: str) -> list[tuple[Any, ...]]:
    return [
        tuple(getattr(item, name) for name in names)
        for item in parsed.items
        if item.kind is not ItemKind.SECTION
    ]


def sheets(*heads: str, **more: Any) -> ParsedDocument:
    """Return a document of measures, each with a sentence below its head."""
    text = "\n\n".join(f"{head}\n\n{SENTENCE}" for head in heads)
    return built(text, *(claim(text, head) for head in heads), **more)


def with_titles(*refs: str) -> list[str]:
    return [f"{ref}: Weg nach {ref}" for ref in refs]


def the_family(parsed: ParsedDocument) -> Family:
    (family,) = parsed.document.families
    return family


def of(parsed: ParsedDocument, ref: str) -> Item:
    return next(item for item in parsed.items if item.ref == ref)


TEXT = f"Plan des Kreises\n\n2: Wege\n\n{SENTENCE}\n\nM 1: Radweg\n\nErster Satz.\n\nM 2: Steg\n\nZweiter Satz."


def claimed(text: str) -> tuple[str, list[Claim]]:
    """Return a text without what it says of its heads, and the claims of these."""
    plain, claims = "", []
    for paragraph in text.split("\n\n"):
        said = re.match(r"<(\w+) (\w+) (\d+)> (.*)", paragraph)
        if said:
            kind, where, level, paragraph = said.groups()
            found = claim(paragraph, paragraph, kind, where, level=int(level))
            head = Span(len(plain), len(plain) + len(paragraph))
            claims.append(found.model_copy(update={"head": head}))
        plain += f"{paragraph}\n\n"
    return plain.removesuffix("\n\n"), claims


@pytest.mark.parametrize("case", documents("test_items.toml"))
def test_claims_become_items(case: dict[str, Any]) -> None:
    text, claims = claimed(case["text"].strip("\n").replace("{S}", SENTENCE))
    apart = case.get("apart", "")
    parsed = built(text, *claims, pages=(), apart=(Span(0, len(apart)),) if apart else ())
    assert text.startswith(apart) and not any("....." in chunk.text for chunk in parsed.chunks)
    found = []
    for item in parsed.items:
        if item.kind is not ItemKind.SECTION or case.get("sections"):
            found.append([getattr(item, name) or "" for name in case["shown"]])
    expected = [[value.replace("{S}", SENTENCE) for value in item] for item in case["items"]]
    assert found == expected
    assert len({item.key for item in parsed.items}) == len(parsed.items)
    counts = {
        family.label: [family.found, family.expected or 0, COMPLETE[family.complete]]
        for family in parsed.document.families
    }
    assert counts == case.get("families", counts)


def test_items_have_their_theme_and_chunks_all_text() -> None:
    parsed = built(
        TEXT,
        claim(TEXT, "2: Wege", "theme", "heading", level=2),
        claim(TEXT, "M 1: Radweg"),
        claim(TEXT, "M 2: Steg"),
    )
    theme = of(parsed, "M 2").theme
    assert theme is not None and (theme.ref, theme.title) == ("2", "Wege")
    chunks = "".join(chunk.text for chunk in parsed.chunks)
    assert remove_spaces(chunks) == remove_spaces(TEXT)


def test_keys_are_the_same_whatever_else_the_document_gains() -> None:
    heads = ("M 1: Radweg", "M 2: Steg")
    more = TEXT.replace("M 1: Radweg", "M 0: Fähre\n\nNeu.\n\nM 1: Radweg")
    found = [
        {item.title: item.key for item in built(text, *(claim(text, head) for head in own)).items}
        for text, own in ((TEXT, heads), (more, ("M 0: Fähre", *heads)))
    ]
    assert found[0].items() <= found[1].items() and len(found[1]) == len(found[0]) + 1


def test_bullets_are_below_the_words_that_introduce_them() -> None:
    text = "B.I: Wohnen\n\nWir wollen:\n\n- Häuser bauen\n\n- Mieten senken"
    parsed = built(text, claim(text, "B.I: Wohnen", "goal", "heading"))
    assert of(parsed, "B.I.2").path[-1] == "Wir wollen:"


# Text of an item in another place

TWICE = (
    "1: Wiesen\n\nBis zum Jahr 2031 blüht das Ried.\n\n2: Ufer\n\nBis zum Jahr 2032 wächst Schilf."
    f"\n\n1: Wiesen\n\n{SENTENCE}\n\nLage\n\n2: Ufer\n\n{SENTENCE}"
)


def printed_twice() -> ParsedDocument:
    """A document with the texts of two themes, and both listed before it with a text each."""
    entries = [
        claim(TWICE, head, "theme", "contents", level=1) for head in ("1: Wiesen", "2: Ufer")
    ]
    behind = TWICE.index(SENTENCE) - len("1: Wiesen\n\n")
    rest = "." * behind + TWICE[behind:]
    themes = [claim(rest, head, "theme", "heading", level=1) for head in ("1: Wiesen", "2: Ufer")]
    bare = claim(rest, "Lage", "section", "heading", level=1)
    return built(TWICE, *entries, *themes, bare)


def test_a_number_printed_twice_has_a_key_for_each_place() -> None:
    parsed = printed_twice()
    assert find_misplaced(parsed) == []
    assert [(item.key, item.ref, item.kind, item.parent, item.body) for item in parsed.items] == [
        ("1~2", "1", "section", "1", "Bis zum Jahr 2031 blüht das Ried."),
        ("2~2", "2", "section", "2", "Bis zum Jahr 2032 wächst Schilf."),
        ("1", "1", "theme", None, SENTENCE), ("1~3", "1", "section", "1", ""), ("2", "2", "theme", None, SENTENCE),
    ]  # fmt: skip
    assert [item.heading for item in parsed.items if item.is_continuation] == [
        "1: Wiesen", "2: Ufer", "Lage",
    ]  # fmt: skip
    assert missed_headings(parsed) == []


def test_a_chunk_outside_of_its_item_is_misplaced() -> None:
    parsed = printed_twice()
    first = parsed.chunks[0]
    moved, other = replace(first, key="2"), replace(first, text=first.text.upper())
    for wrong in (moved, other, replace(first, key="9")):
        assert find_misplaced(replace(parsed, chunks=(wrong, *parsed.chunks[1:]))) == [wrong]


# Rows of lists

ROWS = (
    "M 1\tRadweg im Norden\tAmt 66\t2026",
    "M 2\tSteg am See\tAmt 61\t2027",
    "M 3\tFurt im Wald\tAmt 61\t2028",
)
LIST = "Übersicht\n\n" + "\n\n".join(ROWS)
ROW_HEADS = ("M 1: Radweg im Norden", "M 2: Steg am See", "M 3: Furt im Wald")
EXPLAINED = LIST + "".join(f"\n\n{head}\n\n{SENTENCE}" for head in ROW_HEADS)


def row(text: str, printed: str, **other: Any) -> Claim:
    unit, period = printed.split("\t")[2:]
    fields = (
        of_unit(other.pop("unit", unit)),
        ClaimedField(label="Zeitraum", text=period, meaning="period"),
    )
    return claim(text, printed, where="row", period=period, fields=fields, **other)


def of_unit(unit: str) -> ClaimedField:
    return ClaimedField(label="Zuständig", text=unit, meaning="responsible")


def test_all_rows_of_a_list_are_records_though_only_some_are_explained() -> None:
    """A sheet for one of three: the others are no less records."""
    text = f"{LIST}\n\nM 2: Steg am See\n\n{SENTENCE}"
    parsed = built(text, *(row(text, printed) for printed in ROWS), claim(text, "M 2: Steg am See"))
    assert sorted(ref for (ref,) in shown(parsed, "ref")) == ["M 1", "M 2", "M 3"]
    assert of(parsed, "M 2").body == SENTENCE and of(parsed, "M 2").table_row == ROWS[1]


def test_a_section_built_like_its_records_leaves_a_family_incomplete() -> None:
    heads = ("M 1: Radweg", "M 2: Steg", "M 3: Furt")
    text = "\n\n".join(f"{head}\n\nBeschreibung\n\n{SENTENCE}" for head in (*heads, "KR: Brücke"))
    fields = (ClaimedField(label="Beschreibung", text=SENTENCE),)
    records = [claim(text, head, fields=fields) for head in heads]
    total = ClaimedTotal(kind="measure", count=3, quote="3 Maßnahmen", page=1)
    for totals in ((), (total,)):
        section = claim(text, "KR: Brücke", "section", "heading")
        family = the_family(built(text, *records, section, totals=totals))
        assert (family.found, family.expected, family.complete) == (3, 4, False)
        assert "(Brücke)" in family.evidence[0].what  # what the report tells


def explained(first_row: dict[str, Any], first_sheet: dict[str, Any], **other: Any) -> Item:
    """Return the first of three records that have a row and a sheet each."""
    rows = [row(EXPLAINED, printed, **first_row) for printed in ROWS[:1]]
    rows += [row(EXPLAINED, printed) for printed in ROWS[1:]]
    claims = [claim(EXPLAINED, head, **other) for head in ROW_HEADS[1:]]
    parsed = built(EXPLAINED, *rows, claim(EXPLAINED, ROW_HEADS[0], **first_sheet), *claims)
    assert len(shown(parsed, "ref")) == 3
    return of(parsed, "M 1")


def test_a_sheet_and_its_row_are_one_record_and_the_row_completes_it() -> None:
    first = explained({"title": "Weg, anders"}, {"period": "sofort"}, period="sofort")
    assert (first.title, first.table_title) == ("Radweg im Norden", "Weg, anders")
    assert (first.period, first.responsible) == ("sofort", ("Amt 66",))
    [conflict] = first.conflicts
    assert (conflict.field, conflict.text, conflict.table) == ("period", "sofort", "2026")


@cases("unit", "row_unit", "differs")
def test_a_name_without_letters_agrees_with_no_unit_and_is_no_value(
    unit: str, row_unit: str, differs: bool
) -> None:
    first = explained({"unit": row_unit}, {"fields": (of_unit(unit),)})
    assert [conflict.field for conflict in first.conflicts] == ["responsible"] * differs


def test_rows_of_an_overview_without_a_sheet_are_told_as_missing() -> None:
    text = EXPLAINED.partition(f"\n\n{ROW_HEADS[2]}")[0]
    claims = [claim(text, head) for head in ROW_HEADS[:2]]
    family = the_family(built(text, *(row(text, printed) for printed in ROWS), *claims))
    assert (family.found, family.expected, family.complete) == (2, 3, False)
    assert "M 3 Furt im Wald" in family.evidence[0].what


def test_archive_rows_are_outside_of_counts() -> None:
    text = f"M 1: Radweg im Norden\n\n{SENTENCE}\n\nArchiv\n\n{ROWS[1]}\n\n{ROWS[2]}"
    archived = [row(text, printed, status="archived") for printed in ROWS[1:]]
    parsed = built(text, claim(text, "M 1: Radweg im Norden"), *archived)
    assert shown(parsed, "ref", "key", "status", "former_ref", "parent") == [
        ("M 1", "M-1", None, None, None), ("Archiv", "Archiv~1", ItemStatus.ARCHIVED, "M 2", None),
        ("Archiv", "Archiv~2", ItemStatus.ARCHIVED, "M 3", None),
    ]  # fmt: skip
    assert (the_family(parsed).label, the_family(parsed).found) == ("M {n}", 1)


# Families


@cases("refs", "totals", "expected", "complete")
def test_families_are_counted_by_what_the_paper_says(
    refs: tuple[str, ...], totals: tuple[int, ...], expected: int, complete: str
) -> None:
    stated = tuple(
        ClaimedTotal(kind="measure", count=count, quote=f"{count} Maßnahmen", page=1)
        for count in totals
    )
    parsed = sheets(*with_titles(*refs), totals=stated)
    family = the_family(parsed)
    assert (family.found, family.expected) == (len(refs), expected)
    assert COMPLETE[family.complete] == complete


def proposal(*titles: str) -> ProposedFamily:
    records = tuple(ProposedRecord("", title, 1) for title in titles)
    return ProposedFamily(ItemKind.MEASURE, len(records), records)


WAYS = ("M 1: Weg 1", "M 2: Weg 2", "M 3: Weg 3")


def test_while_staff_are_asked_about_titles_no_family_is_complete() -> None:
    family = the_family(sheets(*WAYS, proposed=(proposal("Steg am See", "Furt im Wald"),)))
    assert (family.found, family.expected, family.complete) == (3, None, False)
    assert "Steg am See" in family.evidence[0].what
    unknown = the_family(built(SENTENCE, proposed=(proposal("Steg am See"),)))
    assert (unknown.kind, unknown.found, unknown.complete) == (ItemKind.MEASURE, 0, None)


def test_titles_that_are_read_as_records_are_not_asked() -> None:
    parsed = sheets(*WAYS, proposed=(proposal("Weg 1", "Weg 3"),))
    assert parsed.document.proposed == () and the_family(parsed).complete


def test_what_the_contents_announce_and_no_record_is_told() -> None:
    contents = "Ziele 2\nM 1 Radweg im Norden ..... 3\nM 2 Steg am See und am\nalten Hafen ..... 4\nM 7 Furt ..... 5"
    text = f"{contents}\n\nM 1: Radweg im Norden\n\n{SENTENCE}\n\nM 3: Furt\n\n{SENTENCE}"
    claims = [claim(text, head) for head in ("M 1: Radweg im Norden", "M 3: Furt")]
    parsed = built(text, *claims, apart=(Span(0, len(contents)),))
    family = the_family(parsed)
    assert (family.found, family.expected, family.complete) == (2, 3, False)
    message = (
        "Inhaltsverzeichnis: 3 Einträge, davon ohne Eintrag 1: M 2 Steg am See und am alten Hafen"
    )
    assert [(evidence.what, evidence.page) for evidence in family.evidence] == [(message, 1)]
    report = FileReport.of(Path("plan.pdf"), parsed, cached=False, seconds=0.0)
    assert report.warnings == (f"2 von 3: {message}",)
