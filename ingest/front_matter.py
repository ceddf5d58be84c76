"""Front matter: title, publisher, kind, status and date of a document, each with what proves it and how sure it is."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import Any

from pydantic import TypeAdapter, ValidationError

from ingest.readers.claims import ClaimedMetadata
from ingest.readers.numbers import leading_number
from ingest.register import FRONT, RegisterEntry
from ingest.rendering import BlockKind, Rendering
from ingest.stream import Layout, squash
from ingest.values.parsing import dates
from vectorstore.records import DocumentKind, DocumentStatus, FrontFact

SHORT = 200  # characters of a passage that says something about the paper; longer ones are its prose
_FIRST = 14  # passages that a title page has at most
_EDGES = 60  # passages at either end of a paper among which an imprint is looked for
_LARGER = 1.15  # times the commonest size: a title's
_WORD = re.compile(r"[^\W\d_]+")
_ENDINGS = ("", "es", "s", "en", "n", "e")
REGISTER, STAFF, MODEL = "register", "staff", "model"
_LONGEST = 300  # characters of a passage that proves a part, and of a part
_PROPOSED = TypeAdapter(tuple[ClaimedMetadata, ...])
FOUND = "found"
LONGEST = 180  # characters of a title
_PROSE_END = re.compile(r"[.:;,]$")
_SET_OFF = 1.4  # times the text's size: only titles are so large
_DATE_ALONE = re.compile(r"(?i)(?:den |im )?(?:\d{1,2}\.\s?)?(?:\d{1,2}\.|[a-zä]{3,9})\s?\d{4}")
_NEAR = 70  # characters between a date and what stands before it


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the paper's front: its text, PDF page from 1 (None without pages), size in points, Markdown level."""

    text: str
    page: int | None = None
    size: float = 0.0
    level: int = 0


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The first passages of a paper up to its contents, what stands at its ends, its running headers, its metadata.

    `body_size` is the commonest size of type, 0 where the file has none; `text` is what all passages say.
    """

    passages: tuple[Passage, ...]
    edges: tuple[Passage, ...]
    headers: tuple[Passage, ...]
    properties: dict[str, str]
    body_size: float
    text: str

    @property
    def short(self) -> tuple[Passage, ...]:
        """The passages before the first prose."""
        return tuple(takewhile(lambda one: len(one.text) <= SHORT, self.passages))

    def is_large(self, passage: Passage, times: float = _LARGER) -> bool:
        """Whether a passage is set as a title is: larger than the text, or as the first heading of a Markdown file."""
        return passage.level == 1 or (self.body_size > 0 and passage.size >= times * self.body_size)


def front_page(layout: Layout, rendering: Rendering) -> FrontPage:
    """Return what a document shows first."""
    shown = [
        (block.kind, Passage(
            rendering.text[block.span.start : block.span.end].strip(),
            block.page + 1 if layout.page_count else None, block.style.size, block.style.level,
        ))
        for block in rendering.blocks
    ]  # fmt: skip
    passages = [passage for kind, passage in shown if kind is not BlockKind.CONTENTS]
    before = list(takewhile(lambda pair: pair[0] is not BlockKind.CONTENTS, shown[:_FIRST]))
    first = tuple(takewhile(lambda passage: passage.page == before[0][1].page, (passage for _, passage in before)))
    sizes: Counter[float] = Counter()
    for line in layout.lines:
        sizes[round(line.style.size, 1)] += len(line.text)
    return FrontPage(
        first,
        (*passages[:_EDGES], *passages[max(_EDGES, len(passages) - _EDGES) :]),
        tuple(_headers(layout)),
        {key.lstrip("/").casefold(): value for key, value in layout.properties.items()},
        sizes.most_common(1)[0][0] if sizes else 0.0,
        "\n".join(passage.text for passage in passages),
    )


def _headers(layout: Layout) -> Iterator[Passage]:
    """Yield each line that repeats as page furniture once, the most frequent first, where it first stands."""
    counts: Counter[str] = Counter()
    first: dict[str, Passage] = {}
    for line in layout.furniture:
        text = line.text.strip()
        if len(words_of(text)) > 1:
            counts[text] += 1
            page = line.page + 1 if layout.page_count else None
            first.setdefault(text, Passage(text, page, line.style.size))
    return (first[text] for text, _ in counts.most_common())


@cache
def front_words() -> dict[str, dict[str, list[str]]]:
    """The words by which papers say what they are, by table and key; see front_words.toml."""
    return tomllib.loads(files("ingest").joinpath("front_words.toml").read_text(encoding="utf-8"))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, parts of hyphenated ones alone."""
    return [word.casefold() for word in _WORD.findall(text)]


