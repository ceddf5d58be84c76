"""Units that a question calls by a name of the administration's own list, which no paper need print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from service.answering import lexicon
from service.answering.understanding.document_names import words_of
from service.answering.understanding.slots import PrintedNames
from vectorstore.amending.form import Organisation
from vectorstore.amending.naming import Directory

if TYPE_CHECKING:
    from service.answering.corpus import Corpus

_OFTENER = 3  # times as many items that speak of a unit as those that it acts in, from which its name is a common noun
_ENDING = "(?:e?s)?"  # "des Straßenbauamtes"


class CalledUnits:
    """The units that records have, by each name that the administration's list gives them."""

    def __init__(self, organisations: Iterable[Organisation], units: Iterable[str]) -> None:
        directory = Directory(organisations)
        known = {one.shown: one for unit in units if (one := directory.of(unit)) is not None}
        self._unit_of = {
            " ".join(name.casefold().split()): unit for unit, one in known.items() for name in (one.name, *one.aliases)
        }
        self._printed = PrintedNames((name for one in known.values() for name in (one.name, *one.aliases)), _ENDING)

    def said_in(self, question: str) -> Iterator[tuple[str, str]]:
        """What a question says that is a unit's name, each with the unit as lists show it."""
        for begin, end in self._printed.spans(question):
            said = question[begin:end]
            plain = " ".join(said.casefold().split())
            unit = next((one for form in _uninflected(plain) if (one := self._unit_of.get(form))), None)
            if unit is not None:
                yield said, unit


def called(question: str, corpus: Corpus) -> list[tuple[str, str]]:
    """What a question calls units by, each with the unit; "Umwelt" is a subject of which papers speak, unless it acts.

    A single word counts where it is asked who is responsible, or where few records speak of it.
    """
    said = list(corpus.called_units.said_in(question))
    if lexicon.matches("intents", "responsible", question):
        return said
    return [(name, unit) for name, unit in said if not is_common(name, unit, corpus)]


def words_called(question: str, corpus: Corpus) -> set[str]:
    """The folded words by which a question calls units."""
    return {word for said, _ in called(question, corpus) for word in words_of(said)}


def is_common(name: str, unit: str, corpus: Corpus) -> bool:
    """Whether a name is one word that far more records speak of than the unit is responsible for."""
    words = corpus.analyzer.words(name)
    if len(words) != 1 or any(map(str.isdigit, name)):
        return False
    return corpus.items_with(words[0].whole) > _OFTENER * corpus.records.items_of_units.get(unit, 0)


def _uninflected(name: str) -> Iterator[str]:
    """A name, and it without the ending of a genitive."""
    yield name
    yield from (name[: ending.start()] for ending in re.finditer("e?s$", name))
    yield name.removesuffix("s")
