"""The conditions that a question puts on records: status, theme, goal, number, unit, municipality."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import Filters, RecordNoun
from service.answering.understanding.aspects import document_statuses
from service.answering.understanding.called_units import called, is_common
from service.answering.understanding.conditions import is_said_of_later
from service.answering.understanding.document_names import words_of
from service.answering.understanding.names import Named
from service.answering.understanding.nouns import STRUNG
from service.answering.understanding.references import references
from service.answering.understanding.units import called_units, names_nobody, units_in, unknown_units_in
from vectorstore.analysis import fold
from vectorstore.records import Item, ItemKind, ItemStatus

_NEGATED = re.compile(r"\b(nicht|noch nicht|not|ohne|nie)( \w+){0,2} $")
_ARCHIVE_OUT = re.compile(r"\b(ohne|außer|nicht|without|excluding)\b[^.?!]*\barchiv")
_QUOTED = re.compile(r"[„“\"»«]([^„“”\"»«]{6,80})[“”\"«»]")
_LONGEST_NAME = 90
_ARCHIVE_TOO = re.compile(
    r"\b(inklusive|inkl\.?|einschließlich|einschl\.?|samt|mitsamt|zuzüglich|plus|including)"
    r"\s+(\w+\s+){0,2}archiv"
)
_OR_ARCHIVE = re.compile(r"\b(oder|or|sowie)\s+(\w+\s+){0,2}archiv|\barchiv\w*\s+(oder|or|sowie)\b")
_ALL_PLACES = re.compile(
    r"(?i)\b(?:alle[nr]?|sämtliche[nr]?|all)\s+(?:the\s+)?(?:\w+\s+)?"
    r"(?:kommunen|gemeinden|städten?|städten? und gemeinden|municipalities)\b"
)
_BY_TABLE = re.compile(
    r"(?i)\b(?:laut|gemäß|nach|in|according to|in the)\s+(?:der |the |dieser )?"
    r"(?:projektliste|projektübersicht|projekttabelle|tabelle|project list|project table|table)\b"
)
_TOWARDS = re.compile(r"\b(?:zum|beim|vom|unter dem|unter das|des)\s+Ziels?\b,?(?P<rest>[^?!.\d]*)\W*$")
_LONGEST_HEADING = 5  # words
_NOUN = re.compile(r"\b[A-ZÄÖÜ][\w-]{3,}")
_ARCHIVE = re.compile(r"(?i)\barchiv")
_RUNNING = re.compile(
    r"(?<!wie )\b(?:laufen|läuft)\b(?! (?:es|ab|an|aus|über|weiter)\b)"
    r"(?P<not> (?:noch |aktuell |derzeit )?nicht\b)?(?P<more> mehr\b)?"
)
_NOT_BEGUN = frozenset({ItemStatus.IDEA, ItemStatus.PLANNED})


def filters_of(question: str, corpus: Corpus, named: Named, nouns: list[RecordNoun], language: str) -> Filters:
    """Everything that narrows the records a question asks for."""
    statuses, without = _statuses(question, nouns)
    units = _units(question, corpus)
    unknown = unknown_units_in(question, corpus.names.units)
    unknown = tuple(one for one in unknown if not _is_spoken_of(one, question, corpus))
    titles = " ".join(corpus.catalogue.documents[one].title for one in named.ids) if named.explicit else ""
    refs = tuple(one for one in references(question) if one not in (*units, *unknown) and one not in titles)
    return Filters(
        statuses=statuses,
        without_statuses=without,
        themes=themes_in(question, corpus, named, nouns, language),
        parents=_parents(question, corpus, named),
        refs=refs,
        units=units,
        unknown_units=unknown,
        municipalities=corpus.names.municipality_in(question),
        all_municipalities=bool(_ALL_PLACES.search(question)) and bool(corpus.records.all_places.any()),
        by_table=bool(_BY_TABLE.search(question)),
        without_unit=not (units or unknown) and names_nobody(question),
        document_statuses=document_statuses(question),
    )


def _is_spoken_of(number: str, question: str, corpus: Corpus) -> bool:
    """Whether a record speaks of a unit that the question calls by this number, and that is responsible for nothing."""
    spoken = [word.whole for one, its in called_units(question) if its == number for word in corpus.analyzer.words(one)]
    term = corpus.analyzer.terms(number)[:1]
    return any(one in terms and not terms.isdisjoint(term) for terms in corpus.terms for one in spoken)


def _units(question: str, corpus: Corpus) -> tuple[str, ...]:
    """The units that a question names; what texts speak of far oftener than it acts is one only where that is asked.

    "Was ist für Unternehmen vorgesehen?" names nobody, though a sheet says "Unternehmen" under who acts.
    """
    by_name = [unit for _, unit in called(question, corpus)]
    units = tuple(dict.fromkeys((*by_name, *units_in(question, corpus.names.units))))
    if lexicon.matches("intents", "responsible", question):
        return units
    return tuple(unit for unit in units if unit in by_name or not is_common(unit, unit, corpus))


def _statuses(question: str, nouns: list[RecordNoun]) -> tuple[frozenset[ItemStatus], frozenset[ItemStatus]]:
    text = " ".join(question.lower().split())
    wanted: set[ItemStatus] = {noun.status for noun in nouns if noun.status is not None}
    without: set[ItemStatus] = set()
    for status, pattern in _status_patterns():
        for match in pattern.finditer(text):
            (without if _NEGATED.search(text[: match.start()]) else wanted).add(status)
    wanted |= _running(text, nouns)
    if is_said_of_later(question):
        wanted.discard(ItemStatus.IMPLEMENTED)
    if _ARCHIVE.search(question):
        wanted.add(ItemStatus.ARCHIVED)
    if _ARCHIVE_OUT.search(text):
        wanted.discard(ItemStatus.ARCHIVED)
        without.discard(ItemStatus.ARCHIVED)
    if ItemStatus.ARCHIVED in wanted:
        wanted = _with_archive(text, wanted)
    return frozenset(wanted), frozenset(without - wanted)


def _running(text: str, nouns: list[RecordNoun]) -> set[ItemStatus]:
    """What "laufen" says of records: in progress; "laufen noch nicht": planned or an idea."""
    match = _RUNNING.search(text)
    if match is None or not any(noun.plural and noun.kinds for noun in nouns):
        return set()
    if match["not"]:
        return {ItemStatus.IMPLEMENTED} if match["more"] else set(_NOT_BEGUN)
    return {ItemStatus.IN_PROGRESS}


def _with_archive(text: str, wanted: set[ItemStatus]) -> set[ItemStatus]:
    """The archive alone; with other statuses, or all of them, where the question adds it: "inklusive Archiv"."""
    if _ARCHIVE_TOO.search(text):
        return wanted if len(wanted) > 1 else set(ItemStatus)
    return wanted if _OR_ARCHIVE.search(text) else {ItemStatus.ARCHIVED}


@cache
def _status_patterns() -> list[tuple[ItemStatus, re.Pattern[str]]]:
    """One pattern for all cues of a status."""
    words = {name: cues for name, cues in lexicon.words("nouns", "status").items() if name != "negation" and cues}
    spelled = {
        name: "|".join(re.escape(cue) for cue in sorted(cues, key=len, reverse=True)) for name, cues in words.items()
    }
    return [(ItemStatus(name), re.compile(rf"(?<!\w)(?:{cues})(?!\w)")) for name, cues in spelled.items()]


def themes_in(
    question: str, corpus: Corpus, named: Named, nouns: list[RecordNoun], language: str, meant: bool = False
) -> tuple[tuple[str, str], ...]:
    """Themes that the question names: by their whole title, as a field of action, at the head of "Mobilitätsprojekte".

    What only means a theme ("zur Mobilität") is a topic, and a theme only where that is `meant`.
    """
    words = [part for word in words_of(question) for part in word.split("/")]
    if language != "de":
        words += [fold(entry) for entry, _ in corpus.expansion.translations(question, language)]
    heads = [noun.head for noun in nouns if noun.head]
    asked = lexicon.matches("phrases", "list.theme_word", question) or language != "de"
    known, documents = {word.rstrip("s") for word in words}, frozenset(named.ids)
    found = []
    for item, parts in _named_by(known, heads, corpus):
        if item.document_id not in documents:
            continue
        said = [part for part in parts if _says(part, known)]
        headed = any(_heads(part, head) for part in parts for head in heads)
        whole = len(said) == len(parts) > 1 or (meant and 2 * len(said) >= len(parts))
        if headed or (said and (asked or whole)):
            found.append((len(said) + headed, frozenset(said), item))
    best = max((count for count, _, _ in found), default=0)
    taken = frozenset(part for count, said, _ in found if count == best for part in said)
    strung = bool(STRUNG.search(question))
    return tuple(
        (item.document_id, item.key)
        for count, said, item in found
        if count == best or (strung and said and not said & taken)
    )


def _named_by(known: set[str], heads: list[str], corpus: Corpus) -> list[tuple[Item, tuple[str, ...]]]:
    """The themes with a word that the question says, or that a compound's head may be; in their order."""
    index = corpus.themes_by_word
    words = known | {word for word in index for head in heads if _heads(word, head)}
    places = {place for word in words for place in index.get(word, ())}
    return [corpus.themes()[place] for place in sorted(places)]


