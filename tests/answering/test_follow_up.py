"""A follow-up is the query before with what the new question changes."""

from __future__ import annotations

import pytest

from service.answering import AnswerService, AnswerType, Conditions, Group, Intent, RecordFilter
from service.answering.query import Query
from service.answering.reading.follow_up import read_in_conversation
from service.answering.reading.references import refers_back
from service.records import Turn
from tests.answering.truth import DRAFT, REPORT
from vectorstore.records import ItemKind, ItemStatus

PLANNED = "Welche Projekte sind in Planung?"
BUS, STREETS = "5.1.1.1", "5.2.3.1"


def read(
    service: AnswerService, question: str, *history: str, cited: tuple[str, ...] = ()
) -> Query:
    turns = [
        Turn(role="assistant" if place % 2 else "user", content=text)
        for place, text in enumerate(history)
    ]
    if cited:
        turns.append(
            Turn(
                role="assistant", content="Gefunden.", citations=[(REPORT, item) for item in cited]
            )
        )
    return read_in_conversation(question, turns, service.parts.reader, None, ()).query


def test_a_new_place_is_added_to_the_list_before(service: AnswerService) -> None:
    query = read(service, "Und in Hohenquelm?", "Welche Projekte gibt es?")
    assert query.intent is Intent.LIST and query.conditions.place == "Hohenquelm"
    assert query.conditions.kinds == read(service, "Welche Projekte gibt es?").conditions.kinds


@pytest.mark.parametrize(
    ("question", "ref"),
    [
        ("Wer ist für das erste zuständig?", BUS),
        ("Wer ist für das zweite zuständig?", STREETS),
        ("Wer ist dafür zuständig?", BUS),
    ],
)
def test_ordinals_and_pronouns_point_to_what_was_cited(
    service: AnswerService, question: str, ref: str
) -> None:
    for cited in ((BUS, STREETS), ("gibt-es-nicht", BUS, STREETS)):
        query = read(service, question, "Was ist der Nachtbus?", cited=cited)
        assert query.entries == ((REPORT, ref),) and query.answer_type is AnswerType.RESPONSIBLE


def test_items_of_an_answer_are_read_in_its_text_where_no_citation_is_given(
    service: AnswerService,
) -> None:
    text = (
        "Zwei: 5.2.2.1 Radschnellverbindung Lauterfeld – Dornquell [1] "
        "und 5.2.2.2 Radwege an Kreisstraßen [2]."
    )
    assert read(
        service, "Wer ist für das zweite zuständig?", "Welche Radprojekte laufen?", text
    ).entries == ((REPORT, "5.2.2.2"),)


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("1 Projekt mit dem Status „Idee“ (Stand 01.03.2026).", ()),
        ("3 Projekte; die Sitzung begann um 5.2 Uhr [1].", ()),
        ("Es geht um Heimatkunde und um 2 Schulen.", ()),
        ("1 Projekt: 5.1.1.1 Nachtbus am Wochenende [1].", ((REPORT, BUS),)),
        ("These 3 [1] und 5 Themen.", ((DRAFT, "3"),)),
    ],
)
def test_neither_a_count_nor_a_part_of_a_word_is_an_items_number(
    service: AnswerService, text: str, entries: tuple[tuple[str, str], ...]
) -> None:
    query = read(service, "Wer ist dafür zuständig?", "Was gibt es zum Bus?", text)
    assert query.entries == entries


WORKS = ("1.1.1.1", "2.1.1.1", "3.1.1.1", "4.1.1.1", "5.1.1.1")