def holds_cue(word: str, cue: str) -> bool:
    """Whether a word is what a cue says: its end but for endings, its beginning for "strategisch*"."""
    if cue.endswith("*"):
        return word.startswith(cue[:-1])
    return any(word.removesuffix(ending).endswith(cue) for ending in _ENDINGS)


def says(text: str, cues: Iterable[str]) -> bool:
    """Whether a text holds one of the cues: words with their compounds, phrases as they are."""
    folded, words = " ".join(text.casefold().split()), words_of(text)
    phrases = {cue for cue in cues if " " in cue or not cue.rstrip("*").isalpha()}
    return any(cue in folded if cue in phrases else any(holds_cue(word, cue) for word in words) for cue in cues)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a document is called, who published it, what it is, how binding, of which day; `facts` prove each part."""

    title: str
    publisher: str
    kind: DocumentKind
    status: DocumentStatus | None
    as_of: date | None
    facts: tuple[FrontFact, ...] = ()


def front_matter(entry: RegisterEntry, layout: Layout, rendering: Rendering) -> FrontMatter:
    """Return title, publisher, kind, status and date of a document."""
    given = {part: getattr(entry, part) for part in FRONT}
    said = _said(entry, front_page(layout, rendering)) if None in given.values() else {}
    name = entry.file.stem.replace("_", " ").replace("-", " ").strip()
    values, facts = dict[str, Any](), list[FrontFact]()
    registered = (entry.title is not None and "title" not in entry.answered) or bool(entry.unconfirmed)
    undated = registered and "as_of" not in entry.unconfirmed  # then it has no date, whatever is printed in it
    for part, value in given.items():
        values[part] = value
        if value is not None:
            by = STAFF if part in entry.answered else REGISTER
            facts.append(FrontFact(part, by, sure=part not in entry.unconfirmed))
        elif not (part == "as_of" and undated):
            found = said[part]
            values[part], proof = found.value, found.proof or Passage("")
            facts.append(FrontFact(part, found.by, found.sure, proof.text, proof.page))
    return FrontMatter(**{**values, "title": values["title"] or name}, facts=tuple(facts))


def _said(entry: RegisterEntry, front: FrontPage) -> Mapping[str, Found]:
    """Return what the front of a paper says, part by part; what it does not surely say, as a model proved it."""
    proven = [(one, proven_value(one, front.text)) for one in proposed_parts(entry.front_proposed)]
    proposed: dict[str, Found] = {
        one.field: Found(value, Passage(one.quote), by=MODEL) for one, value in proven if value is not None
    }
    named = title(front)
    of_kind = kind(front, named)
    said = {
        "title": named,
        "publisher": publisher(front, named, of_kind),
        "kind": of_kind,
        "status": status(front, named, of_kind),
        "as_of": as_of(front),
    }
    return {part: found if found.sure else proposed.get(part, found) for part, found in said.items()}


def proposed_parts(source: str | None) -> tuple[ClaimedMetadata, ...]:
    """Return the parts that a model proposed, as they are kept; none where they cannot be read."""
    try:
        return _PROPOSED.validate_json(source or "[]")
    except ValidationError:
        return ()


def proven_value(part: ClaimedMetadata, text: str) -> Any:
    """Return the value of a part where its passage stands in the text and says it, else None."""
    quote = squash(part.quote)
    if max(len(part.quote), len(part.value)) > _LONGEST or quote not in squash(text):
        return None
    try:
        return _READ[part.field](part.value, part.quote)
    except ValueError:
        return None


def _text(value: str, quote: str) -> str | None:
    return value if squash(value) in squash(quote) else None


def _kind(value: str, quote: str) -> DocumentKind | None:
    kind = DocumentKind(value)
    return kind if says(quote, front_words()["kinds"].get(kind.value, ())) else None


def _status(value: str, quote: str) -> DocumentStatus | None:
    """Return how binding a paper is where the passage has a word for it: nothing is called decided without one."""
    status, words = DocumentStatus(value), front_words()["status"]
    cues = front_words()["kinds"]["motion"] if status is DocumentStatus.PROPOSED else words[status.value]
    denied = status is DocumentStatus.ADOPTED and says(quote, words["not_yet"])
    return status if says(quote, cues) and not denied else None


def _date(value: str, quote: str) -> date | None:
    day = date.fromisoformat(value)
    said = {one if len(one) == 10 else f"{one}-01" for one in dates(quote) if len(one) > 4}
    return day if day.isoformat() in said else None


_READ = {"title": _text, "publisher": _text, "kind": _kind, "status": _status, "as_of": _date}


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, the passage that proves it (None without one), whether that is sure, and who found it."""

    value: Any
    proof: Passage | None = None
    sure: bool = False
    by: str = FOUND


