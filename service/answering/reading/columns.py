"""The columns of lists that a question names: "Welche Projekte haben eine interkommunale
Zusammenarbeit?", "Wo arbeitet der Kreis mit den Städten zusammen?"
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations

from service.answering.corpus import Corpus
from service.answering.reading.values import NamedColumn
from service.answering.retrieval.query_words import QueryWord
from service.answering.retrieval.terms import words_in
from vectorstore.text_forms import fold

_LONGEST_ENDING = 2  # letters of the ending of an adjective: "kommunal" of "Kommune"


class Columns:
    """The columns of an edition's lists in which some records have an entry and others have
    none.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def find(self, topic: Sequence[QueryWord], documents: Iterable[str]) -> NamedColumn | None:
        """The column whose head has all words of a topic, and no other; None if there is none or
        several. "interkommunal" has "Kommunen".
        """
        return self._find_only([(frozenset({word}), word.terms) for word in topic], documents)

    def find_in_words(self, words: Sequence[str], documents: Iterable[str]) -> NamedColumn | None:
        """The column whose head says in other words what these words of a question say; None if
        there is none, or if there are several.

        A word may be a synonym ("Städte" for "Kommunen"). A verb and its prefix behind it may be
        one word of the head ("arbeitet ... zusammen" for "Zusammenarbeit"). The words are in the
        order of the question, and each has to say something of the head.
        """
        groups: list[tuple[frozenset[object], Sequence[str]]] = []
        for word in words_in(" ".join(words), self._corpus):
            of_one_term = [synonym[0] for synonym in word.synonyms if len(synonym) == 1]
            groups.append((frozenset({word.text}), (*word.terms, *of_one_term)))
        for verb, prefix in combinations(words, 2):
            whole = self._corpus.analyzer.terms(fold(prefix) + fold(verb))
            groups.append((frozenset({verb, prefix}), whole[:1]))
        return self._find_only(groups, documents)

    def _find_only(
        self,
        groups: Sequence[tuple[frozenset[object], Sequence[str]]],
        documents: Iterable[str],
    ) -> NamedColumn | None:
        """The only column that fits all these groups; None if there is none, or if there are
        several.

        A group has words of the question, and the index terms that they may mean. A column fits if
        each stem of its head is among these terms, and each word is in a group that has a stem of
        the head.
        """
        allowed = set(documents)
        found = list[NamedColumn]()
        every = frozenset().union(*(words for words, _ in groups))
        for column in self._all:
            named = set[object]()
            stems = set[str]()
            for words, terms in groups:
                inside = {stem for stem in column.stems if _has_stem(terms, stem)}
                stems |= inside
                if inside:
                    named |= words
            with_it = tuple(id_ for id_ in column.documents if id_ in allowed)
            if with_it and named == every and stems == column.stems:
                found.append(replace(column, documents=with_it))
        if len(found) != 1:
            return None
        return found[0]

    @cached_property
    def _all(self) -> list[NamedColumn]:
        """All columns of lists, each with the documents in which some records have no entry in it.
        A column in which all records have an entry distinguishes none of them, and is left out.
        """
        items, columns = self._corpus.catalogue.items, list[NamedColumn]()
        listed = Counter(item.document_id for item in items if item.table_row)
        for head, rows in self._corpus.records.rows_by_value("column").items():
            counts = Counter(items[row].document_id for row in rows.tolist())
            documents = tuple(id_ for id_, count in counts.items() if count < listed[id_])
            stems = frozenset(word.whole for word in self._corpus.analyzer.words(head))
            if documents and stems:
                columns.append(NamedColumn(head, stems, documents))
        return columns


def _has_stem(terms: Iterable[str], stem: str) -> bool:
    """True if one of the terms is of a stem, with an ending of an adjective at most."""
    return any(term.startswith(stem) and len(term) - len(stem) <= _LONGEST_ENDING for term in terms)
