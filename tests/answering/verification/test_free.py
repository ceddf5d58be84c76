"""Freely worded sentences: right ones pass, changed ones do not, each kind of statement by its own
proof.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.answering import Corpus, Fragment, Verifier
from service.answering.draft import Count
from service.answering.verification.translation import beside_original, is_faithful_translation
from tests.answering.conftest import OverTexts
from tests.answering.truth import GOALS
from tests.answering.verification.saying import is_proven, item_of
from tests.ingest.cases import cases
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


@cases("text", "right")
def test_a_status_is_that_of_the_entry(
    verifier: Verifier, bus: Item, text: str, right: bool
) -> None:
    assert passes(verifier, text, bus) is right


@cases("text", "document", "right")
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


@cases("text", "code", "right")
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


@cases("german", "code", "faithful", "unfaithful")
def test_a_translation_has_names_numbers_and_no_opposite(
    german: str, code: str, faithful: str, unfaithful: str
) -> None:
    assert is_faithful_translation(faithful, german, code)
    assert not is_faithful_translation(unfaithful, german, code)


@cases("text", "keys", "right")
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


def test_a_label_above_its_value_is_proven_by_the_value(over_texts: OverTexts) -> None:
    text = "# Oberau 12.0\n\n## Zusammenarbeit seit\n\n2019\n\n## Anlass\n\nWandel"
    service = over_texts({"papier.md": text})
    corpus, verifier = service.corpus, service.parts.verifier
    (item,) = (i for i in corpus.catalogue.items if i.title == "Zusammenarbeit seit")
    said = "Zusammenarbeit besteht seit {}."
    assert verifier.prove(said.format(2018), "2019", [item]).fault is not None


@cases("text", "quote", "fault")
def test_hard_checks_refuse_what_the_quote_contradicts(
    verifier: Verifier, corpus: Corpus, text: str, quote: str, fault: str
) -> None:
    item = item_of(corpus, "3.1.1.1")
    found = verifier.prove(text, quote, [item]).fault
    assert (found.kind.value if found else "") == fault, found


def test_a_value_among_others_in_a_row_is_a_figure(over_texts: OverTexts) -> None:
    text = "# Bündnis\n\n## Mitglieder\n\nDie Zahl der Mitglieder war von 2014 an 59 172 188 147.\n"
    service = over_texts({"papier.md": text})
    (item,) = (i for i in service.corpus.catalogue.items if i.title == "Mitglieder")
    quote = "Die Zahl der Mitglieder war von 2014 an 59 172 188 147."
    verifier = service.parts.verifier
    assert verifier.prove("Zuletzt waren es 147 Mitglieder.", quote, [item]).fault is None
    assert verifier.prove("Zuletzt waren es 148 Mitglieder.", quote, [item]).fault is not None
    bare = verifier.prove("Zuletzt waren es 147 Mitglieder.", "59 172 188 147", [item])
    assert bare.fault is not None and bare.fault.kind.value == "quotes"


def test_a_name_or_a_row_is_no_quote(verifier: Verifier, corpus: Corpus) -> None:
    item = item_of(corpus, "3.1.1.1")
    for quote in (item.title, item.heading, item.table_row or item.title, ""):
        found = verifier.prove("Das Pflegetelefon gibt es.", quote, [item]).fault
        assert found is not None and found.kind.value == "quotes"
