"""Whether an item says how many of a thing there are, how often something is done, how much of a stuff is meant.

The thing counted stands right behind its number: in the question's word, in another for it, in the head of a compound,
or in a word for its kind ("wie viele Leute": "118 Ehrenamtliche").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import cache

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import Query
from vectorstore.records import Item

NUMBER_WORDS = (
    "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn|zwanzig|hundert|tausend|einmal|"
    "zweimal|dreimal|viermal|hälftig|halbe?n?|drittel|viertel|beide[nr]?|keine[nr]?|einzige[nr]?|achte[nr]?"
)
NUMBER = re.compile(rf"\d|\b(?:{NUMBER_WORDS})\b", re.IGNORECASE)
_DATE = re.compile(
    r"(?<![\d.])\d{1,2}(?:\.\d{1,2}){3,}\b|\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?|"
    r"\b(?:19|20)\d{2}(?:/\d{2,4})?\b|\b\d+(?:\.\d+){2,}\b"
)
_BEHIND = rf"(?i)\b(?<![\d.,])(?:\d[\d.,]*|{NUMBER_WORDS})\s+(?=((?:[\w*-]+\s+){{0,%d}}[\w*-]+))"
_CLOSELY, _WIDELY = (re.compile(_BEHIND % most) for most in (2, 5))
_PARTICIPLE = re.compile(
    r"(?P<front>an|ab|auf|aus|bei|ein|mit|nach|vor|zu|um|weg|teil)?ge(?P<stem>\w{3,}?)(?:en|t)"
)
_LEAST_HEAD = 5
_LEAST_MEASURED = 8
_HOW_OFTEN = re.compile(r"(?i)\bwie (?:oft|häufig)\b|\bhow often\b|\bin welche[mn] (?:abstand|abständen|turnus|rhythmus)\b")
_OFTEN = re.compile(
    rf"(?i)\balle\s+(?:\d+|{NUMBER_WORDS})\s+(?:jahre|monate|wochen|tage|stunden|minuten)\b|"
    r"\b(?:(?:halb|viertel)?jährlich|monatlich|wöchentlich|täglich|stündlich|regelmäßig)\b|"
    r"\b(?:ein|zwei|drei|vier)mal\s+(?:(?:im|pro|je|in der|am)\s+)?(?:jahr|monat|woche|tag)\b|\bje(?:de[nsr])? (?:jahr|monat|woche|tag)\b"
)
_OF_BEFORE = re.compile(r"^(?:Er|Sie|Es|Dies\w*)\b")
_HOW_MUCH = re.compile(r"\b(?i:wie ?viel)\s+(?!Prozent|Euro|Geld)([A-ZÄÖÜ][\wäöüß-]+)")
_AMOUNT = re.compile(
    r"(?i)\d[\d.,]*\s*(?:(?:mio|mrd)\.?|millionen)?\s*(?:€|euro\b|kilowattstunden|megawattstunden|[kmg]wh\b|liter|tonnen|"
    r"kilogramm|kg\b|kubikmeter|m³|megawatt|mw\b)"
)
_MEASURED = re.compile(r"(?i)\bwie (?:hoch|groß)\b")
_GENDERED = re.compile(r"inn$")
_SIGNS = {
    "prozent": "%",
    "euro": "€",
    "kilometer": "km",
    "hektar": "ha",
    "quadratkilometer": "km²",
    "quadratmeter": "m²",
    "geld": "€",
    "tonnen": "t",
    "mal": "mal",
    "grad": "°",
    "stellen": "stelle",
    "einwohner": "einwohner",
}


def is_measure(quantity: str) -> bool:
    """True where a unit is asked for ("wie viele Kilometer"), not things."""
    return quantity.split()[-1].lower() in _SIGNS


def counts(item: Item, corpus: Corpus, query: Query) -> bool:
    """True where a sentence holds a number and the thing counted ("wie viele Flächen")."""
    assert query.quantity is not None
    wanted = _counted_terms(query.quantity, corpus, query.spoken)
    texts = [item.heading, *(text for _, text in corpus.sentences(item))]
    if not wanted:
        return bool(NUMBER.search(corpus.own_text(item)))
    return (
        any(_counted_in(text, query, wanted, corpus) for text in texts)
        or counts_closely(item, corpus, query, widely=True)
        or says_how_often(item, corpus, query)
        or _says_how_much(item, corpus, query)
    )


def counts_closely(item: Item, corpus: Corpus, query: Query, *, widely: bool = False) -> bool:
    """True where a number stands right before the thing counted: "185 Flächen"; `widely` also soon before it."""
    assert query.quantity is not None
    wanted = _counted_terms(query.quantity, corpus, query.spoken)
    other = _otherwise(query, item, corpus)
    for _, text in corpus.sentences(item):
        for match in (_WIDELY if widely else _CLOSELY).finditer(_DATE.sub(" ", text)):
            if names_thing(match[1], wanted, corpus) or _names_alike(match[1], wanted, other, corpus):
                return True
    return False


def says_how_often(item: Item, corpus: Corpus, query: Query) -> bool:
    """True where it is asked how often, and said with the thing: "alle zwei Jahre"."""
    if not _HOW_OFTEN.search(query.text):
        return False
    terms = {term for word in query.topic for term in word.terms}
    texts = [text for _, text in corpus.sentences(item)]
    return any(
        _OFTEN.search(text) and (_OF_BEFORE.match(text) or terms & set(corpus.analyzer.terms(text))) for text in texts
    )


def _says_how_much(item: Item, corpus: Corpus, query: Query) -> bool:
    """True where it is asked how much of a stuff, of which the item speaks, and an amount stands there."""
    match = _HOW_MUCH.search(query.text)
    if match is None:
        return False
    wanted = {word.whole[:-2] if word.whole.endswith("um") else word.whole for word in corpus.analyzer.words(match[1])}
    held = corpus.terms[corpus.row(item)]
    spoken_of = any(term.startswith(one) and len(term) - len(one) <= 2 for one in wanted for term in held)
    return spoken_of and any(_AMOUNT.search(text) for _, text in corpus.sentences(item))


def _counted_terms(quantity: str, corpus: Corpus, spoken: str) -> set[str]:
    """The terms of the thing counted, and what else documents call it: "Leute" are "Beschäftigte" too."""
    own = {term for word in corpus.analyzer.words(quantity) for term in (word.whole, *word.parts[-1:])}
    own |= {_GENDERED.sub("", term) for term in own}
    return own | set(corpus.expansion.said_otherwise(quantity, spoken)) if own and not is_measure(quantity) else own


def _counted_in(text: str, query: Query, wanted: set[str], corpus: Corpus) -> bool:
    quantity = query.quantity or ""
    if not NUMBER.search(_DATE.sub(" ", text)):
        return False
    if names_thing(text, wanted, corpus, _verbs_of(quantity, corpus)) or _unit_sign(quantity, text):
        return True
    measured = [one for one in wanted if len(one) >= _LEAST_MEASURED] if _MEASURED.search(query.text) else []
    return any(word.whole.startswith(one) for word in corpus.analyzer.words(text) for one in measured)


def names_thing(text: str, wanted: Collection[str], corpus: Corpus, verbs: Collection[str] = ()) -> bool:
    """True where a text has one of the terms as a word, or as what a compound is ("Mieträder" are "Räder").

    A verb is no end of a compound: "Zusammenarbeit" is nobody who works.
    """
    for word in corpus.analyzer.words(text):
        if word.whole in wanted or (word.parts and word.parts[-1] in wanted and word.parts[-1] not in verbs):
            return True
    return False


def _names_alike(text: str, wanted: Collection[str], other: Collection[str], corpus: Corpus) -> bool:
    """True where a noun of the text is the kind of the thing, its head, or is itself called so otherwise."""
    for noun in re.findall(r"\b[A-ZÄÖÜ][\w-]+", text):
        if any(_is_alike(word.whole, word.parts, wanted, other) for word in corpus.analyzer.words(noun)):
            return True
        called = {entry[0] for entry in corpus.expansion.entries(noun, "de") if len(entry) == 1}
        if called & {one for one in wanted if len(one) >= _LEAST_MEASURED}:
            return True
    return False


def _is_alike(whole: str, parts: Collection[str], wanted: Collection[str], other: Collection[str]) -> bool:
    if whole in other:
        return True
    heads = (whole, *tuple(parts)[-1:])
    return any(len(head) >= _LEAST_HEAD and one.endswith(head) for head in heads for one in wanted)


def _otherwise(query: Query, item: Item, corpus: Corpus) -> set[str]:
    """The terms of words for the kind of what is counted; for people also the nouns of what they do."""
    asked = {word.whole for word in corpus.analyzer.words((query.quantity or "").split()[0])}
    found: set[str] = set()
    for kind, general, special in _kinds(corpus):
        if asked & general:
            found |= special
            found |= set(_done(query, corpus)) if kind == "people" else set()
        elif asked & special and asked & corpus.terms[corpus.row(item)]:
            found |= general
    return found


def _done(query: Query, corpus: Corpus) -> Iterator[str]:
    """The nouns of the question's participles: "Anrufe" of "angerufen", "Besuche" of "besucht"."""
    for word in query.topic:
        match = _PARTICIPLE.fullmatch(word.text)
        if match is not None:
            yield from corpus.analyzer.terms(f"{match['front'] or ''}{match['stem']}".capitalize())


@cache
def _kinds(corpus: Corpus) -> tuple[tuple[str, frozenset[str], frozenset[str]], ...]:
    """Per kind the index terms of its general and special words."""
    return tuple(
        (name, *(frozenset(w.whole for one in words[key] for w in corpus.analyzer.words(one)) for key in words))
        for name, words in lexicon.table("kinds").items()
    )


def _verbs_of(quantity: str, corpus: Corpus) -> set[str]:
    """The terms of the words in small letters: "arbeiten" of "Leute arbeiten"."""
    return {term for one in quantity.split() if one.islower() for term in corpus.analyzer.terms(one)}


def _unit_sign(quantity: str, text: str) -> bool:
    sign = _SIGNS.get(quantity.split()[-1].lower())
    return bool(sign and re.search(rf"(?<!\w){re.escape(sign)}|\d\s?{re.escape(sign)}", text, re.IGNORECASE))