@pytest.mark.parametrize(
    ("question", "ref"),
    [
        ("Was ist das dritte?", "3.1.1.1"),
        ("was steht beim dritten?", "3.1.1.1"),
        ("Wie weit ist das dritte davon?", "3.1.1.1"),
        ("Erzähl mir mehr zum 2.", "2.1.1.1"),
        ("Worum geht es beim letzten?", "5.1.1.1"),
        ("Ist das vierte Projekt schon fertig?", "4.1.1.1"),
    ],
)
def test_a_place_counts_the_rows_of_the_answer(
    service: AnswerService, question: str, ref: str
) -> None:
    query = read(service, question, "Welche Projekte sind umgesetzt?", cited=WORKS)
    assert (query.entries, query.numbered_count) == (((REPORT, ref),), 1)
    assert not query.conditions.topic


@pytest.mark.parametrize(
    "question", ["Was wurde letztes Jahr gebaut?", "Sind die erst geplant?", "Sind acht fertig?"]
)
def test_what_is_no_place_among_rows_points_to_none(service: AnswerService, question: str) -> None:
    query = read(service, question, "Welche Projekte sind umgesetzt?", cited=WORKS)
    assert query.entries != ((REPORT, WORKS[0]),) and query.entries != ((REPORT, WORKS[-1]),)


def test_a_place_without_a_row_is_an_unknown_number(service: AnswerService) -> None:
    query = read(service, "Was ist das neunte?", "Welche Projekte sind umgesetzt?", cited=WORKS)
    assert (query.entries, query.unknown) == ((), ("9",))


def test_a_part_of_a_list_keeps_its_conditions(service: AnswerService) -> None:
    query = read(service, "nur die von 66", PLANNED)
    assert query.intent is Intent.LIST and query.conditions.unit == "66"
    assert query.conditions.statuses == (ItemStatus.PLANNED,)
    assert query.conditions.kinds == (ItemKind.PROJECT,)
    of_theme = read(service, "Welche davon betreffen die Mobilität?", PLANNED)
    assert of_theme.conditions.theme == "5" and not of_theme.conditions.topic
    assert of_theme.conditions.statuses == (ItemStatus.PLANNED,)


def test_a_topic_within_a_topic_is_both_and_another_topic_replaces_it(
    service: AnswerService,
) -> None:
    before = "Welche Projekte zum Radverkehr gibt es?"
    part = read(service, "davon zu Schulen?", before).conditions
    assert (part.topic, part.within) == ("Schulen", ("Radverkehr",))
    other = read(service, "Und zur Pflege?", before).conditions
    assert (other.topic, other.within) == ("Pflege", ())


def test_a_topic_within_a_topic_selects_what_is_in_both(service: AnswerService) -> None:
    def rows(*topics: str) -> set[str]:
        conditions = Conditions(topic=topics[0], within=topics[1:], kinds=(ItemKind.PROJECT,))
        selection = RecordFilter(service.parts.retriever, conditions).select()
        return {item.ref for item in selection.items}

    both = rows("Bus", "Radverkehr")
    assert both == rows("Bus") & rows("Radverkehr") and both < rows("Radverkehr")


def test_a_comparison_is_not_answered_by_one_of_its_sides(service: AnswerService) -> None:
    query = read(service, "Was ist der Unterschied?", "Was ist der Nachtbus?", cited=(BUS,))
    assert not query.entries


def test_what_was_counted_is_listed_on_demand(service: AnswerService) -> None:
    query = read(service, "Welche sind das?", "Wie viele Projekte sind umgesetzt?", cited=WORKS)
    assert query.intent is Intent.LIST and not query.entries
    assert query.conditions.statuses == (ItemStatus.IMPLEMENTED,)


def test_a_fact_of_many_records_is_told_of_all_of_a_few_of_each(service: AnswerService) -> None:
    question, before = "Wer ist dafür zuständig?", "Welche Projekte sind umgesetzt?"
    of_all = read(service, question, before, cited=WORKS)
    assert (of_all.intent, of_all.group) == (Intent.LIST, Group.UNIT)
    of_each = read(service, question, before, cited=WORKS[:2])
    assert of_each.entries == tuple((REPORT, ref) for ref in WORKS[:2])


