"""What people ask a county first, in their own words: everyday topics, and which titles of records are on them.

General knowledge, the same for every edition. In the forms that stand here the questions are read as ones for an
overview; a topic whose English question is not read so has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from vectorstore.catalogue import Catalogue
from vectorstore.records import ItemKind, ItemStatus

LEAST = 3  # records on a topic that make an overview, as in the composer of overviews


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: its questions by language, and a pattern of titles that are about it."""

    questions: dict[str, str]
    titles: re.Pattern[str]


def _topic(titles: str, german: str, english: str = "") -> Topic:
    questions = {"de": german} | ({"en": english} if english else {})
    return Topic(questions, re.compile(titles, re.IGNORECASE))


TOPICS = (
    _topic(
        r"famili|\bkinder|\bkita|kindertages",
        "Was wird für Familien mit Kindern getan?",
        "What is being done for families?",
    ),
    _topic(
        r"bus\b|\bbus(?!ine)|buslinie|busverkehr|\bbahn|öpnv|haltestelle|nahverkehr", "Was wird für Bus und Bahn getan?"
    ),
    _topic(r"wohn(?!er)", "Was wird für bezahlbares Wohnen getan?", "What is the county doing about housing?"),
    _topic(r"\bälter|senior|pflege", "Was wird für ältere Menschen getan?"),
    _topic(
        r"gesundheit|ärzt|arzt|medizin|klinik", "Was wird für die Gesundheit getan?", "What is being done for health?"
    ),
    _topic(r"schul(?!d|ung)", "Was wird für Schulen getan?", "What is being done for schools?"),
    _topic(r"rad(?:verkehr|weg|schnell)|fahrr[aä]d", "Was wird für den Radverkehr getan?"),
    _topic(r"klima", "Was wird für den Klimaschutz getan?"),
    _topic(r"jugend", "Was wird für Jugendliche getan?", "What is being done for young people?"),
    _topic(r"\bnatur|artenvielfalt|artenschutz", "Was wird für den Naturschutz getan?"),
)


def everyday_questions(catalogue: Catalogue, language: str) -> Iterator[str]:
    """Yield the questions on topics of which the documents have enough records, what most people ask first."""
    titles = [
        one.title
        for one in catalogue.items
        if one.kind is not ItemKind.SECTION and one.status is not ItemStatus.ARCHIVED
    ]
    for topic in TOPICS:
        if language in topic.questions and sum(1 for title in titles if topic.titles.search(title)) >= LEAST:
            yield topic.questions[language]
