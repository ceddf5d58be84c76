"""What the labelled fields of a record state: units, partners, period, cost, priority, status; ticked boxes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.readers.claims import Claim, ClaimedField
from ingest.readers.lexicon import meaning, status_of
from ingest.values.units import named_units, plain_unit, units
from prompts import say
from vectorstore.records import BY_STAFF, SIMPLE

_TICKED = re.compile(r"(?:[✓✔✘☒☑■●⊠]|\[[xX]\]|(?<!\w)[xX](?!\w))\s*([^❏☐□○✓✔✘☒☑■●⊠\[\]]+)")
_BOXES = re.compile(r"[❏☐□○☒☑✘✔⊠]|\[[ xX]?\]")
_LONE_TICK = re.compile(r"[xX×✓✔☑☒●■]")
_TICK = re.compile(r"^\s*(?:[✓✔✘☒☑⊠]|\[[xX]\])\s*(?=\w)")
_SET = re.compile(r"[☑☒✔✘]")
_GAP = re.compile(r"\s{3,}|\t|\n")  # between choices of which the empty boxes are lost
_MARKS = re.compile(r"[\s,;]+")  # between names
_LONGEST_STATUS, _MAX_WORDS = 60, 3  # characters of a status; words of a state that names a status and nothing else
_EXACT = ("period", "cost", "priority", "status")  # what is not stated where a part of it is illegible
_LONGEST = 600  # characters of a period, cost, priority or status


def complete_by_fields(claim: Claim) -> Claim:
    """Return a record with what its labelled fields state where its own units and texts leave that open."""
    fields = claim.fields
    if claim.source not in (SIMPLE, BY_STAFF):
        fields = tuple(field.model_copy(update={"meaning": meaning(field.label)}) for field in fields)
    fields = tuple(
        field for field in fields if not (field.meaning in _EXACT and say("reading.illegible") in field.text)
    )
    who = named_units("\n".join(field.lines or field.text for field in fields if field.meaning == "responsible"))
    update: dict[str, object] = {
        name: getattr(claim, name) or _cut(_join_texts(fields, name)) for name in ("period", "cost", "priority")
    }
    update["units"] = tuple(map(plain_unit, claim.units)) or tuple(unit[:_LONGEST] for unit in who.leading)
    update["partners"] = _partners(claim, fields, () if claim.units else who.taking_part)
    update["status"] = claim.status or _cut(_status(fields))
    update["parent"] = claim.parent or _cut(_join_texts(fields, "theme"))
    return claim.model_copy(update={**update, "fields": fields})


def _partners(claim: Claim, fields: Sequence[ClaimedField], taking_part: Sequence[str]) -> str | None:
    """Return the partners as printed, or as a list where they are printed over several lines or fields."""
    printed = claim.partners or _join_texts(fields, "partners") or ""
    lines = claim.partners or "\n".join(field.lines or field.text for field in fields if field.meaning == "partners")
    listed = ", ".join((*units(lines), *taking_part))
    return (printed if _MARKS.sub("", printed) == _MARKS.sub("", listed) else listed) or None


def _status(fields: Sequence[ClaimedField]) -> str | None:
    """Return the words for a status: of a field for it, of a short state, else the label of a column with a tick."""
    words, state = _join_texts(fields, "status"), _join_texts(fields, "state")
    if words is None and state and len(state.split()) <= _MAX_WORDS and status_of(state):
        words = state
    return words or next((field.label for field in fields if _LONE_TICK.fullmatch(field.text)), None)


def _cut(text: str | None) -> str | None:
    return (text or "")[:_LONGEST].strip() or None


def _join_texts(fields: Sequence[ClaimedField], name: str) -> str | None:
    """Return the text of the fields of one meaning."""
    texts = (find_ticked(field.text) for field in fields if field.meaning == name and field.text.strip())
    return "\n\n".join(filter(None, texts)) or None


def find_ticked(text: str) -> str:
    """Return what is ticked where a text is a row of boxes, or of choices wide apart, else the text."""
    if len(_BOXES.findall(text)) >= 2:
        return ", ".join(match.strip(" ,;") for match in _TICKED.findall(text))
    if len(_SET.findall(text)) == 1:  # the boxes that are not ticked are lost
        return _SET.split(text)[1].strip().split("\n")[0].strip()
    ticked = [_TICK.sub("", choice).strip() for choice in _GAP.split(text) if _TICK.match(choice)]
    return ", ".join(ticked) if ticked else text
