"""Corrections are values over what was read: no text changes, order does not matter, what does not
fit is told.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some

from tests.ingest.cases import cases, values
from tests.service.county import motion, report
from vectorstore import EditionStore
from vectorstore.records import (
    Catalogue,
    Conflict,
    Correction,
    CorrectionState,
    Family,
    Field,
    Item,
    ItemKind,
    ItemStatus,
    ParsedDocument,
    ValueKind,
    current_value,
)
from vectorstore.records import CorrectableField as F

DOCUMENT = "auenland-report"
NORTH = "2.1.2.3"
COST = "Die Kosten betragen 1,2 Mio. Euro."
SHAPE = "{n}.{n}.{n}.{n}"
LINE = "Bergheim auf zwölf Kilometern"


@cache
def papers() -> tuple[ParsedDocument, ...]:
    """The invented county's report, one project of it with labelled fields, a family and a chunk
    for each of two lines, and its motion.
    """
    document = report()
    start = document.document.text.find(COST)
    lines = {LINE: document.document.text.find(LINE), COST: start}
    further = (replace(document.chunks[2], id=line, start=at) for line, at in lines.items())
    fields = (Field("Kosten", COST, "cost", 1, start), Field("Stand", "läuft", "status", 1, start))
    conflict = Conflict("status", "in_progress", "planned")
    numbered = (
        replace(value, family=SHAPE) if value.kind is ItemKind.PROJECT else value
        for value in document.items
    )
    items = tuple(
        replace(value, fields=fields, cost=COST, conflicts=(conflict,))
        if value.key == NORTH
        else value
        for value in numbered
    )
    number = sum(value.kind is ItemKind.PROJECT for value in items)
    family = Family(SHAPE, ItemKind.PROJECT, number, number + 1, complete=False)
    return replace(
        document,
        document=replace(document.document, families=(family,)),
        items=items,
        chunks=(*document.chunks, *further),
    ), motion()


def fix(key: str, field: F, value: str, read: str | None = None) -> Correction:
    return Correction(DOCUMENT, key, field, value, read, "Beschluss des Kreistags")


def corrected(*corrections: Correction) -> Catalogue:
    return Catalogue(papers()).correct(corrections)


def item(catalogue: Catalogue, key: str) -> Item:
    found = catalogue.item(DOCUMENT, key)
    assert found is not None
    return found


MANY = tuple(
    replace(fix(key, F(field), value, read or None), document_id=document)
    for document, key, field, value, read in values(__file__, "many")
)


def test_each_field_is_a_value_that_tells_what_was_read_and_no_text_changes() -> None:
    catalogue = corrected(*MANY)
    north, read = item(catalogue, NORTH), item(Catalogue(papers()), NORTH)
    assert (north.title, north.status, north.responsible, north.cooperation, north.dates) == (
        "Radweg Nord", ItemStatus.IMPLEMENTED, ("70 Umwelt", "80 Wirtschaft"), None, ("2027-06-01",),
    )  # fmt: skip
    assert north.municipalities == ("Auental", "Weidenau")
    assert (north.cost, north.period, north.conflicts) == ("1,5 Mio. Euro", "2027 bis 2029", ())
    assert north.theme is not None and north.theme.title == "Verkehr"
    text = {value.field: (value.read, value.value) for value in north.corrected}
    assert text["unit"] == ("66.01 Straßenbau", "70 Umwelt; 80 Wirtschaft") and text["cost"] == (
        COST,
        "1,5 Mio. Euro",
    )
    assert text["status"] == ("in_progress", "implemented") and len(text) == 8
    assert [field.text for field in north.fields] == [
        "1,5 Mio. Euro",
        "70 Umwelt; 80 Wirtschaft",
        "2027 bis 2029",
    ]
    assert [value.printed for value in north.corrected if value.printed] == [("läuft",), (COST,)]
    amounts = {value.value for value in north.values if value.kind is ValueKind.AMOUNT} - {
        v.value for v in read.values
    }
    assert amounts == {"1500000"} and {"2027", "2029"} <= {value.value for value in north.values}
    assert (north.heading, north.body) == (read.heading, read.body)
    for line in (LINE, COST):
        added = item(catalogue, fix(NORTH, F.RECORD, line).added_key)
        assert [chunk.id for chunk in catalogue.chunks_of(added)] == [line]
    as_read = corrected()
    assert [document.text for document in catalogue.documents.values()] == [
        document.text for document in as_read.documents.values()
    ]
    assert [(chunk.id, chunk.text) for chunk in catalogue.chunks] == [
        (chunk.id, chunk.text) for chunk in as_read.chunks
    ]


@cases("document", "key", "field", "value", "read", "state")
def test_what_does_not_fit_says_so_and_changes_nothing(
    document: str, key: str, field: str, value: str, read: str, state: str
) -> None:
    correction = replace(fix(key, F(field), value, read or None), document_id=document)
    catalogue = corrected(correction)
    assert catalogue.corrections == {correction: CorrectionState(state)}
    assert (catalogue.items == corrected().items) is not CorrectionState(state).is_in_effect


def test_a_value_that_was_read_settles_what_the_document_contradicts() -> None:
    assert item(corrected(), NORTH).conflicts
    settled = item(corrected(fix(NORTH, F.STATUS, "in_progress", "in_progress")), NORTH)
    assert (
        settled.conflicts == ()
        and settled.corrected == ()
        and settled.status is ItemStatus.IN_PROGRESS
    )


def test_the_last_of_one_field_counts() -> None:
    first, last = fix(NORTH, F.STATUS, "planned"), fix(NORTH, F.STATUS, "idea")
    catalogue = corrected(first, last)
    assert item(catalogue, NORTH).status is ItemStatus.IDEA
    assert catalogue.corrections == {first: CorrectionState.REPLACED, last: CorrectionState.APPLIED}


def test_a_record_that_is_none_is_a_section_and_one_that_was_not_read_is_added() -> None:
    found = papers()[0].document.families[0].found
    without = corrected(fix(NORTH, F.KIND, "section"))
    north = item(without, NORTH)
    assert (north.kind, north.status, north.family) == (ItemKind.SECTION, None, None)
    assert without.documents[DOCUMENT].families[0].found == found - 1
    assert item(without.correct([fix(NORTH, F.KIND, "project")]), NORTH).family == SHAPE
    line = fix(NORTH, F.RECORD, LINE)
    both = corrected(line, replace(fix(line.added_key, F.UNIT, "70 Umwelt"), key=line.added_key))
    added = item(both, line.added_key)
    assert (added.title, added.kind, added.responsible) == (LINE, ItemKind.PROJECT, ("70 Umwelt",))
    family = both.documents[DOCUMENT].families[0]
    assert (family.found, family.complete) == (found + 1, True)
    assert item(both, NORTH).body == item(corrected(), NORTH).body
    text = both.documents[DOCUMENT].text[added.start : added.end]
    assert text.startswith(LINE) and added.body.split() == text.removeprefix(LINE).split()


@given(some.lists(some.sampled_from(MANY), unique=True), some.randoms())
def test_order_does_not_matter_and_twice_is_once(chosen: list[Correction], random: object) -> None:
    shuffled = list(chosen)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    once, other = corrected(*chosen), corrected(*shuffled, *chosen)
    stripped = [
        [replace(value, corrected=(), fields=(), values=()) for value in side.items]
        for side in (once, other)
    ]
    assert (
        stripped[0] == stripped[1]
        and once.chunks == other.chunks
        and once.documents == other.documents
        and once.corrections == other.corrections
    )
    for value in once.items:
        text = once.documents[value.document_id].text
        assert text[value.start : value.end].startswith(value.heading.strip())


def test_a_value_is_read_as_it_is_corrected() -> None:
    for field in set(F) - {F.RECORD}:
        same = fix(NORTH, field, current_value(item(corrected(), NORTH), field))
        assert corrected(same).corrections == {same: CorrectionState.NEEDLESS}


def test_an_edition_finds_what_was_decided_and_stays_as_it_was_read(tmp_path: Path) -> None:
    store = EditionStore(tmp_path)
    store.publish(papers())
    with closing(store.open()) as edition:
        decided = edition.apply_decisions([fix(NORTH, F.TITLE, "Quittenpfad")], [])
        term = edition.analyzer.terms("Quittenpfad")[0]
        row = edition.catalogue.rows_of(item(edition.catalogue, NORTH))[0]
        assert (
            edition.lexical.scores({term: 1.0})[row] == 0 < decided.lexical.scores({term: 1.0})[row]
        )
        assert (
            item(decided.catalogue, NORTH).title == "Quittenpfad"
            and decided.vectors is edition.vectors
        )
        assert edition.apply_decisions([], []).catalogue is edition.catalogue
    assert not store.publish(papers()).changed