def title(front: FrontPage) -> Found:
    """Return the title, "" where nothing looks like one.

    Witnesses: the largest type of the first page, a running header, the file's metadata, a word for a kind of paper.
    """
    header = next((one for one in front.headers if one.page == 1 and front.is_large(one) and _may_be_title(one)), None)
    lead = _largest(front, header) or _leading(front)
    if lead is None:
        return Found("")
    text = " ".join(lead.text.split())
    others = [*(one.text for one in front.headers), front.properties.get("title", "")]
    repeated = any(words_of(text) and "".join(words_of(text)) == "".join(words_of(other)) for other in others)
    told = repeated or front.is_large(lead, _SET_OFF) or kind_said(text) is not None
    doubled = re.search(r"(?:(\w)\1){3}", text)  # as fonts that print twice for boldness are read: "KKLLIIMMAA"
    return Found(text, lead, sure=told and doubled is None)


def _largest(front: FrontPage, header: Passage | None) -> Passage | None:
    """The passages of the first page that are set largest of all, joined; None where nothing is set off."""
    large = [one for one in front.passages if front.is_large(one) and _may_be_title(one)]
    if not large or (header and header.size > max(one.size for one in large)):
        return header
    size, level = max((one.size, -one.level) for one in large)
    first = next(place for place, one in enumerate(front.passages) if (one.size, -one.level) == (size, level))
    lead, *below = front.passages[first : first + 3]
    joined = takewhile(lambda one: size and abs(one.size - size) <= 0.3 and not _told(one), below)
    return Passage(" ".join(one.text for one in (lead, *joined)), lead.page, size, lead.level)


def _leading(front: FrontPage) -> Passage | None:
    """The first short passage that names a kind of paper, else the first that is a line of its own."""
    lines = [one for one in front.passages if _may_be_title(one) and not _told(one)]
    named = [one for one in lines if kind_said(one.text) and not one.text.endswith((".", ":"))]
    alone = [one for one in lines if not _PROSE_END.search(one.text) and not bodies_line(one.text)]
    chosen = next(iter([*named, *alone]), None)
    below = front.passages[1:2]
    if chosen is None or bodies_in(chosen.text) or chosen is not front.passages[0] or not below:
        return chosen
    goes_on = bodies_line(below[0].text) and not chosen.text.endswith(below[0].text)
    return Passage(f"{chosen.text} {below[0].text}", chosen.page, chosen.size, chosen.level) if goes_on else chosen


def _may_be_title(passage: Passage) -> bool:
    return len(passage.text) <= LONGEST and leading_number(passage.text) is None


def _told(passage: Passage) -> bool:
    """Whether a passage says status or date: no part of a title."""
    cues = front_words()["dates"]["state"]
    dated = says(passage.text, cues) or re.match(r"(?i)beschlossen|verabschiedet", passage.text)
    return bool(dated) and bool(dates(passage.text))


