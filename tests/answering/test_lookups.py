"""Look-ups that stand for comparing with everything: they find what that would find."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from rapidfuzz import fuzz, process
from service.answering.alike import Alike
from service.answering.finding.ranking import weighed
from service.answering.verifying.titles import Titles

from service.answering.corpus import Corpus
from service.answering.finding.finder import Finder
from service.answering.query import Word
from service.answering.verifying.names import Names, words
from service.answering.verifying.quotes import Passage, begins_with
from service.answering.verifying.verbatim import squash
from vectorstore.analysis import of_same_root, same_root


def mistyped(word: str, chance: random.Random) -> str:
    """A word with a letter put in, taken out, or two of them exchanged."""
    place = chance.randrange(len(word))
    changed = (word[:place] + "e" + word[place:], word[:place] + word[place + 1 :], word[:place] + "q" + word[place:])
    return chance.choice(changed)


@pytest.mark.parametrize("least", [70, 86, 100])
def test_the_nearest_word_is_that_of_comparing_with_all(corpus: Corpus, least: int) -> None:
    chance = random.Random(least)
    known = sorted(corpus.all_terms.words)
    alike = Alike(known)
    asked = [mistyped(word, chance) for word in chance.sample(known, 60)] + ["x", "rad", *known[:3]]
    expected = [process.extractOne(word, known, scorer=fuzz.ratio, score_cutoff=least) for word in asked]
    assert [alike.nearest(word, least) for word in asked] == [found and found[0] for found in expected]
    assert any(expected) and not all(expected)


def test_no_word_is_near_where_there_are_none() -> None:
    assert Alike(()).nearest("rad", 86) is None


def test_titles_in_a_text_are_those_of_looking_for_each() -> None:
    titles = {"a": "Nachhaltigkeitsbericht", "b": "Bericht", "c": "Nachhaltigkeitsbericht 2026", "d": "bericht"}
    known = Titles(titles.items())
    for text in ("", "Der Nachhaltigkeitsbericht 2026", "Nachhaltigkeitsberichte", "Bericht", "der Bericht: bericht"):
        assert known.in_text(text) == [one for one, title in titles.items() if title in text], text
    assert Titles(()).in_text("Bericht") == []


def test_words_of_one_root_are_those_of_comparing_with_all(corpus: Corpus) -> None:
    known = corpus.all_terms.words
    for word in random.Random(3).sample(sorted(known), 80):
        assert {one for one in known if same_root(word, one)} == {one for one in of_same_root(word) if one in known}


def test_a_name_is_told_by_its_longest_form_and_in_the_genitive(corpus: Corpus) -> None:
    names = Names(corpus)
    title = next(item.title for item in corpus.catalogue.items if len(words(item.title)) == 3)
    told = " ".join(words(title))
    assert told in names.said(f"Dazu gehört {title}.")
    assert told in names.said(f"Das Ziel von {title}s ist alt.")
    assert told not in names.said(title.rsplit(" ", 1)[0])


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("Radwege", True),
        ("Rad", False),
        ("wege", False),
        ("Radwegean", True),
        ("Kreisstraßen", True),
        ("an", True),
        ("12", False),
        ("12,5km", True),
        ("km", True),
    ],
)
def test_a_quote_stands_where_it_cuts_no_word_and_no_number(quote: str, stands: bool) -> None:
    passage = Passage("Rad\u00adwege an\nKreis\u00adstraßen:\u00a0 12,5 km")
    assert passage.holds(quote) is stands


def test_how_an_item_begins_stands_where_looking_at_all_of_it_finds_it(corpus: Corpus) -> None:
    begun = 0
    for item in corpus.catalogue.items:
        document = corpus.document(item)
        span = document.text[item.start : item.end]
        for quote in (
            span[:20],
            span[:21].rstrip(),
            span.split("\n")[0],
            item.heading,
            item.title,
            "",
            "\u00ad",
            span + "x",
        ):
            begins = begins_with(item, quote, document)
            assert not begins or Passage(span).holds(squash(quote)), (item.key, quote)
            begun += begins
    assert begun > len(corpus.catalogue.items)


def test_searching_some_documents_finds_what_searching_all_finds_in_them(corpus: Corpus) -> None:
    finder, documents = Finder(corpus), list(corpus.catalogue.documents)
    topic = tuple(
        Word(word.whole, word.terms) for word in corpus.analyzer.words("Radwege Klima Schule Wohnen Mobilität")
    )
    text = "Radwege Klima Schule Wohnen Mobilität"
    scores = corpus.edition.lexical.scores(finder.weighted_terms(topic))
    for wanted in (documents[:1], documents[1:3], documents[::2], documents):
        evidence = finder.evidence(topic, wanted, text, "de")
        own = [row for row, chunk in enumerate(corpus.catalogue.chunks) if chunk.document_id in wanted]
        assert evidence.said.tolist() == scores[own].tolist()
        rows = {row for document in wanted for row in corpus.rows_of_document[document]}
        assert set(evidence.items.tolist()) <= rows
        assert {row for row, score in enumerate(weighed(evidence, finder.weights).tolist()) if score} <= rows
        found = finder.rank(topic, wanted, text, "de", 50)
        assert found and {item.item.document_id for item in found} <= set(wanted)
    assert finder.rank(topic, [], text, "de") == []


def test_the_word_index_finds_what_looking_at_every_word_finds(corpus: Corpus) -> None:
    said = [corpus.analyzer.words(corpus.own_text(item)) for item in corpus.catalogue.items]
    fronts = {word.whole: word.parts[0] for words in said for word in words if word.parts}
    wholes = [{word.whole for word in words} for words in said]

    def rows(fits: Callable[[str], bool]) -> set[int]:
        return {row for row, held in enumerate(wholes) if any(map(fits, held))}

    known, index = sorted(set().union(*wholes)), corpus.texts
    for word in [*random.Random(5).sample(known, 60), "klimaneutral", "digital", "rad", "unbekannt"]:
        assert set(index.rows(word).tolist()) == rows(lambda one, word=word: one == word)
        assert set(index.with_front(word).tolist()) == rows(lambda one, word=word: fronts.get(one, one) == word)
        longer = rows(lambda one, word=word: one != word and one.startswith(word)) if len(word) >= 6 else set()
        assert set(index.longer(word).tolist()) == longer
        beginning = word[:6]
        of_root = rows(
            lambda one, word=word, start=beginning: one != start and one[:6] == start and same_root(word, one)
        )
        assert set(index.of_root(word).tolist()) == of_root
    for pair in (known[:2], known[5:8], [known[3]] * 2, ["unbekannt", known[0]], []):
        both = {row for row, held in enumerate(wholes) if pair and held >= set(pair)}
        assert set(index.all(pair).tolist()) == both
