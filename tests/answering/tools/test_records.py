"""The tool `records`: every condition, against looking at each record by itself; what is unknown;
what is complete.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from service.answering import (
    Conditions,
    Filters,
    Group,
    Selection,
    Sort,
    UnknownValue,
    look_up_topic,
)
from service.answering.tools.records import count_groups, largest_amount, sort_items
from service.answering.tools.schemas import RecordsArguments
from service.answering.tools.toolbox import Tools
from service.records import can_lie_within, period_of, pointer_matches, unit_matches
from tests.answering.tools.conftest import Over
from tests.ingest.cases import cases
from tests.service.county import report
from vectorstore.language import fold_umlauts
from vectorstore.records import (
    Evidence,
    Family,
    Item,
    ItemKind,
    ItemStatus,
    RefTitle,
    Value,
    ValueKind,
)

REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
TOPICS = ["Radverkehr", "Klima", "Wasser", "Wohnen", "Digitalisierung", "Pflege", "Jugend und Schule", "Bus", "Energie",
          "Was wird für Familien getan?", "radwege", "Hochwasser", "Raumfahrt"]  # fmt: skip


def refs(selection: Selection) -> list[str]:
    return [item.ref for item in selection.items]


@cases("printed", "unit", "matches")
def test_a_unit_is_asked_for_by_its_whole_number_or_name(
    printed: str, unit: str, matches: bool
) -> None:
    assert unit_matches(printed, unit) == matches


@cases("asked", "expected")
def test_conditions(county: Tools, asked: dict[str, Any], expected: tuple[str, ...]) -> None:
    """What lists of the API do not ask for in `tests/service/test_lists.py`."""
    assert refs(county.select(Filters(documents=("auenland-report",), **asked))) == list(expected)


@cases("asked", "known")
def test_an_unknown_value_is_an_error_that_names_the_known_ones(
    county: Tools, asked: dict[str, Any], known: str
) -> None:
    with pytest.raises(UnknownValue) as text:
        county.records(RecordsArguments(**asked))
    assert known in text.value.known_text.split(", ") and known in str(text.value)


@cases("asked")
def test_an_argument_that_no_tool_has_is_an_error(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        RecordsArguments.model_validate(asked)


def test_a_long_list_of_known_values_is_cut_with_its_number() -> None:
    text = str(UnknownValue("unit", "x", tuple(f"Amt {item}" for item in range(200))))
    assert "Amt 59" in text and "Amt 60" not in text and "200" in text


def met(item: Item, asked: Filters, tools: Tools) -> bool:
    """Whether a record meets conditions, told by itself."""
    above = [item, *tools.corpus.catalogue.ancestors(item)]

    def within(kind: ItemKind, pointer: RefTitle | None, value: str) -> bool:
        named = [RefTitle(item.ref, item.title) for item in above if item.kind is kind] + (
            [pointer] if pointer else []
        )
        return any(pointer_matches(item, value) for item in named)

    archived = item.status is ItemStatus.ARCHIVED
    return all(
        (
            item.status in asked.statuses if asked.statuses else not archived,
            not asked.kinds or item.kind in asked.kinds,
            not asked.documents or item.document_id in asked.documents,
            not asked.theme or within(ItemKind.THEME, item.theme, asked.theme),
            not asked.goal or within(ItemKind.GOAL, item.goal, asked.goal),
            not asked.unit
            or any(unit_matches(element, asked.unit) for element in item.responsible),
            not asked.place or fold_umlauts(asked.place) in map(fold_umlauts, item.municipalities),
            not asked.since or any(can_lie_within(date, asked.since, "") for date in item.dates),
            not asked.year or any(date.startswith(asked.year) for date in item.dates),
            not asked.words
            or fold_umlauts(asked.words)
            in fold_umlauts(" ".join((item.ref, item.title, item.heading, item.body))),
        )
    )


@st.composite
def filters(draw: st.DrawFn) -> dict[str, Any]:
    """Conditions of values that the sample has; most of them left out."""

    def perhaps(*values: Any) -> Any:
        return draw(st.sampled_from([values[0], values[0], *values]))

    return {
        "kinds": perhaps(
            (), (ItemKind.PROJECT,), (ItemKind.MEASURE, ItemKind.GOAL), (ItemKind.SECTION,)
        ),
        "documents": perhaps((), (REPORT,), ("lauterfeld-leitbild-entwurf", REPORT)),
        "statuses": perhaps((), (ItemStatus.IDEA,), (ItemStatus.ARCHIVED,), tuple(ItemStatus)),
        "theme": perhaps("", "5", "mobilität", "Klima"),
        "goal": perhaps("", "1.1", "5.2", "B.I"),
        "unit": perhaps("", "80", "80.01", "53"),
        "place": perhaps("", "Hohenquelm", "bad lauven"),
        "since": perhaps("", "2026", "2027-06", "2030-01-01"),
        "words": perhaps("", "rad", "kreis"),
        "year": perhaps("", "2026", "2030"),
    }


@settings(deadline=None, max_examples=120)
@given(chosen=filters())
def test_a_list_is_what_looking_at_each_record_gives(tools: Tools, chosen: dict[str, Any]) -> None:
    asked = Filters(**chosen)
    documents = asked.documents or tuple(tools.corpus.catalogue.documents)
    expected = [
        item for document in documents for item in tools.corpus.catalogue.items_of(document)
    ]
    assert list(tools.select(asked).items) == [item for item in expected if met(item, asked, tools)]


@pytest.mark.parametrize("topic", TOPICS)
def test_the_same_words_give_the_same_records_everywhere(tools: Tools, topic: str) -> None:
    """The look-up, lists of each kind, the tool with that kind and the tool over one document after
    the other.
    """
    covered = {
        (item.document_id, item.key, item.kind) for item in look_up_topic(tools, topic).items
    }
    for kind in (item for item in ItemKind if item is not ItemKind.THEME):
        listed = {
            (item.document_id, item.key)
            for item in tools.select(Filters(topic=topic, kinds=(kind,))).items
        }
        text = {
            (item.document_id, item.key)
            for item in tools.records(RecordsArguments(topic=topic, kinds=(kind,))).entries
        }
        assert (
            listed == text == {(document, key) for document, key, item in covered if item is kind}
        )


def test_with_a_topic_nobody_says_that_it_is_all(tools: Tools) -> None:
    reply = tools.records(RecordsArguments(topic="Radverkehr"))
    assert (
        reply.found == len(reply.entries) > 2
        and reply.complete is None
        and "Wörtern" in reply.why[0]
    )
    assert all(item.passage and item.score for item in reply.entries)
    title = next(item.title for item in tools.corpus.catalogue.items if item.kind is ItemKind.THEME)
    assert tools.records(RecordsArguments(topic=title)).complete is True
    assert tools.records(RecordsArguments(topic="Raumfahrt")).found == 0


@pytest.mark.parametrize(
    ("family", "complete", "words"),
    [
        (Family("{n}", ItemKind.PROJECT, 5, 5, True), True, ""),
        (
            Family("{n}", ItemKind.PROJECT, 5, 9, False, (Evidence("Verzeichnis", 2),)),
            False,
            "nennt 9 Projekte",
        ),
        (Family("{n}", ItemKind.PROJECT, 5), None, "nicht sicher"),
    ],
)
def test_a_family_says_how_complete_a_list_is(
    over: Over, family: Family, complete: bool | None, words: str
) -> None:
    item = report()
    made = over([replace(item, document=replace(item.document, families=(family,)))])
    reply = made.records(RecordsArguments(kinds=(ItemKind.PROJECT,), status=(ItemStatus.IDEA,)))
    assert (reply.found, reply.complete) == (2, complete) and words in " ".join(reply.why)
    assert made.records(RecordsArguments(kinds=(ItemKind.GOAL,))).complete is True, (
        "families of others do not matter"
    )


def test_groups_count_every_value_of_a_record(tools: Tools) -> None:
    items = tools.select(Conditions(kinds=(ItemKind.PROJECT,))).items
    for group in Group:
        counts = count_groups(items, group, tools.corpus.catalogue)
        assert sum(count.count for count in counts) >= len(items) or group is Group.NOTHING
    reply = tools.records(RecordsArguments(kinds=(ItemKind.PROJECT,), group_by=Group.STATUS))
    content = {value.id: value.count for value in reply.groups}
    assert content == {
        value.value: sum(item.status is value for item in items)
        for value in ItemStatus
        if value.value in content
    }
    assert sum(content.values()) == reply.found


def test_the_most_and_the_latest_come_first_and_what_states_nothing_last(tools: Tools) -> None:
    items = tools.select(Conditions(kinds=(ItemKind.PROJECT, ItemKind.MEASURE))).items
    amounts = [largest_amount(item) for item in sort_items(items, Sort.AMOUNT)]
    stated = [amount[0] for amount in amounts if amount]
    assert stated and stated == sorted(stated, reverse=True) and not any(amounts[len(stated) :])
    ends = [period_of(item).deadline for item in sort_items(items, Sort.END)]
    text = [end for end in ends if end]
    assert text and ends[: len(text)] == text and text[0][:4] == max(text)[:4]
    assert sort_items(items, Sort.PAPER) == items


def test_dates_without_month_or_day_are_sorted_among_whole_ones(tools: Tools) -> None:
    (item, *_) = tools.select(Conditions(kinds=(ItemKind.PROJECT,))).items

    def until(day: str) -> Item:
        values = (Value(ValueKind.DATE, day, day, 0, 1),)
        return replace(item, title="Weg", period=day, values=values)

    days = ["2026-12-01", "2030-01-01", "2026", "2026-12", "2029"]
    latest_first = [i.period for i in sort_items([until(day) for day in days], Sort.END)]
    assert latest_first == ["2030-01-01", "2029", "2026", "2026-12", "2026-12-01"]
