"""Which goal covers a topic: the records of the tool with reasons; apart from them what only stands near it."""

from __future__ import annotations

from prompts import say
from service.answering.finding.sentences import Chooser
from service.answering.query import Conditions
from service.answering.tools.forms import SearchArguments
from service.answering.tools.records import THEMELESS
from service.answering.tools.tools import PASSAGE, SHOWN, Tools
from service.models import LookupItem, LookupResult, SearchItem, SearchResult
from service.records import record_of
from vectorstore.records import Item

_FOUND = 0.35  # what the finder's score of a record adds to its weight on the topic: it orders, it does not choose
_NEAR_SAID, _NEAR_SUPPORT = 0.45, 0.5  # share of the words, or support by a concept, from which an entry is near
_NEAR_OF_BEST, _NEAREST = 0.6, 6


def looked_up(tools: Tools, query: str, language: str = "de") -> LookupResult:
    """Every goal, project and other item on the topic, best first, each with why; `nearest` where there is none."""
    items = covering(tools, query, language=language)
    nearest = [] if items else _around(tools, query, language)
    edition = tools.corpus.edition.name
    return LookupResult(query=query, covered=bool(items), items=items, nearest=nearest, corpus_edition=edition)


def covering(tools: Tools, topic: str, documents: tuple[str, ...] = (), language: str = "de") -> list[LookupItem]:
    """The records on a topic, the surest first, with why."""
    chosen = tools.select(Conditions(topic=topic, documents=documents, kinds=THEMELESS))
    listed = {(one.document_id, one.key) for one in chosen.items}
    found = tools.finder.find(topic, documents or None, language=language) if listed else []
    lift = {(one.item.document_id, one.item.key): _FOUND * one.score / found[0].score for one in found}
    keyed = (((one.item.document_id, one.item.key), one) for one in chosen.matches)
    weighed = [(one.weight + lift.get(key, 0.0), one) for key, one in keyed if key in listed]
    weighed.sort(key=lambda one: -one[0])
    items, chooser = list[LookupItem](), tools.chooser(topic, language)
    for place, (weight, one) in enumerate(weighed):
        why = [say(f"lookup.{way.kind.value}", by=way.by) for way in one.ways]
        items.append(_item(tools, one.item, weight, why, chooser if place < SHOWN else None))
    return items


def searched(tools: Tools, asked: SearchArguments, language: str = "de") -> SearchResult:
    """What the tool `search` gives, as whole records."""
    catalogue, items = tools.corpus.catalogue, []
    for one in tools.search(asked, language).entries:
        if item := catalogue.item(one.document_id, one.key):
            record = record_of(item, catalogue.documents[one.document_id])
            items.append(SearchItem(**dict(record), score=one.score or 0.0, passage=one.passage))
    return SearchResult(query=asked.text, items=items, corpus_edition=tools.corpus.edition.name)


def says_it(reason: str) -> bool:
    """Tell whether a reason says that the record itself names the topic, not only what is akin to it."""
    return reason.startswith(say("lookup.says", by="").rstrip("“"))


def _around(tools: Tools, query: str, language: str) -> list[LookupItem]:
    """The few entries that stand near a topic which no record names; may be none."""
    found = tools.finder.find(query, language=language, limit=_NEAREST, kinds=THEMELESS)
    if not found or not (found[0].coverage >= _NEAR_SAID or found[0].support >= _NEAR_SUPPORT):
        return []
    chooser, best = tools.chooser(query, language), found[0].score
    near = [one for one in found if one.score >= _NEAR_OF_BEST * best]
    return [_item(tools, one.item, one.score / best, [say("lookup.near")], chooser) for one in near]


def _item(tools: Tools, item: Item, score: float, why: list[str], chooser: Chooser | None) -> LookupItem:
    record = record_of(item, tools.corpus.document(item))
    said = (chooser.passage(item, PASSAGE) if chooser else "") or item.heading
    return LookupItem(**dict(record), score=round(score, 4), why=list(dict.fromkeys(why)), passage=said)
