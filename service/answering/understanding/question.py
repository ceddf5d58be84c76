"""A question as a query over the edition."""

from __future__ import annotations

import re
from dataclasses import replace

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.document_names import kind_cues, words_of
from service.answering.names import Named
from service.answering.places import foreign_place
from service.answering.query import SINGLE, Asked, Filters, Intent, Query, SortBy, Word
from service.answering.understanding.claims import asks_existence, claim_of
from service.answering.understanding.comparing import meant
from service.answering.understanding.defining import term_of
from service.answering.understanding.filtering import filters_of
from service.answering.understanding.intents import among_intent, asked_for, intent_of, occurs
from service.answering.understanding.nouns import RecordNoun, record_nouns
from service.answering.understanding.plans import plans_anything, unplanned
from service.answering.understanding.references import references
from service.answering.understanding.sorting import sort_of
from service.answering.understanding.topics import topic_of
from vectorstore.analysis import fold
from vectorstore.records import ItemStatus

_OF_RECORDS = (Intent.LIST, Intent.COUNT, Intent.RANKING, Intent.COMPARE, Intent.DOCUMENT)
_EXPLAINED = (*SINGLE, Intent.STATUS, Intent.RESPONSIBLE)
_TITLE_STEM = 6
_ENDING = 5
_TELLING = 0.9
_RARE_NAME = 4.6  # rarity of a term that at most three of some 340 items have
_SURE = 0.75  # probability from which the trained reader's word counts
_IF_SO = re.compile(r"(?i)\b(?:wenn|falls) (?:ja|so)\b.*|\bif so\b.*")
_ASKS_MORE = re.compile(
    r"(?i)(?:^|[?.!,;]\s*|\b(?:und|oder|and|or)\s+)(?:(?:seit|bis|ab|in|an|von|mit|zu|für)\s+)?"
    r"(?:wer|wem|wen|wann|wo|wofür|womit|wie(?!\s+(?:ist|geht)\s+das)|was|warum|wieso|weshalb|welche[mnrs]?|who|when|where|how|what|why|which)\b"
)
_NUMBER = re.compile(r"\d{1,2}|(19|20)\d{2}")
_QUANTITY = re.compile(
    r"\b(?:wie ?viele?n?|how many|how much)\s+((?:[a-zäöüß]+e[nrs]?\s+)?[A-ZÄÖÜ]?[\wäöüß-]+)|"
    r"\bwie hoch (?:ist|sind|war|waren|liegt)\s+(?:der|die|das)\s+((?-i:[A-ZÄÖÜ])[\wäöüß-]{3,})|"
    r"\b(?:wie hoch (?:ist|sind|war|waren|liegt)|wie groß (?:ist|sind)|welche[nrs]?)\s+(?:der|die|das|den)?\s*"
    r"([\wäöüß-]*(?:quote|anteil|anzahl|zahl|fläche|umfang|rate|menge|leistung|ausstoß|schulden|umlage))\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\b([A-ZÄÖÜ][\wäöüß-]{3,})(?:zahl|zahlen|quote|anzahl)\b")
_HOW_OFTEN = re.compile(r"(?i)\b(?:wie oft|wie häufig|how often)\b.*?\b(\w+)\W*$")


