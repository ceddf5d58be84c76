"""Lines that begin with a number that text recognition (OCR) could not read: each becomes a section."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ingest.readers.claims import SHORT, Claim, Span
from ingest.readers.simple.sheet_claims import SHEET_LEVEL
from ingest.rendering import Rendering
from ingest.stream import Line, body_style
from prompts import say

_NUMBER_WORDS = 2  # words at the beginning of a line among which its number is


def illegible_heads(lines: Sequence[Line], inside: Collection[int]) -> list[int]:
    """Return the indices of lines that begin with an illegible number, `inside` a sheet or heavier than the body."""
    mark, body = say("reading.illegible"), body_style(lines)
    return [
        index for index, line in enumerate(lines)
        if line.opens and mark in line.text.partition(":")[0].split()[:_NUMBER_WORDS]
        and (index in inside or line.style.is_heavier(body))
    ]  # fmt: skip


def illegible_claims(lines: Sequence[Line], rendering: Rendering, heads: Sequence[int]) -> Iterator[Claim]:
    """Yield a section for each line in `heads`, so that the text below it does not belong to the record before it."""
    for index in heads:
        head = rendering.span_of([index])
        yield Claim(
            kind="section", title=lines[index].text[:SHORT], page=lines[index].page + 1, where="heading",
            level=SHEET_LEVEL, head=head, title_span=head, extent=Span(head.start, len(rendering.text)),
        )  # fmt: skip
