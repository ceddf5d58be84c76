"""Whether an item holds the very fact asked for: a number of just this, a size in its unit, a deadline, a reason.

An item often treats the thing and holds some number or date, but not the one asked for. So the fact must stand where
the thing stands: in one sentence with it, in the unit of what is measured, beside what is counted.
"""

from __future__ import annotations

import re

from service.answering.corpus import Corpus
from service.answering.evidence.counting import counts_closely, is_measure
from service.answering.evidence.facts import CAUSE, holds
from service.answering.evidence.kinds_of_things import alike
from service.answering.query import Asked, Measure, Measured, Query, Word
from vectorstore.records import Item, ItemStatus

_MONEY = re.compile(
    r"(?i)\d[\d.,\s]*(?:,-)?\s*(?:€|euro|eur|mio|millionen|mrd|cent|teur|t€)|kostenlos|kostenfrei|gebührenfrei|"
    r"unentgeltlich|€\s*\d|umsonst|kostenneutral"
)
_FIGURE = re.compile(r"(?i)(?:zahl|zahlen|leistung|verbrauch|menge|ausstoß|auflage|wert|werte|dichte|bedarf|ertrag)$")
_IN_UNIT = re.compile(r"(?i)(?:anteil|quote|prozentsatz)$")  # the unit says by itself what is meant
_HEAD = 4
_TELLING = 0.8
_NUMERAL = re.compile(r"(?i)\d|\b(?:ein|zwei|drei|vier|fünf|sechs|acht|zehn|zwölf)\b")
_METRE = r"\d[\d.,]*\s*(?:km|m|cm|mm|kilometer|meter|zentimeter)"
# units that say by themselves what they measure, and those that must stand beside the thing measured
_OWN_UNITS = {
    "breit": rf"{_METRE}\w*\s*breit|meter\w* breit|\w+breite\b|breite (?:von|beträgt)",
    "tief": rf"{_METRE}\w*\s*tief|meter\w* tief|\w+tiefe\b|tiefe (?:von|beträgt)",
    "dick": rf"{_METRE}\w*\s*dick|\bdicke\b",
    "hoch": rf"{_METRE}\w*\s*hoch|meter\w* hoch|\w+höhe|\bhöhe von",
    "alt": r"jahre alt|-?jährig|\balter\b|\bjahrgang|baujahr|"
    r"\b(?:zwischen|ab|unter|über|bis|von|mit)\s+\d+\s+(?:(?:bis|und)\s+\d+\s+)?jahren?\b",
    "schwer": r"\bkg\b|kilogramm|\bkilo\b|gramm",
    "laut": r"dezibel|\bdb\b",
}
_UNITS = {
    "hoch": r"%|prozent|€|euro|\bmillionen|\bmio\b|dezibel|\bgrad\b",
    "lang": rf"{_METRE}|meter|\bseiten\b|stunden|minuten|jahre|monate|wochen|tage",
    "schwer": r"tonnen|\bt\b",
    "alt": r"gegründet|gebaut|errichtet|seit (?:19|20)\d\d|(?:19|20)\d\d",
    "schnell": r"km/h|tempo \d|stundenkilometer|minuten?|sekunden?|stunden?|[mg]bit|tage?n?\b",
    "groß": r"\d[\d.,]*\s*(?:%|€|[a-zäöü²]+)",
    "warm": r"\bgrad\b|°",
    "heiß": r"\bgrad\b|°",
}
_DEADLINE = re.compile(r"(?i)\b(?:bis|spätestens|\w*frist\w*|stichtag\w*|\w*schluss|vor dem)\b")
_DEADLINE_OF = re.compile(
    r"(?i)bewerb|anmeld|antr[aä]g|einreich|eingereicht|frist|stichtag|schluss|abgegeben|abgabe|melde"
)


def lacks(item: Item, corpus: Corpus, query: Query) -> bool:
    """True where the item surely does not hold the fact asked for, though it holds one of its kind."""
    return (
        _is_bare(item, query)
        or _lacks_count(item, corpus, query)
        or _lacks_size(item, corpus, query)
        or _lacks_money(item, corpus, query)
        or _lacks_date(item, corpus, query)
        or _lacks_reason(item, corpus, query)
    )


def _texts(item: Item, corpus: Corpus) -> list[str]:
    """What an item says: its sentences, its heading and its title."""
    return [text for _, text in corpus.sentences(item)] + [item.heading, item.title]


def _is_bare(item: Item, query: Query) -> bool:
    """An archived record is a row with a title, a theme and a date: it says neither why, nor who, nor how much."""
    if item.ref != "Archiv":
        return False
    told = query.asked in (Asked.NOTHING, Asked.DATE) and not query.reason
    return not told or query.who