def understand(question: str, corpus: Corpus, language: str, allowed: list[str] | None, among: bool = False) -> Query:
    """The question as a query; `allowed` are the only documents that the client wants searched.

    `among` says that the question chooses from records named before ("which of them").
    """
    named = _within(meant(question, corpus.names.documents(question), corpus), allowed)
    plain = corpus.names.unnamed(question, named)
    nouns = record_nouns(plain)
    filters = filters_of(plain, corpus, named, nouns, language)
    if not among and plans_anything(plain, nouns):
        plain, filters = _unplanned(plain, filters, corpus, named, nouns, language)
    intent = among_intent(question) if among else intent_of(plain, named, nouns, filters, corpus.reader.read(plain))
    topic = topic_of(plain, corpus, named, filters, nouns, intent, language)
    sort = None if intent is Intent.COMPARE else sort_of(plain, nouns, filters)
    if sort is not None:
        ranked = topic_of(plain.replace(sort.said, " "), corpus, named, filters, nouns, Intent.RANKING, language)
        sort = None if sort.by is SortBy.WEIGHT and (filters.narrow or any(map(_is_name_like, ranked))) else sort
        intent, topic = (Intent.RANKING, ranked) if sort is not None else (intent, topic)
    term = term_of(question)
    if term and intent in _EXPLAINED:
        intent = Intent.DEFINITION
    if _about_document(question, named, corpus, topic, intent):
        intent = Intent.DOCUMENT
    documents = named.ids if intent in _OF_RECORDS else _wide_enough(topic, named, corpus, allowed)
    claim = claim_of(plain)
    asked = asked_for(question)
    return Query(
        text=question,
        plain=plain,
        searched=_searched(plain, corpus, named),
        spoken=language,
        language=language,
        intent=intent,
        asked=asked,
        documents=documents,
        named=named.explicit,
        foreign_place=_foreign(question, corpus, named),
        filters=filters,
        nouns=tuple(nouns),
        topic=topic + _contact(asked, corpus),
        quantity=_quantity(question),
        refs=references(question),
        occurs=occurs(question),
        informal=lexicon.matches("phrases", "informal", question),
        yesno=_is_yesno(question, corpus),
        exists=asks_existence(question),
        claim=claim,
        sort=sort,
        term=term,
        named_things=_named_things(question),
    )


def _is_name_like(word: Word) -> bool:
    return word.text[0].isupper() or word.foreign


def _is_yesno(question: str, corpus: Corpus) -> bool:
    """True for a question to be answered by yes or no; not for one that goes on to ask what, who or when."""
    reading = corpus.reader.read(question)
    return reading.sure["yesno"]["yes"] >= _SURE and not _ASKS_MORE.search(_IF_SO.sub("", question))


def _unplanned(
    plain: str, filters: Filters, corpus: Corpus, named: Named, nouns: list[RecordNoun], language: str
) -> tuple[str, Filters]:
    """ "Was ist in Bad Lauven geplant?" without the status: anything that the county does there or for a topic."""
    freed = replace(filters, statuses=filters.statuses - {ItemStatus.PLANNED, ItemStatus.IMPLEMENTED})
    without = unplanned(plain)
    topic = topic_of(without, corpus, named, freed, nouns, Intent.FACT, language)
    named_so = freed.narrow or any(not word.text.isdigit() for word in topic)
    return (without, freed) if named_so else (plain, filters)


def _searched(question: str, corpus: Corpus, named: Named) -> str:
    """The question without the names of counties and documents: these are no topic."""
    names = corpus.names.title_words(named) if named.explicit else set()
    kept = [word for word in question.split() if not _is_name(word, corpus, names)]
    return " ".join(kept)


def _is_name(word: str, corpus: Corpus, names: set[str]) -> bool:
    bare = words_of(word)
    return bool(bare) and (bool(corpus.names.counties_in(word)) or all(part in names for part in bare))


def _wide_enough(topic: tuple[Word, ...], named: Named, corpus: Corpus, allowed: list[str] | None) -> tuple[str, ...]:
    """The named documents; all of them where a telling name of the question stands only in others."""
    if not named.counties or allowed is not None:
        return named.ids
    rows = [row for one in named.ids for row in corpus.rows_of_document.get(one, ())]
    for word in topic:
        elsewhere = corpus.knows(word.terms[0]) and corpus.rarity(word.terms[0]) > _RARE_NAME
        elsewhere = elsewhere and not word.others and not corpus.edition.vocabulary.knows(word.terms[0])
        if (
            word.text[0].isupper()
            and word.weight > 0.9
            and elsewhere
            and not any(word.terms[0] in corpus.terms[row] for row in rows)
        ):
            return tuple(corpus.catalogue.documents)
    return named.ids


