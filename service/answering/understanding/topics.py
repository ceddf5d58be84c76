"""The topic of a question: what remains when cues, record nouns, names and filters are taken away."""

from __future__ import annotations

import re
from functools import cache

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import SINGLE, Filters, Intent, RecordNoun, Word
from service.answering.understanding.called_units import words_called
from service.answering.understanding.document_names import kind_cues, words_of
from service.answering.understanding.filtering import _heads
from service.answering.understanding.intents import presumed_count
from service.answering.understanding.language import function_words
from service.answering.understanding.names import Named
from service.answering.understanding.spelling import mended
from service.answering.understanding.units import printed_units
from vectorstore.analysis import fold
from vectorstore.language.commonness import telling

_RATHER_RARE = 0.85
_SHORTEST_HEAD = 3
_TOKEN = re.compile(r"[\w.+-]*\w")
_ROAD = re.compile(r"\b[ABKL]\s?(\d{1,4})\b")
MONTHS = (
    "januar",
    "februar",
    "märz",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "dezember",
)
_TIMES = frozenset({*map(fold, MONTHS), "jahr", "jahre", "jahren", "jahres", "monat", "monate", "monaten", "halbjahr"})
_DAY = re.compile(rf"(?i)\b(\d{{1,2}})\.\s*({'|'.join(MONTHS)})\s+(\d{{4}})")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_PRINTED_DAY = re.compile(r"\b(\d{2})\.(0[1-9]|1[0-2])\.(\d{4})\b")
_ABOUT = re.compile(
    r"(?i)\b(?:zu|zum|zur|über|um|mit|gegen|für|ums|thema|sachen|in punkto|erwähn\w*|nenn\w*|behandel\w*|betreff\w*|"
    r"about|on|mention\w*|for|with|against|concerning|regarding|involv\w*|address\w*|tackl\w*|helps?|supports?|promot\w*|"
    r"improv\w*|protect\w*|concerns?)\s+(?=((?:[\w-]+\s*){1,4}))"
)
_ASKED_RECORDS = re.compile(r"(?i)\b(?:welche[nr]?|wie ?viele?n?)\s+(?:\w+en?\s+)?([\w-]+)\s+(?:(?:die|welche)\s+)?$")
_PREFIX_AT_END = re.compile(
    r"\b(zusammen|mit|ab|an|auf|aus|bei|ein|nach|vor|weiter|teil|statt|fest|um|weg|zurück|hin|her|los|durch)(?=\s*(?:[,;.:?!]|$))"
)
_SAID_OF_THEM = re.compile(r"\b(?:sind|waren|wurden|werden|are|were)\b[^.?!]*?\b([a-zäöüß]{5,})(?: worden)?\W*$")
_LISTED = (Intent.LIST, Intent.COUNT, Intent.RANKING)


def topic_of(
    question: str,
    corpus: Corpus,
    named: Named,
    filters: Filters,
    nouns: list[RecordNoun],
    intent: Intent,
    language: str,
) -> tuple[Word, ...]:
    """The words that carry the topic, with their index terms and how much they count."""
    dropped = dropped_words(question, corpus, named, filters, nouns, intent)
    dropped |= function_words(language) if language != "de" else frozenset()
    listed = intent in _LISTED
    spoken_of = _spoken_of(question) if listed and filters.narrow else None
    spoken_of_in_english = _spoken_of(question) if listed and language == "en" else frozenset()
    found = [Word(match[0], (match[1],)) for match in _ROAD.finditer(question)] + _dates(question)
    found += [
        Word(noun.written, (noun.head,), front=True)
        for noun in nouns
        if listed and _chooses_by_head(noun, corpus, filters)
    ]
    joined = {} if listed else _joined(question, corpus)
    found += joined.values()
    dropped |= set(joined)
    for match in _TOKEN.finditer(question.replace("/", " ")):
        token, folded = match[0], fold(match[0])
        if folded in dropped:
            continue
        if spoken_of is not None and folded not in spoken_of and not _YEAR.fullmatch(token):
            first_half = bool(filters.themes) and question[match.end() :].startswith("- ")
            if filters.name_records or first_half or not _is_noun(token, question, match.start(), dropped, corpus):
                continue
        if listed and _says_of_records(token, question[: match.start()], nouns):
            continue
        if listed and language == "en" and (filters.narrow or folded not in spoken_of_in_english):
            continue
        if listed and language == "de" and not _chooses(token, question[match.end() :], question):
            continue
        for word in corpus.analyzer.words(token):
            others = corpus.expansion.entries(token, language)
            found.append(mended(Word(token, word.terms, weight_of(token, language), others, language != "de"), corpus))
    if listed and not found and not filters.narrow:
        found = _predicate(question, corpus, dropped)
    return tuple(dict.fromkeys(found))


def _joined(question: str, corpus: Corpus) -> dict[str, Word]:
    """Verbs whose prefix stands at the end of the clause: "arbeiten ... zusammen" is read as "zusammenarbeiten"."""
    found = {}
    for match in _PREFIX_AT_END.finditer(question):
        clause = re.split(r"[,;.:?!]", question[: match.start()])[-1]
        for token in re.findall(r"\b[a-zäöüß]{4,}\b", clause):
            terms = tuple(corpus.analyzer.terms(match[1] + token))[:1]
            if terms and corpus.knows(terms[0]):
                found[fold(token)] = Word(match[1] + token, terms)
    return found


def _predicate(question: str, corpus: Corpus, dropped: set[str]) -> list[Word]:
    """What is said of the records ("sind verspätet"): where nothing else chooses, dropping it would list them all."""
    match = _SAID_OF_THEM.search(question)
    if match is None or fold(match[1]) in dropped:
        return []
    return [Word(match[1], word.terms) for word in corpus.analyzer.words(match[1])]


