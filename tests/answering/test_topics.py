"""What a question is about once cues, names and filters are taken away, and what it counts."""

from __future__ import annotations

import pytest

from service.answering.finding.expansion import nominalised
from service.models import AnswerStatus
from tests.answering.conftest import Ask, Understand

TOPICS = [
    ("Wer ist für den Nachtbus zuständig?", {"Nachtbus"}),
    ("Wie ist der Stand der Plauderbänke?", {"Plauderbänke"}),
    ("Was sagt das Leitbild zur Pflege?", {"Pflege"}),
    ("Was sagt der Lauterfelder Bericht zu Radwegen?", {"Radwegen"}),
    ("Welches Ziel deckt Radwege ab?", {"Radwege"}),
    ("Wo steht etwas zur Holzbauweise?", {"Holzbauweise"}),
    ("Wurde die Bahnstrecke schon realisiert?", {"Bahnstrecke"}),
    ("Was sagen Bericht und Antrag jeweils zum Lärm?", {"Lärm"}),
    ("Who is responsible for the night bus?", {"night", "bus"}),
]
NO_TOPIC = [
    "Welche Projekte sind umgesetzt?",
    "Welche Mobilitätsprojekte sind bisher nur Ideen?",
    "Welche Projekte gibt es im Themenfeld Mobilität?",
    "Welche Projekte verantwortet die WAL?",
    "An welchen Projekten ist Hohenquelm beteiligt?",
    "Welche Projekte gehören zu Ziel 5.2?",
    "Welche Projekte stehen im Archiv?",
    "Wie viele Thesen hat das Leitbild?",
    "How many projects are implemented?",
    "Which mobility projects are still ideas?",
]
CHOSEN = [
    ("Welche Projekte befassen sich mit Radverkehr?", "Radverkehr"),
    ("Welche umgesetzten Projekte gibt es zum Wohnungsmarkt?", "Wohnungsmarkt"),
    ("Wie viele Projekte nennen Elektroautos?", "Elektroautos"),
]
COUNTED = [
    ("Wie viele Gebäude hat der Kreis?", "Gebäude"),
    ("Wie viele neue Wohnungen entstehen?", "Wohnungen"),
    ("Wie hoch ist die Arbeitslosenquote?", "Arbeitslosenquote"),
    ("Welche Einwohnerzahl hat der Kreis?", "Einwohnerzahl"),
    ("Wie oft wird das Grundwasser gemessen?", "gemessen"),
    ("How many buildings are there?", "buildings"),
    ("Was ist der Rufbus?", None),
    ("Wer ist zuständig?", None),
]
NAMES_WANTED = [
    ("Welche fünf Kommunen bekommen Dorfhelfer?", 5),
    ("Wie heißen die drei Berufskollegs?", 3),
    ("Welche Kommunen bekommen Dorfhelfer?", 0),
    ("Wie viele Kommunen gibt es?", 0),
    ("Was kosten die drei Windräder?", 0),
]


@pytest.mark.parametrize(("question", "words"), TOPICS)
def test_the_topic_is_what_remains(read: Understand, question: str, words: set[str]) -> None:
    assert {word.text for word in read(question).topic} == words


@pytest.mark.parametrize("question", NO_TOPIC)
def test_filters_take_their_words_with_them(read: Understand, question: str) -> None:
    assert read(question).topic == ()


@pytest.mark.parametrize(("question", "word"), CHOSEN)
def test_what_chooses_among_records_stays(read: Understand, question: str, word: str) -> None:
    assert word in {one.text for one in read(question).topic}


@pytest.mark.parametrize(("question", "thing"), COUNTED)
def test_the_thing_counted(read: Understand, question: str, thing: str | None) -> None:
    counted = read(question).measure.thing
    assert (thing is None and counted == "") or (thing is not None and thing in counted)


@pytest.mark.parametrize(("question", "number"), NAMES_WANTED)
def test_how_many_names_are_wanted(read: Understand, question: str, number: int) -> None:
    assert read(question).named_things[0] == number


@pytest.mark.parametrize(
    ("question", "spelling"), [("am 24. Oktober 2025", "24.10.2025"), ("am 9. Dezember 2025", "09.12.2025")]
)
def test_a_spoken_date_is_also_looked_for_as_printed(read: Understand, question: str, spelling: str) -> None:
    assert any(spelling in word.terms for word in read(f"Was wurde {question} erledigt?").topic)


def test_common_words_weigh_less_than_telling_ones(read: Understand) -> None:
    weights = {word.text: word.weight for word in read("Wer hat neue Wiedervernässung im Moor gemacht?").topic}
    assert weights["Wiedervernässung"] > weights.get("neue", 0.0)


@pytest.mark.parametrize("question", ["?", "und", "der die das", "...", "ß", "1", "🚲", "\u202e"])
def test_questions_without_sense_are_understood_as_nothing_special(read: Understand, question: str) -> None:
    query = read(question)
    assert not query.filters.narrow and not query.named


@pytest.mark.parametrize(
    ("verb", "noun"),
    [
        ("finanziert", "finanzierung"),
        ("gefördert", "förderung"),
        ("fördern", "förderung"),
        ("geplant", "planung"),
        ("saniert", "sanierung"),
        ("beteiligt", "beteiligung"),
    ],
)
def test_a_verb_finds_the_noun_of_official_german(verb: str, noun: str) -> None:
    assert noun in nominalised(verb)


def test_nouns_have_no_noun_of_their_own() -> None:
    assert nominalised("Finanzierung") == [] and nominalised("K51") == []


@pytest.mark.parametrize(
    ("question", "verb"),
    [
        ("Seit wann arbeiten Kreis und Kommunen zusammen?", "zusammenarbeiten"),
        ("Wer arbeitet hier mit wem zusammen?", "zusammenarbeitet"),
    ],
)
def test_a_verb_and_its_prefix_are_read_as_one(read: Understand, question: str, verb: str) -> None:
    assert verb in {word.text for word in read(question).topic}


@pytest.mark.parametrize("word", ["wichtigsten", "zentralen", "wesentlichen"])
def test_words_of_weight_are_no_topic(ask: Ask, word: str) -> None:
    plain = ask("Welche Projekte gibt es zur Mobilität?")
    weighed = ask(f"Welche {word} Projekte gibt es zur Mobilität?")
    assert [one.ref for one in weighed.citations] == [one.ref for one in plain.citations]


@pytest.mark.parametrize("question", ["Was ist das wichtigste Ziel?", "Welches Projekt ist am wichtigsten?"])
def test_what_matters_most_no_document_decides(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NOT_IN_DOCUMENTS
    assert answer.answer.startswith("Eine Rangfolge nennen die Dokumente nicht")
