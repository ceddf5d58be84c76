"""The columns of lists that a question names: "Welche Projekte haben eine interkommunale
Zusammenarbeit?"
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property

from service.answering.corpus import Corpus
from service.answering.reading.values import NamedColumn
from service.answering.retrieval.query_words import QueryWord

_LONGEST_ENDING = 2  # letters of the ending of an adjective: "kommunal" of "Kommune"


class Columns:
    """The columns of an edition's lists in which some records have an entry and others have
    none.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def find(self, topic: Sequence[QueryWord], documents: Iterable[str]) -> NamedColumn | None:
        """The column whose head has the words of a topic and no others; None for none or several.

        The question's word may have the ending of an adjective: "interkommunal" fits a head with
        "Kommunen". `documents` are the ids in scope; the column that is returned has only those.
        """
        allowed = set(documents)
        found = list[NamedColumn]()
        for column in self._all:
            named = [_stems_in(word, column.stems) for word in topic]
            with_it = tuple(id_ for id_ in column.documents if id_ in allowed)
            if with_it and all(named) and set().union(*named) == column.stems:
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


def _stems_in(word: QueryWord, stems: Iterable[str]) -> set[str]:
    """Those of the stems that a word, or a part of it as a compound, has."""
    return {stem for stem in stems if _has_stem(word.terms, stem)}


def _has_stem(terms: Iterable[str], stem: str) -> bool:
    """True if one of the terms is a stem, or the stem with two more letters at most, such as those
    of an adjective ("kommunal").
    """
    return any(term.startswith(stem) and len(term) - len(stem) <= _LONGEST_ENDING for term in terms)
