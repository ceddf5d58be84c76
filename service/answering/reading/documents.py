"""Which documents a question names: by publisher, by kind of document, by words of the title.

Publishers and titles are those of the edition; words for kinds of documents are data
(`lexicon/nouns.toml`). Superseded documents are answered from only on demand: by id, or by a word
or year that distinguishes them from their successor.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from itertools import chain, pairwise

from rapidfuzz import fuzz

from service.answering import lexicon
from service.answering.reading.nouns import WORD, fold_words, plurals
from service.answering.retrieval.terms import frame_probability
from service.records import ChatRequest
from vectorstore.language import fold
from vectorstore.records import Catalogue, Document

# "Klimaplan 2030 – Kreis Soest" has two parts
_TITLE_SEPARATOR = re.compile(r"\s[–—-]\s|[:(„“\"|]")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
# "ein Konzept" names none of the documents
_INDEFINITE = re.compile(r" (?:eine?[mnrs]?|[mk]ein\w*|any|my|a)$")
_ENDINGS = frozenset(("", "er", "ern", "ers", "s", "es", "'s", "ens", "ische", "ischen", "isches"))
# of 100, and letters of a name, for typing errors
_LEAST_SIMILARITY = 84
_LEAST_LETTERS = 6
# of words for a kind of document, and of those that may mean records, too
_KIND_SCORE = 2.0
_RECORDS_SCORE = 0.8
_PUBLISHER_SCORE = 1.0  # of the words of a publisher
_LEAST_FRAME = 0.3  # probability from which a word of a title is no topic
_LEAST_TITLE_SHARE = 0.5  # share of a title's words from which a question names it
_OWN_SCORE = _KIND_SCORE * _LEAST_TITLE_SHARE  # of a document that is named beside another
_SHORTEST = 4  # letters of a publisher's name and of a word of a title
# letters of a word of the names that begins a compound, and of what is compared
_SHORTEST_NAME = 3
_BEGINNING = 6
GENERIC = lexicon.folded_words("nouns", "publisher", "generic")
_BEFORE_NAMES = {"bad", "sankt", "gross", "klein"}  # "Bad Ems" is known by "Ems"
_TERRITORIES = lexicon.folded_words("nouns", "publisher", "territories")
_ANY = lexicon.folded_words("nouns", "paper", "any")
_OLD = lexicon.folded_words("nouns", "paper", "superseded")


@dataclass(frozen=True, slots=True)
class NamedDocuments:
    """The documents that a question means: `ids`, all in scope where it names none of them.

    `explicit` is true where the question names any, `by_name` where it does by more than their
    publisher; `publishers` are the named publishers, folded; `words` are the folded words of the
    question that name documents. `outside` are named publishers without a document in scope.
    """

    ids: tuple[str, ...]
    explicit: bool = False
    by_name: bool = False
    publishers: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cues:
    """Folded words by which a question may name a document: distinctive words and whole `parts` of
    its title.

    `publisher_words` are in the publisher's name of no other document, `own` are all words of
    title, publisher and id. `kinds` are words for its kind, `ends` the same as ends of compounds.
    """

    title: set[str]
    parts: list[str]
    publisher_words: set[str]
    own: list[str]
    kinds: list[str]
    ends: list[str]


def is_name(word: str, name: str) -> bool:
    """True if a folded word is a folded name, also inflected ("soester", "coesfelds") or with a
    typing error.

    A typing error counts only in a name of six letters or more, since short names are too like
    other words, and never in the first letter.
    """
    if word[:1] != name[:1]:
        return False
    stem = name.removesuffix("e")
    endings = word.removeprefix(stem), word.removeprefix(name)
    if word.startswith(stem) and not _ENDINGS.isdisjoint(endings):
        return True
    # an ending has three letters at most
    if len(name) < _LEAST_LETTERS or abs(len(word) - len(name)) > 3:
        return False
    return max(fuzz.ratio(word, name), fuzz.ratio(word, f"{name}er")) >= _LEAST_SIMILARITY


class DocumentNames:
    """Finds the documents of an edition that a question names; read-only but for its caches.

    `publishers` has document ids by the folded name of their publisher, `publishers_in` finds these
    names in a word.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._documents, self._superseded = catalogue.documents, catalogue.superseded
        self.publishers: dict[str, list[str]] = defaultdict(list)
        for document in self._documents.values():
            name = _publisher_name(document)
            if name:
                self.publishers[name].append(document.id)
        self.publishers_in: Callable[[str], tuple[str, ...]] = lru_cache(maxsize=4096)(
            lambda word: tuple(name for name in self.publishers if is_name(word, name))
        )
        self.find_documents: Callable[..., NamedDocuments] = lru_cache(maxsize=512)(
            self._find_documents
        )

    def scope(self, request: ChatRequest) -> list[str] | None:
        """The ids of the documents to answer from if a request names a superseded document, else
        None.

        If the request has the id of a superseded document, these are the ids of the request. If
        this question or the previous one names a superseded document, these are the named documents
        and all that are in force, but no successor of which the question names no year.
        """
        superseded = self._superseded
        if request.documents is not None:
            if superseded.keys() & set(request.documents):
                return request.documents
            return None
        earlier = [turn.content for turn in request.history if turn.role == "user"]
        named = set[str]()
        for text in (*earlier[-1:], request.question):
            named.update(self._find_superseded(text))
        if not named:
            return None
        years = set(_YEAR.findall(request.question))
        left_out = set(superseded)
        for successor in filter(None, (superseded[old] for old in named)):
            if years.isdisjoint(_years_of(self._documents[successor])):
                left_out.add(successor)
        return [id_ for id_ in self._documents if id_ in named or id_ not in left_out]

    @cached_property
    def _names(self) -> dict[str, _Cues]:
        """The words that name each document, by its id.

        A word of a publisher's name helps to tell documents apart only if it is in the name of no
        other document's publisher, and is neither generic ("Stadt") nor the publisher's proper
        name, by which candidates are chosen before.
        """
        skipped = GENERIC.union(self.publishers)
        publisher_words: dict[str, set[str]] = {}
        for id_, document in self._documents.items():
            words = _split_hyphens(fold_words(document.publisher))
            publisher_words[id_] = set(filter(str.isalpha, words)) - skipped
        counts = Counter(chain.from_iterable(publisher_words.values()))
        names = {}
        for id_, document in self._documents.items():
            distinctive = {word for word in publisher_words[id_] if counts[word] == 1}
            names[id_] = self._build_names(document, distinctive)
        return names

    def _build_names(self, document: Document, publisher_words: set[str]) -> _Cues:
        """The words that name a document; `publisher_words` are those of its publisher's name that
        no other document has.

        From its title, words count from four letters on, unless they fit a paper of any kind
        ("Konzept"), are generic ("Stadt") or name a publisher. A part of the title ("Klimaplan 2030
        – Kreis Soest" has two) needs several words, one of them neither generic nor a publisher.
        """
        title = {
            word for word in _split_hyphens(fold_words(document.title)) if len(word) >= _SHORTEST
        } - _ANY
        parts = [fold_words(part) for part in _TITLE_SEPARATOR.split(document.title)]
        # "Leitbild"; "-papier" as an end
        cues = lexicon.table("nouns")["document_kind"].get(document.kind.value, ())
        return _Cues(
            title=set(filter(self._distinguishes_titles, title)),
            parts=[
                " ".join(part)
                for part in parts
                if len(part) > 1 and any(map(self._distinguishes_titles, part))
            ],
            publisher_words=publisher_words,
            own=_split_hyphens(
                fold_words(f"{document.title} {document.publisher} {document.id.replace('-', ' ')}")
            ),
            kinds=[fold(cue) for cue in cues if cue[0] != "-"],
            ends=[fold(cue[1:]) for cue in cues if cue[0] == "-"],
        )

    def _distinguishes_titles(self, word: str) -> bool:
        """True unless a word is generic or the name of a publisher."""
        return word not in GENERIC and not self.publishers_in(word)

    def _find_documents(self, question: str, scope: tuple[str, ...] = ()) -> NamedDocuments:
        """The documents in `scope` (ids; () for all) that a question names.

        Of a document that exists for several years, only those of a year in the question are taken.
        A year that chooses so, or that fits an older document of a series, names the document as a
        title does.
        """
        named = self._find_named(question, scope)
        years = set(_YEAR.findall(question))
        if not self._superseded.keys().isdisjoint(named.ids):  # "im alten Wohnraumkonzept"
            named = replace(named, words=named.words | _OLD.intersection(fold_words(question)))
        chosen = self._choose_years(named.ids, years)
        is_of_year = any(
            self._documents[id_].followed_by and years & _years_of(self._documents[id_])
            for id_ in named.ids
        )
        if chosen == named.ids and not is_of_year:
            return named
        return replace(
            named, ids=chosen, explicit=True, by_name=True, words=named.words | frozenset(years)
        )

    def _choose_years(self, ids: tuple[str, ...], years: set[str]) -> tuple[str, ...]:
        """The ids of documents; of a document that exists for several years, only those for one of
        `years`.

        Documents of one publisher whose titles differ only in the year count as one document for
        several years. If it does not exist for any of `years`, all its ids stay.
        """
        if not years:
            return ids
        groups: dict[tuple[str, str], list[str]] = defaultdict(list)
        for id_ in ids:
            document = self._documents[id_]
            groups[document.publisher, _YEAR.sub("", document.title)].append(id_)
        dropped: set[str] = set()
        for group in groups.values():
            of_years = {id_ for id_ in group if years & _years_of(self._documents[id_])}
            if of_years:
                dropped |= set(group) - of_years
        return tuple(id_ for id_ in ids if id_ not in dropped)

    def _find_named(self, question: str, scope: tuple[str, ...]) -> NamedDocuments:
        """The documents in `scope` that a question names by publisher, title or kind.

        Candidates are the documents of the publishers that the question names, else all in scope.
        If no score is high enough, the result is all candidates. Else it is the best candidate of
        each named publisher (without a publisher, the best of all), and every other of which the
        question names at least half of the title or the kind ("Leitbild"), since it may mean each.
        Named publishers without a document in scope are told as `outside`.
        """
        words = fold_words(question)
        allowed = set(scope or self._documents)
        in_scope = [id_ for id_ in self._documents if id_ in allowed]
        of_publisher: dict[str, list[str]] = {}
        for word in words:
            for name in self.publishers_in(word):
                of_publisher[name] = [id_ for id_ in in_scope if self._has_name(id_, name)]
        publishers = tuple(name for name, ids in of_publisher.items() if ids)
        outside = tuple(name for name, ids in of_publisher.items() if not ids)
        candidates = (
            list(chain.from_iterable(of_publisher[name] for name in publishers)) or in_scope
        )
        capitals = {fold(word) for word in WORD.findall(question) if word[0].isupper()}
        scores = {id_: _score(self._names[id_], words, capitals) for id_ in candidates}
        by_publisher = frozenset(
            word for word in words if not set(publishers).isdisjoint(self.publishers_in(word))
        )
        ids: dict[str, None] = {}
        if any(score for score, _ in scores.values()):
            groups = [of_publisher[name] for name in publishers] or [candidates]
            for group in groups:
                best = min(_OWN_SCORE, max(scores[id_][0] for id_ in group))
                ids |= dict.fromkeys(id_ for id_ in group if scores[id_][0] >= best)
        # "das Dokument": there is only one
        nouns = _ANY.intersection(words) if not ids and len(candidates) == 1 else frozenset()
        naming = by_publisher.union(nouns, *(scores[id_][1] for id_ in ids))
        by_name = bool(ids or nouns)
        is_explicit = by_name or bool(publishers)
        if is_explicit:
            naming |= self._kinds_in_titles(words, ids or candidates)
        return NamedDocuments(
            tuple(ids or candidates), is_explicit, by_name, publishers, naming, outside
        )

    def _has_name(self, id_: str, name: str) -> bool:
        """True if a document bears the folded name of a publisher: its own publisher has it or,
        where that was not read, its title or text.
        """
        if self._documents[id_].publisher:
            return id_ in self.publishers[name]
        return name in self._words_of[id_]

    @cached_property
    def _words_of(self) -> dict[str, frozenset[str]]:
        """The folded words of title and text of each document without a publisher, by its id."""
        return {
            document.id: frozenset(fold_words(f"{document.title} {document.text}"))
            for document in self._documents.values()
            if not document.publisher
        }

    def _kinds_in_titles(self, words: list[str], documents: Iterable[str]) -> frozenset[str]:
        """The words for a kind of document ("Maßnahmenkatalog") that titles of documents have."""
        titles = set(fold_words(" ".join(self._documents[id_].title for id_ in documents)))
        return frozenset(word for word in words if word in titles and word.endswith(tuple(_ANY)))

    def _find_superseded(self, question: str) -> Iterator[str]:
        """Yield the ids of superseded documents that a question means, rather than their
        successors.

        A document that is named by more than its publisher is meant if the question asks for an old
        one, or if it has no successor. A document of a series is meant by a year, too.
        """
        if not self._superseded:
            return
        # without years, by which `find_documents` would choose one document of a series
        named = self.find_documents(_YEAR.sub(" ", question))
        years = set(_YEAR.findall(question))
        asks_for_old = not _OLD.isdisjoint(fold_words(question))
        for id_ in named.ids:
            if id_ not in self._superseded:
                continue
            document, successor = self._documents[id_], self._superseded[id_]
            newer = _years_of(self._documents[successor]) if successor else set()
            is_named = named.by_name and (asks_for_old or successor is None)
            is_of_series = named.by_name or document.followed_by
            if is_named or (is_of_series and years & (_years_of(document) - newer)):
                yield id_


