"""Which number, date or contact way a question asks for: what is counted, how wide, what of, by when, by which way."""

from __future__ import annotations

import re

from service.answering.evidence.counting import NUMBER_WORDS
from service.answering.query import Asked, ContactWay, Intent, Measure, Measured, Moment, Ordinal, Size, Word

_QUANTITY = re.compile(
    r"\b(?:wie ?viele?n?|how many|how much)\s+((?:[a-zäöüß]+e[nrs]?\s+)?[A-ZÄÖÜ]?[\wäöüß-]+)|"
    r"\bwie hoch (?:ist|sind|war|waren|liegt)\s+(?:der|die|das)\s+((?-i:[A-ZÄÖÜ])[\wäöüß-]{3,})|"
    r"\b(?:wie hoch (?:ist|sind|war|waren|liegt)|wie groß (?:ist|sind)|welche[nrs]?)\s+(?:der|die|das|den)?\s*"
    r"([\wäöüß-]*(?:quote|anteil|anzahl|zahl|fläche|umfang|rate|menge|leistung|ausstoß|schulden|umlage))\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\b([A-ZÄÖÜ][\wäöüß-]{3,})(?:zahl|zahlen|quote|anzahl)\b")
_DONE_OFTEN = re.compile(r"(?i)\b(?:wie oft|wie häufig|how often)\b.*?\b(\w+)\W*$")
_OFTEN = re.compile(r"(?i)\bwie (?:oft|häufig)\b|\bhow often\b|\bin welche[mn] (?:abstand|abständen|turnus|rhythmus)\b")
_HOW_MANY = re.compile(r"(?i)\bwie ?vielen?\s+(?:[a-zäöüß]+e[nrs]?\s+)?(?-i:[A-ZÄÖÜ])")
_HOW_MUCH = re.compile(r"\b(?i:wie ?viel)\s+(?!Prozent|Euro|Geld)([A-ZÄÖÜ][\wäöüß-]+)")
_SIZE = re.compile(
    r"(?i)\bwie\s+(breit|tief|dick|hoch|lang|schwer|alt|schnell|laut|groß|warm|heiß)\s+"
    r"(?:ist|sind|war|waren|wird|werden|fährt|fahren|soll|sollen|darf|dürfen|muss|müssen|wurde|wurden)\b(?!\s+es\b)"
    r"(?:\s+(?:der|die|das|ein|eine)\s+(?:(?-i:[a-zäöüß])[a-zäöüß]*\s+)*((?-i:[A-ZÄÖÜ])[\wäöüß-]+))?"
)
_HIGH = re.compile(r"(?i)\bwie (hoch|groß)\b")
_PERCENT = re.compile(r"(?i)\b(?:prozent|prozentsatz|percent|percentage)\b|%")
_SHARE = re.compile(r"(?i)prozent|anteil|zuschuss|förder|quote|%")
_THING = r"(?:(?:ein|eine|einen|der|die|das|den)\s+)?(?:(?-i:[a-zäöüß])[a-zäöüß]*\s+)*?((?-i:[A-ZÄÖÜ])[\wäöüß-]+)"
_PRICED = (
    *(
        re.compile(rf"(?i){before}\s+{_THING}")
        for before in (
            r"\b(?:was|wie ?viel)\s+(?:kostet|kosten|kostete|kosteten)",
            r"\bwie teuer\s+(?:ist|sind|war|waren|wird|werden)",
            r"\b(?:be)?zahl\w*\b.*?\bfür",
            r"\bfür(?=.*\b(?:be)?zahl\w*\W*$)",
        )
    ),
    re.compile(r"(?i)\b(?:wat|hoeveel) kost(?:en)?\s+(?:een|het|de)\s+([\w-]+)"),
)
_DEADLINE = re.compile(
    r"(?i)\b(?:bewerb\w*|anmeld\w*|einreich\w*|eingereicht|abgeben|abgegeben|beantragen|einsenden|stichtag\w*|\w*frist\w*|"
    r"anmeldeschluss|bewerbungsschluss|einsendeschluss|antragsschluss)\b"
)
_ORDINAL = re.compile(rf"(?i)\b({'|'.join(Ordinal)})[rsnm]?\s+(?!mal\b|linie\b)(?-i:[A-ZÄÖÜ])[\wäöüß-]+")
_WAYS = (
    (ContactWay.PHONE, re.compile(r"(?i)telefon|\bphone|anruf|\bcall\b|durchwahl|rufnummer")),
    (ContactWay.MAIL, re.compile(r"(?i)mail")),
    (ContactWay.WEB, re.compile(r"(?i)web|homepage|internet|url|online|link")),
    (ContactWay.HOURS, re.compile(r"(?i)öffnungszeit|opening hours")),
    (ContactWay.ADDRESS, re.compile(r"(?i)adresse|anschrift|address")),
)
_SAID = re.compile(rf"(?i)\d+|\b(?:{NUMBER_WORDS})\b")
_NUMBERS = {
    "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12,
}  # fmt: skip
_WHICH_OF = re.compile(
    rf"(?i)\b(?:welche[nmr]?|die|der|den|which)\s+({'|'.join(_NUMBERS)}|\d{{1,2}})\s+(?!prozent|jahre|kreise|dokumente)([\w-]+)"
)
_ASKS_NAMES = re.compile(r"(?i)\b(welche[nr]?|nennen|nenne|wie heißen|which|names?)\b")


