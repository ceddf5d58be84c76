"""Corrections carried out over records: every place still points to its words, order does not matter, twice is once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as some

from tests.service.county import motion, report
from vectorstore.amending.applying import corrected
from vectorstore.amending.form import Amendments, Correction, Part, State, read_amendments
from vectorstore.catalogue import Catalogue
from vectorstore.editions import EditionStore
from vectorstore.records import Field, ItemKind, ItemStatus, ParsedDocument, Value, ValueKind

DOCUMENT = "auenland-report"
NORTH = "2.1.2.3"


def fix(key: str, part: Part, value: str, instead_of: str = "", day: date | None = None) -> Correction:
    return Correction(DOCUMENT, key, part, value, instead_of, "Beschluss des Kreistags", "Redaktion", day)


STATUS = fix(NORTH, Part.STATUS, "implemented", "in_progress")
MANY = (
    STATUS,
    fix(NORTH, Part.STATUS, "planned", "in_progress", date(2026, 1, 1)),
    fix(NORTH, Part.TITLE, "Radweg Nord", "Radschnellweg Nord"),
    fix("2", Part.TITLE, "Verkehr", "Mobilität"),
    fix(NORTH, Part.UNIT, "70 Umwelt", "66.01 Straßenbau"),
    fix("2.1.3.1", Part.UNIT, "Dez. 06", "66 Verkehr"),
    fix("2.1.3.1", Part.UNIT, "67 Grünflächen", "Dez. 06"),
    fix("2.1.3.1", Part.UNIT, "80 Wirtschaft"),
    fix(NORTH, Part.DATE, "2027-06-01", "2026-05-01"),
    fix(NORTH, Part.TEXT, "fünfzehn Kilometern", "zwölf Kilometern"),
    fix(NORTH, Part.TEXT, "auf dreizehn Kilometern", "auf zwölf Kilometern"),
    fix(NORTH, Part.TEXT, "", "Die Kosten betragen 1,2 Mio. Euro."),
    fix("2.1.4.1", Part.TEXT, "gegen Gebühr", "kostenlos"),
    fix("2.1.4.3", Part.COST, "3.000 Euro"),
    fix("2.1.4.9", Part.ITEM, "Leihräder am Bahnhof"),  # as earlier versions added them
    fix("7.7", Part.STATUS, "idea"),
    replace(STATUS, document_id="weg"),
)


@cache
def papers() -> tuple[ParsedDocument, ...]:
    """The invented county's report with a date as a value and a labelled field, and its motion."""
    one = report()
    text = one.document.text
    items = []
    for item in one.items:
        start = text.find("1. Mai 2026")
        if item.key == NORTH:
            value = Value(ValueKind.DATE, "1. Mai 2026", "2026-05-01", start, start + len("1. Mai 2026"))
            place = text.find("Bergheim auf zwölf")
            said = Field("Orte", "Bergheim auf zwölf Kilometern", None, 1, place)
            item = replace(item, values=(value,), fields=(said,))
        items.append(item)
    return replace(one, items=tuple(items)), motion()


def after(*corrections: Correction) -> Catalogue:
    return Catalogue.of(papers()).amended(Amendments(corrections))


def states(*corrections: Correction) -> list[State]:
    return [one.state for one in after(*corrections).outcomes]


def test_each_part_of_a_record_is_corrected_and_says_so() -> None:
    changed = after(*MANY)
    north = changed.item(DOCUMENT, NORTH)
    assert north is not None
    assert (north.title, north.status, north.responsible, north.dates) == (
        "Radweg Nord",
        ItemStatus.PLANNED,  # the newer of two
        ("70 Umwelt",),
        ("2027-06-01",),
    )
    assert "fünfzehn" not in north.body or "dreizehn" not in north.body
    assert "01.06.2027" in north.body and "1. Mai 2026" not in north.body and "1,2 Mio." not in north.body
    assert {one.field for one in north.corrected} == {"status", "title", "unit", "date", "text"}
    assert all(one.reason == "Beschluss des Kreistags" for one in north.corrected)
    loading = changed.item(DOCUMENT, "2.1.3.1")
    assert loading is not None and loading.responsible == ("Dez. 06", "67 Grünflächen", "80 Wirtschaft")
    assert north.theme is not None and north.theme.title == "Verkehr" and north.path[0] == "2 Verkehr"
    assert "Radweg Nord" in changed.documents[DOCUMENT].text
    assert all(not item.corrected for item in changed.as_read.items)


