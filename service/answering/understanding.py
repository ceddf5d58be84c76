"""From a question's words to a query: what is asked, about which documents and records, and on what topic.

The topic is what remains of the question when cue words, record nouns, names and filters are taken away.
"""

from __future__ import annotations

import re
from dataclasses import replace

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.names import Named, foreign_place, kinds_in, words_of
from service.answering.query import Asked, Filters, Intent, Query, Word
from service.answering.typing_errors import mended
from vectorstore.analysis import fold
from vectorstore.language.commonness import telling
from vectorstore.records import Item, ItemKind, ItemStatus

_REF = re.compile(r"(?<![\w.,])(?:[A-Z]\.[IVX]+(?:\.\d+)?|\d+(?:\.\d+){1,3})(?![\w]|[.,]\d)")
_SHORT_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{4})?")
_PART = re.compile(r"\b(?:Teil|Part)\s+([A-Z])\b")
_ROMAN = re.compile(
    r"\b(?:punkt|beschlusspunkt|nummer|nr\.?|ziffer|ziel|prinzip|resolution)\s+([IVX]+)\b", re.IGNORECASE
)
_SINGLE = re.compile(
    r"\b(?:these|leitsatz|thesis|kapitel|thema|themenfeld|theme)\s+(?:nr\.?\s*|nummer\s+)?(\d{1,2})\b", re.IGNORECASE
)
_QUOTED = re.compile(r"[„“\"»‚']([^„“”\"«‘']{4,})[“”\"«‘']")
_RATHER_RARE = 0.85
_ABOUT = re.compile(
    r"(?i)\b(?:zu|zum|zur|über|um|mit|gegen|für|ums|thema|sachen|in punkto|erwähn\w*|nenn\w*|behandel\w*|betreff\w*|about|on|"
    r"mention\w*|for|with|concerning|regarding)\s+((?:[\w-]+\s*){1,4})"
)
_ROAD = re.compile(r"\b[ABKL]\s?(\d{1,4})\b")
_YEAR = re.compile(r"\b(20[0-4]\d)\b")
_QUANTITY = re.compile(
    r"\b(?:wie ?viele?n?|how many|how much)\s+((?:[a-zäöüß]+e[nrs]?\s+)?[A-ZÄÖÜ]?[\wäöüß-]+)|\b(?:wie hoch (?:ist|sind|war|waren|liegt)|wie groß (?:ist|sind)|welche[nrs]?)\s+(?:der|die|das|den)?\s*"
    r"([\wäöüß-]*(?:quote|anteil|anzahl|zahl|fläche|umfang|rate|menge|leistung|ausstoß|schulden|umlage))\b",
    re.IGNORECASE,
)
_EVERYTHING = re.compile(
    r"(?i)\balles\b|^\W*was (?:ist|wurde|wird|hat|befindet|steht|läuft|gibt)\b|\bliste|\bzähl|^\W*what (?:is|has|was)\b"
)
_DEMANDS = re.compile(
    r"(?i)^\W*was (?:fordert|fordern|verlangt|verlangen|beantragt|beantragen|schlägt|schlagen)\b|\bpunkt für punkt\b"
)
_PLURAL_LIST = re.compile(
    r"\b(welche[nr]?|alle[nr]?|sämtliche[nr]?|liste\w*|nenne?n?|zeige?n?|zähle?n?|which|list|what|show|name|all|was für|gibt es|wie lauten|wie heißen|in welchen|bei welchen|an welchen)\b",
    re.IGNORECASE,
)


def understand(question: str, corpus: Corpus, language: str, allowed: list[str] | None, among: bool = False) -> Query:
    """The question as a query over the edition; `allowed` are the only documents that the client wants searched.

    `among` says that the question chooses from records named before ("which of them")."""
    named = _within(corpus.names.documents(question), allowed)
    plain = corpus.names.unnamed(question, named)
    filters = _filters(plain, corpus, named)
    intent = _intent(plain, corpus, named, filters)
    intent = Intent.LIST if among and intent is not Intent.COUNT else intent
    filters = _topical_kind(filters, intent)
    topic = _topic(plain, corpus, named, filters, intent, language)
    if _about_document(question, named, corpus, topic, intent):
        intent = Intent.DOCUMENT
    return Query(
        text=question,
        plain=plain,
        spoken=language,
        language=language,
        intent=intent,
        asked=_asked(question),
        documents=named.ids,
        named=named.explicit,
        foreign_place=_foreign(question, corpus, named),
        filters=filters,
        topic=topic,
        quantity=_quantity(question),
        refs=tuple(dict.fromkeys(_refs(question))),
        quoted=tuple(_QUOTED.findall(question)),
    )


