"""Units that a question calls by a name of the administration's own list, which no paper need print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from service.answering.understanding.document_names import words_of
from service.answering.understanding.slots import PrintedNames
from vectorstore.amending.form import Organisation
from vectorstore.amending.naming import Directory

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

    def said_in(self, question: str) -> tuple[str, ...]:
        """The units that a question calls by name, as lists show them."""
        return tuple(dict.fromkeys(unit for _, unit in self._said(question)))

    def words_in(self, question: str) -> set[str]:
        """The folded words by which a question calls units."""
        return {word for said, _ in self._said(question) for word in words_of(said)}

    def _said(self, question: str) -> Iterator[tuple[str, str]]:
        for begin, end in self._printed.spans(question):
            said = question[begin:end]
            plain = " ".join(said.casefold().split())
            unit = next((one for form in _uninflected(plain) if (one := self._unit_of.get(form))), None)
            if unit is not None:
                yield said, unit


def _uninflected(name: str) -> Iterator[str]:
    """A name, and it without the ending of a genitive."""
    yield name
    yield from (name[: ending.start()] for ending in re.finditer("e?s$", name))
    yield name.removesuffix("s")