def test_what_no_longer_fits_is_told_and_not_carried_out() -> None:
    assert states(fix("7.7", Part.STATUS, "idea")) == [State.NO_ITEM]
    assert states(replace(STATUS, document_id="weg")) == [State.NO_DOCUMENT]
    assert states(fix(NORTH, Part.STATUS, "idea", "planned")) == [State.READ_OTHERWISE]
    assert states(fix(NORTH, Part.STATUS, "in_progress", "planned")) == [State.NEEDLESS]
    assert states(fix(NORTH, Part.TEXT, "x", "e")) == [State.AMBIGUOUS]
    assert states(fix(NORTH, Part.TEXT, "x", "steht nirgends")) == [State.READ_OTHERWISE]
    assert states(fix(NORTH, Part.TEXT, "zwölf Kilometern", "elf Meilen")) == [State.NEEDLESS]
    assert states(fix("neu", Part.ITEM, "Anderes"), fix(NORTH, Part.PAGE, "2")) == [State.NO_ITEM] * 2
    changed = after(fix(NORTH, Part.STATUS, "idea", "planned"))
    assert changed.items == changed.as_read.items
    assert changed.outcomes[0].read == "in_progress"


def test_of_overlapping_spans_one_holds_and_the_other_says_so() -> None:
    overlapping = MANY[9:11]
    told = sorted(states(*overlapping))
    assert told == [State.APPLIED, State.OVERTAKEN]
    north = after(*overlapping).item(DOCUMENT, NORTH)
    assert north is not None and len(north.corrected) == 1 and north.corrected[0].value in north.body


def test_a_wording_that_stands_twice_is_changed_where_it_was_meant() -> None:
    one = papers()[0]
    items = tuple(replace(item, title="Kilometern") if item.key == NORTH else item for item in one.items)
    text = one.document.text.replace("2.1.2.3 Radschnellweg Nord", "2.1.2.3 Kilometern Nordweg")
    items = tuple(replace(item, heading="2.1.2.3 Kilometern Nordweg") if item.key == NORTH else item for item in items)
    chunks = tuple(replace(chunk, text=text[chunk.start : chunk.end]) for chunk in one.chunks)
    changed = Catalogue.of([replace(one, document=replace(one.document, text=text), items=items, chunks=chunks)])
    amended = changed.amended(Amendments((fix(NORTH, Part.TITLE, "Meilen", "Kilometern"),)))
    north = amended.item(DOCUMENT, NORTH)
    assert north is not None and north.heading == "2.1.2.3 Meilen Nordweg" and "zwölf Kilometern" in north.body
    whole(amended)


def whole(catalogue: Catalogue) -> None:
    """Every place of the catalogue points to the words that it is said to."""
    for chunk in catalogue.chunks:
        assert catalogue.documents[chunk.document_id].text[chunk.start : chunk.end] == chunk.text
    for item in catalogue.items:
        text = catalogue.documents[item.document_id].text
        assert text[item.start : item.end].startswith(item.heading.strip())
        assert not item.body or item.body.rstrip() in text[item.start : item.end]
        for value in item.values:
            assert text[value.start : value.end] == value.text
        for one in item.fields:
            assert text[one.start : one.start + len(one.text)] == one.text


@given(some.lists(some.sampled_from(MANY), unique=True), some.randoms())
def test_order_does_not_matter_and_places_hold(chosen: list[Correction], random: object) -> None:
    shuffled = list(chosen)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = after(*chosen), after(*shuffled, *chosen)
    assert (one.items, one.chunks, one.documents, one.outcomes) == (
        other.items,
        other.chunks,
        other.documents,
        other.outcomes,
    )
    whole(one)
    assert one.parsed() == Catalogue.of(papers()).parsed()


@given(
    some.sampled_from([NORTH, "2.1.3.1", "2.1.4.1", "2"]),
    some.integers(0, 80),
    some.integers(1, 40),
    some.text(some.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=30),
)
def test_any_span_of_an_item_may_be_corrected(key: str, start: int, length: int, value: str) -> None:
    item = Catalogue.of(papers()).item(DOCUMENT, key)
    assert item is not None
    own = papers()[0].document.text[item.start : item.end]
    span = own[start : start + length]
    if not span.strip() or span == value or own.count(span) != 1:
        return
    changed = after(fix(key, Part.TEXT, value, span))
    assert [one.state for one in changed.outcomes] == [State.APPLIED]
    place = item.start + start
    assert changed.documents[DOCUMENT].text == (
        papers()[0].document.text[:place] + value + papers()[0].document.text[place + len(span) :]
    )
    for chunk in changed.chunks:
        assert changed.documents[chunk.document_id].text[chunk.start : chunk.end] == chunk.text