def _score(names: _Cues, words: list[str], capitals: set[str]) -> tuple[float, set[str]]:
    """How surely a question of these folded words names a document, as a sum of what title,
    publisher and kind give, and the words that name it; 0 if it does not.

    `capitals` are the words with a capital. A kind in the plural without one may mean records:
    "strategische Ziele" counts less than "in den Strategischen Zielen".
    """
    known, text = set(_split_hyphens(words)), f" {' '.join(words)} "
    score, naming = _title_score(names, known, text)
    if names.publisher_words and names.publisher_words <= known:
        score += _PUBLISHER_SCORE
        naming |= names.publisher_words
    kind_words = _find_kind_words(names, words, text)
    if kind_words:
        may_be_records = not kind_words <= capitals and not kind_words.isdisjoint(plurals())
        score += _RECORDS_SCORE if may_be_records else _KIND_SCORE
        naming |= kind_words
    if score:  # a compound of the names too: "CDU-Fraktion" of "CDU-Fraktion im Kreistag"
        naming |= {word for word in words if "-" in word and word in names.own}
    return score, naming


def _title_score(names: _Cues, known: set[str], text: str) -> tuple[float, set[str]]:
    """How surely a question names a document by its title, and the words of the title that it has:
    by at least half of the words, or by a whole part ("Klimaplan 2030").

    `known` are the words of the question, `text` is the question, both folded. A single word that
    may be a topic ("Radverkehr") does not name the document.
    """
    in_title = names.title & known
    share = len(in_title) / len(names.title) if names.title else 0.0
    may_be_topic = any(frame_probability(word) < _LEAST_FRAME for word in in_title)
    score, naming = 0.0, set[str]()
    if share >= _LEAST_TITLE_SHARE and (len(in_title) > 1 or not may_be_topic):
        score = _KIND_SCORE * share
        naming |= in_title
    for part in names.parts:
        if f" {part} " in text:
            score = _KIND_SCORE
            naming.update(part.split())
    return score, naming


