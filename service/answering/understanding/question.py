"""A question as a query over the edition."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import (
    SINGLE,
    Asked,
    Filters,
    Intent,
    NumberForm,
    Query,
    RecordNoun,
    RecordNumber,
    Sort,
    SortBy,
    Word,
)
from service.answering.understanding.areas import areas_apart
from service.answering.understanding.aspects import aspects_of
from service.answering.understanding.claims import asks_existence, claim_of
from service.answering.understanding.comparing import meant
from service.answering.understanding.conditions import undecided
from service.answering.understanding.defining import term_of
from service.answering.understanding.document_names import kind_cues, words_of
from service.answering.understanding.filtering import filters_of, themes_in
from service.answering.understanding.intents import (
    also_asked,
    among_intent,
    asked_for,
    demands,
    intent_of,
    occurs,
)
from service.answering.understanding.manner import asks_who, chances_of, manner_of
from service.answering.understanding.measures import contact_way, figures_in, measure_of, moment_of, named_things
from service.answering.understanding.names import Named
from service.answering.understanding.nouns import STRUNG, record_nouns
from service.answering.understanding.places import foreign_place
from service.answering.understanding.plans import asks_plans, plans_anything, unplanned
from service.answering.understanding.references import record_numbers
from service.answering.understanding.roles import with_roles
from service.answering.understanding.sorting import grouping_of, sort_of
from service.answering.understanding.topics import topic_of
from service.answering.understanding.units import asks_duties
from vectorstore.analysis import fold
from vectorstore.records import Document, ItemStatus

_OF_NAMED = (Intent.LIST, Intent.COUNT, Intent.RANKING, Intent.COMPARE, Intent.DOCUMENT)
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
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def understand(question: str, corpus: Corpus, language: str, allowed: list[str] | None, among: bool = False) -> Query:
    """The question as a query; `allowed` are the only documents that the client wants searched.

    `among` says that the question chooses from records named before ("which of them").
    """
    given = None if allowed is None else tuple(allowed)
    query: Query = corpus.remembered(_understood, question, language, given, among)
    return query


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gist:
    """What a question wants of which records; `plain` is its text without the names of documents."""

    plain: str
    named: Named
    nouns: list[RecordNoun]
    filters: Filters
    intent: Intent
    topic: tuple[Word, ...]
    sort: Sort | None = None


def _understood(corpus: Corpus, question: str, language: str, allowed: tuple[str, ...] | None, among: bool) -> Query:
    gist = _ranked(_gist(corpus, question, language, allowed, among), corpus, language)
    term = term_of(question)
    intent = Intent.DEFINITION if term and gist.intent in _EXPLAINED else gist.intent
    about = _about_document(question, gist.named, corpus, gist.topic, intent)
    bare = not about and _names_nothing_else(gist, corpus)
    intent = Intent.DOCUMENT if about or bare else intent
    changes = corpus.changes_asked(question)
    if changes:
        gist, intent = _of_changes(gist, question, corpus, language), Intent.COMPARE
    query = _about(replace(gist, intent=intent), question, corpus, language, among=among)
    if intent not in _OF_NAMED:
        query = replace(query, documents=_wide_enough(gist.topic, gist.named, corpus, allowed))
    query = replace(
        query, changes=changes, term=term, yesno=_is_yesno(question, corpus), exists=asks_existence(question)
    )
    return _of_records(_of_facts(query, question, gist, corpus), question, corpus, bare=bare)


def _gist(corpus: Corpus, question: str, language: str, allowed: tuple[str, ...] | None, among: bool) -> _Gist:
    named = _within(meant(question, corpus.names.documents(question), corpus), allowed)
    plain = areas_apart(corpus.names.unnamed(question, named), corpus)
    nouns = record_nouns(plain)
    filters = filters_of(plain, corpus, named, nouns, language)
    if not among and (plans_anything(plain, nouns) or _knows_no_status(filters, corpus, named, nouns)):
        plain, filters = _unplanned(plain, filters, corpus, named, nouns, language)
    intent = among_intent(question) if among else intent_of(plain, named, nouns, filters, corpus.reader.read(plain))
    if intent is Intent.RESPONSIBLE:
        filters = replace(filters, themes=themes_in(plain, corpus, named, nouns, language, meant=True))
    topic = topic_of(plain, corpus, named, filters, nouns, intent, language)
    return _Gist(plain=plain, named=named, nouns=nouns, filters=filters, intent=intent, topic=topic)


def _of_changes(gist: _Gist, question: str, corpus: Corpus, language: str) -> _Gist:
    """What a question on changes is about: implemented and archived by now are kinds of changes, no filters."""
    statuses = gist.filters.statuses - {ItemStatus.IMPLEMENTED, ItemStatus.ARCHIVED}
    filters = replace(gist.filters, statuses=statuses, without_statuses=frozenset(), by_table=False)
    told = topic_of(gist.plain, corpus, gist.named, filters, gist.nouns, Intent.LIST, language)
    salutation = lexicon.folded("words", "filler", "salutation")
    topic = corpus.changing.subject(question, (word for word in told if fold(word.text) not in salutation))
    return replace(gist, filters=filters, topic=topic, named=_of_years(gist.named, question, corpus))


def _of_years(named: Named, question: str, corpus: Corpus) -> Named:
    """The papers that a question names, only those of a year that it says: titles of a series differ in little else."""
    years = set(_YEAR.findall(question))
    documents = corpus.catalogue.documents
    ids = tuple(one for one in named.ids if years & {*_YEAR.findall(documents[one].title), _year(documents[one])})
    return replace(named, ids=ids, explicit=True) if ids else named


def _year(document: Document) -> str:
    return str(document.as_of.year) if document.as_of else ""


def _ranked(gist: _Gist, corpus: Corpus, language: str) -> _Gist:
    """A ranking where a superlative is said of records; "the most important" of something named is none."""
    found = None if gist.intent is Intent.COMPARE else sort_of(gist.plain, gist.nouns, gist.filters)
    if found is None:
        return gist
    sort, said = found
    rest = gist.plain.replace(said, " ")
    topic = topic_of(rest, corpus, gist.named, gist.filters, gist.nouns, Intent.RANKING, language)
    if sort.by is SortBy.WEIGHT and (gist.filters.narrow or any(map(_is_name_like, topic))):
        return gist
    return replace(gist, intent=Intent.RANKING, topic=topic, sort=sort)


def _about(gist: _Gist, question: str, corpus: Corpus, language: str, *, among: bool) -> Query:
    """What the question is about: its documents and records, its topic and the words to search."""
    asked, named = asked_for(question), gist.named
    listed = among or any(noun.document for noun in [one for one in gist.nouns if one.plural][:1])
    return Query(
        searched=_searched(gist.plain, corpus, named),
        spoken=language,
        language=language,
        intent=gist.intent,
        asked=asked,
        documents=named.ids,
        named=named.explicit,
        counties=named.counties,
        foreign_place=_foreign(question, corpus, named),
        filters=gist.filters,
        nouns=tuple(gist.nouns),
        topic=with_roles(gist.topic + _contact(asked, corpus), gist.plain, documents=listed),
        any_of=STRUNG.search(gist.plain) is not None,
        sort=gist.sort,
    )


def _of_facts(query: Query, question: str, gist: _Gist, corpus: Corpus) -> Query:
    """The query with what it asks of facts, and in which manner."""
    claim = claim_of(gist.plain)
    return replace(
        query,
        claim=claim,
        undecided=undecided(gist.plain, gist.nouns, gist.filters, claim),
        measure=measure_of(question, query.asked, query.intent, gist.topic),
        moment=moment_of(question),
        contact=contact_way(question),
        chances=chances_of(corpus.reader.read(question)),
        manner=manner_of(question, gist.plain),
        who=asks_who(question),
        plans=asks_plans(question),
        figures=figures_in(gist.plain),
        named_things=named_things(question),
    )


def _of_records(query: Query, question: str, corpus: Corpus, *, bare: bool) -> Query:
    """The query with what it asks of numbered records, lists and documents."""
    numbers = record_numbers(question, query.nouns, corpus)
    return replace(
        query,
        intent=Intent.FACT if _asks_point(question, query.intent, numbers) else query.intent,
        numbers=numbers,
        occurs=occurs(question),
        demands=demands(question),
        duties=asks_duties(question),
        also=also_asked(question, query.intent),
        grouping=grouping_of(question),
        aspects=aspects_of(
            question,
            query.documents,
            corpus,
            whole=query.intent is Intent.DOCUMENT,
            nothing_else=bare,
        ),
    )


def _asks_point(question: str, intent: Intent, numbers: tuple[RecordNumber, ...]) -> bool:
    """True where one numbered record is asked what it demands: no list."""
    named = [one for one in numbers if one.form in (NumberForm.BEHIND, NumberForm.ORDINAL, NumberForm.POINT)]
    return intent is Intent.LIST and len(named) == 1 and demands(question)


def _is_name_like(word: Word) -> bool:
    return word.text[0].isupper() or word.foreign


def _is_yesno(question: str, corpus: Corpus) -> bool:
    """True for a question to be answered by yes or no; not for one that goes on to ask what, who or when."""
    reading = corpus.reader.read(question)
    return reading.sure["yesno"]["yes"] >= _SURE and not _ASKS_MORE.search(_IF_SO.sub("", question))


def _knows_no_status(filters: Filters, corpus: Corpus, named: Named, nouns: list[RecordNoun]) -> bool:
    """True where "geplant" is said of no records by name, and of papers whose records have no status."""
    if not filters.statuses or any(noun.kinds and noun.plural for noun in nouns):
        return False
    return not any(item.status for one in named.ids for item in corpus.catalogue.items_of(one))


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


def _wide_enough(
    topic: tuple[Word, ...], named: Named, corpus: Corpus, allowed: tuple[str, ...] | None
) -> tuple[str, ...]:
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


def _within(named: Named, allowed: tuple[str, ...] | None) -> Named:
    return named if allowed is None else replace(named, ids=tuple(one for one in named.ids if one in allowed))


def _foreign(question: str, corpus: Corpus, named: Named) -> str | None:
    """The place outside the edition that a question is about; none where a county of the edition is named."""
    if named.counties:
        return None
    return foreign_place(question, corpus.names.counties, corpus.folded_municipalities, corpus.words)


def _contact(asked: Asked, corpus: Corpus) -> tuple[Word, ...]:
    """For a question on contact ways: the word that such sections are headed with."""
    if asked is not Asked.CONTACT:
        return ()
    return tuple(Word("Kontakt", word.terms, 0.7) for word in corpus.analyzer.words("Kontakt"))


def _names_nothing_else(gist: _Gist, corpus: Corpus) -> bool:
    """True where a document is named and no topic: "Was steht im Leitbild?" asks for the document itself.

    A first word that no document knows ("Erzähl") has its capital from where it stands.
    """
    begun = [word for word in gist.topic if not gist.plain.startswith(word.text) or corpus.knows(word.terms[0])]
    return gist.named.by_name and not begun and gist.intent in SINGLE and not gist.filters.narrow


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