def _within(named: Named, allowed: list[str] | None) -> Named:
    return named if allowed is None else replace(named, ids=tuple(one for one in named.ids if one in allowed))


def _foreign(question: str, corpus: Corpus, named: Named) -> str | None:
    place = foreign_place(question, set(corpus.names.counties))
    if place is None or named.counties:
        return None
    county_like = re.search(rf"(?i)\bkreise?s?\s+{re.escape(place)}", question)
    return place if county_like or fold(place) not in corpus.words else None


def _refs(question: str) -> list[str]:
    found = [match[0] for match in _REF.finditer(question) if not _SHORT_DATE.fullmatch(match[0])]
    found += [match[1] for match in _PART.finditer(question)]
    found += [match[1].upper() for match in _ROMAN.finditer(question)]
    return found + [match[1] for match in _SINGLE.finditer(question)]


def _asked(question: str) -> Asked:
    order = (Asked.AMOUNT, Asked.ORGANISATION, Asked.CONTACT, Asked.PERSON, Asked.DATE, Asked.NUMBER)
    return next((one for one in order if lexicon.matches("intents", f"asked.{one}", question)), Asked.NOTHING)


def _quantity(question: str) -> str | None:
    match = _QUANTITY.search(question)
    return (match[1] or match[2]) if match else None


def _intent(question: str, corpus: Corpus, named: Named, filters: Filters) -> Intent:
    nouns = kinds_in(words_of(question))
    if lexicon.matches("intents", "count", question) and _counts_records(question, nouns, filters):
        return Intent.COUNT
    if _compares(question, named, corpus):
        return Intent.COMPARE
    if lexicon.matches("intents", "responsible", question) and not (filters.units and nouns):
        return Intent.RESPONSIBLE
    if _wants_list(question, nouns, filters):
        return Intent.LIST
    if lexicon.matches("intents", "status", question):
        return Intent.STATUS
    return Intent.TOPIC if lexicon.matches("intents", "topic", question) else Intent.FACT


def _about_document(question: str, named: Named, corpus: Corpus, topic: tuple[Word, ...], intent: Intent) -> bool:
    """True where a named document is asked for its date, authority, publisher or contents, and nothing else."""
    if (
        not named.explicit
        or intent in (Intent.LIST, Intent.COUNT, Intent.COMPARE)
        or not lexicon.matches("intents", "document", question)
    ):
        return False
    titles = {term for one in named.ids for term in corpus.analyzer.terms(corpus.catalogue.documents[one].title)}
    aspects = {fold(word) for word in lexicon.words("words", "filler")["document"]}
    rest = [
        word
        for word in topic
        if fold(word.text) not in aspects and not set(word.terms) & titles and not _YEAR.fullmatch(word.text)
    ]
    return not rest


def _compares(question: str, named: Named, corpus: Corpus) -> bool:
    if len(named.ids) < 2:
        return False
    kinds = len({fold(corpus.catalogue.documents[one].kind.value) for one in named.ids})
    cue = lexicon.matches("intents", "compare", question)
    return (
        len(named.counties) > 1
        or named.separately
        or (cue and (named.explicit or "kreise" in question or "dokumente" in question) and kinds > 0)
    )


def _counts_records(question: str, nouns: list[tuple[ItemKind | None, str]], filters: Filters) -> bool:
    """True where records are counted ("wie viele Projekte"), not things that a text tells ("wie viele Flächen")."""
    match = re.search(
        r"(?:wie ?viele?n?|(?:an)?zahl(?: der| an| von)?|how many|number of)\s+((?:[\wäöüß/-]+\s+){0,3}[\wäöüß/-]+)",
        question,
        re.IGNORECASE,
    )
    if match is None:
        return bool(nouns)
    behind = words_of(match[1])
    counted = kinds_in(behind[:4])
    if counted:
        return True
    return (
        bool(filters.statuses)
        and bool(nouns)
        and (not behind or behind[0] in {"sind", "davon", "stehen", "wurden", "are", "of"})
    )


def _wants_list(question: str, nouns: list[tuple[ItemKind | None, str]], filters: Filters) -> bool:
    if _DEMANDS.search(question):
        return True
    if any(_is_plural(word) for _, word in nouns):
        return bool(_PLURAL_LIST.search(question))
    return bool(filters.statuses) and not nouns and bool(_EVERYTHING.search(question))