def _find_kind_words(names: _Cues, words: list[str], text: str) -> set[str]:
    """The words of a question that name a document by its kind: "Leitbild-Entwurf", "Zielepapier".

    `words` are the folded words, `text` is the same joined by spaces, with one at both ends. A
    compound names one if its first part is a generic word ("Kreisreport"), or begins like a word of
    the document's own names ("Strategische Ziele").
    """
    results: set[str] = set()
    for cue in names.kinds:
        texts_before = text.split(f" {cue} ")[:-1]  # each time that it stands there
        if any(not _INDEFINITE.search(before) for before in texts_before):
            results.update(cue.split())
        results.update(word for word in words if word.startswith(f"{cue}-"))
    for word in words:
        for end in filter(word.endswith, names.ends):
            front = word.removesuffix(end).rstrip("-")  # "" for the end alone, which begins so
            if front in GENERIC or _begins_like(front, names.own):
                results.add(word)
    return results


def _begins_like(front: str, names: list[str]) -> bool:
    """True if the first part of a compound begins like a name, or a name like it."""
    return any(
        name.startswith(front[:_BEGINNING]) or front.startswith(name[:_BEGINNING])
        for name in names
        if len(name) >= _SHORTEST_NAME
    )


def _years_of(document: Document) -> set[str]:
    """The years in a document's title and date."""
    dated = {str(document.as_of.year)} if document.as_of else set()
    return dated | set(_YEAR.findall(document.title))


