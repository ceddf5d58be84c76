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
from ingest.rendering import BlockKind, Rendering
from ingest.stream import Layout, Style, body_style, squash
from ingest.values.parsing import dates
from prompts import say
from vectorstore.records import DocumentKind, DocumentStatus, FrontFact

REGISTER, STAFF, MODEL, FOUND = "register", "staff", "model", "found"
_SHORT, _LONGEST_TITLE, _LONGEST_PROOF = 200, 180, 300  # characters: of a line that is no prose, a title, a proof
_FIRST, _EDGES = 14, 60  # passages of a title page at most, and at either end of a document for an imprint
_LARGER, _SET_OFF = 1.15, 1.4  # times the size of the text: a title's, and one that only titles have
_NEAR = 70  # characters between a cue and its date
_WORD = re.compile(r"[^\W\d_]+")
_ENDINGS = ("", "es", "s", "en", "n", "e")
_PROSE_END = re.compile(r"[.:;,]$")
_PLACE_AND_DATE = re.compile(
    r"(?i)(?:(?:\w[\w.-]*\s?){1,3},\s)?(?:den |im )?(?:\d{1,2}\.\s?)?(?:\d{1,2}\.|[a-zä]{3,9})\s?\d{4}"
)


class Passage(NamedTuple):
    """A passage of the document: its text, PDF page from 1 (None without pages), size in points, Markdown level."""

    text: str
    page: int | None = None
    size: float = 0.0
    level: int = 0


class Witnessed(NamedTuple):
    """A value, the passage that proves it (None without one), whether that is sure, and who found it."""

    value: Any
    proof: Passage | None = None
    sure: bool = False
    by: str = FOUND


class Metadata(NamedTuple):
    """Title, publisher, kind, status and date of a document; `facts` prove each part."""

    title: str
    publisher: str
    kind: DocumentKind
    status: DocumentStatus | None
    as_of: date | None
    facts: tuple[FrontFact, ...]


def find_metadata(entry: RegisterEntry, layout: Layout, rendering: Rendering) -> Metadata:
    """Return what the register, people, the document's front page or a model's proven quotes say, in this order."""
    given = {part: getattr(entry, part) for part in FRONT}
    is_registered = (entry.title is not None and "title" not in entry.answered) or bool(entry.unconfirmed)
    if is_registered and "as_of" not in entry.unconfirmed:
        given.pop("as_of")  # then it has no date but the register's, whatever is printed in it
    found = _find_parts(entry, _FrontPage(layout, rendering)) if None in given.values() else {}
    values, facts = dict[str, Any](as_of=entry.as_of), list[FrontFact]()
    for part in FRONT:
        if (value := getattr(entry, part)) is not None:
            by = STAFF if part in entry.answered else REGISTER
            values[part] = value
            facts.append(FrontFact(part, by, sure=part not in entry.unconfirmed))
        elif part in given:
            values[part], proof, sure, by = found[part]
            facts.append(FrontFact(part, by, sure, *(proof or Passage(""))[:2]))
    name = entry.file.stem.replace("_", " ").replace("-", " ").strip()
    return Metadata(**{**values, "title": values["title"] or name}, facts=tuple(facts))


def _find_parts(entry: RegisterEntry, front: _FrontPage) -> Mapping[str, Witnessed]:
    """Return what the front page says, part by part; what it does not surely say, as a model proved it."""
    title = front.title()
    kind = front.kind(title)
    parts = {
        "title": title, "publisher": front.publisher(title, kind), "kind": kind,
        "status": front.status(title, kind), "as_of": front.as_of(),
    }  # fmt: skip
    for claim in entry.reading.claims.metadata if entry.reading else ():
        value = read_quoted(claim, front.text)
        if value is not None and not parts[claim.field].sure:
            parts[claim.field] = Witnessed(value, Passage(claim.quote), by=MODEL)
    return parts


def read_quoted(part: ClaimedMetadata, text: str) -> Any:
    """Return the value of a part where its quote is in the text and says it, else None."""
    value, quote, words = part.value, part.quote, cue_words()
    if max(len(quote), len(value)) > _LONGEST_PROOF or squash(quote) not in squash(text):
        return None
    try:
        if part.field == "kind":
            return DocumentKind(value) if has_cue(quote, words["kinds"].get(value, ())) else None
        if part.field == "as_of":
            printed = {when if len(when) == 10 else f"{when}-01" for when in dates(quote) if len(when) > 4}
            return date.fromisoformat(value) if value in printed else None
        if part.field == "status":
            cues = words["kinds"]["motion"] if value == DocumentStatus.PROPOSED else words["status"][value]
            is_denied = value == DocumentStatus.ADOPTED and has_cue(quote, words["status"]["not_yet"])
            return DocumentStatus(value) if has_cue(quote, cues) and not is_denied else None
    except (KeyError, ValueError):
        return None
    return value if squash(value) in squash(quote) else None


@cache
def cue_words() -> dict[str, dict[str, list[str]]]:
    """Return the words by which documents say what they are, by table and key; see metadata_words.toml."""
    return tomllib.loads(files("ingest").joinpath("metadata_words.toml").read_text(encoding="utf-8"))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text)]