@pytest.mark.parametrize(
    "question", ["Was ist das zweite?", "Wo steht das?", "davon die umgesetzten", "Und 5.1.1.1?"]
)
@pytest.mark.parametrize("cited", [(), WORKS])
def test_a_history_adds_no_document_to_those_of_the_request(
    service: AnswerService, question: str, cited: tuple[str, ...]
) -> None:
    turns = [
        Turn(role="user", content="Welche Projekte des Nachhaltigkeitsberichts sind fertig?"),
        Turn(
            role="assistant",
            content="5.1.1.1 Nachtbus am Wochenende [1], 5.2.2.2 Radwege an Kreisstraßen [2].",
            citations=[(REPORT, ref) for ref in cited],
        ),
    ]
    query = read_in_conversation(question, turns, service.parts.reader, None, (DRAFT,)).query
    assert query.conditions.documents == (DRAFT,) and query.entries == ()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Wann kommt der an der K 7?", True),
        ("seit wann arbeiten die zusammen?", True),
        ("Nenn mir nur die zum Hochwasser", True),
        ("Wird er gebaut?", True),
        ("wer macht das", True),
        ("Wann kommt der Radweg an der K 7?", False),
        ("Was tut der Kreis gegen die Hitze?", False),
        ("was tut der kreis gegen die hitze?", False),
        ("Welche Projekte, die laufen, gibt es?", False),
        ("Was kosten die neuen Haltestellen?", False),
        ("Was kosten die 10 Projekte?", False),
    ],
)
def test_a_pronoun_without_a_noun_refers_back(
    service: AnswerService, question: str, *, expected: bool
) -> None:
    assert refers_back(question, "de", service.parts.matcher.is_noun) is expected


def test_a_pronoun_is_read_with_the_topic_and_document_before(service: AnswerService) -> None:
    before = "Welche Radwege nennt der Nachhaltigkeitsbericht?"
    query = read(service, "Wann kommt der an der K 7?", before)
    assert query.conditions.documents == (REPORT,)
    assert query.conditions.topic.split() == ["Radwege", "7"] and "Radwege" in query.text
    narrowed = read(service, "Nenn mir nur die zum Hochwasser", before)
    assert narrowed.conditions.documents == (REPORT,) and "Hochwasser" in narrowed.conditions.topic


@pytest.mark.parametrize("question", ["Ist das schon beschlossen?", "Is it already adopted?"])
def test_what_becomes_of_documents_is_asked_of_the_document_before(
    service: AnswerService, question: str
) -> None:
    query = read(service, question, "Was steht im Leitbild zur Pflege?")
    assert (query.intent, query.conditions.documents) == (Intent.DOCUMENT, (DRAFT,))
    of_record = read(service, question, "Was ist der Nachtbus?", cited=(BUS,))
    assert of_record.intent is not Intent.DOCUMENT


def test_a_publisher_alone_is_asked_the_question_before(service: AnswerService) -> None:
    query = read(service, "Was ist mit dem Kreis Lauterfeld?", "Was wird für Radwege getan?")
    assert query.conditions.topic == "Radwege"
    by_name = read(service, "Was ist das Leitbild?", "Was wird für Radwege getan?")
    assert (by_name.intent, by_name.conditions.documents) == (Intent.DOCUMENT, (DRAFT,))


def test_when_is_asked_of_what_was_found_not_of_its_document(service: AnswerService) -> None:
    query = read(service, "Und wann ist das?", "Was sagt der Nachhaltigkeitsbericht zum Nachtbus?")
    assert query.intent is not Intent.DOCUMENT and "Nachtbus" in query.text


def test_without_a_question_before_nothing_leans(service: AnswerService) -> None:
    turns = [Turn(role="assistant", content="Guten Tag.")]
    assert read_in_conversation(PLANNED, turns, service.parts.reader, None, ()).query == read(
        service, PLANNED
    )
