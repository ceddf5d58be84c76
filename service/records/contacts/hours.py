"""Opening hours in a plain notation: "Mo-Do 8-12, 14-16, Fr 8:30-12 Uhr"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from service import wording

_DAYS = ("mo", "di", "mi", "do", "fr", "sa", "so")
_DAY = rf"(?:{'|'.join(_DAYS)})"
_TIME = r"\d{1,2}(?:[:.]\d\d)?"
_SPAN = re.compile(
    rf"(?i)(?:(?P<first>{_DAY})(?:\s*[-–]\s*(?P<last>{_DAY}))?\s+)?"
    rf"(?P<start>{_TIME})\s*[-–]\s*(?P<end>{_TIME})(?:\s*Uhr)?"
)
_BETWEEN = re.compile(r"\s*(?:[,;]|\bund\b)\s*")
_MIDNIGHT = 24 * 60
Spans = Sequence[tuple[int, int]]  # from and until, in minutes of the day


def parse_hours(text: str) -> Mapping[int, Spans]:
    """Return the spans of time of each day of the week, 0 for Monday.

    Times without a day of their own are of the days before them: in "Mo-Do 8-12, 14-16" both.
    Returns {} for a text in another notation, such as "nach Vereinbarung". Raises ValueError with a
    part that is in our notation but makes no sense, such as "Mo 16-8".
    """
    parts = _BETWEEN.split(text.strip())
    matches = list(filter(None, map(_SPAN.fullmatch, parts)))
    if len(matches) < len(parts) or not matches[0]["first"]:
        return {}
    spans = defaultdict[int, list[tuple[int, int]]](list)
    days = range(0)
    for match in matches:
        if match["first"]:
            first = _DAYS.index(match["first"].lower())
            days = range(first, _DAYS.index((match["last"] or match["first"]).lower()) + 1)
        start = _parse_time(match["start"])
        end = _parse_time(match["end"])
        if not days or not start < end <= _MIDNIGHT:
            raise ValueError(match[0])
        for day in days:
            spans[day].append((start, end))
    return {day: sorted(own) for day, own in spans.items()}


def describe_today(text: str, now: datetime, language: str) -> str:
    """Return until when, or from when, somebody can be reached today: "heute bis 16 Uhr".

    The first span of the day that has not ended counts. After the last one, and on days without
    any, other words are used. Returns "" for hours in another notation.
    """
    hours = parse_hours(text)
    if not hours:
        return ""
    spans = hours.get(now.weekday(), ())
    minute = 60 * now.hour + now.minute
    for start, end in spans:
        if minute < end:
            moment, key = (end, "until") if start <= minute else (start, "from")
            clock = f"{moment // 60}:{moment % 60:02}" if moment % 60 else str(moment // 60)
            return wording.format_words(language, f"contact_{key}", time=clock)
    return wording.format_words(language, "contact_over" if spans else "contact_closed")


def _parse_time(text: str) -> int:
    """The minute of the day of a time ("8", "8:30", "8.30").

    For one with more than 59 minutes it is a minute behind the end of the day, which `parse_hours`
    refuses.
    """
    hour, _, digits = text.replace(".", ":").partition(":")
    minute = int(digits or 0)
    if minute >= 60:
        return _MIDNIGHT + 1
    return 60 * int(hour) + minute