def _matches(word: str, cue: str) -> bool:
    """True if a word is what a cue says: its end but for endings, its beginning for "strategisch*"."""
    if cue.endswith("*"):
        return word.startswith(cue[:-1])
    return any(word.removesuffix(ending).endswith(cue) for ending in _ENDINGS)


def has_cue(text: str, cues: Iterable[str]) -> bool:
    """True if a text has one of the cues: words with their compounds, phrases as they are."""
    folded, words = " ".join(text.casefold().split()), _words(text)
    return any(
        any(_matches(word, cue) for word in words) if cue.rstrip("*").isalpha() else cue in folded for cue in cues
    )


def kind_in(text: str) -> tuple[DocumentKind, bool] | None:
    """Return the kind that the first such word of a title names, and whether the title calls the document so itself."""
    words, before = cue_words(), ""
    for word in _words(text):
        fitting = [(len(cue), kind) for kind, cues in words["kinds"].items() for cue in cues if _matches(word, cue)]
        if fitting and not any(_matches(word, other) for other in words["no_kind"]["words"]):
            return DocumentKind(max(fitting)[1]), before not in words["no_kind"]["about"]
        before = word
    return None


class _FrontPage:
    """What a document shows first: passages up to its contents, its ends, its running headers, its properties."""

    def __init__(self, layout: Layout, rendering: Rendering) -> None:
        first = 1 if layout.page_count else None
        shown = [
            Passage(rendering.text[slice(*block.span)].strip(), first and block.page + 1, *_look(block.style))
            for block in rendering.blocks
        ]  # fmt: skip
        is_contents = [block.kind is BlockKind.CONTENTS for block in rendering.blocks]
        passages = [passage for passage, listed in zip(shown, is_contents, strict=True) if not listed]
        before = shown[: [*is_contents[:_FIRST], True].index(True)]
        furniture = [
            Passage(line.text.strip(), first and line.page + 1, *_look(line.style)) for line in layout.furniture
        ]
        counts = Counter(passage.text for passage in furniture if len(_words(passage.text)) > 1)
        headers = {passage.text: passage for passage in reversed(furniture)}
        self.headers = [headers[text] for text, _ in counts.most_common()]
        self.passages = [passage for passage in before if passage.page == before[0].page]
        self.short = list(takewhile(lambda passage: len(passage.text) <= _SHORT, self.passages))
        self.edges = [*passages[:_EDGES], *passages[max(_EDGES, len(passages) - _EDGES) :]]
        self.properties = {key.lstrip("/").casefold(): value for key, value in layout.properties.items()}
        self.body_size = body_style(layout.lines).size
        self.text = "\n".join(passage.text for passage in passages)

    def _is_large(self, passage: Passage, times: float = _LARGER) -> bool:
        return passage.level == 1 or (self.body_size > 0 and passage.size >= times * self.body_size)

    def title(self) -> Witnessed:
        """Return the title, "" where nothing looks like one: the largest passages, else the first that names a kind.

        It is sure where it repeats as running header or property, is set off, or names a kind of document.
        """
        headers = [passage for passage in self.headers if passage.page == 1 and self._is_large(passage)]
        titles = list(filter(_may_be_title, [*headers, *self.passages]))
        lines = [passage for passage in titles if not _is_dated(passage) and not _PROSE_END.search(passage.text)]
        large = [passage for passage in titles if self._is_large(passage)]
        named = (line for line in lines if kind_in(line.text))
        alone = (line for line in lines if not body_line(line.text))
        lead = max(large, key=lambda passage: passage.size, default=None) or next(named, None) or next(alone, None)
        if lead is None:
            return Witnessed("")
        if lead in large and lead in self.passages:
            below = self.passages[self.passages.index(lead) + 1 :][:2]
            size = lead.size
            joined = takewhile(lambda other: size and abs(other.size - size) <= 0.3 and not _is_dated(other), below)
            lead = lead._replace(text=" ".join(passage.text for passage in (lead, *joined)))
        text = " ".join(lead.text.split())
        others = [*(passage.text for passage in self.headers), self.properties.get("title", "")]
        is_repeated = any("".join(_words(text)) == "".join(_words(other)) for other in others)
        return Witnessed(text, lead, sure=is_repeated or self._is_large(lead, _SET_OFF) or kind_in(text) is not None)

    def kind(self, title: Witnessed) -> Witnessed:
        """Return the kind: sure by the words of a sure title, unsure by other lines, `other` without a word."""
        if named := kind_in(title.value):
            return Witnessed(named[0], title.proof, title.sure and named[1])
        for passage in self.short:
            if named := kind_in(passage.text):
                return Witnessed(named[0], passage)
        for name, cues in cue_words()["hints"].items():
            if hint := next((passage for passage in self.edges if has_cue(passage.text, cues)), None):
                return Witnessed(DocumentKind(name), hint)
        return Witnessed(DocumentKind.OTHER)

    def status(self, title: Witnessed, kind: Witnessed) -> Witnessed:
        """Return how binding the document says it is, None where nothing says it."""
        words = cue_words()["status"]
        lines = [*([title.proof] if title.proof else []), *self.short]
        drafts, decisions, issues = ([line for line in lines if has_cue(line.text, words[name])]
                                     for name in ("draft", "adopted", "published"))  # fmt: skip
        decision = next((line for line in decisions if not has_cue(line.text, words["not_yet"])), None)
        if kind.value is DocumentKind.MOTION:
            return Witnessed(DocumentStatus.PROPOSED, kind.proof, kind.sure and decision is None)
        if drafts:
            is_sure = decision is None and len(drafts[0].text) <= _LONGEST_TITLE
            return Witnessed(DocumentStatus.DRAFT, drafts[0], is_sure)
        if decision:
            return Witnessed(DocumentStatus.ADOPTED, decision, bool(dates(decision.text)))
        return Witnessed(DocumentStatus.PUBLISHED, issues[0], True) if issues else Witnessed(None)

    def as_of(self) -> Witnessed:
        """Return the date of the document's contents; a month is its first day, a year alone is none.

        Labelled dates of the title page come first ("Stand: Mai 2026"); of versions the latest, never one older than
        the document itself ("nach dem Gesetz i. d. F. vom"); then a line that is nothing but place and date.
        """
        words = cue_words()["dates"]
        dated = {cue: [found for passage in self.short for found in _dated(passage, words[cue])] for cue in words}
        alone = [
            (dates(passage.text)[0], passage) for passage in (*self.short, *self.edges)
            if _PLACE_AND_DATE.fullmatch(passage.text) and len(next(iter(dates(passage.text)), "")) > 4
        ]  # fmt: skip
        value, proof, sure = None, None, len({day for day, _ in alone}) == 1
        for cue, found in dated.items():
            if found:
                value, proof = max([*dated["letter"][:1], *found]) if cue == "version" else found[0]
                sure = not (cue == "letter" and proof.text.endswith("."))
                break
        if value is None and alone:
            value, proof = alone[0]
        if value is None or len(value) == 4:
            return Witnessed(None, proof)
        return Witnessed(date.fromisoformat(value if len(value) == 10 else f"{value}-01"), proof, sure)

    def publisher(self, title: Witnessed, kind: Witnessed) -> Witnessed:
        """Return who publishes the document, "" where nothing says it.

        Witnesses: an imprint, a line of the title page, the title, a running header, the properties, the most frequent.
        """
        is_motion = kind.value is DocumentKind.MOTION
        if is_motion:
            groups = cue_words()["publisher"]["groups"]
            group = next((line for line in self.short if len(line.text) < 90 and has_cue(line.text, groups)), None)
            if group and not kind_in(group.text):
                return Witnessed(group.text, group)
        elif labelled := next(filter(None, map(_labelled, self.edges)), None):
            return labelled
        votes = list(self._votes(title))
        counts = Counter(name for name, _ in {(name, how) for name, how, _ in votes})
        if not votes:
            return Witnessed("")
        best = max(counts.values())
        name, _, proof = next(vote for vote in votes if counts[vote[0]] == best)
        return Witnessed(name, proof, best > 1 and list(counts.values()).count(best) == 1 and not is_motion)

    def _votes(self, title: Witnessed) -> Iterator[tuple[str, str, Passage | None]]:
        """Yield (name, witness, proof) for each witness of the publisher."""
        yield from ((line, "line", passage) for passage in self.short if (line := body_line(passage.text)))
        yield from ((name, "title", title.proof) for name in bodies_in(title.value)[:1])
        yield from ((line, "header", passage) for passage in self.headers if (line := body_line(passage.text)))
        yield from ((name, "author", None) for name in bodies_in(self.properties.get("author", "")))
        for name, count in Counter(bodies_in(self.text)).most_common(1):
            if count > 1:
                yield name, "text", next((place for place in self.edges if name in bodies_in(place.text)), None)