def _is_plural(word: str) -> bool:
    return not word.endswith(
        (
            "ziel",
            "projekt",
            "these",
            "prinzip",
            "massnahme",
            "punkt",
            "feld",
            "thema",
            "leitsatz",
            "satz",
            "leitlinie",
            "theme",
            "project",
            "goal",
            "measure",
            "kapitel",
            "report",
            "forderung",
            "idee",
            "bereich",
        )
    )


def _filters(question: str, corpus: Corpus, named: Named) -> Filters:
    words = words_of(question)
    kinds = frozenset(kind for kind, _ in kinds_in(words) if kind is not None)
    statuses, without = _statuses(question)
    parents = _parents(question, corpus, named)
    units = corpus.names.unit_in(question)
    return Filters(
        kinds=kinds,
        statuses=statuses,
        without_statuses=without,
        themes=_themes(question, corpus, named),
        parents=parents,
        refs=tuple(one for one in _refs(question) if one not in units),
        units=units,
        municipalities=corpus.names.municipality_in(question),
        year=next(iter(_YEAR.findall(question)), None),
    )


def _statuses(question: str) -> tuple[frozenset[ItemStatus], frozenset[ItemStatus]]:
    text = " ".join(question.lower().split())
    found: list[tuple[int, int, ItemStatus]] = []
    for name, cues in lexicon.words("nouns", "status").items():
        if name == "negation":
            continue
        for cue in cues:
            found += [
                (match.start(), len(cue), ItemStatus(name))
                for match in re.finditer(rf"(?<!\w){re.escape(cue)}(?!\w)", text)
            ]
    wanted: set[ItemStatus] = set()
    without: set[ItemStatus] = set()
    for start, _, status in found:
        negated = re.search(r"\b(nicht|noch nicht|not|ohne)( \w+){0,2} $", text[:start])
        (without if negated else wanted).add(status)
    if re.search(r"\b(ohne|außer|nicht|without)\b[^.?!]*\barchiv", text):
        wanted.discard(ItemStatus.ARCHIVED)
        without.discard(ItemStatus.ARCHIVED)
    return frozenset(wanted), frozenset(without)


def _themes(question: str, corpus: Corpus, named: Named) -> tuple[tuple[str, str], ...]:
    """Themes that the question names by a part of their title, alone or at the head of "Mobilitätsprojekte"."""
    words = words_of(question)
    nouns = {word for _, word in kinds_in(words)}
    found = []
    for item, parts in corpus.themes():
        if item.document_id not in named.ids:
            continue
        said = [part for part in parts if _says_part(part, words, nouns)]
        if (
            said
            and len(said) * 2 >= len(parts)
            or any(_heads(part, nouns) for part in parts)
            or (said and _theme_word(question))
        ):
            found.append((len(said), item))
    best = max((count for count, _ in found), default=0)
    return tuple((item.document_id, item.key) for count, item in found if count == best)


def _theme_word(question: str) -> bool:
    return bool(
        re.search(
            r"(?i)\b(themen?(feld|bereich|gebiet)?e?s?|bereiche?|handlungsfeld|kapitel|feld|theme|area|field|chapter|zum thema)\b",
            question,
        )
    )


def _says_part(part: str, words: list[str], nouns: set[str]) -> bool:
    part_words = part.split()
    return all(any(word.rstrip("s") == one.rstrip("s") for word in words) for one in part_words) or _heads(part, nouns)


def _heads(part: str, nouns: set[str]) -> bool:
    stem = part.split()[-1].rstrip("s")
    return len(stem) > 4 and any(noun.startswith(stem) and noun != part for noun in nouns)


def _parents(question: str, corpus: Corpus, named: Named) -> tuple[tuple[str, str], ...]:
    """Goals, principles and theses that the question names by their whole title."""
    text = f" {' '.join(words_of(question))} "
    found = []
    for item in corpus.catalogue.items:
        if item.document_id in named.ids and item.kind in (ItemKind.GOAL, ItemKind.PRINCIPLE) and len(item.title) < 80:
            title = " ".join(words_of(item.title))
            if title and f" {title} " in text:
                found.append((item.document_id, item.key))
    return tuple(found)


def _topical_kind(filters: Filters, intent: Intent) -> Filters:
    return filters if intent in (Intent.LIST, Intent.COUNT) else replace(filters, year=None)


