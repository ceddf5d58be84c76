"""Whether an item says how many of a thing there are, how often something is done, how much of a stuff is meant.

The thing counted stands right behind its number: in the question's word, in another for it, in the head of a compound,
or in a word for its kind ("wie viele Leute": "118 Ehrenamtliche").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from service.answering.corpus import Corpus
from service.answering.evidence.kinds_of_things import names_alike, otherwise, tells_what_is_done
from service.answering.query import Measured, Query, Size
from vectorstore.records import Item

NUMBER_WORDS = (
    "zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|dreizehn|vierzehn|fünfzehn|zwanzig|hundert|tausend|einmal|"
    "zweimal|dreimal|viermal|hälftig|halbe?n?|drittel|viertel|beide[nr]?|keine[nr]?|einzige[nr]?|achte[nr]?"
)
NUMBER = re.compile(rf"\d|\b(?:{NUMBER_WORDS})\b", re.IGNORECASE)
DATE = re.compile(
    r"(?<![\d.])\d{1,2}(?:\.\d{1,2}){3,}\b|\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?|"
    r"\b(?:19|20)\d{2}(?:/\d{2,4})?\b|\b\d+(?:\.\d+){2,}\b"
)
_BEHIND = rf"(?i)\b(?<![\d.,])(?:\d[\d.,]*|{NUMBER_WORDS})\s+(?=((?:[\w*-]+\s+){{0,%d}}[\w*-]+))"
_CLOSELY, _WIDELY = (re.compile(_BEHIND % most) for most in (2, 5))
_LEAST_MEASURED = 8
_OFTEN = re.compile(
    rf"(?i)\balle\s+(?:\d+|{NUMBER_WORDS})\s+(?:jahre|monate|wochen|tage|stunden|minuten)\b|"
    r"\b(?:(?:halb|viertel)?jährlich|monatlich|wöchentlich|täglich|stündlich|regelmäßig)\b|"
    r"\b(?:ein|zwei|drei|vier)mal\s+(?:(?:im|pro|je|in der|am)\s+)?(?:jahr|monat|woche|tag)\b|"
    r"\bje(?:de[nsr])? (?:jahr|monat|woche|tag)\b"
)
_OF_BEFORE = re.compile(r"^(?:Er|Sie|Es|Dies\w*)\b")
_FIGURE_OF = r"(?i)\d[\d.,]*\s*(?:(?:mio|mrd)\.?|millionen)?\s*"
_MONEY = re.compile(_FIGURE_OF + r"(?:€|euro\b)")
_STUFFS = tuple(
    (re.compile(rf"(?i)(?:{cue})\w*$"), re.compile(_FIGURE_OF + rf"(?:{unit})"))
    for cue, unit in (
        (r"strom|energie|leistung|wärme", r"kilowattstunden|megawattstunden|[kmg]wh\b|megawatt|mw\b"),
        (r"wasser|öl|benzin|diesel|sprit|kraftstoff", r"liter|kubikmeter|m³"),
        (r"müll|abfall|abfälle|co2|co₂|kohlendioxid|treibhausgas|material|schrott|papier", r"tonnen|kilogramm|kg\b"),
        (r"fläche|platz|land|raum", r"hektar|quadrat\w+|m²|ha\b"),
        (r"zeit", r"(?:minuten|stunden|tage|wochen|monate|jahre)"),
    )
)
_SHARE = re.compile(r"(?i)(?:anteil|quote|prozentsatz)$")
_PERCENT = re.compile(r"(?i)\d\s*(?:%|prozent)")
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
    return quantity.split(" ")[-1].lower() in _SIGNS


def counts(item: Item, corpus: Corpus, query: Query) -> bool:
    """True where a sentence holds a number and the thing counted ("wie viele Flächen")."""
    wanted = _counted_terms(query.measure.thing, corpus, query.spoken)
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
    return next(_close(item, corpus, query, _WIDELY if widely else _CLOSELY), None) is not None


def telling_places(item: Item, corpus: Corpus, query: Query) -> frozenset[int]:
    """The places of the sentences that say the very number asked for."""
    measure, texts = query.measure, corpus.sentences(item)
    if not measure.thing or is_measure(measure.thing):
        return frozenset()
    if measure.what is Measured.FREQUENCY:
        return frozenset(place for place, text in texts if _OFTEN.search(text))
    if measure.what is Measured.MASS:
        return frozenset(place for place, text in texts if _amount_of(measure.of).search(text))
    return frozenset(_close(item, corpus, query, _WIDELY))


def _close(item: Item, corpus: Corpus, query: Query, pattern: re.Pattern[str]) -> Iterator[int]:
    """The places of the sentences where a number stands before the thing counted."""
    wanted = _counted_terms(query.measure.thing, corpus, query.spoken)
    other, done = otherwise(query, item, corpus), tells_what_is_done(item, corpus, query)
    for place, text in corpus.sentences(item):
        behind = [match[1] for match in pattern.finditer(DATE.sub(" ", text))]
        if any(names_thing(one, wanted, corpus) for one in behind) or (
            done and any(names_alike(one, query, wanted, other, corpus) for one in behind)
        ):
            yield place


def says_how_often(item: Item, corpus: Corpus, query: Query) -> bool:
    """True where it is asked how often, and said with the thing: "alle zwei Jahre"."""
    if query.measure.what is not Measured.FREQUENCY:
        return False
    terms = {term for word in query.topic for term in word.terms}
    texts = [text for _, text in corpus.sentences(item)]
    return any(
        _OFTEN.search(text) and (_OF_BEFORE.match(text) or terms & set(corpus.analyzer.terms(text))) for text in texts
    )


def _says_how_much(item: Item, corpus: Corpus, query: Query) -> bool:
    """True where it is asked how much of a stuff, of which the item speaks, and an amount stands there."""
    stuff = query.measure.of
    if query.measure.what is not Measured.MASS:
        return False
    wanted = {word.whole[:-2] if word.whole.endswith("um") else word.whole for word in corpus.analyzer.words(stuff)}
    held = corpus.terms[corpus.row(item)]
    spoken_of = any(term.startswith(one) and len(term) - len(one) <= 2 for one in wanted for term in held)
    if not spoken_of or not tells_what_is_done(item, corpus, query):
        return False
    return any(_amount_of(stuff).search(text) for _, text in corpus.sentences(item))


def _amount_of(stuff: str) -> re.Pattern[str]:
    """An amount in a unit of the stuff; of what has no unit of its own it is money."""
    return next((unit for cue, unit in _STUFFS if cue.search(stuff)), _MONEY)


def _counted_terms(quantity: str, corpus: Corpus, spoken: str) -> set[str]:
    """The terms of the thing counted, and what else documents call it: "Leute" are "Beschäftigte" too."""
    own = {term for word in corpus.analyzer.words(quantity) for term in (word.whole, *word.parts[-1:])}
    own |= {_GENDERED.sub("", term) for term in own}
    return own | set(corpus.expansion.said_otherwise(quantity, spoken)) if own and not is_measure(quantity) else own


def _counted_in(text: str, query: Query, wanted: set[str], corpus: Corpus) -> bool:
    quantity = query.measure.thing
    if not NUMBER.search(DATE.sub(" ", text)):
        return False
    if names_thing(text, wanted, corpus, _verbs_of(quantity, corpus)) or _unit_sign(quantity, text):
        return True
    if _SHARE.search(quantity) and _PERCENT.search(text):
        nouns = {
            term for word in query.topic if word.text[0].isupper() and word.text != quantity for term in word.terms
        }
        return bool(nouns & set(corpus.analyzer.terms(text)))
    sized = query.measure.size in (Size.HIGH, Size.LARGE)
    measured = [one for one in wanted if len(one) >= _LEAST_MEASURED] if sized else []
    return any(word.whole.startswith(one) for word in corpus.analyzer.words(text) for one in measured)


def names_thing(text: str, wanted: Collection[str], corpus: Corpus, verbs: Collection[str] = ()) -> bool:
    """True where a text has one of the terms as a word, or as what a compound is ("Mieträder" are "Räder").

    A verb is no end of a compound: "Zusammenarbeit" is nobody who works.
    """
    for word in corpus.analyzer.words(text):
        if word.whole in wanted or (word.parts and word.parts[-1] in wanted and word.parts[-1] not in verbs):
            return True
    return False


def _verbs_of(quantity: str, corpus: Corpus) -> set[str]:
    """The terms of the words in small letters: "arbeiten" of "Leute arbeiten"."""
    return {term for one in quantity.split() if one.islower() for term in corpus.analyzer.terms(one)}


def _unit_sign(quantity: str, text: str) -> bool:
    sign = _SIGNS.get(quantity.split()[-1].lower())
    return bool(sign and re.search(rf"(?<!\w){re.escape(sign)}|\d\s?{re.escape(sign)}", text, re.IGNORECASE))
