"""What was found, entry by entry, as the cards of a page show it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from service.models import Answer, Citation
from service.stream import sentences

_LEAD = re.compile(r"[^.:]*[.:]\s*")
_MARKER = re.compile(r"\[(\d{1,4})\]")


@dataclass(slots=True)
class Entry:
    """What is told of one entry; `name` is the one that the text gives it before a colon, "" where it gives none."""

    citation: Citation
    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The sentence that says how many entries fit, and these."""

    lead: str
    entries: list[Entry]


def found(answer: Answer) -> Found:
    """Cut an answer of the status `found` into its entries: sentences belong to the entry that they cite."""
    lead = match.group() if (match := _LEAD.match(answer.answer)) else ""
    cited = {one.marker: one for one in answer.citations}
    entries: list[Entry] = []
    for sentence in sentences(answer.answer[len(lead) :]):
        marker = _MARKER.search(sentence)
        citation = cited.get(int(marker.group(1))) if marker else None
        last = entries[-1] if entries else None
        if last and (citation is None or _same(citation, last.citation)):
            last.text += sentence
        elif citation:
            entries.append(Entry(citation, sentence))
    for one in entries:
        name, colon, rest = one.text.partition(": ")
        if colon and any(part and part in name for part in (one.citation.ref, one.citation.title)):
            one.name, one.text = name, rest
    return Found(lead.strip(), entries)


def _same(one: Citation, other: Citation) -> bool:
    return (one.document_id, one.key) == (other.document_id, other.key)