def kind_said(text: str) -> tuple[DocumentKind, bool] | None:
    """The kind that the first telling word of a title names, and whether the title calls the paper so itself."""
    words, before = front_words(), ""
    for word in words_of(text):
        fitting = [(len(cue), kind) for kind, cues in words["kinds"].items() for cue in cues if holds_cue(word, cue)]
        if fitting and not any(holds_cue(word, one) for one in words["no_kind"]["words"]):
            return DocumentKind(max(fitting)[1]), before not in words["no_kind"]["about"]
        before = word
    return None


def kind(front: FrontPage, named: Found) -> Found:
    """Return the kind: sure by the words of a sure title, unsure by what else stands there, `other` without a word."""
    if said := kind_said(named.value):
        return Found(said[0], named.proof, named.sure and said[1])
    for one in front.short:
        if said := kind_said(one.text):
            return Found(said[0], one)
    for name, cues in front_words()["hints"].items():
        if hint := next((one for one in front.edges if says(one.text, cues)), None):
            return Found(DocumentKind(name), hint)
    return Found(DocumentKind.OTHER)


def status(front: FrontPage, named: Found, of_kind: Found) -> Found:
    """Return how binding the paper says it is, None where nothing says it."""
    words = front_words()["status"]
    lines = [*([named.proof] if named.proof else []), *front.short]
    draft, decided, published = (
        next((one for one in lines if says(one.text, words[name]) and not says(one.text, words.get(denied, ()))), None)
        for name, denied in (("draft", ""), ("adopted", "not_yet"), ("published", ""))
    )
    if of_kind.value is DocumentKind.MOTION:
        return Found(DocumentStatus.PROPOSED, of_kind.proof, of_kind.sure and decided is None)
    if draft:
        return Found(DocumentStatus.DRAFT, draft, decided is None and len(draft.text) <= LONGEST)
    if decided:
        return Found(DocumentStatus.ADOPTED, decided, bool(dates(decided.text)))
    return Found(DocumentStatus.PUBLISHED, published, True) if published else Found(None)


def as_of(front: FrontPage) -> Found:
    """Return the date of the paper's contents; a month is its first day, a year alone is none.

    Labelled dates of the title page come first ("Stand: Mai 2026"); of versions the latest, never one older than the
    paper itself ("nach dem Gesetz i. d. F. vom"); then a line that is nothing but place and date.
    """
    words = front_words()["dates"]
    dated = {cue: [found for one in front.short for found in _dated(one, words[cue])] for cue in words}
    for cue, found in dated.items():
        if found:
            value, proof = max([*dated["letter"][:1], *found], key=lambda one: one[0]) if cue == "version" else found[0]
            return _on(value, proof, sure=not (cue == "letter" and proof.text.endswith(".")))
    alone = [one for one in (*front.short, *front.edges) if _only_date(one.text)]
    if not alone:
        return Found(None)
    return _on(dates(alone[0].text)[0], alone[0], sure=len({dates(one.text)[0] for one in alone}) == 1)


def _on(value: str, proof: Passage, *, sure: bool) -> Found:
    if len(value) == 4:
        return Found(None, proof)
    return Found(date.fromisoformat(value if len(value) == 10 else f"{value}-01"), proof, sure)


def _dated(passage: Passage, cues: Iterable[str]) -> Iterator[tuple[str, Passage]]:
    """Yield the date behind each cue, as exact as it is printed."""
    for cue in cues:
        for match in re.finditer(rf"(?i)(?<!\w){re.escape(cue)}(?!\w)", passage.text):
            if found := dates(passage.text[match.end() : match.end() + _NEAR]):
                yield found[0], passage


def _only_date(text: str) -> bool:
    """Whether a line is nothing but a date, perhaps with a place before it: "Quonau, den 3. Mai 2026"."""
    found = dates(text)
    if len(found) != 1 or len(text) > 50 or len(found[0]) == 4:
        return False
    before, comma, behind = text.rpartition(",")
    return len(before.split()) <= 3 and bool(_DATE_ALONE.fullmatch(behind.strip())) and (bool(comma) or not before)