def _within(named: Named, allowed: list[str] | None) -> Named:
    return named if allowed is None else replace(named, ids=tuple(one for one in named.ids if one in allowed))


def _foreign(question: str, corpus: Corpus, named: Named) -> str | None:
    """The place outside the edition that a question is about; none where a county of the edition is named."""
    if named.counties:
        return None
    return foreign_place(question, corpus.names.counties, corpus.folded_municipalities, corpus.words)


def _quantity(question: str) -> str | None:
    """The thing counted or measured: "Flächen" of "wie viele Flächen", "abgerufen" of "wie oft ... abgerufen"."""
    match = _QUANTITY.search(question)
    if match:
        return match[1] or match[2] or match[3]
    other = _HOW_OFTEN.search(question) or _FIGURE.search(question)
    return other[1] if other else None


_NUMBERS = {
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
    "sieben": 7,
    "acht": 8,
    "neun": 9,
    "zehn": 10,
    "elf": 11,
    "zwölf": 12,
}
_WHICH_OF = re.compile(
    rf"(?i)\b(?:welche[nmr]?|die|der|den|which)\s+({'|'.join(_NUMBERS)}|\d{{1,2}})\s+(?!prozent|jahre|kreise|dokumente)([\w-]+)"
)


def _named_things(question: str) -> tuple[int, str]:
    """How many names of what are asked for: (3, "Kommunen") for "welche drei Kommunen"; (0, "") for none."""
    match = _WHICH_OF.search(question)
    asks = re.search(r"(?i)\b(welche[nr]?|nennen|nenne|wie heißen|which|names?)\b", question)
    if not match or not asks:
        return 0, ""
    return _NUMBERS.get(match[1].lower()) or int(match[1]), match[2]


def _contact(asked: Asked, corpus: Corpus) -> tuple[Word, ...]:
    """For a question on contact ways: the word that such sections are headed with."""
    if asked is not Asked.CONTACT:
        return ()
    return tuple(Word("Kontakt", word.terms, 0.7) for word in corpus.analyzer.words("Kontakt"))


def _about_document(question: str, named: Named, corpus: Corpus, topic: tuple[Word, ...], intent: Intent) -> bool:
    """True where a named document is asked for its date, authority, publisher or contents, and nothing else."""
    read_so = corpus.reader.read(question).sure["want"]["document"] >= _SURE
    asks = read_so or lexicon.matches("intents", "document", question)
    side_by_side = intent is Intent.COMPARE and lexicon.matches("intents", "compare", question)
    if not named.explicit or intent in (Intent.LIST, Intent.COUNT) or side_by_side or not asks:
        return False
    titles = {term for one in named.ids for term in corpus.analyzer.terms(corpus.catalogue.documents[one].title)}
    titles |= {
        term for one in named.ids for label, _ in corpus.labels.get(one, ()) for term in corpus.analyzer.terms(label)
    }
    aspects = lexicon.folded("words", "filler", "document")
    told = {term for aspect in aspects for term in corpus.analyzer.terms(aspect)}
    nouns = [word for word in topic if word.text[0].isupper() or word.foreign or question == question.lower()]
    nouns += [] if named.by_name else [word for word in topic if word.weight >= _TELLING]
    return all(
        fold(word.text) in aspects
        or set(word.terms) & titles
        or (word.foreign and any(set(entry) & (titles | told) for entry in word.others))
        or any(_calls(word.terms[0], term) for term in titles)
        or _NUMBER.fullmatch(word.text)
        for word in nouns
    )


def _calls(term: str, title: str) -> bool:
    """True where a term is a title's word in another form or a kind of document headed by it: "Digitalstrategie"."""
    if len(title) < _TITLE_STEM or not term.startswith(title[:_TITLE_STEM]):
        return False
    return abs(len(term) - len(title)) <= _ENDING or any(term.endswith(cue[:-1]) for cue in kind_cues())
