"""What the labelled fields of a record state: units, partners, period, cost, priority, status; ticked boxes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.lexicon import status_of
from ingest.values.units import named_units, units
from vectorstore.records import ItemStatus

_TICKED = re.compile(r"(?:[✓✔✘☒☑■●⊠]|\[[xX]\]|(?<!\w)[xX](?!\w))\s*([^❏☐□○✓✔✘☒☑■●⊠\[\]]+)")
_BOXES = re.compile(r"[❏☐□○☒☑✘✔⊠]|\[[ xX]?\]")
_TICK = re.compile(r"^\s*(?:[✓✔✘☒☑⊠]|\[[xX]\])\s*(?=\w)")
_SET = re.compile(r"[☑☒✔✘]")
_APART = re.compile(r"\s{3,}|\t|\n")  # between choices of which the empty boxes are lost
_MARKS = re.compile(r"[\s,;]+")  # between names
_LONGEST_STATUS = 60  # characters of a text that names a status
_FEW = 3  # words of a state that names a status and nothing else
_SHORT = ("period", "priority", "status")
_LONGEST_SHORT = 600  # characters of a period, cost, priority or status


@dataclass(frozen=True, slots=True)
class Statement:
    """A field of a record as it is read: its label, its meaning (None where unknown), its text.

    `lines` is the same text with a line for each entry that begins a line of its own.
    """

    label: str
    meaning: str | None
    text: str
    lines: str


@dataclass(frozen=True, slots=True)
class Statements:
    """What the fields of one record state; `status` is the mapped word, the texts are as printed."""

    units: tuple[str, ...] = ()
    partners: str | None = None
    period: str | None = None
    cost: str | None = None
    priority: str | None = None
    status: ItemStatus | None = None
    status_text: str | None = None
    state: str | None = None
    description: str | None = None
    theme: str | None = None


def interpret(fields: Sequence[Statement]) -> Statements:
    """Return what the fields of one record state; of boxes to tick only those that are ticked count."""
    who = named_units("\n".join(field.lines for field in fields if field.meaning == "responsible"))
    partners = units("\n".join(field.lines for field in fields if field.meaning == "partners"))
    printed = _joined(fields, "partners") or ""
    listed = ", ".join((*partners, *who.taking_part))
    words, state = _joined(fields, "status"), _joined(fields, "state")
    status = status_of(words) if words and len(words) <= _LONGEST_STATUS else None
    if status is None and state and len(state.split()) <= _FEW:
        status = status_of(state)
    return Statements(
        units=who.leading,
        partners=(printed if _MARKS.sub("", printed) == _MARKS.sub("", listed) else listed) or None,
        period=_joined(fields, "period"),
        cost=_joined(fields, "cost"),
        priority=_joined(fields, "priority"),
        status=status,
        status_text=words,
        state=state,
        description=_joined(fields, "description"),
        theme=_joined(fields, "theme"),
    )


def _joined(fields: Sequence[Statement], meaning: str) -> str | None:
    """Return the text of the fields of one meaning."""
    texts = [find_ticked(field.text) for field in fields if field.meaning == meaning and field.text.strip()]
    joined = "\n\n".join(text for text in texts if text)
    return joined[:_LONGEST_SHORT] if meaning in _SHORT and joined else joined or None


def find_ticked(text: str) -> str:
    """Return what is ticked where a text is a row of boxes, or of choices wide apart, else the text."""
    if len(_BOXES.findall(text)) >= 2:
        return ", ".join(match.strip(" ,;") for match in _TICKED.findall(text))
    ticks = _SET.findall(text)
    if len(ticks) == 1:  # the boxes that are not ticked are lost
        return _SET.split(text)[1].strip().split("\n")[0].strip()
    choices = [choice for choice in _APART.split(text) if choice.strip()]
    ticked = [choice for choice in choices if _TICK.match(choice)]
    return ", ".join(_TICK.sub("", choice).strip() for choice in ticked) if ticked else text