def _lacks_count(item: Item, corpus: Corpus, query: Query) -> bool:
    """Things are counted by a number right beside them: "elf Stationen", not "Stationen ... 2023"."""
    if query.asked is not Asked.NUMBER or query.measure.what is not Measured.COUNT or is_measure(query.measure.thing):
        return False
    return not counts_closely(item, corpus, query, widely=True)


def _lacks_size(item: Item, corpus: Corpus, query: Query) -> bool:
    """A size is said in its unit: no height in megawatts."""
    size, of = query.measure.size, query.measure.of
    if size is None or query.asked not in (Asked.NUMBER, Asked.NOTHING) or _FIGURE.search(of):
        return False
    unit, own = (re.compile(table.get(size, "$^"), re.IGNORECASE) for table in (_UNITS, _OWN_UNITS))
    subject = set(corpus.analyzer.terms(of))
    if _IN_UNIT.search(of):
        subject = {term for word in query.topic if word.text[0].isupper() for term in word.terms}
    numbered = [text for text in _texts(item, corpus) if _NUMERAL.search(text)]
    beside = [text for text in numbered if not subject or _speaks_of(subject, text, corpus)]
    return not any(own.search(text) for text in numbered) and not any(unit.search(text) for text in beside)


def _speaks_of(subject: set[str], text: str, corpus: Corpus) -> bool:
    """True where a text has one of the terms as a word or as what a compound is: the "Moor" of "Niedermoor"."""
    terms = set(corpus.analyzer.terms(text))
    return bool(subject & terms) or any(len(one) >= _HEAD and term.endswith(one) for one in subject for term in terms)


def _lacks_money(item: Item, corpus: Corpus, query: Query) -> bool:
    """A price is money, and of what is priced: no subsidy of a bus line for its ticket."""
    if query.asked is not Asked.AMOUNT:
        return False
    told = [text for text in _texts(item, corpus) if _MONEY.search(text)]
    measure = query.measure
    if not told or measure.what is Measured.SHARE:
        return not told and measure.what is not Measured.SHARE
    return measure.what is Measured.PRICE and not _is_priced(measure, item, told, corpus, query)


def _is_priced(measure: Measure, item: Item, told: list[str], corpus: Corpus, query: Query) -> bool:
    """True where a title says the thing priced; or a sentence with money does, and the item what it is for."""
    name = measure.of
    words = corpus.analyzer.words(name)
    titled = corpus.analyzer.words(f"{item.title} {item.heading}")
    titles = {term for word in titled for term in word.terms}
    wholes = {word.whole for word in titled}
    if any(word.whole in wholes or (word.parts and set(word.parts[:-1]) <= titles) for word in words):
        return True
    wanted = set(corpus.analyzer.terms(name)) | alike(name, corpus)
    wanted |= {term for word in query.topic if word.text == name for entry in word.others for term in entry}
    nouns = [word for word in query.topic if word.text in measure.beside and word.text[0].isupper()]
    nouns = [word for word in nouns if word.weight >= _TELLING]
    held = corpus.terms[corpus.row(item)] | titles
    borne = all(any(term in held for term in word.terms) or _is_held(word, set(held)) for word in nouns)
    return borne and any(wanted & set(corpus.analyzer.terms(text)) for text in told)


def _lacks_date(item: Item, corpus: Corpus, query: Query) -> bool:
    """A deadline is said as one; and where the second of something is spoken of, the date stands there."""
    if query.asked is not Asked.DATE:
        return False
    texts = _texts(item, corpus)
    dated = [text for text in texts if holds(Asked.DATE, text)]
    if not dated and item.body and item.status is not ItemStatus.ARCHIVED:
        return True
    if query.moment.deadline and not any(_is_deadline(text) for text in dated):
        return True
    for ordinal in query.moment.ordinals:
        spoken_of = [text for text in texts if re.search(rf"(?i)\b{ordinal}[rsnm]?\b", text)]
        if spoken_of and not any(text in dated for text in spoken_of):
            return True
    return False


def _is_deadline(text: str) -> bool:
    return bool(_DEADLINE.search(text) and _DEADLINE_OF.search(text))


def _lacks_reason(item: Item, corpus: Corpus, query: Query) -> bool:
    """A reason stands with its matter, in a word of cause; unless the question takes for true what the item denies."""
    if not query.reason or item.status in (ItemStatus.IDEA, ItemStatus.PLANNED):
        return False
    words = [word for word in query.topic if word.weight >= 0.4]
    held = set(corpus.terms[corpus.row(item)])
    if not words or not all(_is_held(word, held) for word in words):
        return False
    terms = {term for word in words for term in word.terms}
    texts = _texts(item, corpus)
    said = " ".join(texts)
    near = [text for text in texts if terms & set(corpus.analyzer.terms(text))]
    return all(number in said for number in query.figures) and not any(CAUSE.search(text) for text in near)


def _is_held(word: Word, held: set[str]) -> bool:
    return word.terms[0] in held or any(all(term in held for term in entry) for entry in word.others)
