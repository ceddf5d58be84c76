"""What the front of a paper itself says: its title, publisher, kind, status and date, each by several witnesses.

A finding is sure where two independent witnesses agree or where the paper says it in a labelled form. What nothing
says is None; it is never filled in from what papers usually are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Generic, TypeVar

from ingest.front_page import FrontPage, Passage, front_words, holds_cue, says, words_of
from ingest.plan.numbering import leading_number
from ingest.values.parsing import dates
from vectorstore.records import DocumentKind, DocumentStatus

V = TypeVar("V")
LONGEST = 180  # characters of a title
_PROSE_END = re.compile(r"[.:;,]$")
_SET_OFF = 1.4  # times the text's size: only titles are so large
_DATE_ALONE = re.compile(r"(?i)(?:den |im )?(?:\d{1,2}\.\s?)?(?:\d{1,2}\.|[a-zä]{3,9})\s?\d{4}")
_NEAR = 70  # characters between a date and what stands before it


@dataclass(frozen=True, slots=True)
class Found(Generic[V]):
    """What was found, the passage that proves it (None without one), whether that is sure, and who found it."""

    value: V
    proof: Passage | None = None
    sure: bool = False
    by: str = "found"


def title(front: FrontPage) -> Found[str]:
    """Return the title, "" where nothing looks like one.

    Witnesses: the largest type of the first page, a running header, the file's metadata, a word for a kind of paper.
    """
    lead = _largest(front) or _leading(front)
    if lead is None:
        header = next(iter(_title_headers(front)), None)
        return Found(header.text, header, sure=False) if header else Found("")
    text = " ".join(lead.text.split())
    repeated = any(_same(text, header.text) for header in front.headers) or _same(
        text, front.properties.get("title", "")
    )
    set_off = lead.level == 1 or (front.body_size > 0 and lead.size >= _SET_OFF * front.body_size)
    return Found(text, lead, sure=(repeated or set_off or kind_said(text) is not None) and not _doubled(text))


def _doubled(text: str) -> bool:
    """Whether letters stand twice, as fonts that print them twice for boldness are read: "KKLLIIMMAA"."""
    return re.search(r"(?:(\w)\1){3}", text) is not None


def _largest(front: FrontPage) -> Passage | None:
    """The passages of the first page that are set largest of all, joined; None where nothing is set off."""
    large = [one for one in front.passages if front.is_large(one) and _may_be_title(one)]
    header = next(iter(_title_headers(front)), None)
    if not large:
        return header
    size, level = max((one.size, -one.level) for one in large)
    if header and header.size > size:
        return header
    first = next(place for place, one in enumerate(front.passages) if (one.size, -one.level) == (size, level))
    joined: list[Passage] = []
    for one in front.passages[first : first + 3]:
        if joined and (abs(one.size - size) > 0.3 or not size or _told(one)):
            break
        joined.append(one)
    return Passage(" ".join(one.text for one in joined), joined[0].page, size, joined[0].level)


def _title_headers(front: FrontPage) -> Iterator[Passage]:
    """Running headers that are set as a title on the first page: it may repeat as header."""
    return (one for one in front.headers if one.page == 1 and front.is_large(one) and len(one.text) <= LONGEST)


def _leading(front: FrontPage) -> Passage | None:
    """The first short passage that names a kind of paper, else the first that is a line of its own."""
    lines = [one for one in front.passages if _may_be_title(one) and not _told(one)]
    named = [one for one in lines if kind_said(one.text) and not one.text.endswith((".", ":"))]
    leading = [one for one in named if lines.index(one) == 0]
    first = next((one for one in lines if not _PROSE_END.search(one.text) and not bodies_line(one.text)), None)
    chosen = next(iter([*leading, *named]), None) or first
    if chosen is None or bodies_in(chosen.text):
        return chosen
    place = front.passages.index(chosen)
    below = front.passages[place + 1 : place + 2]
    if below and bodies_line(below[0].text) and place == 0 and not chosen.text.endswith(below[0].text):
        return Passage(f"{chosen.text} {below[0].text}", chosen.page, chosen.size, chosen.level)
    return chosen


def _may_be_title(passage: Passage) -> bool:
    return len(passage.text) <= LONGEST and leading_number(passage.text) is None


def _told(passage: Passage) -> bool:
    """Whether a passage says status or date: no part of a title."""
    words = front_words()
    dated = says(passage.text, words["dates"]["state"]) or re.match(r"(?i)beschlossen|verabschiedet", passage.text)
    return bool(dated) and bool(dates(passage.text))


def _same(one: str, other: str) -> bool:
    squashed = ["".join(words_of(text)) for text in (one, other)]
    return bool(squashed[1]) and squashed[0] == squashed[1]


def kind_said(text: str) -> tuple[DocumentKind, bool] | None:
    """The kind that the first telling word of a title names, and whether the title calls the paper so itself."""
    words, before = front_words(), ""
    for word in words_of(text):
        fitting = [(len(cue), kind) for kind, cues in words["kinds"].items() for cue in cues if holds_cue(word, cue)]
        if fitting and not any(holds_cue(word, one) for one in words["no_kind"]["words"]):
            return DocumentKind(max(fitting)[1]), before not in words["no_kind"]["about"]
        before = word
    return None


def kind(front: FrontPage, named: Found[str]) -> Found[DocumentKind]:
    """Return the kind: sure by the words of a sure title, unsure by what else stands there, `other` without a word."""
    said = kind_said(named.value)
    if said:
        return Found(said[0], named.proof, named.sure and said[1])
    for one in front.short:
        said = kind_said(one.text)
        if said:
            return Found(said[0], one)
    for name, cues in front_words()["hints"].items():
        hint = next((one for one in front.edges if says(one.text, cues)), None)
        if hint:
            return Found(DocumentKind(name), hint)
    return Found(DocumentKind.OTHER)


def status(front: FrontPage, named: Found[str], of_kind: Found[DocumentKind]) -> Found[DocumentStatus | None]:
    """Return how binding the paper says it is, None where nothing says it."""
    words = front_words()["status"]
    lines = [*([named.proof] if named.proof else []), *front.short]
    draft = next((one for one in lines if says(one.text, words["draft"])), None)
    decided = next((one for one in lines if _decided(one, words)), None)
    if of_kind.value is DocumentKind.MOTION:
        return Found(DocumentStatus.PROPOSED, of_kind.proof, of_kind.sure and decided is None)
    if draft:
        return Found(DocumentStatus.DRAFT, draft, decided is None and len(draft.text) <= LONGEST)
    if decided:
        return Found(DocumentStatus.ADOPTED, decided, bool(dates(decided.text)))
    published = next((one for one in lines if says(one.text, words["published"])), None)
    return Found(DocumentStatus.PUBLISHED, published, True) if published else Found(None)


def _decided(passage: Passage, words: dict[str, list[str]]) -> bool:
    return says(passage.text, words["adopted"]) and not says(passage.text, words["not_yet"])


def as_of(front: FrontPage) -> Found[date | None]:
    """Return the date of the paper's contents; a month is its first day, a year alone is none.

    Labelled dates of the title page come first ("Stand: Mai 2026"); of versions the latest, never one older than the
    paper itself ("nach dem Gesetz i. d. F. vom"); then a line that is nothing but place and date.
    """
    words = front_words()["dates"]
    for cue in ("state", "version", "decided", "letter"):
        dated = [found for one in front.short for found in _dated(one, words[cue])]
        if dated:
            first = [found for one in front.short for found in _dated(one, words["letter"])][:1]
            value, proof = max([*first, *dated], key=lambda one: one[0]) if cue == "version" else dated[0]
            return _on(value, proof, sure=len(value) > 4 and not (cue == "letter" and proof.text.endswith(".")))
    alone = [one for one in (*front.short, *front.edges) if _only_date(one.text)]
    if alone:
        values = {dates(one.text)[0] for one in alone}
        return _on(dates(alone[0].text)[0], alone[0], sure=len(values) == 1 and len(values.pop()) > 4)
    return Found(None)


def _on(value: str, proof: Passage, *, sure: bool) -> Found[date | None]:
    if len(value) == 4:
        return Found(None, proof)
    return Found(date.fromisoformat(value if len(value) == 10 else f"{value}-01"), proof, sure)


def _dated(passage: Passage, cues: Iterable[str]) -> Iterator[tuple[str, Passage]]:
    """Yield the date behind each cue, as exact as it is printed."""
    for cue in cues:
        for match in re.finditer(rf"(?i)(?<!\w){re.escape(cue)}(?!\w)", passage.text):
            found = dates(passage.text[match.end() : match.end() + _NEAR])
            if found:
                yield found[0], passage


def _only_date(text: str) -> bool:
    """Whether a line is nothing but a date, perhaps with a place before it: "Quonau, den 3. Mai 2026"."""
    found = dates(text)
    if len(found) != 1 or len(text) > 50 or len(found[0]) == 4:
        return False
    before, comma, behind = text.rpartition(",")
    return len(before.split()) <= 3 and bool(_DATE_ALONE.fullmatch(behind.strip())) and (bool(comma) or not before)


def publisher(front: FrontPage, named: Found[str], of_kind: Found[DocumentKind]) -> Found[str]:
    """Return who publishes the paper, "" where nothing says it.

    Witnesses: an imprint, a line of the title page, the title, a running header, the metadata, what is named most.
    """
    labelled = next((found for one in front.edges if (found := _labelled(one))), None)
    if labelled and of_kind.value is not DocumentKind.MOTION:
        return labelled
    if of_kind.value is DocumentKind.MOTION:
        groups = front_words()["publisher"]["groups"]
        group = next((one for one in front.short if len(one.text) < 90 and says(one.text, groups)), None)
        if group and not kind_said(group.text):
            return Found(group.text, group)
    votes = list(_votes(front, named))
    if not votes:
        return Found("")
    counted = Counter(name for name, _, _ in {(name, how, None) for name, how, _ in votes})
    best = max(counted.values())
    name, _, proof = next(vote for vote in votes if counted[vote[0]] == best)
    sure = best > 1 and list(counted.values()).count(best) == 1 and of_kind.value is not DocumentKind.MOTION
    return Found(name, proof, sure)


def _votes(front: FrontPage, named: Found[str]) -> Iterator[tuple[str, str, Passage | None]]:
    """Yield (name, witness, proof) for each witness of the publisher."""
    for one in front.short:
        if line := bodies_line(one.text):
            yield line, "line", one
    for name in bodies_in(named.value)[:1]:
        yield name, "title", named.proof
    for one in front.headers:
        if line := bodies_line(one.text):
            yield line, "header", one
    for name in bodies_in(front.properties.get("author", "")):
        yield name, "author", None
    common = Counter(bodies_in(front.text)).most_common(1)
    if common and common[0][1] > 1:
        yield common[0][0], "text", _first_with(front, common[0][0])


def _first_with(front: FrontPage, name: str) -> Passage | None:
    return next((one for one in (*front.passages, *front.edges) if name in bodies_in(one.text)), None)


def _labelled(passage: Passage) -> Found[str] | None:
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
    found = bodies_in(text)
    if len(found) == 1 and found[0] == text.strip():
        return found[0]
    word = text.strip()
    single = re.fullmatch(r"[A-ZÄÖÜ][a-zäöüß]{3,}kreis", word)
    return word if single and word.casefold() not in front_words()["publisher"]["no_circle"] else None
