"""The values of an edition that a question names (counties, municipalities, units), as the reader is to see them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from service.answering.understanding.features import with_placeholders
from service.answering.understanding.names import Names

_RUN = re.compile(r"\w+")
_EDGE = re.compile(r"(?<!\w)(?=\S)")
_KEPT = 4096


class Slots:
    """Finds the names of an edition in questions; all places, then all units."""

    def __init__(self, names: Names) -> None:
        places = {*names.counties, *names.municipalities}
        self._kinds = (("place", PrintedNames(places, "(?:er|s|es)?")), ("unit", PrintedNames(names.units, "")))

    def put_in(self, question: str) -> str:
        """Return the question with names as placeholders, so that what is learned means the same in every county."""
        spans: list[tuple[int, int, str]] = []
        for kind, printed in self._kinds:
            for begin, end in printed.spans(question):
                if all(end <= start or begin >= stop for start, stop, _ in spans):
                    spans.append((begin, end, kind))
        return with_placeholders(question, spans)


class PrintedNames:
    """Names as printed, looked up by the letters that they begin with; of several the longest counts."""

    def __init__(self, names: Iterable[str], ending: str) -> None:
        self._ending = ending
        self._by_run: dict[str, list[str]] = defaultdict(list)
        self._others: list[str] = []
        for name in sorted(set(names), key=lambda one: (-len(one), one)):
            if len(name) > 1:
                run = _RUN.match(name)
                (self._by_run[run[0].lower()] if run else self._others).append(name)
        self._pattern = lru_cache(maxsize=_KEPT)(self._compiled)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Begin and end of every name in a text, from left to right, none within another."""
        reached = 0
        for begin, names in self._begins(text):
            match = next((one for name in names if (one := self._pattern(name).match(text, begin))), None)
            if match and begin >= reached:
                reached = match.end()
                yield begin, reached

    def _begins(self, text: str) -> Iterator[tuple[int, list[str]]]:
        """Where names may begin, and which."""
        for edge in _EDGE.finditer(text):
            run = _RUN.match(text, edge.start())
            said = run[0].lower() if run else ""
            names = [name for end in range(1, len(said) + 1) for name in self._by_run.get(said[:end], ())]
            yield edge.start(), sorted(names, key=lambda one: (-len(one), one)) if run else self._others

    def _compiled(self, name: str) -> re.Pattern[str]:
        return re.compile(rf"(?i){re.escape(name)}{self._ending}(?!\w)")
