"""How lines are set: what tells headings from the text of a paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.layout.lines import Line

_LARGER = 0.4  # points of size that make a difference


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is set; all zero in plain text."""

    bold: bool
    size: float
    level: int

    @classmethod
    def of(cls, line: Line) -> Style:
        """The style of a line."""
        return cls(line.bold, round(line.size, 1), line.level)

    def is_larger_than(self, size: float) -> bool:
        """Tell whether letters are larger than a size, in points."""
        return self.size > size + _LARGER

    def is_set_off(self, body: Style) -> bool:
        """Tell whether a style differs from that of the text as headings do."""
        return self.level > 0 or self.is_larger_than(body.size) or (self.bold and not body.bold)


def body_style(lines: Iterable[Line]) -> Style:
    """Return the style of most letters, furniture aside."""
    letters: Counter[Style] = Counter()
    for line in lines:
        if not line.noise:
            letters[Style.of(line)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else Style(False, 0.0, 0)
