"""Document metadata: title, publisher, kind, status and date, each with the passage that proves it; never guessed."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import Any, NamedTuple

from ingest.readers.claims import ClaimedMetadata
from ingest.readers.numbers import leading_number
from ingest.register import FRONT, RegisterEntry
from ingest.rendering import BlockKind, Rendering, TextBlock
from ingest.stream import Layout, Line, body_style, squash
from ingest.values.parsing import dates
from prompts import say
from vectorstore.records import DocumentKind, DocumentStatus, MetadataFact

REGISTER, STAFF, MODEL, FOUND = "register", "staff", "model", "found"
_SHORT, _LONGEST_TITLE, _LONGEST_PROOF = 200, 180, 300  # characters: of a line that is no prose, a title, a proof
_FIRST, _EDGES = 14, 60  # passages of a title page at most, and at either end of a document for an imprint
_LARGER, _SET_OFF = 1.15, 1.4  # times the size of the text: a title's, and one that only titles have
_CUE_REACH = 70  # characters between a cue and its date
_WORD = re.compile(r"[^\W\d_]+")
_PLACE_AND_DATE = re.compile(
    r"(?i)(?:\w[\w.-]{0,40}(?:\s\w[\w.-]{0,40}){0,2},\s)?(?:den |im )?"
    r"(?:\d{1,2}\.\s?)?(?:\d{1,2}\.|[a-zä]{3,9})\s?\d{4}"
)


class DatedPassage(NamedTuple):
    """A passage of the document: its text, PDF page from 1 (None without pages), size in points, Markdown level."""

    text: str
    page: int | None = None
    size: float = 0.0
    level: int = 0


class Witnessed(NamedTuple):
    """A value, the passage that proves it (None without one), whether that is sure, and who found it."""

    value: Any
    proof: DatedPassage | None = None
    sure: bool = False
    by: str = FOUND


class Metadata(NamedTuple):
    """Title, publisher, kind, status and date of a document; `facts` prove each part."""

    title: str
    publisher: str
    kind: DocumentKind
    status: DocumentStatus | None
    as_of: date | None
    facts: tuple[MetadataFact, ...]


def find_metadata(entry: RegisterEntry, layout: Layout, rendering: Rendering) -> Metadata:
    """Return what the register, people, the document's front page or a model's proven quotes say, in this order."""
    values = {part: getattr(entry, part) for part in FRONT}
    is_registered = (entry.title is not None and "title" not in entry.answered) or bool(entry.unconfirmed)
    open_parts = [part for part in FRONT if values[part] is None]
    if is_registered and "as_of" in open_parts and "as_of" not in entry.unconfirmed:
        open_parts.remove("as_of")  # then it has no date but the register's, whatever is printed in it
    result = _find_parts(entry, _TitlePage(layout, rendering)) if open_parts else {}
    facts = list[MetadataFact]()
    for part in FRONT:
        if part in open_parts:
            values[part], proof, probabilities, by = result[part]
            facts.append(MetadataFact(part, by, probabilities, *(proof or DatedPassage(""))[:2]))
        elif values[part] is not None:
            by = STAFF if part in entry.answered else REGISTER
            facts.append(MetadataFact(part, by, sure=part not in entry.unconfirmed))
    name = entry.file.stem.replace("_", " ").replace("-", " ").strip()
    return Metadata(**{**values, "title": values["title"] or name}, facts=tuple(facts))


def _find_parts(entry: RegisterEntry, metadata: _TitlePage) -> Mapping[str, Witnessed]:
    """Return what the front page says, part by part; what it does not surely say, as a model proved it."""
    title = metadata.title()
    kind = metadata.kind(title)
    parts = {
        "title": title, "publisher": metadata.publisher(title, kind), "kind": kind,
        "status": metadata.status(title, kind), "as_of": metadata.as_of(),
    }  # fmt: skip
    for claim in entry.reading.claims.metadata if entry.reading else ():
        value = read_quoted(claim, metadata.text)
        if value is not None and not parts[claim.field].sure:
            parts[claim.field] = Witnessed(value, DatedPassage(claim.quote), by=MODEL)
    return parts


def read_quoted(part: ClaimedMetadata, text: str) -> Any:
    """Return the value of a part where its quote is in the text and says it, else None."""
    value, quote = part.value, part.quote
    if max(len(quote), len(value)) > _LONGEST_PROOF or squash(quote) not in squash(text):
        return None
    if part.field == "kind":
        return DocumentKind(value) if has_cue(quote, "kinds", value) else None
    if part.field == "status":
        table, key = ("kinds", "motion") if value == DocumentStatus.PROPOSED else ("status", value)
        is_denied = value == DocumentStatus.ADOPTED and has_cue(quote, "status", "not_yet")
        return DocumentStatus(value) if has_cue(quote, table, key) and not is_denied else None
    if part.field == "as_of":
        days = {day.isoformat(): day for result in dates(quote) if (day := _day(result))}
        return days.get(value)
    return value if squash(value) in squash(quote) else None


def _day(hits: str) -> date | None:
    """Return a day, of a month the first; None for a year alone."""
    return date.fromisoformat(f"{hits}-01"[:10]) if len(hits) > 4 else None


@cache
def cue_words() -> dict[str, dict[str, list[str]]]:
    """Return the words by which documents say what they are, by table and key; see metadata_words.toml."""
    return tomllib.loads(files("ingest").joinpath("metadata_words.toml").read_text(encoding="utf-8"))


@cache
def _cue(table: str, key: str) -> re.Pattern[str]:
    """Return the pattern of cues: words with their compounds and endings, beginnings ("strategisch*"), phrases."""
    patterns = (
        rf"\b{re.escape(cue[:-1])}" if cue.endswith("*") else rf"{re.escape(cue)}(?:e?s|en?|n)?\b"
        if cue.isalpha() else re.escape(cue)
        for cue in cue_words()[table].get(key, ())
    )  # fmt: skip
    return re.compile("|".join(patterns) or r"(?!)", re.IGNORECASE)


def has_cue(text: str, table: str, key: str) -> bool:
    """True if a text has one of the cues of a table."""
    return _cue(table, key).search(" ".join(text.split())) is not None


def kind_in(text: str) -> tuple[DocumentKind, bool] | None:
    """Return the kind that the first such word of a title names, and whether the title calls the document so itself."""
    before = ""
    for word in _WORD.findall(text):
        starts = {kind: match.start() for kind in cue_words()["kinds"] if (match := _cue("kinds", kind).search(word))}
        if starts and not has_cue(word, "no_kind", "words"):
            return DocumentKind(min(starts, key=starts.__getitem__)), before not in cue_words()["no_kind"]["about"]
        before = word.casefold()
    return None


class _TitlePage:
    """What a document shows first: passages up to its contents, its ends, its running headers."""

    def __init__(self, layout: Layout, rendering: Rendering) -> None:
        first = 1 if layout.page_count else None

        def passage(text: str, of: TextBlock | Line) -> DatedPassage:
            return DatedPassage(text.strip(), first and of.page + 1, of.style.size, of.style.level)

        shown = [(passage(rendering.text[slice(*block.span)], block), block.kind) for block in rendering.blocks]
        before = [own for own, _ in takewhile(lambda pair: pair[1] is not BlockKind.CONTENTS, shown[:_FIRST])]
        passages = [own for own, kind in shown if kind is not BlockKind.CONTENTS]
        furniture = [passage(line.text, line) for line in layout.furniture if len(_WORD.findall(line.text)) > 1]
        counts = Counter(header.text for header in furniture)
        self.headers = sorted({h.text: h for h in reversed(furniture)}.values(), key=lambda h: -counts[h.text])
        self.passages = [own for own in before if own.page == before[0].page]
        self.short = list(takewhile(lambda own: len(own.text) <= _SHORT, self.passages))
        self.edges = [*passages[:_EDGES], *passages[max(_EDGES, len(passages) - _EDGES) :]]
        self.body_size = body_style(layout.lines).size
        self.text = "\n".join(own.text for own in passages)

    def _is_large(self, passage: DatedPassage, times: float = _LARGER) -> bool:
        return passage.level == 1 or (self.body_size > 0 and passage.size >= times * self.body_size)

    def title(self) -> Witnessed:
        """Return the title, "" where nothing looks like one: the largest passages, else the first that names a kind.

        It is sure where it is set off, or names a kind of document.
        """
        headers = [passage for passage in self.headers if passage.page == 1 and self._is_large(passage)]
        titles = list(filter(_may_be_title, [*headers, *self.passages]))
        lines = [line for line in titles if not _is_dated(line) and line.text[-1:] not in ".:;,"]
        large = max(filter(self._is_large, titles), key=lambda passage: passage.size, default=None)
        named = (line for line in lines if kind_in(line.text))
        lead = large or next(named, None) or next((line for line in lines if not body_line(line.text)), None)
        if lead is None:
            return Witnessed("")
        below = self.passages[self.passages.index(lead) + 1 :][:2] if lead is large and lead in self.passages else []
        size = lead.size
        combined = takewhile(lambda other: size and abs(other.size - size) <= 0.3 and not _is_dated(other), below)
        text = " ".join(" ".join(passage.text for passage in (lead, *combined)).split())
        is_certain = self._is_large(lead, _SET_OFF) or kind_in(text) is not None
        return Witnessed(text, lead._replace(text=text), is_certain)

    def kind(self, title: Witnessed) -> Witnessed:
        """Return the kind: sure by the words of a sure title, unsure by other lines, `other` without a word."""
        if named := kind_in(title.value):
            return Witnessed(named[0], title.proof, title.sure and named[1])
        hinted = ((kind_in(passage.text), passage) for passage in self.short)
        return next((Witnessed(named[0], passage) for named, passage in hinted if named), Witnessed(DocumentKind.OTHER))

    def status(self, title: Witnessed, kind: Witnessed) -> Witnessed:
        """Return how binding the document says it is, None where nothing says it."""
        lines = [*([title.proof] if title.proof else []), *self.short]
        draft, issue = (_first_with(lines, "status", name) for name in ("draft", "published"))
        decision = _first_with(
            (line for line in lines if not has_cue(line.text, "status", "not_yet")), "status", "adopted"
        )
        if kind.value is DocumentKind.MOTION:
            return Witnessed(DocumentStatus.PROPOSED, kind.proof, kind.sure and decision is None)
        if draft:
            return Witnessed(DocumentStatus.DRAFT, draft, decision is None and len(draft.text) <= _LONGEST_TITLE)
        if decision:
            return Witnessed(DocumentStatus.ADOPTED, decision, bool(dates(decision.text)))
        return Witnessed(DocumentStatus.PUBLISHED, issue, True) if issue else Witnessed(None)

    def as_of(self) -> Witnessed:
        """Return the date of the document's contents; a month is its first day, a year alone is none.

        Labelled dates of the title page come first ("Stand: Mai 2026"); of versions the latest, never one older than
        the document itself ("nach dem Gesetz i. d. F. vom"); then a line that is nothing but place and date.
        """
        dated = {cue: [f for passage in self.short for f in _dated(passage, cue)] for cue in cue_words()["dates"]}
        alone = [
            (dates(passage.text)[0], passage) for passage in (*self.short, *self.edges)
            if _PLACE_AND_DATE.fullmatch(passage.text) and len(next(iter(dates(passage.text)), "")) > 4
        ]  # fmt: skip
        cue = next((cue for cue, result in dated.items() if result), None)
        if cue is not None:
            result, proof = max([*dated["letter"][:1], *dated[cue]]) if cue == "version" else dated[cue][0]
            return Witnessed(
                _day(result), proof, len(result) > 4 and not (cue == "letter" and proof.text.endswith("."))
            )
        if not alone:
            return Witnessed(None)
        return Witnessed(_day(alone[0][0]), alone[0][1], len({day for day, _ in alone}) == 1)

    def publisher(self, title: Witnessed, kind: Witnessed) -> Witnessed:
        """Return who publishes the document, "" where nothing says it.

        Witnesses: an imprint, a line of the title page, the title, and the administration that the text names most.
        """
        is_motion = kind.value is DocumentKind.MOTION
        groups = (line for line in self.short if len(line.text) < 90 and has_cue(line.text, "publisher", "groups"))
        group = next(groups, None) if is_motion else None
        if group and not kind_in(group.text):
            return Witnessed(group.text, group)
        labelled = next(filter(None, map(_labelled, self.edges)), None)
        if labelled and not is_motion:
            return labelled
        votes = list(self._votes(title))
        counts = Counter(name for name, _ in {(name, how) for name, how, _ in votes})
        name, _, proof = max(votes, key=lambda vote: counts[vote[0]], default=("", "", None))
        is_certain = counts[name] > 1 and list(counts.values()).count(counts[name]) == 1 and not is_motion
        return Witnessed(name, proof, is_certain)

    def _votes(self, title: Witnessed) -> Iterator[tuple[str, str, DatedPassage | None]]:
        """Yield (name, witness, proof) for each witness of the publisher."""
        yield from ((line, "line", passage) for passage in self.short if (line := body_line(passage.text)))
        yield from ((name, "title", title.proof) for name in bodies_in(title.value)[:1])
        for name, count in Counter(bodies_in(self.text)).most_common(1):
            if count > 1:
                yield name, "text", next((place for place in self.edges if name in bodies_in(place.text)), None)


def _first_with(passages: Iterable[DatedPassage], table: str, key: str) -> DatedPassage | None:
    return next((passage for passage in passages if has_cue(passage.text, table, key)), None)


def _may_be_title(passage: DatedPassage) -> bool:
    is_legible = say("reading.illegible") not in passage.text
    return is_legible and len(passage.text) <= _LONGEST_TITLE and leading_number(passage.text) is None


def _is_dated(passage: DatedPassage) -> bool:
    """True if a passage says status or date: no part of a title."""
    is_state = has_cue(passage.text, "dates", "state") or re.match(r"(?i)beschlossen|verabschiedet", passage.text)
    return bool(is_state and dates(passage.text))


def _dated(passage: DatedPassage, key: str) -> Iterator[tuple[str, DatedPassage]]:
    """Yield the date behind each cue, as exact as it is printed."""
    for cue in cue_words()["dates"][key]:
        for match in re.finditer(rf"(?i)(?<!\w){re.escape(cue)}(?!\w)", passage.text):
            if result := dates(passage.text[match.end() : match.end() + _CUE_REACH]):
                yield result[0], passage


def _labelled(passage: DatedPassage) -> Witnessed | None:
    """Return the name behind a label such as "Herausgeber:"; up to a comma or the line's end."""
    labels = "|".join(map(re.escape, cue_words()["publisher"]["labels"]))
    match = re.match(rf"(?i)(?:{labels})\W*[:\s]\s*(?P<name>[^,;|\n]+)", passage.text)
    name = match["name"].strip() if match else ""
    if not name or len(name) > _LONGEST_TITLE or name.endswith("."):
        return None
    bodies = bodies_in(name)
    return Witnessed(bodies[0] if bodies and name.startswith(bodies[0]) else name, passage, sure=True)


