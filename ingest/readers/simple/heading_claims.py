"""Claims of headings and numbered points, and of the sections that have no reason to be records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.contents import Contents
from ingest.readers.claims import Claim, Span
from ingest.readers.lexicon import is_status_heading
from ingest.readers.simple.headings import REPEATED, Heading
from ingest.readers.simple.titles import normalize_title, shorten, trim
from ingest.rendering import Rendering
from ingest.stream import Line
from vectorstore.records import ItemKind

_POINT = 160  # characters from which a numbered text is a point rather than a heading


class HeadingClaims:
    """Makes the claims of the headings of one document."""

    def __init__(self, lines: Sequence[Line], rendering: Rendering, contents: Contents) -> None:
        self._lines, self._rendering, self._contents = lines, rendering, contents

    def make(self, headings: Sequence[Heading]) -> Iterator[Claim]:
        """Yield a claim for each heading, and for each point of a list that numbers head."""
        spelled = self._spellings(headings)
        text, spans, span_of = self._rendering.text, self._rendering.spans, self._rendering.span_of
        for place, heading in enumerate(headings):
            head = span_of(heading.lines) if heading.start >= 0 else spans[heading.lines[1]]
            ref = heading.ref or None
            title = heading.title
            if heading.start >= 0:
                begin = min(head.start + heading.start, head.end)
            else:
                begin, head = (
                    head.start,
                    Span(spans[heading.line].start, span_of(heading.lines[1:]).end),
                )
            is_point = heading.number is not None and (
                heading.is_point or len(title) > _POINT or (len(title) > 90 and title.endswith("."))
            )
            title_span = Span(begin, head.end)
            if is_point:
                block = self._rendering.blocks[self._rendering.block_at(head.start)]
                title = shorten(text[begin : block.span.end])
                head, title_span = (
                    Span(head.start, begin),
                    Span(begin, min(begin + len(title.rstrip(" …")), block.span.end)),
                )
            else:
                title, title_span = trim(text, title_span)
                title = title.rstrip(" :") or heading.title
                if title.isupper() and len(title) > 4:
                    title = spelled.get(normalize_title(title), title)
            above = headings[heading.parent] if heading.parent is not None else None
            part = above is not None and above.number is not None and above.number.shape == "{letters}"
            if part and above is not None and ref and heading.kind is not ItemKind.RESOLUTION:
                ref = f"{above.ref}.{ref}"
            end = spans[headings[place + 1].line].start if place + 1 < len(headings) else len(text)
            yield Claim(
                kind=heading.kind.value,
                number=ref,
                title=title[:600] or "–",
                page=self._lines[heading.line].page + 1,
                where="contents" if heading.reason == REPEATED else "heading",
                level=heading.level,
                head=head,
                title_span=title_span,
                extent=Span(head.start, max(end, head.end)),
                status=title[:600] if is_status_heading(title) else None,
            )

    def _spellings(self, headings: Sequence[Heading]) -> dict[str, str]:
        """Return titles as they are spelled where they are not in capitals."""
        titles = [*(entry.title for entry in self._contents.entries), *(heading.title for heading in headings)]
        return {normalize_title(title): title for title in reversed(titles) if not title.isupper()}