def publisher(front: FrontPage, named: Found, of_kind: Found) -> Found:
    """Return who publishes the paper, "" where nothing says it.

    Witnesses: an imprint, a line of the title page, the title, a running header, the metadata, what is named most.
    """
    is_motion = of_kind.value is DocumentKind.MOTION
    if is_motion:
        groups = front_words()["publisher"]["groups"]
        group = next((one for one in front.short if len(one.text) < 90 and says(one.text, groups)), None)
        if group and not kind_said(group.text):
            return Found(group.text, group)
    elif labelled := next((found for one in front.edges if (found := _labelled(one))), None):
        return labelled
    votes = list(_votes(front, named))
    if not votes:
        return Found("")
    counted = Counter(name for name, _ in {(name, how) for name, how, _ in votes})
    best = max(counted.values())
    name, _, proof = next(vote for vote in votes if counted[vote[0]] == best)
    return Found(name, proof, best > 1 and list(counted.values()).count(best) == 1 and not is_motion)


def _votes(front: FrontPage, named: Found) -> Iterator[tuple[str, str, Passage | None]]:
    """Yield (name, witness, proof) for each witness of the publisher."""
    yield from ((line, "line", one) for one in front.short if (line := bodies_line(one.text)))
    yield from ((name, "title", named.proof) for name in bodies_in(named.value)[:1])
    yield from ((line, "header", one) for one in front.headers if (line := bodies_line(one.text)))
    yield from ((name, "author", None) for name in bodies_in(front.properties.get("author", "")))
    for name, count in Counter(bodies_in(front.text)).most_common(1):
        if count > 1:
            places = (*front.passages, *front.edges)
            yield name, "text", next((one for one in places if name in bodies_in(one.text)), None)


def _labelled(passage: Passage) -> Found | None:
    """The name behind a label such as "Herausgeber:"; up to a comma or the line's end."""
    for label in front_words()["publisher"]["labels"]:
        match = re.match(rf"(?i){re.escape(label)}\W*[:\s]\s*(?P<name>[^,;|\n]+)", passage.text)
        name = match["name"].strip() if match else ""
        if name and len(name) <= LONGEST and not name.endswith("."):
            bodies = bodies_in(name)
            return Found(bodies[0] if bodies and name.startswith(bodies[0]) else name, passage, sure=True)
    return None


@cache
def _body_pattern() -> re.Pattern[str]:
    words = front_words()["publisher"]
    bodies = "|".join(map(re.escape, sorted(words["bodies"], key=len, reverse=True)))
    part = r"[A-ZÄÖÜ][\wäöüß]+(?:-[A-ZÄÖÜ]?[\wäöüß]+)*"
    name = rf"(?!(?:{'|'.join(words['no_name'])})\b)(?:(?:Bad|Sankt|St\.|Groß|Klein|Neu)\s)?{part}"
    more = r"(?:\s(?:am|an der|im|in der|ob der|vor der)\s[A-ZÄÖÜ][\wäöüß]+)?"
    circle = r"[A-ZÄÖÜ]\w+(?:-[A-ZÄÖÜ]\w+)*-Kreis"
    return re.compile(rf"\b(?P<body>{bodies})(?:e?s)?\s(?P<name>{name}{more})|\b(?P<circle>{circle})(?:es)?\b")


def bodies_in(text: str) -> list[str]:
    """The administrations that a text names, in the nominative: "des Landkreises Quonau" gives "Landkreis Quonau"."""
    return [match["circle"] or f"{match['body']} {match['name']}" for match in _body_pattern().finditer(text)]


def bodies_line(text: str) -> str | None:
    """The administration that a line names and nothing else; None for another line."""
    word = text.strip()
    single = re.fullmatch(r"[A-ZÄÖÜ][a-zäöüß]{3,}kreis", word)
    circle = single is not None and word.casefold() not in front_words()["publisher"]["no_circle"]
    return word if circle or bodies_in(text) == [word] else None