@cache
def _body_pattern() -> re.Pattern[str]:
    words = cue_words()["publisher"]
    bodies = "|".join(map(re.escape, sorted(words["bodies"], key=len, reverse=True)))
    part = r"[A-ZÄÖÜ][\wäöüß]+(?:-[A-ZÄÖÜ]?[\wäöüß]+)*"
    name = rf"(?!(?:{'|'.join(words['no_name'])})\b)(?:(?:Bad|Sankt|St\.|Groß|Klein|Neu)\s)?{part}"
    more = r"(?:\s(?:am|an der|im|in der|ob der|vor der)\s[A-ZÄÖÜ][\wäöüß]+)?"
    circle = r"[A-ZÄÖÜ]\w+(?:-[A-ZÄÖÜ]\w+)*-Kreis"
    return re.compile(rf"\b(?P<body>{bodies})(?:e?s)?\s(?P<name>{name}{more})|\b(?P<circle>{circle})(?:es)?\b")


def bodies_in(text: str) -> list[str]:
    """Return the administrations of a text in the nominative: "des Landkreises Quonau" gives "Landkreis Quonau"."""
    return [match["circle"] or f"{match['body']} {match['name']}" for match in _body_pattern().finditer(text)]


def body_line(text: str) -> str | None:
    """Return the administration that a line names and nothing else; None for another line."""
    return text.strip() if bodies_in(text) == [text.strip()] else None
