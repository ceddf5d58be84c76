"""Find the headings of a document: those with numbers in sequence first, then all others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from ingest.readers.heading_levels import HeadingLeveller, without_lone_labels
from ingest.readers.heading_lines import HeadingLines
from ingest.readers.headings import Heading, HeadingReason, Level, with_parents
from ingest.readers.numbers import PrintedNumber
from ingest.readers.outlines import OutlineReader
from ingest.readers.plain_headings import PlainHeadingReader
from ingest.readers.titles import normalize_title


def read_headings(lines: HeadingLines, inside: Collection[int]) -> list[Heading]:
    """Return all headings in order, with level and parent; `inside` are the indices of lines of
    sheets.

    Headings with numbers in sequence are found first, then others in the lines left. Of these, one
    with the number of a heading already found is dropped: the number is only mentioned. A line
    before all numbered headings with the title of a numbered chapter is an entry of an overview,
    which begins no section.
    """
    numbered = OutlineReader(lines).read()
    by_line = {heading.line: heading for heading in numbered}
    known_numbers = {_name_of(heading.number) for heading in numbered if heading.number}
    chapters = [heading for heading in numbered if heading.level == Level.NUMBERED + 1]
    chapter_titles = {normalize_title(heading.title) for heading in chapters}
    count = len(lines.document)
    lines_of_numbers = (heading.line for heading in numbered if heading.level < Level.OVERVIEW)
    first_numbered = min(lines_of_numbers, default=count)
    reader = PlainHeadingReader(lines, inside, first_numbered)
    for index in range(count):
        if index in by_line or not lines.may_head(index):
            continue
        plain = reader.heading_at(index)
        if plain is None or (plain.number and _name_of(plain.number) in known_numbers):
            continue
        if index < first_numbered and normalize_title(plain.title) in chapter_titles:
            plain = replace(plain, level=Level.OVERVIEW, reason=HeadingReason.REPEATED)
        by_line[index] = plain
    ordered = _without_overlapping([heading for _, heading in sorted(by_line.items())])
    leveller = HeadingLeveller(lines)
    titled = leveller.without_document_title(without_lone_labels(ordered))
    return with_parents(leveller.with_levels(titled))


def _name_of(number: PrintedNumber) -> tuple[str, str]:
    return number.word, number.ref


def _without_overlapping(headings: Sequence[Heading]) -> list[Heading]:
    """Return headings without those that begin on a line of the heading before them: the second
    line of a long title may look like a heading itself.
    """
    result: list[Heading] = []
    for heading in headings:
        if not result or heading.line > result[-1].lines[-1]:
            result.append(heading)
    return result
