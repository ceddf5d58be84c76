"""Turn headings, numbered points and lines with illegible numbers into claims."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from ingest.readers.claims import SHORT, Claim, Span
from ingest.readers.headings import Heading, HeadingReason
from ingest.readers.lexicon import is_status_heading
from ingest.readers.lines import DocumentLines
from ingest.readers.record_claims import SHEET_LEVEL
from ingest.readers.titles import normalize_title, shorten, trim
from ingest.rendering import Rendering
from ingest.stream import Line, body_style
from prompts import say

# characters above which a numbered title is a point; the second if it ends with "."
_LONG = 160
_SENTENCE = 90


def heading_claims(
    document: DocumentLines,
    rendering: Rendering,
    headings: Sequence[Heading],
    titles: Sequence[str],
) -> Iterator[Claim]:
    """Yield a claim for each heading and numbered point. The text of each goes up to the next
    heading of whatever level. A title in capitals is spelled as in the table of contents (`titles`)
    or in another heading, if one of them has it in usual letters.
    """
    all_titles = [*titles, *(heading.title for heading in headings)]
    spelled = {
        normalize_title(title): title for title in reversed(all_titles) if not title.isupper()
    }
    starts = [rendering.spans[heading.line].start for heading in headings]
    ends = [*starts[1:], len(rendering.text)]
    for heading, end in zip(headings, ends, strict=False):
        above = None
        if heading.parent is not None:
            above = headings[heading.parent]
        yield _claim(document, rendering, heading, above, end, spelled)


def _claim(
    document: DocumentLines,
    rendering: Rendering,
    heading: Heading,
    above: Heading | None,
    end: int,
    spelled: Mapping[str, str],
) -> Claim:
    """Return the claim of a heading below the heading `above`; its section ends at `end`. `spelled`
    has the titles that are printed in usual letters somewhere, by normalized title.

    A point, or a numbered heading as long as a sentence, has no title of its own: the first
    sentence of its paragraph is taken as title, and only the number is its head.
    """
    text = rendering.text
    head = rendering.span_of(heading.lines)
    title = heading.title
    title_start = min(head.start + heading.start, head.end)
    is_long = len(title) > _LONG or (len(title) > _SENTENCE and title.endswith("."))
    if heading.number is not None and (heading.is_point or is_long):
        block = rendering.blocks[rendering.block_at(head.start)]
        title = shorten(text[title_start : block.span.end])
        title_end = min(title_start + len(title.rstrip(" …")), block.span.end)
        head, title_span = Span(head.start, title_start), Span(title_start, title_end)
    else:
        title, title_span = trim(text, Span(title_start, head.end))
        title = title.rstrip(" :") or heading.title
        # a short one is an abbreviation ("ÖPNV")
        if title.isupper() and len(title) > 4:
            title = spelled.get(normalize_title(title), title)
    ref = heading.ref
    # numbers begin anew in each lettered part of a document
    if ref and above and above.number and above.number.is_letter:
        ref = f"{above.ref}.{ref}"  # "B.3" below part B
    return Claim(
        kind=heading.kind.value,
        number=ref or None,
        title=title[:SHORT] or "–",
        page=document.lines[heading.line].page + 1,
        where="contents" if heading.reason is HeadingReason.REPEATED else "heading",
        level=heading.level,
        head=head,
        title_span=title_span,
        extent=Span(head.start, max(end, head.end)),
        status=title[:SHORT] if is_status_heading(title) else None,
    )


# Lines that begin with a number that text recognition (OCR) could not read, and what was cut from a
# sheet: each becomes a section.

_NUMBER_WORDS = 2  # words at the beginning of a line among which its number is


def illegible_heads(lines: Sequence[Line], inside: Collection[int]) -> list[int]:
    """Return the indices of the lines whose number text recognition could not read. Such a line
    begins a paragraph, and the mark "[unleserlich]" is among its first words before any colon. Only
    lines `inside` a sheet count, or lines heavier than the body: elsewhere the mark may replace any
    word.
    """
    mark = say("reading.illegible")
    body = body_style(lines)
    heads = []
    for index, line in enumerate(lines):
        first_words = line.text.partition(":")[0].split()[:_NUMBER_WORDS]
        may_head = index in inside or line.style.is_heavier(body)
        if line.opens and mark in first_words and may_head:
            heads.append(index)
    return heads


def illegible_claims(
    lines: Sequence[Line], rendering: Rendering, heads: Sequence[int]
) -> Iterator[Claim]:
    """Yield a section for each line in `heads`, whose number is illegible or which begins a text
    that was cut from a sheet. So the text below the line does not count as a part of the record
    before it. The extent of each is the rest of the document, since its end is not known here.
    """
    for index in heads:
        head = rendering.span_of([index])
        yield Claim(
            kind="section",
            title=lines[index].text[:SHORT],
            page=lines[index].page + 1,
            where="heading",
            level=SHEET_LEVEL,
            head=head,
            title_span=head,
            extent=Span(head.start, len(rendering.text)),
        )