def test_carried_out_over_what_says_so_already_nothing_changes() -> None:
    once, _ = corrected(papers(), [STATUS])
    twice, outcomes = corrected(once, [STATUS])
    assert twice == once and [one.state for one in outcomes] == [State.NEEDLESS]


def test_an_edition_holds_what_was_read_and_what_was_corrected(tmp_path: Path) -> None:
    store = EditionStore(tmp_path)
    first = store.publish(papers())
    second = store.publish(papers(), amendments=Amendments((STATUS, MANY[9])))
    assert second.changed and not store.publish(papers()).changed
    edition = store.open()
    north = edition.catalogue.item(DOCUMENT, NORTH)
    assert north is not None and north.status is ItemStatus.IMPLEMENTED and "fünfzehn" in north.body
    assert edition.lexical.size == len(edition.catalogue.chunks)
    assert edition.catalogue.parsed() == Catalogue.of(papers()).parsed()
    again = store.publish(edition.catalogue.parsed(), report=edition.report)  # as other commands do
    edition.close()
    assert not again.changed
    third = store.publish(papers(), amendments=Amendments())
    with_nothing = store.open()
    assert with_nothing.catalogue.items == with_nothing.catalogue.as_read.items
    assert third.changed and first.name != third.name
    with_nothing.close()


def test_a_record_that_is_none_stays_as_a_section_and_counts_no_more() -> None:
    title = after().item(DOCUMENT, NORTH).title  # type: ignore[union-attr]
    gone = after(fix(NORTH, Part.RECORD, "", title))
    north, as_read = gone.item(DOCUMENT, NORTH), after().item(DOCUMENT, NORTH)
    assert north is not None and as_read is not None
    assert (north.kind, north.status, north.family) == (ItemKind.SECTION, None, None) and north.body == as_read.body
    assert [one.field for one in north.corrected] == ["record"]
    assert [gone.chunks_of(north)] == [after().chunks_of(as_read)]
    assert states(fix(NORTH, Part.RECORD, "", "Anders")) == [State.READ_OTHERWISE]


def test_a_record_that_is_two_is_split_and_no_character_is_lost() -> None:
    as_read = after().item(DOCUMENT, NORTH)
    assert as_read is not None
    said = as_read.body.split()[4]
    assert as_read.body.count(said) == 1
    catalogue = after(fix(NORTH, Part.SPLIT, "Zweites Vorhaben", said))
    first, second = catalogue.item(DOCUMENT, NORTH), catalogue.item(DOCUMENT, f"{NORTH}~2")
    assert first is not None and second is not None
    assert (second.title, second.ref, second.kind, second.family) == (
        "Zweites Vorhaben", as_read.ref, as_read.kind, as_read.family,
    )  # fmt: skip
    joined = f"{first.body} {second.heading} {second.body}"
    assert joined.split() == as_read.body.split() and second.start == first.end
    chunks = [*catalogue.chunks_of(first), *catalogue.chunks_of(second)]
    before = "".join(one.text for one in after().chunks_of(as_read))
    assert "".join("".join(one.text for one in chunks).split()) == "".join(before.split())
    assert [one.field for one in (*first.corrected, *second.corrected)] == ["split", "split"]
    assert states(fix(NORTH, Part.SPLIT, "Zweites", "steht nicht da")) == [State.READ_OTHERWISE]
    assert states(fix("9.9", Part.SPLIT, "Zweites", said)) == [State.NO_ITEM]
    assert states(*(fix(item.key, Part.SPLIT, "Zweites") for item in papers()[0].items)) == [
        State.READ_OTHERWISE
    ] * len(papers()[0].items)


def test_units_that_an_edition_of_an_earlier_version_named_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "amendments").mkdir()
    kept = Amendments((STATUS,)).dumped().removesuffix(b"}") + b',"organisations":[{"code":"10","name":"Amt"}]}'
    (tmp_path / "amendments" / "amendments.json").write_bytes(kept)
    assert read_amendments(tmp_path) == Amendments((STATUS,))