def _look(style: Style) -> tuple[float, int]:
    return style.size, style.level


def _may_be_title(passage: Passage) -> bool:
    is_legible = say("reading.illegible") not in passage.text
    return is_legible and len(passage.text) <= _LONGEST_TITLE and leading_number(passage.text) is None


def _is_dated(passage: Passage) -> bool:
    """True if a passage says status or date: no part of a title."""
    is_state = has_cue(passage.text, cue_words()["dates"]["state"])
    return bool((is_state or re.match(r"(?i)beschlossen|verabschiedet", passage.text)) and dates(passage.text))


def _dated(passage: Passage, cues: Iterable[str]) -> Iterator[tuple[str, Passage]]:
    """Yield the date behind each cue, as exact as it is printed."""
    for cue in cues:
        for match in re.finditer(rf"(?i)(?<!\w){re.escape(cue)}(?!\w)", passage.text):
            if found := dates(passage.text[match.end() : match.end() + _NEAR]):
                yield found[0], passage


def _labelled(passage: Passage) -> Witnessed | None:
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
    word = text.strip()
    single = re.fullmatch(r"[A-ZÄÖÜ][a-zäöüß]{3,}kreis", word)
    is_circle = single is not None and word.casefold() not in cue_words()["publisher"]["no_circle"]
    return word if is_circle or bodies_in(text) == [word] else None
