"""Freely worded sentences: right ones pass, changed ones do not, each kind of statement by its own
proof.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.answering import Corpus, Fragment, Verifier, make_answer
from service.answering.draft import Count
from service.answering.verification.translation import beside_original, is_faithful_translation
from service.records import AnswerMode, AnswerStatus
from tests.answering.agent.scripted import scripted_over
from tests.answering.truth import DRAFT, GOALS, MOTION, REPORT
from tests.answering.verification.saying import is_proven, item_of
from vectorstore.language import extract_quantities, squash
from vectorstore.records import Item

PLACES = st.integers(0, 10**6)
often = settings(max_examples=300, deadline=None)
VERB = re.compile(
    r"(?<!\w)(?:ist|sind|wird|werden|hat|haben|soll|sollen|kann|können|wurde|wurden)(?!\w)"
)
DENIED = re.compile(r"(?i)(?<!\w)(?:nicht|kein\w*|noch|statt|verzicht\w*)(?!\w)")
NUMBER = re.compile(r"\d{2,}")


@dataclass(frozen=True, repr=False, eq=False)  # far too long for the report of a failure
class Told:
    """The sentences of papers, each with the entry that it stands in."""

    sentences: list[tuple[str, Item]]

    def at(self, place: int) -> tuple[str, Item]:
        return self.sentences[place % len(self.sentences)]


@pytest.fixture(scope="session")
def told(corpus: Corpus) -> Told:
    told = [
        (sentence.text, item)
        for item in corpus.catalogue.items
        for sentence in corpus.sentences(item)
    ]
    found = [
        (text, item)
        for text, item in told
        if len(text) > 40 and text[0].isupper() and text.endswith(".")
    ]
    assert len(found) > 300
    return Told(found)


def passes(verifier: Verifier, text: str, *items: Item) -> bool:
    """True if a sentence passes without a judge, quoted by the passages that fit it best."""
    sentence, fault = verifier.prove_by_passages(text, items)
    return fault is None and not verifier.is_own_wording(sentence)


def test_what_a_paper_says_is_proven_by_its_entry_and_cited(told: Told, verifier: Verifier) -> None:
    dropped = []
    for text, item in told.sentences:
        made, fault = verifier.prove_by_passages(text, [item])
        if fault is None:
            assert made.proofs and made.text == text
        else:
            dropped.append(text)
    assert len(dropped) <= 0.01 * len(told.sentences), dropped


@often
@given(place=PLACES, more=st.integers(1, 9))
def test_a_changed_number_is_refused(place: int, more: int, told: Told, verifier: Verifier) -> None:
    text, item = told.at(place)
    found = NUMBER.search(text)
    assume(found is not None)
    assert found is not None
    last = str((int(found[0][-1]) + more) % 10)
    broken = text[: found.end() - 1] + last + text[found.end() :]
    content = verifier.corpus.own_text(item) + " ".join(field.text for field in item.fields)
    assume(not extract_quantities(content).supports_all(extract_quantities(broken)))
    assert not passes(verifier, broken, item), broken


def test_nearly_every_inserted_negation_is_refused(told: Told, verifier: Verifier) -> None:
    tried, passed = 0, []
    for text, item in told.sentences:
        found = VERB.search(text)
        if found is None or "," in text or DENIED.search(verifier.corpus.own_text(item)):
            continue
        tried += 1
        if passes(verifier, f"{text[: found.end()]} nicht{text[found.end() :]}", item):
            passed.append(text)
    assert tried > 50 and len(passed) <= 0.02 * tried, passed


def test_nearly_every_sentence_put_to_another_entry_is_refused(
    told: Told, verifier: Verifier
) -> None:
    tried, passed = 0, []
    for place in range(0, len(told.sentences), 2):
        (text, item), wrong = told.at(place), told.at(7 * place + 11)[1]
        rare = [
            word
            for word in verifier.corpus.analyzer.words(text)
            if sum(word.whole in terms for terms in verifier.corpus.title_terms) < 2
        ]
        if wrong.path != item.path and len(rare) > 2:
            tried += 1
            if passes(verifier, text, wrong):
                passed.append((text, wrong.ref))
    assert tried > 100 and len(passed) <= 0.02 * tried, passed


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Der Rufbus Lauvi ist in Bearbeitung.", True),
        ("Der Rufbus Lauvi ist noch nicht umgesetzt.", True),
        ("Der Rufbus Lauvi ist umgesetzt.", False),
        ("Der Rufbus Lauvi ist bereits abgeschlossen.", False),
        ("Der Rufbus Lauvi ist erst eine Idee.", False),
        ("Der Rufbus Lauvi ist nicht in Bearbeitung.", False),
    ],
)
def test_a_status_is_that_of_the_entry(
    verifier: Verifier, bus: Item, text: str, right: bool
) -> None:
    assert passes(verifier, text, bus) is right


@pytest.mark.parametrize(
    ("text", "document", "right"),
    [
        ("Das Leitbild ist ein Entwurf vom 10.06.2025 und nicht beschlossen.", DRAFT, True),
        ("Das Leitbild gibt der Kreis Lauterfeld heraus.", DRAFT, True),
        ("Das Leitbild ist beschlossen.", DRAFT, False),
        ("Das Leitbild wurde vom Kreistag beschlossen.", DRAFT, False),
        ("Das Leitbild gilt seit dem 10. Juni 2025.", DRAFT, False),
        ("Die strategischen Ziele sind nur ein Entwurf.", GOALS, False),
        ("Das Leitbild ist ein Entwurf vom 10.07.2025.", DRAFT, False),
        ("Das Papier ist ein Antrag, kein Beschluss.", MOTION, True),
        ("Das Papier ist ein Beschluss des Kreistags.", MOTION, False),
        ("Der Bericht hat den Stand 01.03.2026.", REPORT, True),
        ("Der Bericht hat den Stand 01.04.2026.", REPORT, False),
        ("Herausgeber des Leitbilds ist der Kreis Lauterfeld.", DRAFT, True),
    ],
)
def test_a_paper_is_proven_by_its_front_matter(
    verifier: Verifier, corpus: Corpus, text: str, document: str, right: bool
) -> None:
    made, fault = verifier.prove(text, "", documents=[corpus.catalogue.documents[document]])
    assert made.proofs and (fault is None) is right, fault


def test_a_count_is_what_the_tool_counted(verifier: Verifier, corpus: Corpus) -> None:
    goals = tuple(
        item for item in corpus.catalogue.items if item.document_id == GOALS and item.family
    )[:7]
    counted = Count(7, words=("Ziele",), items=goals, groups=(("in Planung", 3),))

    def proven(text: str, item: Count = counted) -> bool:
        return verifier.prove(text, "", counted=(item,)).fault is None

    assert proven("Es sind 7 Ziele.") and proven("Es sind sieben Ziele, 3 davon in Planung.")
    assert not proven("Es sind 8 Ziele.") and not proven(
        "Es sind sieben Ziele, 4 davon in Planung."
    )
    themes = Count(6, words=("6 Themenfelder, Kapitel, Handlungsfelder",), items=goals)
    assert proven("Es sind 6 Kapitel.", themes) and not proven("Es sind 6 Absätze.", themes)
    unsure = Count(7, words=("Ziele",), complete=False, items=goals)
    assert proven("Es sind mindestens 7 Ziele.", unsure) and not proven("Es sind 7 Ziele.", unsure)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("Zu Friedhöfen wurde in den Papieren nichts gefunden.", True),
        ("In den Papieren steht nichts zu Friedhöfen.", True),
        ("Der Kreis Lauterfeld hat keine Friedhöfe.", False),
        ("Es gibt keine Friedhöfe.", False),
        ("Die Friedhöfe werden saniert.", False),
    ],
)
def test_that_nothing_was_found_needs_a_search_and_is_told_as_that(
    verifier: Verifier, text: str, right: bool
) -> None:
    made, fault = verifier.prove(text, "", by_empty_search=True)
    assert (fault is None) is right
    assert verifier.prove(text, "").fault is not None
    assert (
        verifier.verify(make_answer(made, mode=AnswerMode.EXTRACTIVE)).status
        is AnswerStatus.UNAVAILABLE
    )


@pytest.mark.parametrize(
    ("text", "code", "right"),
    [
        ("The costs were 412,000 euros.", "en", True),
        ("The costs were 421,000 euros.", "en", False),
        ("The costs were not 412,000 euros.", "en", False),
        ("De kosten bedroegen 412.000 euro.", "nl", True),
        ("De kosten bedroegen 412.000 euro in 2024.", "nl", False),
        ("Maliyet 412.000 avro tuttu.", "tr", True),
        ("Koszty wyniosły 412.000 euro.", "pl", True),
        ("Витрати становили 412.000 євро.", "uk", True),
        ("Витрати становили 413.000 євро.", "uk", False),
    ],
)
def test_a_translation_says_what_its_german_sentence_does(
    verifier: Verifier, lights: Item, text: str, code: str, right: bool
) -> None:
    german = verifier.prove_by_passages("Die Kosten lagen bei 412.000 Euro.", [lights]).sentence
    assert is_proven(verifier, german)
    assert is_proven(verifier, beside_original(text, german, code), code) is right
    (wrong, _) = verifier.prove_by_passages(
        "Die Kosten lagen bei 412.000 Dollar und Kühen.", [item_of(verifier.corpus, "5.1.2.1")]
    )
    assert not is_proven(verifier, beside_original(text, wrong, code), code)
    unmarked = replace(german, fragments=(Fragment(text, german.proofs),), german_original=german)
    assert not is_proven(verifier, unmarked, code)


@pytest.mark.parametrize(
    ("german", "code", "faithful", "unfaithful"),
    [
        (
            "Das Angebot ist kostenlos.",
            "en",
            "The offer is free of charge.",
            "You have to pay for the offer.",
        ),
        ("Die Sitzung ist öffentlich.", "nl", "De zitting is openbaar.", "De zitting is geheim."),
        ("Der Kurs beginnt im Mai.", "en", "The course starts in May.", "The course ends in May."),
        ("Der Kurs endet im Mai.", "pl", "Kurs kończy się w maju.", "Kurs zaczyna się w maju."),
        ("Die Zahl steigt.", "tr", "Sayı artıyor.", "Sayı azalıyor."),
        ("Der Vertrag ist unbefristet.", "en", "The contract is permanent.", "It is a contract."),
        ("Es gibt zwölf Plätze.", "en", "There are twelve places.", "There are twenty places."),
        ("Es gibt 12 Plätze.", "en", "There are twelve places.", "There are 2 places."),
        (
            "Der Bus fährt montags in Holzau.",
            "en",
            "The bus runs in Holzau on Mondays.",
            "The bus runs in Holzau on Tuesdays.",
        ),
        (
            "Der Bus fährt in Holzau.",
            "en",
            "The bus runs in Holzau.",
            "The bus runs in Ahrenwies.",
        ),
        (
            "Der Bus fährt in Holzau.",
            "tr",
            "Otobüs Holzau'da çalışıyor.",
            "Otobüs Köln'de çalışır.",
        ),
    ],
)
def test_a_translation_has_names_numbers_and_no_opposite(
    german: str, code: str, faithful: str, unfaithful: str
) -> None:
    assert is_faithful_translation(faithful, german, code)
    assert not is_faithful_translation(unfaithful, german, code)


@pytest.mark.parametrize(
    ("text", "keys", "right"),
    [
        (
            "Auf der Quelmer Höhe sollen fünf Windräder mit zusammen 31 Megawatt entstehen.",
            "1.2.2.1",
            True,
        ),
        (
            "Auf der Quelmer Höhe sind fünf Windräder mit zusammen 31 Megawatt bereits in Betrieb.",
            "1.2.2.1",
            False,
        ),
        (
            "Auf dem Gelände der alten Ziegelei in Ahrenwies ist der befestigte Platz fertig.",
            "2.3.3.2",
            False,
        ),
        ("Die Messungen sollen im Juli abgeschlossen werden.", "5.3.3.1", True),
        ("Die Messungen sind abgeschlossen.", "5.3.3.1", False),
        ("Der rollende Jugendtreff ist schon unterwegs.", "4.2.3.1", False),
        ("Im Foyer des Kreishauses treten Schülerbands zweimal im Jahr auf.", "4.2.4.1", False),
        ("Im alten Schwesternwohnheim sind sechs Elternzimmer eingerichtet.", "3.2.4.1", False),
        ("Das Pflegetelefon soll erst noch eingerichtet werden.", "3.1.1.1", False),
        ("Der Nachtbus wird noch geprüft.", "5.1.1.1", False),
        ("Das Werkstattjahr ist ausgelaufen.", "4.1.2.2", False),
        ("Das Fahrzeug wurde bereits geliefert.", "4.2.3.1", False),
        ("Der Bonus ist verboten.", "2.3.3.1", False),
        ("Der Kreis hat 18 Betriebe abgelehnt.", "2.3.3.1", False),
        (
            "Zum Werkstattjahr gehört ein Coach, und bezahlt wird es vom Jobcenter.",
            "4.1.2.2",
            False,
        ),
        ("Zum Werkstattjahr gehört kein Coach.", "4.1.2.2", False),
        ("Der Dienst ist nicht kostenlos.", "4.3.1.1", False),
        ("Für den Nachtbus muss man reservieren.", "5.1.1.1", False),
        ("39 von 62 befragten Kitas gehen mittags nach draußen.", "1.3.4.1", False),
        ("Zuletzt halfen 118 Freiwillige an 29 Schulen.", "4.1.2.1", False),
        ("Das Pflegetelefon ist mit drei Fachkräften besetzt, Rotkohl.", "3.1.1.1", False),
        (
            "Das Pflegetelefon ist mit drei Fachkräften besetzt, dazu gibt es nichts.",
            "3.1.1.1",
            False,
        ),
        ("Das Werkstattjahr ist noch nicht gestartet.", "4.1.2.2", False),
        # a verb in other words: the quote stands in its place
        ("Am Pflegetelefon arbeiten drei Fachkräfte.", "3.1.1.1", False),
        ("Am Pflegetelefon arbeiten drei Ehrenamtliche.", "3.1.1.1", False),
        ("Der rollende Jugendtreff läuft seit Herbst 2025.", "4.2.3.1", False),
        ("Der rollende Jugendtreff ist seit Herbst 2026 unterwegs.", "4.2.3.1", False),
        # which of two entries has which status only a judge can tell
        (
            "Der Rufbus Lauvi ist in Bearbeitung, der rollende Jugendtreff in Planung.",
            "5.1.2.1 4.2.3.1",
            False,
        ),
        (
            "Der Rufbus Lauvi ist in Planung, der rollende Jugendtreff in Bearbeitung.",
            "5.1.2.1 4.2.3.1",
            False,
        ),
        (
            "Der rollende Jugendtreff ist in Planung und der Rufbus Lauvi ist in Bearbeitung.",
            "5.1.2.1 4.2.3.1",
            False,
        ),
        (
            "Der rollende Jugendtreff ist in Bearbeitung, und der Rufbus Lauvi ist in Planung.",
            "5.1.2.1 4.2.3.1",
            False,
        ),
    ],
)
def test_what_shall_be_is_not_told_as_done_nor_what_is_not_said_beside_what_is(
    verifier: Verifier, corpus: Corpus, text: str, keys: str, right: bool
) -> None:
    assert passes(verifier, text, *(item_of(corpus, key) for key in keys.split())) is right


def test_the_few_passages_that_are_cited_stand_in_the_entry(
    told: Told, verifier: Verifier, corpus: Corpus
) -> None:
    for text, item in told.sentences[::6]:
        for proof in verifier.prove_by_passages(text, [item]).sentence.proofs:
            assert squash(proof.quote) in corpus.normalized_text(item.document_id)


def test_a_label_above_its_value_is_proven_by_the_value(tmp_path: Path) -> None:
    text = "# Oberau 12.0\n\n## Zusammenarbeit seit\n\n2019\n\n## Anlass\n\nWandel"
    with scripted_over(tmp_path, text) as desk:
        corpus, verifier = desk.parts.corpus, desk.parts.verifier
        (item,) = (i for i in corpus.catalogue.items if i.title == "Zusammenarbeit seit")
        said = "Zusammenarbeit besteht seit {}."
        assert verifier.prove(said.format(2018), "2019", [item]).fault is not None


@pytest.mark.parametrize(
    ("text", "quote", "fault"),
    [
        ("Am Pflegetelefon arbeiten drei Fachkräfte.", "mit drei Fachkräften besetzt", None),
        ("Von den Betreibern arbeiten drei Fachkräfte.", "mit drei Fachkräften besetzt", None),
        ("Am Pflegetelefon arbeiten 4 Fachkräfte.", "mit drei Fachkräften besetzt", "figures"),
        ("Am Pflegetelefon arbeiten 3 Leute.", "mit drei Fachkräften besetzt", None),
        (
            "Am Pflegetelefon arbeitet nicht mehr als ein Trio.",
            "mit drei Fachkräften besetzt",
            None,
        ),
        ("Das Pflegetelefon arbeitet in Graustetten.", "mit drei Fachkräften besetzt", "names"),
        ("Am Pflegetelefon arbeiten drei Fachkräfte.", "mit 3 Fachkräften besetzt", "quotes"),
        ("Am Pflegetelefon arbeiten drei Fachkräfte.", "Fachkräften", "quotes"),
        ("Das Pflegetelefon ist umgesetzt.", "mit drei Fachkräften besetzt", None),
        ("Das Pflegetelefon ist noch eine Idee.", "mit drei Fachkräften besetzt", "status"),
    ],
)
def test_hard_checks_refuse_what_the_quote_contradicts(
    verifier: Verifier, corpus: Corpus, text: str, quote: str, fault: str | None
) -> None:
    item = item_of(corpus, "3.1.1.1")
    found = verifier.prove(text, quote, [item]).fault
    assert (found and found.kind.value) == fault, found


def test_a_value_among_others_in_a_row_is_a_figure(tmp_path: Path) -> None:
    text = "# Bündnis\n\n## Mitglieder\n\nDie Zahl der Mitglieder war von 2014 an 59 172 188 147.\n"
    with scripted_over(tmp_path, text) as desk:
        (item,) = (i for i in desk.parts.corpus.catalogue.items if i.title == "Mitglieder")
        quote = "Die Zahl der Mitglieder war von 2014 an 59 172 188 147."
        verifier = desk.parts.verifier
        assert verifier.prove("Zuletzt waren es 147 Mitglieder.", quote, [item]).fault is None
        assert verifier.prove("Zuletzt waren es 148 Mitglieder.", quote, [item]).fault is not None
        bare = verifier.prove("Zuletzt waren es 147 Mitglieder.", "59 172 188 147", [item])
        assert bare.fault is not None and bare.fault.kind.value == "quotes"


def test_a_name_or_a_row_is_no_quote(verifier: Verifier, corpus: Corpus) -> None:
    item = item_of(corpus, "3.1.1.1")
    for quote in (item.title, item.heading, item.table_row or item.title, ""):
        found = verifier.prove("Das Pflegetelefon gibt es.", quote, [item]).fault
        assert found is not None and found.kind.value == "quotes"
