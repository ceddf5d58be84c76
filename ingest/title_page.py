"""The title page and the edges of a document, from which its metadata is read where nobody states
it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain, takewhile
from typing import Any, NamedTuple

from ingest.layout.runs import RunRole
from ingest.metadata_words import (
    bodies_in,
    cue_words,
    has_cue,
    kind_in,
    names_matter,
)
from ingest.readers.numbers import leading_number
from ingest.rendering import BlockKind, Rendering, TextBlock
from ingest.stream import Layout, Line, body_style
from ingest.values.parsing import dates
from prompts import imitates_service, say
from vectorstore.language import collapse_spaces, pattern_of_any
from vectorstore.records import DocumentKind, DocumentStatus

_MAX_LINE_LENGTH = 200  # characters; a longer line is prose
# characters
_MAX_TITLE_LENGTH = 180
_MAX_GROUP_LENGTH = 90
_TITLE_PAGE_PASSAGES = 14  # at most on a title page
_EDGE_PASSAGES = 60  # at each end, where an imprint may be
_SAME_SIZE = 0.3  # points by which the lines of a title differ at most
_COUNCIL_KINDS = (DocumentKind.MOTION, DocumentKind.ANSWER, DocumentKind.MINUTES)
_CUE_REACH = 70  # characters after a cue ("Stand:") in which its date is
_PLACE_AND_DATE = re.compile(  # "Bad Quellstadt, den 3. Mai 2026", "im Mai 2026"
    r"(?i)(?:\w[\w.-]{0,40}(?:\s\w[\w.-]{0,40}){0,2},\s)?(?:den |im )?"
    r"(?:\d{1,2}\.\s?)?(?:\d{1,2}\.|[a-zä]{3,9})\s?\d{4}"
)


class StyledPassage(NamedTuple):
    """A passage of the document: its text, PDF page from 1 (None without pages), font size in
    points, heading level.
    """

    text: str
    page: int | None = None
    size: float = 0.0
    level: int = 0


class MetadataValue(NamedTuple):
    """A value, the passage that supports it (None without one), and whether that is certain."""

    value: Any
    proof: StyledPassage | None = None
    sure: bool = False


class TitlePage:
    """The parts of a document that may state its metadata.

    `passages` are those of the title page, up to a table of contents; `title_lines` are the
    passages before the first long one. `edges` are the beginning and the end of the document.
    `water_marks` are those of its first page. A passage that speaks as the service is in none.
    """

    def __init__(self, layout: Layout, rendering: Rendering) -> None:
        def make_passage(text: str, source: TextBlock | Line) -> StyledPassage:
            page = source.page + 1 if layout.page_count else None
            return StyledPassage(text.strip(), page, source.style.size, source.style.level)

        def is_running_text(block: TextBlock) -> bool:
            return block.kind is not BlockKind.CONTENTS

        passages = [
            make_passage(rendering.text[slice(*block.span)], block)
            for block in filter(is_running_text, rendering.blocks)
        ]
        before_contents = list(takewhile(is_running_text, rendering.blocks[:_TITLE_PAGE_PASSAGES]))
        first_page = [passage.page for passage in passages[:1]]  # a single page or none
        self.passages = [
            passage
            for passage in passages[: len(before_contents)]
            if passage.page in first_page and _is_own(passage)
        ]
        self.title_lines = list(takewhile(_is_short, self.passages))
        edges = [
            *passages[:_EDGE_PASSAGES],
            *passages[max(_EDGE_PASSAGES, len(passages) - _EDGE_PASSAGES) :],
        ]
        self.edges = list(filter(_is_own, edges))
        self.water_marks = [
            StyledPassage(run.text, run.page + 1)
            for run in layout.runs
            if run.role is RunRole.WATER_MARK and run.page == 0
        ]
        self._body_size = body_style(layout.lines).size

    def title(self) -> MetadataValue:
        """Return the title of the document, "" if there is none.

        It is the largest text of the title page. Where this text or a line of the title page is
        only the form of a council paper ("Beschlussvorlage 12/2025"), it is the text behind a label
        such as "Betreff", which is certain.
        """
        title = self._largest_title()
        if names_matter(title.value) and not any(map(self._is_form, self.title_lines)):
            return title
        return self._subject() or title._replace(sure=False)

    def _is_form(self, passage: StyledPassage) -> bool:
        """True if a passage is only the form of a council paper: "Beschlussvorlage 12/2025"."""
        kind = kind_in(passage.text)
        return kind is not None and kind.kind in _COUNCIL_KINDS and not names_matter(passage.text)

    def _subject(self) -> MetadataValue | None:
        """Return the text behind a label such as "Betreff", in the same line or the next one.

        None if there is no such label with a text that can be a title.
        """
        labels = pattern_of_any(cue_words()["subject"]["labels"])
        pattern = re.compile(rf"(?i){labels}(?P<mark>\.?\s*[:\t]\s*|\.?$)(?P<text>.*)")
        top = self.edges[:_EDGE_PASSAGES]
        for passage, below in zip(top, [*top[1:], StyledPassage("")], strict=True):
            match = pattern.match(passage.text)
            if match is None:
                continue
            proof, text = passage, match["text"]
            if not text:
                proof, text = below, below.text
            text = collapse_spaces(text)
            if names_matter(text) and len(text) <= _MAX_TITLE_LENGTH and text[-1] != ":":
                return MetadataValue(text, proof, sure=True)
        return None

    def _largest_title(self) -> MetadataValue:
        """Return the largest text of the title page, with up to two passages below it in the same
        size; "" without any text.

        Where none is larger than the text, it is the first that names a kind of document. It is
        only proposed, unless the file says that it is a heading of level 1.
        """
        candidates = filter(self._may_be_title, self.passages)
        lead = max(candidates, key=self._title_rank, default=None)
        if lead is None:
            return MetadataValue("")
        texts = [lead.text]
        if lead.size > self._body_size:
            index = self.passages.index(lead) + 1
            for below in self.passages[index : index + 2]:
                if abs(below.size - lead.size) > _SAME_SIZE or _is_dated(below):
                    break
                texts.append(below.text)
        text = collapse_spaces(" ".join(texts))
        return MetadataValue(text, lead._replace(text=text), lead.level == 1)

    def _may_be_title(self, passage: StyledPassage) -> bool:
        """True for a short text that is larger than others or names a kind of document; without
        sizes of letters, as in text files, for any.
        """
        text = passage.text
        is_illegible = say("reading.illegible") in text
        if is_illegible or len(text) > _MAX_TITLE_LENGTH or text[-1:] in ".:;,":
            return False
        if leading_number(text) is not None or _is_dated(passage):
            return False
        has_sizes = self._body_size > 0
        is_large = passage.level == 1 or passage.size > self._body_size
        return is_large or not has_sizes or kind_in(text) is not None

    def _title_rank(self, passage: StyledPassage) -> tuple[bool, float, bool]:
        is_small = passage.size <= self._body_size
        return passage.level == 1, passage.size, is_small and kind_in(passage.text) is not None

    def kind(self, title: MetadataValue) -> MetadataValue:
        """Return the document kind that the first of three sources names, else `other`.

        First comes a line that is only the form of a council paper ("Beschlussvorlage 12/2025"),
        which makes the kind certain. Next comes the title: the kind is certain if the title is
        certain and the kind is not merely its topic ("zum Haushaltsplan"). Last comes any line of
        the title page, which is not certain.
        """
        for form in filter(self._is_form, self.title_lines):
            named = kind_in(form.text)
            if named:
                return MetadataValue(named.kind, form, sure=True)
        named = kind_in(title.value)
        if named:
            return MetadataValue(named.kind, title.proof, title.sure and named.is_own)
        for line in self.title_lines:
            named = kind_in(line.text)
            if named:
                return MetadataValue(named.kind, line)
        return MetadataValue(DocumentKind.OTHER)

    def status(self, title: MetadataValue, kind: MetadataValue) -> MetadataValue:
        """Return the document status.

        A motion is proposed. Any other document is a draft, adopted or published if its title or a
        line of the title page or a water mark says so, in this order; else the status is None. A
        line such as "nicht beschlossen" does not count for adopted. Proposed and draft are
        uncertain if a line speaks of a decision, and draft if its line is long; adopted is certain
        only if that line has a date.
        """
        lines = list(filter(None, [title.proof, *self.title_lines, *self.water_marks]))
        decided = [line for line in lines if not has_cue(line.text, "status", "not_yet")]
        decision = _first_with_status_cue(decided, "adopted")
        if kind.value is DocumentKind.MOTION:
            is_certain = kind.sure and decision is None
            return MetadataValue(DocumentStatus.PROPOSED, kind.proof, is_certain)
        draft = _first_with_status_cue(lines, "draft")
        if draft:
            is_certain = decision is None and len(draft.text) <= _MAX_TITLE_LENGTH
            return MetadataValue(DocumentStatus.DRAFT, draft, is_certain)
        if decision:
            return MetadataValue(DocumentStatus.ADOPTED, decision, bool(dates(decision.text)))
        published = _first_with_status_cue(lines, "published")
        if published:
            return MetadataValue(DocumentStatus.PUBLISHED, published, sure=True)
        return MetadataValue(None)

    def as_of(self) -> MetadataValue:
        """Return the date of the document; a month gives its first day, a year alone gives None.

        A date behind "Stand" on the title page is certain. Of other dates with a label ("i. d. F.
        vom ...") the latest is taken; it is certain if it is the only one, and not that of a
        letter. Without any label a line with only a date, or a town and a date, is proposed.
        """
        stated = list(self._labelled_dates("state"))
        if stated:
            iso, proof = stated[0]
            return MetadataValue(to_date(iso), proof, _is_exact(iso))
        letters = list(self._labelled_dates("letter"))
        labelled = [*self._labelled_dates("version"), *self._labelled_dates("decided")]
        if labelled or letters:
            iso, proof = max([*labelled, *letters])
            is_only = len({day for day, _ in (*labelled, *letters)}) == 1
            return MetadataValue(to_date(iso), proof, bool(labelled) and is_only and _is_exact(iso))
        for passage in (*self.title_lines, *self.edges):
            if _PLACE_AND_DATE.fullmatch(passage.text):
                for iso in filter(_is_exact, dates(passage.text)):
                    return MetadataValue(to_date(iso), passage)
        return MetadataValue(None)

    def _labelled_dates(self, cue: str) -> Iterator[tuple[str, StyledPassage]]:
        return chain.from_iterable(_find_dates(line, cue) for line in self.title_lines)

    def publisher(self, title: MetadataValue, kind: MetadataValue) -> MetadataValue:
        """Return the publisher, "" if nothing names a publisher.

        Of a motion it is the political group on the title page, of any other document the name in
        an imprint ("Herausgeber:"), which is certain. Without these the administration in the
        title or on the title page is proposed.
        """
        if kind.value is DocumentKind.MOTION:
            stated = next(filter(_is_group, self.title_lines), None)
            found = stated and MetadataValue(stated.text, stated)
        else:
            found = next(filter(None, map(_labelled_publisher, self.edges)), None)
        return found or self._named_publisher(title)

    def _named_publisher(self, title: MetadataValue) -> MetadataValue:
        """Return the administration in the title or on the title page; "" without one."""
        named = [(name, title.proof) for name in bodies_in(title.value)]
        for line in self.title_lines:
            named += ((name, line) for name in bodies_in(line.text))
        if named:
            return MetadataValue(*named[0])
        return MetadataValue("")


def _is_own(passage: StyledPassage) -> bool:
    """True unless a passage speaks as the service, as no document states its own metadata."""
    return not imitates_service(passage.text)


def _first_with_status_cue(passages: Iterable[StyledPassage], status: str) -> StyledPassage | None:
    return next((passage for passage in passages if has_cue(passage.text, "status", status)), None)


def _is_short(passage: StyledPassage) -> bool:
    return len(passage.text) <= _MAX_LINE_LENGTH


def _is_group(line: StyledPassage) -> bool:
    """True if a line names a political group, and no kind of paper."""
    is_named = len(line.text) < _MAX_GROUP_LENGTH and has_cue(line.text, "publisher", "groups")
    return is_named and not kind_in(line.text)


def _is_dated(passage: StyledPassage) -> bool:
    """True if a passage states a status with a date, and so is no part of a title."""
    is_decision = re.match(r"(?i)beschlossen|verabschiedet", passage.text) is not None
    is_state = is_decision or has_cue(passage.text, "dates", "state")
    return is_state and bool(dates(passage.text))


def _find_dates(passage: StyledPassage, key: str) -> Iterator[tuple[str, StyledPassage]]:
    """Yield the date behind each cue of a key ("version") in a passage, as (ISO date, passage).

    A key has several cues ("in der Fassung", "i. d. F."). The date is the first one close behind
    the cue. It is as exact as it is printed: a day, a month or a year.
    """
    for cue in cue_words()["dates"][key]:
        for match in re.finditer(rf"(?i)(?<!\w){re.escape(cue)}(?!\w)", passage.text):
            result = dates(passage.text[match.end() : match.end() + _CUE_REACH])
            if result:
                yield result[0], passage


def _is_exact(iso: str) -> bool:
    """True unless an ISO date is a year alone."""
    return len(iso) > 4


def to_date(iso: str) -> date | None:
    """Return the day of an ISO date, for a month the first day; None for a year alone."""
    if not _is_exact(iso):
        return None
    return date.fromisoformat(f"{iso}-01"[:10])


def _labelled_publisher(passage: StyledPassage) -> MetadataValue | None:
    """Return the publisher behind a label such as "Herausgeber:", None without such a label.

    The name ends at a comma or at the end of the line, or behind the name of an administration. A
    long text, or one that ends with a full stop, is a sentence and no name.
    """
    labels = pattern_of_any(cue_words()["publisher"]["labels"])
    match = re.match(rf"(?i){labels}\W*[:\s]\s*(?P<name>[^,;|\n]+)", passage.text)
    if match is None:
        return None
    name = match["name"].strip()
    if not name or len(name) > _MAX_TITLE_LENGTH or name.endswith("."):
        return None
    for body in bodies_in(name)[:1]:
        if name.startswith(body):
            name = body
    return MetadataValue(name, passage, sure=True)