def _dates(question: str) -> list[Word]:
    """Dates in the other spelling: "8. November 2022" is printed "08.11.2022" too, and the other way round."""
    found = []
    for match in _DAY.finditer(question):
        month = MONTHS.index(match[2].lower()) + 1
        found.append(Word(match[0], (f"{int(match[1]):02d}.{month:02d}.{match[3]}",)))
    for match in _PRINTED_DAY.finditer(question):
        found.append(Word(match[0], (match[0],), 1.0, ((MONTHS[int(match[2]) - 1], match[3]),)))
    return found


def weight_of(token: str, language: str) -> float:
    """How much a word counts: less, the more common it is in everyday language; numbers and abbreviations fully."""
    return telling(fold(token), "en" if language == "en" else "de")


def _chooses_by_head(noun: RecordNoun, corpus: Corpus, filters: Filters) -> bool:
    """True for "Wohnprojekte", whose front is a topic; not for "Mobilitätsprojekte" where the theme is a filter."""
    return len(noun.head) >= _SHORTEST_HEAD and noun.status is None and not _is_theme(noun, corpus, filters)


def _spoken_of(question: str) -> set[str]:
    """The words behind "zu", "über", "befassen sich mit": with a filter that names something, only these are a topic.

    Beside a status or a theme every noun is one: "Welche Projekte in der Pflege sind in Bearbeitung?"
    """
    return {word for match in _ABOUT.finditer(question) for word in words_of(match[1])}


def _is_noun(token: str, question: str, start: int, dropped: set[str], corpus: Corpus) -> bool:
    """Whether a word is a noun and no time; at the beginning only a known one: not the "Zähl" of "Zähl alle auf"."""
    folded = fold(token)
    if folded in _TIMES or folded.startswith("archiv"):
        return False
    begins = not question[:start].strip() or question[:start].rstrip()[-1] in ".?!:"
    if begins and ({f"{folded}en", f"{folded}n"} & dropped or not corpus.analyzer.is_noun(token)):
        return False
    return token[0].isupper() or (token[0].isalpha() and question == question.lower())


def _chooses(token: str, behind: str, question: str) -> bool:
    """Whether a word may choose among records: a noun or number, or a rare adjective in front of a noun."""
    if token[0].isupper() or token[0].isdigit():
        return True
    if question == question.lower() or not any(map(str.isupper, question[1:])):
        return weight_of(token, "de") >= 0.5
    before_noun = bool(re.match(r"\s+[A-ZÄÖÜ]", behind))
    return before_noun and token.endswith(("e", "en", "er", "es", "em")) and weight_of(token, "de") >= _RATHER_RARE


def _says_of_records(token: str, before: str, nouns: list[RecordNoun]) -> bool:
    """True for the finite verb behind the records asked for: the "betreffen" of "Welche Projekte betreffen"."""
    asked = _ASKED_RECORDS.search(before)
    plural = {noun.word for noun in nouns if noun.plural}
    return asked is not None and token.islower() and token.endswith("n") and fold(asked[1]) in plural


def dropped_words(
    question: str, corpus: Corpus, named: Named, filters: Filters, nouns: list[RecordNoun], intent: Intent
) -> set[str]:
    """Folded words that are no topic."""
    words = words_of(question)
    dropped = {word for word in words if corpus.names.counties_in(word)} | lexicon.folded("words", "filler", "any")
    if named.explicit:
        dropped |= (
            corpus.names.title_words(named)
            | corpus.names.naming_words(named, words)
            | {word for word in words if _names_kind(word)}
        )
    if intent in _LISTED:
        dropped |= lexicon.folded("words", "filler", "lists") | _taken(corpus, named, filters)
        dropped |= words_called(question, corpus)
        dropped |= {noun.word for noun in nouns}
    if intent is Intent.COUNT:
        dropped |= {presumed_count(question, nouns) or ""}
    if intent in (Intent.STATUS, Intent.RESPONSIBLE):
        dropped |= lexicon.folded("words", "filler", str(intent))
        dropped |= {noun.word for noun in nouns if not noun.plural and not noun.head}
    if intent is Intent.COMPARE:
        dropped |= lexicon.folded("words", "filler", "compare")
    if intent in (*SINGLE, Intent.COMPARE):
        dropped |= {noun.word for noun in nouns if not noun.head}
    return dropped


def _taken(corpus: Corpus, named: Named, filters: Filters) -> set[str]:
    """The words that filters and the named documents stand for."""
    taken = set(_status_words())
    for key in (*filters.themes, *filters.parents):
        item = corpus.catalogue.item(*key)
        taken |= set(words_of(item.title.replace("/", " "))) if item else set()
    taken |= {word for unit in printed_units(filters.units, corpus.names.units) for word in words_of(unit)}
    if named.explicit:
        dated = (corpus.catalogue.documents[one].as_of for one in named.ids)
        taken |= {str(one.year) for one in dated if one}
    return taken | {word for name in filters.municipalities for word in words_of(name)} | set(filters.refs)


@cache
def _status_words() -> frozenset[str]:
    cues = (cue for cues in lexicon.words("nouns", "status").values() for cue in cues)
    return frozenset(part for cue in cues for part in fold(cue).split())


def _is_theme(noun: RecordNoun, corpus: Corpus, filters: Filters) -> bool:
    parts = [
        part for item, parts in corpus.themes() if (item.document_id, item.key) in filters.themes for part in parts
    ]
    return any(_heads(part, noun.head) for part in parts)


def _names_kind(word: str) -> bool:
    """True for "leitbild-entwurf": every part names a kind of document or how far it is."""
    return all(part in kind_cues() or part.startswith("entwurf") for part in word.split("-"))
