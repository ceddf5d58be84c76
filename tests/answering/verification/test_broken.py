"""Real answers, broken in one place: every unbroken sentence leaves the verifier, no broken one
does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import evals
from evals.case_files import load_cases
from prompts import ENGLISH as ENGLISH_CODE
from prompts import FURTHER
from service import wording
from service.answering import AnswerService, Corpus, Fragment, Sentence, Verifier
from service.answering.pipeline import STEPS
from service.answering.verification.evidence import statuses_of
from service.records import AnswerStatus, ChatRequest, Turn
from vectorstore.language import read_number_word, squash
from vectorstore.records import ItemStatus

Choice = TypeVar("Choice")
CASES = Path(evals.__file__).parent / "cases"
TOKEN = re.compile(r"\w+(?:[.,:/-]\w+)*")
UNITS = ["Euro", "Prozent", "Kilometer", "Jahre", "Monate", "Tonnen"]
MEASURED = re.compile(
    r"(?<=\d)\s?(?:Euro|€|%|Prozent|Kilometer|km|kWp|Meter|Tonnen|Hektar|Jahren?|Monaten?)(?!\w)"
)
SAME = {
    "€": ("Euro",),
    "%": ("Prozent",),
    "km": ("Kilometer",),
    "Jahren": ("Jahre",),
    "Monaten": ("Monate",),
}
SAME |= {unit: (unit,) for unit in UNITS}
ENGLISH = (
    "What projects are planned?",
    "How many projects are implemented?",
    "Who is responsible for the Rufbus Lauvi?",
    "What is the status of the LED streetlights?",
    "Which projects involve Auental?",
)
LANGUAGES = (ENGLISH_CODE, *FURTHER)


@dataclass(frozen=True)
class Said:
    """A sentence of a real answer with the language of its words."""

    sentence: Sentence
    language: str


class Sayings:
    """All that was said, one and the same for every example; no dataclass, whose fields a failure
    would print.
    """

    def __init__(self, sentences: list[Said]) -> None:
        self.sentences = sentences


@dataclass(frozen=True, repr=False)
class Match:
    """A place in a fragment of a sentence where something stands that can be broken."""

    said: Said
    place: int
    found: re.Match[str]

    @property
    def fragment(self) -> Fragment:
        """The fragment as it was."""
        return self.said.sentence.fragments[self.place]

    def broken(self, other: str) -> Said:
        """The sentence with another text at this place."""
        fragments = list(self.said.sentence.fragments)
        text = self.fragment.text
        text = text[: self.found.start()] + other + text[self.found.end() :]
        fragments[self.place] = replace(self.fragment, text=text)
        return replace(self.said, sentence=replace(self.said.sentence, fragments=tuple(fragments)))


@pytest.fixture(scope="module")
def said(service: AnswerService) -> Sayings:
    """Every sentence of the answers to the development questions over the sample corpus, before
    verification.
    """
    cases = [
        case
        for name in ("sample-dev", "sample-kinds-dev")
        for case in load_cases(CASES / f"{name}.jsonl")
    ]
    asked = [
        (case.question, [(turn.role, turn.content) for turn in case.history]) for case in cases
    ]
    found: dict[str, Said] = {}
    rounds = [(question, history, None) for question, history in asked]
    rounds += [(question, [], language) for language in LANGUAGES for question in ENGLISH]
    for question, history, language in rounds:
        turns = [Turn(role=role, content=content) for role, content in history]
        request = ChatRequest(question=question, history=turns, language=language)
        work = service.start_run(request)
        for step in STEPS:
            if work.draft is None:
                step(work)
        assert work.draft is not None
        if work.draft.status in (AnswerStatus.ANSWERED, AnswerStatus.FOUND):
            found.update(
                {sentence.text: Said(sentence, work.language) for sentence in work.draft.sentences}
            )
    assert len(found) > 100
    return Sayings(list(found.values()))


def test_every_unbroken_sentence_is_proven(said: Sayings, verifier: Verifier) -> None:
    assert [item.sentence.text for item in said.sentences if not is_proven(item, verifier)] == []


def proving(match: Match, corpus: Corpus) -> str:
    """All that may prove a fragment: quotes, what the records of these hold, their documents, what
    was computed.
    """
    proofs = match.fragment.proofs or match.said.sentence.proofs
    texts = [*match.said.sentence.computed_texts, *(proof.quote for proof in proofs)]
    for item in (proof.item for proof in proofs):
        document = corpus.document(item)
        texts += [
            repr(replace(item, body="", description=None, state=None, values=())),
            document.title,
        ]
        texts += [document.publisher, wording.format_day(document.as_of) if document.as_of else ""]
    return " | ".join(texts)


def one_of(choices: Sequence[Choice], place: int) -> Choice:
    """One of the choices; places past the last begin again."""
    return choices[place % len(choices)]


@cache
def matches(said: Sayings, pattern: re.Pattern[str]) -> list[Match]:
    """Every place of a fragment where a pattern matches."""
    return [
        Match(sentence, place, found)
        for sentence in said.sentences
        for place, fragment in enumerate(sentence.sentence.fragments)
        for found in pattern.finditer(fragment.text)
    ]


def token_at(text: str, place: int) -> str:
    """The whole number or word at a place of a text, without leading zeros."""
    match = next(match for match in TOKEN.finditer(text) if match.start() <= place < match.end())
    return match[0].lstrip("0") or "0"


def is_known(token: str, known: str) -> bool:
    """True where a text prints the token, alone or as the year of a date, or says its value in
    words.
    """
    printed = {
        match.lstrip("0") or "0"
        for match in re.findall(r"\w+(?:[.,:/-]\w+)*|\d+(?:[.,:]\d+)*", known)
    }
    dated = len(token) == 4 and any(item.endswith(f".{token}") for item in printed)
    whole = re.sub(r",0+$", "", token)  # "4,0" is the value of "vier" too
    return (
        token in printed or dated or any(str(read_number_word(item)) == whole for item in printed)
    )


PLACES = st.integers(0, 10**6)
often = settings(max_examples=400, deadline=None)
DIGIT = re.compile(r"[0-9]")
FIRST_OF_TWO = re.compile(r"([1-9])(?=[0-9])(?!\1)")


def is_proven(item: Said, verifier: Verifier) -> bool:
    return verifier.find_fault(item.sentence, item.language) is None


@pytest.mark.parametrize("dropped", [False, True])
@often
@given(first=PLACES, second=PLACES)
def test_a_changed_or_dropped_digit_is_refused(
    first: int, second: int, dropped: bool, said: Sayings, verifier: Verifier, corpus: Corpus
) -> None:
    match = one_of(matches(said, FIRST_OF_TWO if dropped else DIGIT), first)
    other = one_of([char for char in "0123456789" if char != match.found[0]], second)
    broken = match.broken("" if dropped else other)
    text = broken.sentence.fragments[match.place].text
    assume(not is_known(token_at(text, match.found.start()), proving(match, corpus)))
    assert not is_proven(broken, verifier), text


@often
@given(first=PLACES, second=PLACES)
def test_a_changed_unit_is_refused(
    first: int, second: int, said: Sayings, verifier: Verifier
) -> None:
    match = one_of(matches(said, MEASURED), first)
    remaining = [unit for unit in UNITS if unit not in SAME.get(match.found[0].strip(), ())]
    broken = match.broken(f" {one_of(remaining, second)}")
    assert not is_proven(broken, verifier), broken.sentence.text


@often
@given(first=PLACES, second=PLACES)
def test_a_swapped_name_is_refused(
    first: int, second: int, said: Sayings, verifier: Verifier, corpus: Corpus
) -> None:
    known = groups(corpus)
    match = one_of(matches(said, any_of(name for group in known for name in group)), first)
    assume(not match.said.sentence.is_reservation)  # what was looked for, in words of the question
    group = next(group for group in known if match.found[0] in group)
    other = one_of([name for name in group if name != match.found[0]], second)
    assume(squash(other) not in squash(proving(match, corpus)))
    broken = match.broken(other)
    assert not is_proven(broken, verifier), broken.sentence.text


def test_a_title_made_of_words_that_are_cited_is_refused(
    said: Sayings, verifier: Verifier, corpus: Corpus
) -> None:
    """Of "Kinder zuerst" a record about children has every capitalised word, and is another record
    all the same.
    """
    titles = groups(corpus)[2]
    tried = 0
    for match in matches(said, any_of(titles)):
        known = squash(proving(match, corpus))
        nouns = [
            (title, re.findall(r"\b[A-ZÄÖÜ]\w+", title))
            for title in titles
            if squash(title) not in known
        ]
        for title in (title for title, words in nouns if all(word in known for word in words)):
            if not match.said.sentence.is_reservation:
                tried += 1
                assert not is_proven(match.broken(title), verifier), (
                    match.said.sentence.text,
                    title,
                )
    assert tried > 0


@lru_cache(maxsize=1)
def groups(corpus: Corpus) -> list[list[str]]:
    """Names of a kind: municipalities, units, records and documents of the edition."""
    items = corpus.catalogue.items
    sets = [
        {name for item in items for name in item.municipalities},
        {unit for item in items for unit in item.responsible if " " in unit},
        {
            item.title
            for item in items
            if item.family and item.title[0].isupper() and " " in item.title[:100]
        },
        {document.title for document in corpus.catalogue.documents.values()},
    ]
    return [sorted(names) for names in sets]


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(names, key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])")


def words_of(status: ItemStatus, language: str, *, bare: bool) -> str:
    """A status in words, with or without the German word in brackets behind it."""
    word = wording.status_word(status, language)
    return word.partition(" (")[0] if bare else word


@cache
def status_matches(said: Sayings, language: str = "", *, bare: bool = False) -> list[Match]:
    """Every place where a status stands in the words of its sentence's language."""
    found = []
    for code in [language] if language else ["de", *LANGUAGES]:
        words = [words_of(value, code, bare=bare) for value in ItemStatus]
        found += [match for match in matches(said, any_of(words)) if match.said.language == code]
    return found


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("language", FURTHER)
def test_every_other_status_is_refused_in_a_further_language(
    language: str, bare: bool, said: Sayings, verifier: Verifier, corpus: Corpus
) -> None:
    tried = 0
    for match in status_matches(said, language, bare=bare):
        items = [proof.item for proof in match.fragment.proofs or match.said.sentence.proofs]
        for status in ItemStatus:
            other = words_of(status, language, bare=bare)
            is_known = any(status in statuses_of(item) for item in items)
            if not is_known and other.casefold() not in proving(match, corpus).casefold():
                tried += 1
                broken = match.broken(other)
                assert not is_proven(broken, verifier), broken.sentence.text
    assert tried > 10


