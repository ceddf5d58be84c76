"""Document metadata: title, publisher, kind, status and date, each with the passage that supports
it.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import Any, NamedTuple

from ingest.readers.claims import ClaimedMetadata
from ingest.readers.numbers import leading_number
from ingest.register import METADATA_FIELDS, RegisterEntry, is_web_address
from ingest.rendering import BlockKind, Rendering, TextBlock
from ingest.stream import Layout, Line, body_style, squash
from ingest.values.parsing import dates
from prompts import say
from vectorstore.language import word_list
from vectorstore.notation import MONTHS
from vectorstore.records import Document, DocumentKind, DocumentStatus, MetadataFact

REGISTER, STAFF, MODEL, FOUND = "register", "staff", "model", "found"
_MAX_LINE_LENGTH, _MAX_TITLE_LENGTH, _MAX_QUOTE_LENGTH = (
    200,
    180,
    300,
)  # characters; a longer line is prose
_TITLE_PAGE_PASSAGES, _EDGE_PASSAGES = (
    14,
    60,
)  # at most on a title page; at each end, where an imprint may be
_LARGE, _VERY_LARGE = 1.15, 1.4  # times the body's font size: may be a title; is surely one
_COUNCIL_KINDS = (DocumentKind.MOTION, DocumentKind.ANSWER, DocumentKind.MINUTES)
_CUE_REACH = 70  # characters after a cue ("Stand:") in which its date is
_WORD = re.compile(r"[^\W\d_]+")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
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
    """A value, the passage that supports it (None without one), whether that is certain, and who
    found it.
    """

    value: Any
    proof: StyledPassage | None = None
    sure: bool = False
    by: str = FOUND


class Metadata(NamedTuple):
    """Title, publisher, kind, status and date of a document; `facts` has the evidence for each."""

    title: str
    publisher: str
    kind: DocumentKind
    status: DocumentStatus | None
    as_of: date | None
    facts: tuple[MetadataFact, ...]


def find_metadata(entry: RegisterEntry, layout: Layout, rendering: Rendering) -> Metadata:
    """Return each part as the register or staff give it, else as `_find_parts` finds it; the file
    name for no title.
    """
    values = {part: getattr(entry, part) for part in METADATA_FIELDS}
    is_registered = (entry.title is not None and "title" not in entry.answered) or bool(
        entry.unconfirmed
    )
    open_parts = [part for part in METADATA_FIELDS if values[part] is None]
    if is_registered and "as_of" in open_parts and "as_of" not in entry.unconfirmed:
        open_parts.remove("as_of")  # a registered document has no date but the register's
    found = _find_parts(entry, layout, rendering) if open_parts else {}
    facts = list[MetadataFact]()
    for part in METADATA_FIELDS:
        if part in open_parts:
            values[part], proof, is_certain, by = found[part]
            facts.append(MetadataFact(part, by, is_certain, *(proof or StyledPassage(""))[:2]))
        elif values[part] is not None:
            by = STAFF if part in entry.answered else REGISTER
            facts.append(MetadataFact(part, by, sure=part not in entry.unconfirmed))
    title = values["title"] or entry.file_title
    return Metadata(**{**values, "title": title}, facts=tuple(facts))


def confirm_metadata(document: Document, answers: Mapping[str, Any]) -> Document:
    """Return a document with the parts of the metadata that staff gave, not read again."""
    kept = {fact.field: fact for fact in document.front}
    given = {part: MetadataFact(part, STAFF, sure=True) for part in answers}
    facts = kept | given
    front = tuple(facts[part] for part in METADATA_FIELDS if part in facts)
    return replace(document, **answers, front=front)


def _find_parts(
    entry: RegisterEntry, layout: Layout, rendering: Rendering
) -> Mapping[str, MetadataValue]:
    """Return each part as the file's own metadata or else the title page has it, or as a model
    quotes it where that is not certain.
    """
    own, title_page = _own_metadata(layout), _TitlePage(layout, rendering)
    title = own.get("title") or title_page.title()
    kind = title_page.kind(title)
    parts = {
        "title": title,
        "publisher": title_page.publisher(title, kind),
        "kind": kind,
        "status": title_page.status(title, kind),
        "as_of": title_page.as_of(),
        **own,
    }
    for claim in entry.reading.claims.metadata if entry.reading else ():
        value = read_quoted(claim, title_page.text)
        if value is not None and not parts[claim.field].sure:
            parts[claim.field] = MetadataValue(value, StyledPassage(claim.quote), by=MODEL)
    return parts


def _own_metadata(layout: Layout) -> Mapping[str, MetadataValue]:
    """Return the parts that a file states beside its text, such as the front matter of Markdown."""
    values: dict[str, Any] = dict(layout.metadata)
    status, day = values.pop("status", None), next(iter(dates(values.pop("as_of", ""))), "")
    values["status"] = status if status in list(DocumentStatus) else None
    values["as_of"] = _to_date(day)
    return {
        part: MetadataValue(values[part], sure=True) for part in METADATA_FIELDS if values.get(part)
    }


def find_source_url(layout: Layout) -> str | None:
    """Return the address that a file states as its own, None without a valid one."""
    url = layout.metadata.get("source_url", "")
    return url if is_web_address(url) else None


def read_quoted(part: ClaimedMetadata, text: str) -> Any:
    """Return the value that a model claims for a part, None unless its quote is in the text and
    supports it.

    That is: has a cue word of the kind or status, states the date, or contains the value itself.
    """
    value, quote = part.value, part.quote
    if max(len(quote), len(value)) > _MAX_QUOTE_LENGTH or squash(quote) not in squash(text):
        return None
    if part.field == "kind":
        return DocumentKind(value) if has_cue(quote, "kinds", value) else None
    if part.field == "status":
        table, key = ("kinds", "motion") if value == DocumentStatus.PROPOSED else ("status", value)
        is_denied = value == DocumentStatus.ADOPTED and has_cue(quote, "status", "not_yet")
        return DocumentStatus(value) if has_cue(quote, table, key) and not is_denied else None
    if part.field == "as_of":
        return next(
            (day for day in map(_to_date, dates(quote)) if day and day.isoformat() == value), None
        )
    return value if squash(value) in squash(quote) else None


def _to_date(iso: str) -> date | None:
    """Return the day of an ISO date, for a month the first day; None for a year alone."""
    return date.fromisoformat(f"{iso}-01"[:10]) if len(iso) > 4 else None


@cache
def cue_words() -> dict[str, dict[str, list[str]]]:
    """Return the cue words of kinds, statuses, dates and publishers by table and key; see
    metadata_words.toml.
    """
    return tomllib.loads(
        files("ingest").joinpath("metadata_words.toml").read_text(encoding="utf-8")
    )


@cache
def _cue(table: str, key: str) -> re.Pattern[str]:
    """Return a pattern of cues: words with endings, alone or ending a compound; prefixes
    ("strategisch*"); phrases.
    """
    patterns = []
    for cue in cue_words()[table].get(key, ()):
        if cue.endswith("*"):
            patterns.append(rf"\b{re.escape(cue[:-1])}")
        else:
            patterns.append(re.escape(cue) + (r"(?:e?s|en?|n)?\b" if cue.isalpha() else ""))
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def has_cue(text: str, table: str, key: str) -> bool:
    """True if a text contains a cue of this table and key."""
    return _cue(table, key).search(" ".join(text.split())) is not None


def kind_in(text: str) -> tuple[DocumentKind, bool] | None:
    """Return the first document kind named in a text, and whether it is its own: not a topic ("zum
    Haushaltsplan").
    """
    words = _WORD.findall(text)
    for previous, word in zip(["", *words], words, strict=False):
        starts = {
            kind: match.start()
            for kind in cue_words()["kinds"]
            if (match := _cue("kinds", kind).search(word))
        }
        if starts and not has_cue(word, "no_kind", "words"):
            is_topic = previous.casefold() in cue_words()["no_kind"]["about"]
            return DocumentKind(min(starts, key=starts.__getitem__)), not is_topic
    return None


def names_matter(title: str) -> bool:
    """True if a title names what the document is about, not only its form: not "Stellungnahme zum
    Antrag 12/2025".
    """
    for body in bodies_in(title):
        title = title.replace(body, " ")
    known = {*cue_words()["subject"]["described"], *cue_words()["subject"]["forms"], *MONTHS}
    for word in _HYPHENATED.findall(title.casefold()):
        stems = {word.removesuffix(ending) for ending in ("", "s", "es", "e", "en", "er", "n")}
        is_formal = known & stems or word in word_list("stopwords") or len(word) < 2
        if not is_formal and not has_cue(word, "publisher", "groups"):
            return True
    return False


class _TitlePage:
    """The title page (`passages` up to the table of contents), both ends of the document (`edges`),
    and `headers`.

    `short` are the passages up to the first long one; the headers are distinct, the most frequent
    first.
    """

    def __init__(self, layout: Layout, rendering: Rendering) -> None:
        def make_passage(text: str, source: TextBlock | Line) -> StyledPassage:
            page = source.page + 1 if layout.page_count else None
            return StyledPassage(text.strip(), page, source.style.size, source.style.level)

        blocks = [
            (make_passage(rendering.text[slice(*block.span)], block), block.kind)
            for block in rendering.blocks
        ]
        shown_first = takewhile(
            lambda pair: pair[1] is not BlockKind.CONTENTS, blocks[:_TITLE_PAGE_PASSAGES]
        )
        before_contents = [passage for passage, _ in shown_first]
        passages = [passage for passage, kind in blocks if kind is not BlockKind.CONTENTS]
        furniture = [
            make_passage(line.text, line)
            for line in layout.furniture
            if len(_WORD.findall(line.text)) > 1
        ]
        counts = Counter(header.text for header in furniture)
        self.headers = sorted(
            {h.text: h for h in reversed(furniture)}.values(), key=lambda h: -counts[h.text]
        )
        self.passages = [
            passage for passage in before_contents if passage.page == before_contents[0].page
        ]
        self.short = list(
            takewhile(lambda passage: len(passage.text) <= _MAX_LINE_LENGTH, self.passages)
        )
        self.edges = [
            *passages[:_EDGE_PASSAGES],
            *passages[max(_EDGE_PASSAGES, len(passages) - _EDGE_PASSAGES) :],
        ]
        self.body_size = body_style(layout.lines).size
        self.text = "\n".join(passage.text for passage in passages)

    def _is_large(self, passage: StyledPassage, times: float = _LARGE) -> bool:
        return passage.level == 1 or (self.body_size > 0 and passage.size >= times * self.body_size)

    def title(self) -> MetadataValue:
        """Return the title, "" if there is none; it is certain if it is very large or names a kind
        of document.

        It is the largest passage with up to two below in its size; if none is large, the first line
        that names a kind, else the first that does more than name an administration. Where that, or
        a line of the title page, is only the form of a council paper, it is the labelled subject.
        """
        title = self._largest_title()
        forms = [line for line in self.short if self._is_form(line)]
        if not forms and names_matter(title.value):
            return title
        return self._subject() or title._replace(sure=False)

    def _is_form(self, passage: StyledPassage) -> bool:
        """True if a passage is only the form of a council paper: "Beschlussvorlage 12/2025"."""
        kind = kind_in(passage.text)
        return kind is not None and kind[0] in _COUNCIL_KINDS and not names_matter(passage.text)

    def _subject(self) -> MetadataValue | None:
        """Return the text behind a label such as "Betreff", in its line or the next."""
        labels = "|".join(map(re.escape, cue_words()["subject"]["labels"]))
        pattern = re.compile(rf"(?i)(?:{labels})(?P<mark>\.?\s*[:\t]\s*|\.?$)(?P<text>.*)")
        top = self.edges[:_EDGE_PASSAGES]
        for passage, below in zip(top, [*top[1:], StyledPassage("")], strict=True):
            match = pattern.match(passage.text)
            if match is None:
                continue
            proof = passage if match["text"] else below
            text = " ".join((match["text"] or below.text).split())
            if names_matter(text) and len(text) <= _MAX_TITLE_LENGTH and text[-1] != ":":
                return MetadataValue(text, proof, sure=True)
        return None

    def _largest_title(self) -> MetadataValue:
        """Return the title by size, else by the words of a line."""
        headers = [
            passage for passage in self.headers if passage.page == 1 and self._is_large(passage)
        ]
        candidates = list(filter(_may_be_title, [*headers, *self.passages]))
        lines = [
            line for line in candidates if not _is_dated(line) and line.text[-1:] not in ".:;,"
        ]
        largest = max(
            filter(self._is_large, candidates), key=lambda passage: passage.size, default=None
        )
        kind_lines = (line for line in lines if kind_in(line.text))
        lead = (
            largest
            or next(kind_lines, None)
            or next((line for line in lines if not body_line(line.text)), None)
        )
        if lead is None:
            return MetadataValue("")
        texts, size = [lead.text], lead.size
        if lead is largest and size and lead in self.passages:
            index = self.passages.index(lead) + 1
            below = self.passages[index : index + 2]
            texts += (
                line.text
                for line in takewhile(
                    lambda p: abs(p.size - size) <= 0.3 and not _is_dated(p), below
                )
            )
        text = " ".join(" ".join(texts).split())
        is_certain = self._is_large(lead, _VERY_LARGE) or kind_in(text) is not None
        return MetadataValue(text, lead._replace(text=text), is_certain)

    def kind(self, title: MetadataValue) -> MetadataValue:
        """Return the kind that the title names, certain if the title is; else that of another line,
        else `other`.
        """
        form = next(filter(self._is_form, self.short), None)
        if form is not None and (named_kind := kind_in(form.text)):
            return MetadataValue(named_kind[0], form, sure=True)
        if named_kind := kind_in(title.value):
            return MetadataValue(named_kind[0], title.proof, title.sure and named_kind[1])
        for passage in self.short:
            if named_kind := kind_in(passage.text):
                return MetadataValue(named_kind[0], passage)
        return MetadataValue(DocumentKind.OTHER)

    def status(self, title: MetadataValue, kind: MetadataValue) -> MetadataValue:
        """Return the document status: of a motion proposed, else draft, adopted or published if
        stated, else None.
        """
        lines = [*([title.proof] if title.proof else []), *self.short]
        decided = [line for line in lines if not has_cue(line.text, "status", "not_yet")]
        draft, published = (_first_with_status_cue(lines, name) for name in ("draft", "published"))
        decision = _first_with_status_cue(decided, "adopted")
        if kind.value is DocumentKind.MOTION:
            return MetadataValue(
                DocumentStatus.PROPOSED, kind.proof, kind.sure and decision is None
            )
        if draft:
            return MetadataValue(
                DocumentStatus.DRAFT,
                draft,
                decision is None and len(draft.text) <= _MAX_TITLE_LENGTH,
            )
        if decision:
            return MetadataValue(DocumentStatus.ADOPTED, decision, bool(dates(decision.text)))
        return (
            MetadataValue(DocumentStatus.PUBLISHED, published, sure=True)
            if published
            else MetadataValue(None)
        )

    def as_of(self) -> MetadataValue:
        """Return the date of the document; a month gives its first day, a year alone gives none.

        Labelled dates of the title page come first, by label in the order of the cue words ("Stand:
        Mai 2026"); of version dates ("i. d. F. vom ...") the latest, or that of a letter if later;
        then a line of town and date.
        """
        cues, lines = cue_words()["dates"], self.short
        labelled = {
            cue: [pair for line in lines for pair in _find_dates(line, cue)] for cue in cues
        }
        cue = next((cue for cue, result in labelled.items() if result), None)
        if cue is not None:
            iso, proof = (
                max([*labelled["letter"][:1], *labelled[cue]])
                if cue == "version"
                else labelled[cue][0]
            )
            is_sentence = cue == "letter" and proof.text.endswith(".")
            return MetadataValue(_to_date(iso), proof, len(iso) > 4 and not is_sentence)
        alone = [
            passage for passage in (*lines, *self.edges) if _PLACE_AND_DATE.fullmatch(passage.text)
        ]
        days = [
            (iso, passage) for passage in alone for iso in dates(passage.text)[:1] if len(iso) > 4
        ]
        if not days:
            return MetadataValue(None)
        iso, proof = days[0]
        return MetadataValue(_to_date(iso), proof, sure=len({day for day, _ in days}) == 1)

    def publisher(self, title: MetadataValue, kind: MetadataValue) -> MetadataValue:
        """Return the publisher, "" if nothing names one: of a motion the political group, else an
        imprint, else votes.

        Votes: lines of the title page, the title, and the administration that the text names most.
        The most frequent name is certain with two sources or more, if no other name has as many.
        """
        is_motion = kind.value is DocumentKind.MOTION
        groups = (
            line
            for line in self.short
            if len(line.text) < 90 and has_cue(line.text, "publisher", "groups")
        )
        group = next(groups, None)
        if is_motion and group and not kind_in(group.text):
            return MetadataValue(group.text, group)
        labelled = next(filter(None, map(_labelled_publisher, self.edges)), None)
        if labelled and not is_motion:
            return labelled
        votes = list(self._votes(title))
        counts = Counter(name for name, _ in {(name, source) for name, source, _ in votes})
        name, _, proof = max(votes, key=lambda vote: counts[vote[0]], default=("", "", None))
        is_certain = (
            counts[name] > 1 and list(counts.values()).count(counts[name]) == 1 and not is_motion
        )
        return MetadataValue(name, proof, is_certain)

    def _votes(self, title: MetadataValue) -> Iterator[tuple[str, str, StyledPassage | None]]:
        """Yield a vote for the publisher as (name, "line", "title" or "text", passage)."""
        yield from (
            (line, "line", passage) for passage in self.short if (line := body_line(passage.text))
        )
        yield from ((name, "title", title.proof) for name in bodies_in(title.value)[:1])
        for name, count in Counter(bodies_in(self.text)).most_common(1):
            if count > 1:
                yield (
                    name,
                    "text",
                    next((place for place in self.edges if name in bodies_in(place.text)), None),
                )


def _first_with_status_cue(passages: Iterable[StyledPassage], status: str) -> StyledPassage | None:
    return next((passage for passage in passages if has_cue(passage.text, "status", status)), None)


def _may_be_title(passage: StyledPassage) -> bool:
    is_legible = say("reading.illegible") not in passage.text
    return (
        is_legible
        and len(passage.text) <= _MAX_TITLE_LENGTH
        and leading_number(passage.text) is None
    )


def _is_dated(passage: StyledPassage) -> bool:
    """True if a passage states a status with a date, and so is no part of a title."""
    is_state = has_cue(passage.text, "dates", "state") or re.match(
        r"(?i)beschlossen|verabschiedet", passage.text
    )
    return bool(is_state and dates(passage.text))


def _find_dates(passage: StyledPassage, key: str) -> Iterator[tuple[str, StyledPassage]]:
    """Yield the ISO date (day, month or year, as printed) after each cue of a key ("version"), with
    its passage.
    """
    for cue in cue_words()["dates"][key]:
        for match in re.finditer(rf"(?i)(?<!\w){re.escape(cue)}(?!\w)", passage.text):
            if result := dates(passage.text[match.end() : match.end() + _CUE_REACH]):
                yield result[0], passage


def _labelled_publisher(passage: StyledPassage) -> MetadataValue | None:
    """Return the publisher named after a label such as "Herausgeber:", up to a comma or the line's
    end.
    """
    labels = "|".join(map(re.escape, cue_words()["publisher"]["labels"]))
    match = re.match(rf"(?i)(?:{labels})\W*[:\s]\s*(?P<name>[^,;|\n]+)", passage.text)
    name = match["name"].strip() if match else ""
    if not name or len(name) > _MAX_TITLE_LENGTH or name.endswith("."):
        return None
    bodies = bodies_in(name)
    return MetadataValue(
        bodies[0] if bodies and name.startswith(bodies[0]) else name, passage, sure=True
    )


@cache
def _body_pattern() -> re.Pattern[str]:
    """Return the pattern of an administration: "Stadt Bad Quellstadt", "Landkreises Quonau",
    "Rhein-Lahn-Kreis".
    """
    words = cue_words()["publisher"]
    bodies = "|".join(map(re.escape, sorted(words["bodies"], key=len, reverse=True)))
    part = r"[A-ZÄÖÜ][\wäöüß]+(?:-[A-ZÄÖÜ]?[\wäöüß]+)*"
    name = rf"(?!(?:{'|'.join(words['no_name'])})\b)(?:(?:Bad|Sankt|St\.|Groß|Klein|Neu)\s)?{part}"
    more = r"(?:\s(?:am|an der|im|in der|ob der|vor der)\s[A-ZÄÖÜ][\wäöüß]+)?"
    circle = r"[A-ZÄÖÜ]\w+(?:-[A-ZÄÖÜ]\w+)*-Kreis"
    return re.compile(
        rf"\b(?P<body>{bodies})(?:e?s)?\s(?P<name>{name}{more})|\b(?P<circle>{circle})(?:es)?\b"
    )


def bodies_in(text: str) -> list[str]:
    """Return the administrations of a text in the nominative: "des Landkreises Quonau" gives
    "Landkreis Quonau".
    """
    return [
        match["circle"] or f"{match['body']} {match['name']}"
        for match in _body_pattern().finditer(text)
    ]


def body_line(text: str) -> str | None:
    """Return the administration if a line names it and nothing else, else None."""
    return text.strip() if bodies_in(text) == [text.strip()] else None