def _says(part: str, known: set[str]) -> bool:
    return all(one.rstrip("s") in known for one in part.split())


def _heads(part: str, head: str) -> bool:
    """True where a compound's head is a theme's word: "mobilitaets" and "mobilitaet"."""
    last = part.split()[-1].rstrip("s")
    stripped = head.rstrip("s")
    return len(stripped) > 3 and (
        last == stripped
        or (len(stripped) > 4 and last.startswith(stripped) and len(last) - len(stripped) <= 6)
        or (len(stripped) > 4 and last == f"{stripped}isierung")
    )


def _parents(question: str, corpus: Corpus, named: Named) -> tuple[tuple[str, str], ...]:
    """Goals, principles and theses that the question names by their whole title, or by words of it in quotes."""
    text = f" {' '.join(words_of(question))} "
    quoted = [" ".join(words_of(match[1])) for match in _QUOTED.finditer(question)]
    documents, found = frozenset(named.ids), []
    for item, title in _titled(text, quoted, corpus):
        whole = len(title) < _LONGEST_NAME and f" {title} " in text
        told = whole or any(f" {words} " in f" {title} " for words in quoted if " " in words)
        if item.document_id in documents and told:
            found.append((item.document_id, item.key))
    return tuple(found) or _at_theme_word(question, corpus, named) or _goal_by_nouns(question, corpus, named)