def _publisher_name(document: Document) -> str:
    """The name of the county or town in a publisher, folded, else its last proper name; "" where it
    has none.

    "Planbüro Muster für den Landkreis Neuhaus" gives "neuhaus". An office behind a comma is no
    name: "Stadt Neuhaus, Amt für Stadtentwicklung".
    """
    words = [word for word in WORD.findall(document.publisher) if fold(word) not in _BEFORE_NAMES]
    for kind, word in pairwise(words):
        name = _proper_name(word, is_led=True)
        if name and fold(kind) in _TERRITORIES:
            return name
    for part in document.publisher.split(","):
        name, leads = "", False
        for word in WORD.findall(part):
            found = _proper_name(word, is_led=leads)
            name = found or name
            leads = bool(found) or fold(word) in GENERIC
        if name:
            return name
    return ""


def _proper_name(word: str, *, is_led: bool) -> str:
    """A word of a publisher, folded, if it is a proper name, else "".

    A word without a capital, or in capitals throughout ("CDU"), is none, nor is a political group
    ("Ratsfraktion"). A short word is a proper name only if it `is_led` by a word for what it is
    ("Stadt Ulm") or by another name.
    """
    is_capitalized = word[0].isupper() and not word.isupper()
    if not is_capitalized:
        return ""
    name = fold(word.split("/")[0])
    if len(name) < _SHORTEST and not is_led:
        return ""
    if name in GENERIC or "fraktion" in name:
        return ""
    return name


def _split_hyphens(words: list[str]) -> list[str]:
    """The words, and the parts of those with hyphens."""
    return [*words, *chain.from_iterable(word.split("-") for word in words if "-" in word)]
