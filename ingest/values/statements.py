"""Units, partners, period, cost, priority and status of a record, read from its labelled fields and
ticked boxes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.readers.claims import SHORT, Claim, ClaimedField
from ingest.readers.lexicon import is_value, status_of
from ingest.values.parsing import YEAR
from ingest.values.units import named_units, units
from prompts import say

_TICK = r"(?:[✓✔✘☒☑■●⊠]|\[[xX]\]|(?<!\w)[xX](?!\w))"
_CHOICE = r"([^❏☐□○✓✔✘☒☑■●⊠\[\]]+)"
_TICKED_CHOICE = re.compile(rf"{_TICK}\s*{_CHOICE}")
_CHOICE_BEFORE_TICK = re.compile(rf"{_CHOICE}{_TICK}")
_BOX = r"(?:[❏☐□○☒☑✘✔⊠]|\[[ xX]?\])"  # ticked or empty
_BOXES = re.compile(_BOX)
_BEHIND_CHOICES = re.compile(rf"\s*(?!{_BOX})[^\s:][^:]*{_BOX}[ \t]*(?:\n|$)")
_LONE_TICK = re.compile(r"[xX×✓✔☑☒●■]")
_LEADING_TICK = re.compile(r"^\s*(?:[✓✔✘☒☑⊠]|\[[xX]\])\s*(?=\w)")  # "☒ " of "☒ hoch"
_ANY_TICK = re.compile(r"[☑☒✔✘]")
_WIDE_GAP = re.compile(r"\s{3,}|\t|\n")  # between choices whose empty boxes were lost
_SEPARATORS = re.compile(r"[\s,;]+")  # between names
_REMARK = re.compile(r"\([^()]*\)")
_MAX_PRIORITY = 4  # words: "sehr hoch", "Stufe 1 (sofort)"
_TIME = re.compile(  # a year, a quarter, a month, a word of duration
    r"(?i)(?<!\d)(?:19|20)\d\d(?!\d)|\bQ[1-4]\b|\d{1,2}[./]\d{2,4}|jahr|jähr|monat|woche|wöch|quartal"
    r"|tage?\b|täg|stunde|fristig|\b(?:kurz|mittel|lang)(?:-|\s?/|\s?bis|$)|\blauf|\bläuft|fortlauf"
    r"|dauer|sofort|ständig|regelmäßig|kontinuierlich|turnus|permanent|einmalig|beginn|start|\bende\b"
    r"|phase|bereits|geplant|offen|frühe|spät|januar|februar|märz|april|\bmai\b|juni|juli|august"
    r"|september|oktober|november|dezember"
)
_PERIOD_START = re.compile(r"(?i)\W*(?:(?:ab|bis|seit|vo[nm]|anfang|mitte|ende)\b|\d|q[1-4])")
_MAX_WORDS = 3  # of a state field that names a status and nothing else
# dropped where a part of them is illegible
_EXACT_FIELDS = ("period", "cost", "priority", "status")


def complete_by_fields(claim: Claim) -> Claim:
    """Return a record with units and texts from its labelled fields; a row may have a period and a
    status already.

    A field of an exact value ("cost") is dropped if a part of it is illegible. In a table row,
    whose columns may be shifted, a field loses its meaning if its text cannot be the value: "Amt
    61" is no period. In a sheet the label is trusted. A unit with a year outside of brackets is
    dropped.
    """
    fields = tuple(_with_plausible_meanings(claim.fields, is_head=claim.is_head))
    named, taking_part = named_units(_join_lines(fields, "responsible"))
    short = (unit[:SHORT] for unit in named)
    update: dict[str, object] = {
        name: _shorten(_join_texts(fields, name)) for name in ("period", "cost", "priority")
    }
    if claim.period and (claim.is_head or is_plausible("period", claim.period)):
        update["period"] = claim.period
    update["units"] = tuple(unit for unit in short if not YEAR.search(_REMARK.sub("", unit)))
    update["partners"] = _find_partners(fields, taking_part)
    update["status"] = claim.status or _shorten(_find_status(fields))
    update["parent"] = claim.parent or _shorten(_join_texts(fields, "theme"))
    return claim.model_copy(update={**update, "fields": fields})


def _with_plausible_meanings(
    fields: Sequence[ClaimedField], *, is_head: bool
) -> Iterator[ClaimedField]:
    """Yield fields without illegible exact values, in table rows without implausible meanings.

    `is_head` is false for a table row, whose columns may be shifted.
    """
    illegible = say("reading.illegible")
    for field in fields:
        if field.meaning in _EXACT_FIELDS and illegible in field.text:
            continue
        if not is_head and not is_plausible(field.meaning, field.text):
            field = field.model_copy(update={"meaning": None})
        yield field


def is_plausible(meaning: str | None, text: str) -> bool:
    """True if a text can be the value of a field with this meaning.

    A period has a date or a word of time, a priority has few words, a responsible unit is no
    period. With any other meaning every text can be the value.
    """
    if meaning == "period" and text.strip():
        return _TIME.search(text) is not None or is_value(text, ("period",))
    if meaning == "priority":
        return len(find_ticked(text).split()) <= _MAX_PRIORITY
    is_period = _PERIOD_START.match(text) is not None and is_value(text, ("period",))
    return meaning != "responsible" or not is_period


def _find_partners(fields: Sequence[ClaimedField], taking_part: Sequence[str]) -> str | None:
    """Return the partners of a record as one text, None without any.

    `taking_part` are the units that its field for responsibility names as taking part; they are
    added to the partners. The result is a list with commas. If it differs from the printed partners
    only in white space, commas and semicolons, these are returned as printed.
    """
    printed = _join_texts(fields, "partners") or ""
    listed = ", ".join((*units(_join_lines(fields, "partners")), *taking_part))
    if _SEPARATORS.sub("", printed) == _SEPARATORS.sub("", listed):
        return printed or None
    return listed or None


def _join_lines(fields: Sequence[ClaimedField], name: str) -> str:
    return "\n".join(field.lines or field.text for field in fields if field.meaning == name)


def _find_status(fields: Sequence[ClaimedField]) -> str | None:
    """Return the words that tell the status of a record, None without any.

    They are the text of the status field. If that is missing or only a mark ("🟢"), they are the
    text of the state field, if it is short and names a status. Without both they are the label of
    a field that has only a tick.
    """
    words, state = _join_texts(fields, "status"), _join_texts(fields, "state") or ""
    has_no_word = not any(map(str.isalpha, words or ""))
    if has_no_word and len(state.split()) <= _MAX_WORDS and status_of(state):
        return state
    ticked = (field.label for field in fields if _LONE_TICK.fullmatch(field.text))
    return words or next(ticked, None)


def _shorten(text: str | None) -> str | None:
    return (text or "")[:SHORT].strip() or None


def _join_texts(fields: Sequence[ClaimedField], name: str) -> str | None:
    """Return the texts of the fields with one meaning, joined; None without any."""
    meant = [field.text for field in fields if field.meaning == name and field.text.strip()]
    return "\n\n".join(filter(None, map(find_ticked, meant))) or None


def find_ticked(text: str) -> str:
    """Return the ticked choices of a text; a text without ticks as it is.

    With two boxes or more, the choices are the texts behind the ticked boxes ("☐ hoch ☒ mittel"),
    or before them if the text begins with a choice and a line ends with a box ("hoch ☐ mittel ☒").
    With a single tick, the choice is the line behind the tick. Else they are the parts between wide
    gaps that begin with a tick.
    """
    if len(_BOXES.findall(text)) >= 2:
        is_behind = _BEHIND_CHOICES.match(text)
        choices = (_CHOICE_BEFORE_TICK if is_behind else _TICKED_CHOICE).findall(text)
        return ", ".join(choice.strip(" ,;\n") for choice in choices)
    if len(_ANY_TICK.findall(text)) == 1:  # only the ticked box was extracted
        return _ANY_TICK.split(text)[1].strip().split("\n")[0].strip()
    ticked = [
        _LEADING_TICK.sub("", choice).strip()
        for choice in _WIDE_GAP.split(text)
        if _LEADING_TICK.match(choice)
    ]
    if ticked:
        return ", ".join(ticked)
    return text
