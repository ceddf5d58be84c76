"""What may head a record whose number could not be read from the picture of its page: a section of its own."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ingest.readers.claims import Claim, Span
from ingest.readers.simple.sheet_claims import SHEET_LEVEL
from ingest.rendering import Rendering
from ingest.stream import Line, body_style
from prompts import say

_NUMBERING = 2  # words of a line that may number it


def illegible_heads(lines: Sequence[Line], inside: Collection[int]) -> list[int]:
    """Return the lines that begin with an illegible number and are `inside` a sheet or set off from the text."""
    mark, body = say("reading.illegible"), body_style(lines)
    return [
        place for place, line in enumerate(lines)
        if line.opens and mark in line.text.partition(":")[0].split()[:_NUMBERING]
        and (place in inside or line.style.is_heavier(body))
    ]  # fmt: skip


def illegible_claims(lines: Sequence[Line], rendering: Rendering, heads: Sequence[int]) -> Iterator[Claim]:
    """Yield a section for each of these lines, so that what is below it belongs to no record before it."""
    for place in heads:
        head = rendering.span_of([place])
        yield Claim(
            kind="section", title=lines[place].text[:600], page=lines[place].page + 1, where="heading",
            level=SHEET_LEVEL, head=head, title_span=head, extent=Span(head.start, len(rendering.text)),
        )  # fmt: skip
