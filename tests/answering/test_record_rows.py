"""Records by what conditions name: look-ups give those that looking at every record gives, in the same order."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.answering.composing.filter_check import FilterCheck
from service.answering.corpus import Corpus
from service.answering.query import Filters
from service.answering.record_rows import is_under, table_status
from service.record_filters import unit_matches
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemKind, ItemStatus

DONE, PLANNED, ARCHIVED = ItemStatus.IMPLEMENTED, ItemStatus.PLANNED, ItemStatus.ARCHIVED


def _theme(corpus: Corpus) -> tuple[str, str]:
    return next((one.document_id, one.key) for one in corpus.catalogue.items if one.kind is ItemKind.THEME)


def _goal(corpus: Corpus, *, last: bool = False) -> tuple[str, str]:
    goals = [one for one in corpus.catalogue.items if one.kind is ItemKind.GOAL and corpus.catalogue.children(one)]
    return goals[-1 if last else 0].document_id, goals[-1 if last else 0].key


def _asked(corpus: Corpus) -> list[Filters]:
    theme, goal, other = _theme(corpus), _goal(corpus), _goal(corpus, last=True)
    unit = next(one.responsible[0] for one in corpus.catalogue.items if one.responsible)
    place = next(one.municipalities[0] for one in corpus.catalogue.items if one.municipalities)
    return [
        Filters(),
        Filters(statuses=frozenset({DONE})),
        Filters(statuses=frozenset({PLANNED}), by_table=True),
        Filters(statuses=frozenset({ARCHIVED})),
        Filters(statuses=frozenset(ItemStatus)),
        Filters(without_statuses=frozenset({DONE, PLANNED})),
        Filters(without_statuses=frozenset({DONE}), by_table=True),
        Filters(refs=("5.1",)),
        Filters(refs=("B.V", "1")),
        Filters(refs=("unbekannt",)),
        Filters(themes=(theme,)),
        Filters(parents=(goal,)),
        Filters(parents=(goal, other)),
        Filters(themes=(theme,), parents=(goal,)),
        Filters(themes=(theme,), parents=(other,)),
        Filters(units=(unit,)),
        Filters(units=(unit.split(" ")[0], "nicht vorhanden"), statuses=frozenset({DONE})),
        Filters(unknown_units=("99.99",)),
        Filters(municipalities=(place,)),
        Filters(municipalities=(place, "Nirgendwo")),
        Filters(all_municipalities=True),
    ]


def _meets(item: Item, filters: Filters, corpus: Corpus) -> bool:
    """The same, record by record."""
    status = table_status(item) if filters.by_table else item.status
    above = {(one.document_id, one.key) for one in corpus.ancestors(item)}
    themes = [one for key in filters.themes if (one := corpus.catalogue.item(*key))]
    in_theme = any(_names(item, one) for one in themes if one.document_id == item.document_id)
    in_goal = bool(above & set(filters.parents))
    apart = {one.document_id for one in themes}.isdisjoint(key[0] for key in filters.parents)
    both = filters.themes and filters.parents and not apart
    return (
        (item.status is not ARCHIVED or ARCHIVED in filters.statuses)
        and (not filters.statuses or status in filters.statuses)
        and (not filters.without_statuses or (status is not None and status not in filters.without_statuses))
        and (not filters.refs or any(is_under(item.ref, one) for one in filters.refs))
        and (not (filters.themes or filters.parents) or ((in_theme and in_goal) if both else (in_theme or in_goal)))
        and (
            not (filters.units or filters.unknown_units)
            or any(unit_matches(printed, one) for printed in item.responsible for one in filters.units)
        )
        and (not filters.all_municipalities or item.all_municipalities)
        and all(one in item.municipalities for one in filters.municipalities)
    )


def _names(item: Item, theme: Item) -> bool:
    said = item.theme
    return item.key == theme.key or (
        said is not None and (said.ref == theme.ref or fold(said.title) == fold(theme.title))
    )


def test_conditions_are_met_by_the_records_that_meet_them_one_by_one(corpus: Corpus) -> None:
    met_by_some = 0
    for filters in _asked(corpus):
        check = FilterCheck(filters, corpus)
        wanted = [item for item in corpus.catalogue.items if _meets(item, filters, corpus)]
        assert [item for item in corpus.catalogue.items if check.met_by(item)] == wanted, filters
        members = [item for item in wanted if item.ref not in filters.refs]
        members = [item for item in members if (item.document_id, item.key) not in filters.parents]
        listed = corpus.records.among(check.met_as_listed, list(corpus.catalogue.documents))
        assert listed == members, filters
        met_by_some += bool(wanted)
    assert met_by_some > len(_asked(corpus)) / 2


@pytest.mark.parametrize("kind", [ItemKind.PROJECT, ItemKind.MEASURE, ItemKind.SECTION])
def test_members_come_document_by_document_as_these_are_asked(corpus: Corpus, kind: ItemKind) -> None:
    check, documents = FilterCheck(Filters(), corpus), list(corpus.catalogue.documents)
    for asked in (documents, documents[::-1], documents[1:3], [*documents[:1], "unbekannt"], []):
        wanted = [item for one in asked for item in corpus.catalogue.items_of(one) if item.kind is kind]
        wanted = [item for item in wanted if item.status is not ARCHIVED]
        assert check.members(kind, asked) == wanted


def test_a_theme_of_no_record_narrows_to_none(corpus: Corpus) -> None:
    check = FilterCheck(replace(Filters(), themes=(("unbekannt", "1"),)), corpus)
    assert not check.met.any()