def _at_theme_word(question: str, corpus: Corpus, named: Named) -> tuple[tuple[str, str], ...]:
    """Goals and the like whose whole title stands behind a word for a field of action: "beim Thema Integration"."""
    words = words_of(question)
    behind = [
        " ".join(words[place + 1 : place + 1 + length])
        for place, word in enumerate(words)
        if lexicon.matches("phrases", "list.theme_word", word)
        for length in range(1, _LONGEST_HEADING)
    ]
    items = [item for title in dict.fromkeys(behind) for item in corpus.containers_by_title.get(title, ())]
    return tuple((item.document_id, item.key) for item in items if item.document_id in named.ids)


def _titled(text: str, quoted: list[str], corpus: Corpus) -> list[tuple[Item, str]]:
    """The goals, principles and theses with two neighbouring words of the question in their title; in their order."""
    pairs = {pair for words in (text, *quoted) for pair in pairwise(words.split())}
    places = {place for pair in pairs for place in corpus.containers_by_pair.get(pair, ())}
    return [corpus.containers[place] for place in sorted(places)]


def _goal_by_nouns(question: str, corpus: Corpus, named: Named) -> tuple[tuple[str, str], ...]:
    """The one goal whose title has every noun behind "zum Ziel": "zum Ziel, die Nahmobilität zu stärken"."""
    match = _TOWARDS.search(question)
    nouns = [word for word in _NOUN.findall(match["rest"]) if not corpus.names.counties_in(word)] if match else []
    wanted = {word.whole for noun in nouns for word in corpus.analyzer.words(noun)}
    if not wanted:
        return ()
    documents = frozenset(named.ids)
    goals = [item for item, _ in corpus.containers if item.kind is ItemKind.GOAL and item.document_id in documents]
    found = [(item.document_id, item.key) for item in goals if wanted <= set(corpus.analyzer.terms(item.title))]
    return tuple(found) if len(found) == 1 else ()
