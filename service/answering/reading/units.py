"""The unit that a question names, by its number or by its name."""

from __future__ import annotations

import re
from collections.abc import Collection
from itertools import chain, pairwise

from service.answering.corpus import Corpus
from service.answering.query import AnswerType
from service.answering.reading.documents import GENERIC, NamedDocuments
from service.answering.reading.left_over import words_of_answer
from service.answering.reading.nouns import MARKS, fold_words
from service.records import unit_key
from vectorstore.language import fold

_RARE_WORD_SHARE = 0.2  # share of the items below which a word of a unit's name is distinctive
_UNIT_WORD = re.compile(  # "Amt 66", "Abteilung 66.01", "Dezernat IV", but not "Stelle 3a"
    r"(?i)\b(?:abteilung|sachgebiet|einheit|fachbereich|fachamt|amt|dezernat|dez\.|referat|department|fachdienst|"
    r"stelle|unit|team)(?:en|e|s)?\s+(?:nr\.\s*)?((?:\d{1,3}(?:\.\d{1,3})?)|[IVX]+)(?!\w)"
)
# "Wirtschaftsagentur (WAL)", "Abfallwirtschaft (70.03)"
_BRACKETS = re.compile(r"([\w-]+)\s+\(([\w.]+)\)")
# the number of a unit: "66", "66.01,", but not "66 %", "12 Uhr", "66.5", "12,5", "12. Mai"
_CODE = re.compile(
    r"(?<![\w.,])\d{2}(?:\.\d{2})?(?![\d%]|,\d|\.(?=\s*\w)|\s*(?:%|€|Euro|Prozent|Jahr|Uhr|km))"
)
_NOUN_BEHIND = re.compile(r"\s+([A-ZÄÖÜ]\w+)")


class UnitFinder:
    """Finds the unit of an edition's records that a question names."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        items = corpus.catalogue.items
        self._units = sorted(set(chain.from_iterable(item.responsible for item in items)))
        self._words_of_unit = {unit: _words_of_unit(unit) for unit in self._units}

    def find(
        self, question: str, words: list[str], named: NamedDocuments
    ) -> tuple[str, str, set[str]]:
        """The unit that a question names, the number of a unit that no record has, and the folded
        words for either. The first two are "" for none; at most one of them is set.

        A number comes first: "66" also means "66.01 Straßenbau". A name needs all its words in the
        question. Unless it asks who is responsible, one of them must be rare, and a single word has
        to be an abbreviation ("WFG") or in no title, since it may be a topic ("Straßenbau"). The
        publisher ("Stadt Neuhaus") is no unit.
        """
        after_unit_word = list(_UNIT_WORD.finditer(question))
        codes = [match[1] for match in after_unit_word]  # surely numbers of units, known or not
        for code in dict.fromkeys([*codes, *self._bare_codes(question)]):
            # "66" of "66.01", not of "661"
            pattern = re.compile(rf"{re.escape(unit_key(code))}(?![^\W_])")
            units = [unit for unit in self._units if pattern.match(unit_key(unit))]
            if units:
                names = [*(match[0] for match in after_unit_word), code, *units]
                names += [name for name, _ in self._corpus.named_units(code)]
                names += [match[1] for match in _BRACKETS.finditer(question) if match[2] == code]
                return code, "", set(fold_words(" ".join(names)))
        limit, stated = (
            _RARE_WORD_SHARE * len(self._corpus.terms),
            {*words, *(word.rstrip("s") for word in words)},
        )
        asks_for_unit = not words_of_answer(AnswerType.RESPONSIBLE).isdisjoint(words)
        for unit, parts in self._words_of_unit.items():
            if not stated.issuperset(parts):
                continue
            may_be_name = len(parts) > 1 or (
                len(parts) == 1 and (asks_for_unit or self._is_name_only(parts[0]))
            )
            is_publisher = named.words.union(GENERIC).issuperset(parts)
            if (
                may_be_name
                and not is_publisher
                and (asks_for_unit or min(map(self._corpus.items_with, parts)) < limit)
            ):
                return unit, "", {*parts, *_names_beside(question, parts)}
        return "", codes[0] if codes and self._units else "", {fold(code) for code in codes}

    def _bare_codes(self, question: str) -> list[str]:
        """The numbers of a question that may mean a unit without a word such as "Amt" before them.

        A number before a noun is a quantity ("14 Kommunen"), unless a unit with that number has the
        noun in its name ("66 Straßenbau") or the number has a dot ("66.01").
        """
        codes = []
        for match in _CODE.finditer(question):
            noun = _NOUN_BEHIND.match(question, match.end())
            names = fold(" ".join(name for name, _ in self._corpus.named_units(match[0])))
            is_quantity = noun is not None and fold(noun[1]) not in names
            if "." in match[0] or not is_quantity:
                codes.append(match[0])
        return codes

    def _is_name_only(self, word: str) -> bool:
        """True for a folded word that can only be a name: an abbreviation of up to four letters, or
        a word that no title has, so that it is no topic.
        """
        terms = self._corpus.analyzer.terms(word)
        in_titles = (self._corpus.title_index.mask_of(term).any() for term in terms)
        return len(word) <= 4 or not any(in_titles)


def _names_beside(question: str, parts: Collection[str]) -> set[str]:
    """The folded nouns by which a question explains a unit; `parts` are the words of its name.

    They stand in front of brackets with the name ("die Wirtschaftsagentur (WAL)"), or, if the name
    is a single word, right beside it ("die Wirtschaftsagentur WAL").
    """
    names = {fold(match[1]) for match in _BRACKETS.finditer(question) if fold(match[2]) in parts}
    if len(parts) > 1:
        return names
    words = [word.strip(MARKS) for word in question.split()]
    for before, after in pairwise(words):
        if fold(after) in parts and before[:1].isupper():
            names.add(fold(before))
        if fold(before) in parts and after[:1].isupper():
            names.add(fold(after))
    return names


def _words_of_unit(unit: str) -> list[str]:
    """The words of a unit's name, folded, without its number."""
    words = fold_words(unit)
    return [word for word in words if not word[0].isdigit() and word not in ("dez.", "dez")]
