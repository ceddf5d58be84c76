"""What the front of a paper itself says: its title, publisher, kind, status and date, each by several witnesses.

A finding is sure where two independent witnesses agree or where the paper says it in a labelled form. What nothing
says is None; it is never filled in from what papers usually are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import takewhile
from typing import Any, Generic, TypeVar

from ingest.front_page import FrontPage, Passage, front_words, holds_cue, says, words_of
from ingest.plan.numbers import leading_number
from ingest.values.parsing import dates
from vectorstore.records import DocumentKind, DocumentStatus

V = TypeVar("V")
FOUND = "found"
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
    by: str = FOUND


def all_parts(front: FrontPage) -> Mapping[str, Found[Any]]:
    """Return what the front of a paper says, by the names of the parts."""
    named = title(front)
    of_kind = kind(front, named)
    return {
        "title": named,
        "publisher": publisher(front, named, of_kind),
        "kind": of_kind,
        "status": status(front, named, of_kind),
        "as_of": as_of(front),
    }


def title(front: FrontPage) -> Found[str]:
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


def kind(front: FrontPage, named: Found[str]) -> Found[DocumentKind]:
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


def status(front: FrontPage, named: Found[str], of_kind: Found[DocumentKind]) -> Found[DocumentStatus | None]:
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


def as_of(front: FrontPage) -> Found[date | None]:
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


def _on(value: str, proof: Passage, *, sure: bool) -> Found[date | None]:
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


def publisher(front: FrontPage, named: Found[str], of_kind: Found[DocumentKind]) -> Found[str]:
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


def _votes(front: FrontPage, named: Found[str]) -> Iterator[tuple[str, str, Passage | None]]:
    """Yield (name, witness, proof) for each witness of the publisher."""
    yield from ((line, "line", one) for one in front.short if (line := bodies_line(one.text)))
    yield from ((name, "title", named.proof) for name in bodies_in(named.value)[:1])
    yield from ((line, "header", one) for one in front.headers if (line := bodies_line(one.text)))
    yield from ((name, "author", None) for name in bodies_in(front.properties.get("author", "")))
    for name, count in Counter(bodies_in(front.text)).most_common(1):
        if count > 1:
            places = (*front.passages, *front.edges)
            yield name, "text", next((one for one in places if name in bodies_in(one.text)), None)


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
    word = text.strip()
    single = re.fullmatch(r"[A-ZÄÖÜ][a-zäöüß]{3,}kreis", word)
    circle = single is not None and word.casefold() not in front_words()["publisher"]["no_circle"]
    return word if circle or bodies_in(text) == [word] else None