def _topic(
    question: str, corpus: Corpus, named: Named, filters: Filters, intent: Intent, language: str
) -> tuple[Word, ...]:
    dropped = _dropped_words(question, corpus, named, filters, intent)
    listed = intent in (Intent.LIST, Intent.COUNT)
    spoken_of = _spoken_of(question) if listed and filters.narrow else None
    found = [Word(match[0], (match[1],)) for match in _ROAD.finditer(question)]
    for token in re.findall(r"[\w./+-]*\w", question):
        if fold(token) in dropped or (spoken_of is not None and fold(token) not in spoken_of):
            continue
        if listed and not _chooses(token, question):
            continue
        for word in corpus.analyzer.words(token):
            found.append(mended(Word(token, word.terms, _weight(token, language)), corpus))
    return tuple(dict.fromkeys(found))


def _spoken_of(question: str) -> set[str]:
    """The words behind "zu", "über", "befassen sich mit": with a filter, only these are a topic."""
    return {word for match in _ABOUT.finditer(question) for word in words_of(match[1])}


def _chooses(token: str, question: str) -> bool:
    """Whether a word may choose among records: a noun, or a rare word; common verbs and adverbs choose none."""
    all_lower = question == question.lower()
    return token[0].isupper() or token[0].isdigit() or _weight(token, "de") >= (_RATHER_RARE if not all_lower else 0.5)


def _weight(token: str, language: str) -> float:
    """How much a word counts: less, the more common it is in everyday language; numbers and abbreviations fully."""
    return telling(fold(token), "en" if language == "en" else "de")


def _dropped_words(question: str, corpus: Corpus, named: Named, filters: Filters, intent: Intent) -> set[str]:
    """Folded words that are no topic: names of counties and documents, record nouns, cues, filters already taken."""
    words = words_of(question)
    dropped = {word for word in words if corpus.names.counties_in(word)}
    dropped |= {fold(word) for word in lexicon.words("words", "filler")["any"]}
    if named.explicit:
        dropped |= _name_words(corpus, named) | {word for word in words if _names_kind(word)}
        dropped |= {
            word
            for word in words
            for kind in lexicon.words("nouns", "document_kind").values()
            for cue in kind
            if fold(cue).removeprefix("-") == word
        }
    if intent in (Intent.LIST, Intent.COUNT):
        dropped |= {
            word for _, word in kinds_in(words) if not _topical_head(word) or _heads_theme(word, corpus, filters)
        }
        dropped |= {
            part for cues in lexicon.words("nouns", "status").values() for cue in cues for part in fold(cue).split()
        }
        dropped |= {word for key in filters.themes for word in _title_words(corpus, key)}
        dropped |= {word for key in filters.parents for word in _title_words(corpus, key)}
        dropped |= {word for unit in corpus.names.printed_units(filters.units) for word in words_of(unit)} | {
            fold(name) for name in filters.municipalities
        }
        dropped |= set(filters.refs)
        dropped |= {fold(word) for word in lexicon.words("words", "filler")["lists"]}
    if intent in (Intent.STATUS, Intent.RESPONSIBLE):
        dropped |= {fold(word) for word in lexicon.words("words", "filler")[str(intent)]}
        dropped |= {
            word
            for _, word in kinds_in(words)
            if word in {"projekt", "projekts", "projektes", "project", "massnahme", "vorhaben"}
        }
    return dropped


def _names_kind(word: str) -> bool:
    """True for "leitbild-entwurf": every part names a kind of document or how far it is."""
    cues = {fold(cue).removeprefix("-") for kinds in lexicon.words("nouns", "document_kind").values() for cue in kinds}
    return all(part in cues or part.startswith("entwurf") for part in word.split("-"))


def _name_words(corpus: Corpus, named: Named) -> set[str]:
    """The words of the titles and publishers of the named documents, where only one is meant."""
    documents = [corpus.catalogue.documents[one] for one in named.ids]
    if len(documents) > 1:
        return set()
    return {
        part
        for one in documents
        for word in words_of(f"{one.title} {one.publisher}")
        for part in (word, *word.split("-"))
    }


def _topical_head(word: str) -> bool:
    """True for "wasserstoffprojekte": a record noun with a topic in front."""
    plain = {
        fold(noun) for nouns in lexicon.words("nouns", "kind").values() for noun in nouns if not noun.startswith("-")
    }
    return word not in plain


def _heads_theme(noun: str, corpus: Corpus, filters: Filters) -> bool:
    """True for "mobilitaetsprojekte" where the theme "Mobilität" is already a filter."""
    parts = [
        part for item, parts in corpus.themes() if (item.document_id, item.key) in filters.themes for part in parts
    ]
    return any(_heads(part, {noun}) for part in parts)


def _title_words(corpus: Corpus, key: tuple[str, str]) -> set[str]:
    item: Item | None = corpus.catalogue.item(*key)
    return set(words_of(item.title.replace("/", " "))) if item else set()
