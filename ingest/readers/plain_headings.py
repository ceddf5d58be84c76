"""Headings without numbers in sequence: marked by look, table of contents or the file."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from ingest.readers.heading_lines import LONGEST, NO_TITLE_END, HeadingLines
from ingest.readers.headings import Heading, HeadingReason, Level, is_caption
from ingest.readers.lexicon import is_section_label
from ingest.readers.numbers import parse_number
from ingest.readers.titles import join_title

# "§ 12a Inkrafttreten"
_PARAGRAPH_SIGN = re.compile(r"(?P<ref>§+\s?\d{1,3}[a-z]?)\s+(?P<title>\S.*)$")
_PARAGRAPH_ENDS = tuple('.!?:“")')


class PlainHeadingReader:
    """Reads the headings of a document without numbers in sequence. `inside` are the indices of
    lines of sheets, `first_numbered` is the line of the first numbered heading: lines before it may
    be headings though they look like the body.
    """

    def __init__(self, lines: HeadingLines, inside: Collection[int], first_numbered: int) -> None:
        self._lines, self._document, self._inside = lines, lines.document, inside
        self._first_numbered = first_numbered

    def heading_at(self, index: int) -> Heading | None:
        """Return the heading that a line without a number in sequence begins, None if it begins
        none.

        A line such as "§ 12a Inkrafttreten" is a heading. Captions and table cells are none. In a
        sheet only lines that the file or its table of contents marks are headings: others are
        mostly labels. A number before the title is kept as its number, though it is in no sequence,
        unless it has letters or a word ("M 3", "Ziel 3"), which then stay part of the title.
        """
        line = self._document.lines[index]
        paragraph = _PARAGRAPH_SIGN.match(line.text)
        if paragraph is not None and line.opens:
            ref = " ".join(paragraph["ref"].split())
            return Heading(
                (index,),
                paragraph.start("title"),
                paragraph["title"],
                None,
                Level.PLAIN,
                HeadingReason.NUMBER,
                ref,
            )
        if is_caption(line.text) or line.cell is not None:
            return None
        lines = self._document.paragraph_lines(index)
        title = join_title([self._document.text(n) for n in lines])
        if not _may_be_title(title):
            return None
        reason = self._reason(lines, title)
        if reason is None:
            return None
        if index in self._inside and reason not in (HeadingReason.LISTED, HeadingReason.LEVEL):
            return None
        number = parse_number(title)
        start, ref = 0, ""
        if number is not None and not number.code and not number.word:
            start, title = len(title) - len(number.text_after), number.text_after
            ref = number.ref
        else:
            number = None
        return Heading(tuple(lines), start, title.rstrip(" :"), number, Level.PLAIN, reason, ref)

    def _reason(self, lines: Sequence[int], title: str) -> HeadingReason | None:
        """Return why lines without a number in sequence are a heading, None if they are none.

        The reasons are tried in turn: a heading style of the file, a label with a colon, the table
        of contents, a section word ("Begründung"), a look unlike the lines around, and, in plain
        text, a short line between paragraphs. Sentences are no headings by the last three, nor are
        lines that the next line continues.
        """
        document = self._document
        line, following = document.lines[lines[0]], lines[-1] + 1
        if line.style.level:
            return HeadingReason.LEVEL
        # a heading has something below it
        is_before_other = following < len(document) and document.begins_paragraph(following)
        is_own_paragraph = line.opens and is_before_other and not document.lines[following].bullet
        if title.endswith(":") and len(title.split()) <= 3 and line.opens:
            if is_own_paragraph:
                return HeadingReason.LABEL
            return None
        if line.opens and self._lines.is_listed(title):
            return HeadingReason.LISTED
        if title.endswith(NO_TITLE_END) or not is_before_other:
            return None
        if is_own_paragraph and is_section_label(title.rstrip(":") + ":"):
            return HeadingReason.LABEL
        # a small bold line is a caption or a note
        is_small = line.style.size < document.body.size - 0.3
        if document.is_prominent(lines[0]) and not is_small and not self._is_uniform(lines):
            return HeadingReason.LOOK
        may_be_plain = not document.styled or lines[0] < self._first_numbered
        is_short = line.opens and len(title.split()) <= 9
        if may_be_plain and is_short and self._is_alone(lines):
            return HeadingReason.ALONE
        return None

    def _is_uniform(self, lines: Sequence[int]) -> bool:
        """True if the lines above and below some lines have their style: then all are text of a box
        in another style, not a heading among text. The first line of the document has none above
        it.
        """
        above = self._document.lines[max(lines[0] - 1, 0)]
        first, below = self._document.lines[lines[0]], self._document.lines[lines[-1] + 1]
        return lines[0] > 0 and above.style == first.style == below.style

    def _is_alone(self, lines: Sequence[int]) -> bool:
        """True if lines come after a complete paragraph and before a long line or a number. The
        paragraph is complete if it ends as a sentence does; at the beginning of the text and behind
        excluded lines, as of a table, there is none to be complete.
        """
        document = self._document
        after = document.text(lines[-1] + 1)
        if len(after) <= 60 and not after[:1].isdigit():
            return False
        if lines[0] == 0 or lines[0] - 1 in document.excluded:
            return True
        return document.text(lines[0] - 1).rstrip().endswith(_PARAGRAPH_ENDS)


def _may_be_title(title: str) -> bool:
    """True for a text that is not long, does not begin in lower case, has three letters and
    consists of letters at least by half, unlike a sum or a date.
    """
    letters = sum(map(str.isalpha, title))
    if letters < 3 or 2 * letters < len(title.replace(" ", "")):
        return False
    return len(title) <= LONGEST and not title[:1].islower()