def measure_of(question: str, asked: Asked, intent: Intent, topic: tuple[Word, ...]) -> Measure:
    """The number asked for; a price where money is, a share where a count is asked for in percent."""
    thing = _thing(question)
    if asked is Asked.AMOUNT:
        return _price(question, thing, topic)
    if intent is Intent.COUNT and _PERCENT.search(question):
        return Measure(Measured.SHARE, thing)
    if _OFTEN.search(question):
        return Measure(Measured.FREQUENCY, thing)
    if stuff := _HOW_MUCH.search(question):
        return Measure(Measured.MASS, thing, of=stuff[1])
    if size := _SIZE.search(question) or _HIGH.search(question):
        return Measure(Measured.SIZE, thing, Size(size[1].lower()), (size[2] or "") if size.re is _SIZE else "")
    return Measure(_counted(question, thing), thing)


def _counted(question: str, thing: str) -> Measured:
    if _HOW_MANY.search(question):
        return Measured.COUNT
    return Measured.FIGURE if thing else Measured.NOTHING


def _price(question: str, thing: str, topic: tuple[Word, ...]) -> Measure:
    """What is priced, and what the price is for, said behind it; shares and grants are no prices."""
    if _SHARE.search(question):
        return Measure(Measured.SHARE, thing)
    priced = next((match for one in _PRICED if (match := one.search(question))), None)
    if priced is None:
        return Measure(_counted(question, thing), thing)
    behind = question[priced.end() :]
    return Measure(Measured.PRICE, thing, of=priced[1], beside=tuple(one.text for one in topic if one.text in behind))


def _thing(question: str) -> str:
    """The thing counted or measured: "Flächen" of "wie viele Flächen", "abgerufen" of "wie oft ... abgerufen"."""
    match = _QUANTITY.search(question)
    if match:
        return match[1] or match[2] or match[3]
    other = _DONE_OFTEN.search(question) or _FIGURE.search(question)
    return other[1] if other else ""


def moment_of(question: str) -> Moment:
    """What more a date must be that is asked for."""
    ordinals = tuple(dict.fromkeys(Ordinal(match[1].lower()) for match in _ORDINAL.finditer(question)))
    return Moment(_DEADLINE.search(question) is not None, ordinals)


def contact_way(question: str) -> ContactWay:
    """The way by which somebody is to be reached."""
    return next((way for way, cue in _WAYS if cue.search(question)), ContactWay.ANY)


def figures_in(question: str) -> tuple[str, ...]:
    """The numbers that a question says, in figures or words."""
    return tuple(dict.fromkeys(_SAID.findall(question)))


def named_things(question: str) -> tuple[int, str]:
    """How many names of what are asked for: (3, "Kommunen") for "welche drei Kommunen"; (0, "") for none."""
    match = _WHICH_OF.search(question)
    if not match or not _ASKS_NAMES.search(question):
        return 0, ""
    return _NUMBERS.get(match[1].lower()) or int(match[1]), match[2]