@often
@given(first=PLACES, second=PLACES)
def test_another_status_is_refused(
    first: int, second: int, said: Sayings, verifier: Verifier, corpus: Corpus
) -> None:
    match = one_of(status_matches(said), first)
    status, other = one_of(
        [(value, wording.status_word(value, match.said.language)) for value in ItemStatus], second
    )
    items = [proof.item for proof in match.fragment.proofs or match.said.sentence.proofs]
    assume(all(status not in statuses_of(item) for item in items))
    assume(other.casefold() not in proving(match, corpus).casefold() and match.found[0] != other)
    broken = match.broken(other)
    assert not is_proven(broken, verifier), broken.sentence.text


@often
@given(first=PLACES, second=PLACES)
def test_a_quote_moved_to_another_item_is_refused(
    first: int, second: int, said: Sayings, verifier: Verifier, corpus: Corpus
) -> None:
    match = one_of(
        [value for value in matches(said, re.compile(r"\A")) if value.fragment.proofs], first
    )
    proof = match.fragment.proofs[0]
    item = one_of(corpus.catalogue.items_of(proof.item.document_id), second)
    texts = [
        item.body,
        item.heading,
        item.table_row,
        *(chunk.text for chunk in corpus.catalogue.chunks_of(item)),
    ]
    texts += [other.status_heading for other in (item, *corpus.catalogue.children(item))]
    texts += [
        corpus.document(item).text[item.start : item.end],
        *(field.text for field in item.fields),
    ]
    front = corpus.title_page(item.document_id)
    texts += [fact.quote for fact in corpus.document(item).front if front and item.key == front.key]
    assume(not any(squash(proof.quote) in squash(text) for text in texts if text))
    moved = replace(match.fragment, proofs=(replace(proof, item=item), *match.fragment.proofs[1:]))
    fragments = list(match.said.sentence.fragments)
    fragments[match.place] = moved
    broken = replace(match.said, sentence=replace(match.said.sentence, fragments=tuple(fragments)))
    assert not is_proven(broken, verifier)


def test_a_sentence_without_its_citations_is_refused(said: Sayings, verifier: Verifier) -> None:
    for sentence in said.sentences:
        fragments = tuple(replace(part, proofs=()) for part in sentence.sentence.fragments)
        bare = replace(sentence, sentence=replace(sentence.sentence, fragments=fragments))
        assert sentence.sentence.is_reservation or not is_proven(bare, verifier), (
            sentence.sentence.text
        )
