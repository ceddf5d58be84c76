"""Figures as Germans write them: decimal comma, dots between thousands, a space that does not break before a unit."""

from __future__ import annotations

from datetime import UTC, datetime

SPACE = "\u00a0"
MINUS = "\u2212"
_EDGE = 0.01  # shares closer to none or all than this get a decimal, so that 99,6 % does not read as all


def number(value: float, places: int = 1) -> str:
    """A number with a fixed count of places: 1234.5 is "1.234,5"."""
    text = f"{abs(value):,.{places}f}".translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{text}" if value < 0 and text.strip("0,.") else text


def percent(share: float) -> str:
    """A share of 1 in per cent, whole but near its ends: "85 %", "99,6 %", "<0,1 %"."""
    return f"{_points(share)}{SPACE}%"


def percents(low: float, high: float) -> str:
    """An interval of shares: "79–90 %"."""
    return f"{_points(low)}–{percent(high)}"


def points(difference: float) -> str:
    """How far two shares lie apart, without sign: "3 Punkte", "0,4 Punkte"."""
    size = abs(100 * difference)
    text = number(size, 0 if round(size) >= 1 else 1)
    return f"{text}{SPACE}{'Punkt' if text == '1' else 'Punkte'}"


def probability(p_value: float) -> str:
    """A p-value: "p = 0,63", "p < 0,001"."""
    if p_value < 0.001:
        return f"p{SPACE}<{SPACE}0,001"
    return f"p{SPACE}={SPACE}{number(p_value, 3 if p_value < 0.1 else 2)}"


def milliseconds(value: float) -> str:
    """A time: "4,2 ms", "120 ms", "1,3 s"."""
    if value >= 1000:
        return f"{number(value / 1000)}{SPACE}s"
    return f"{number(value, 1 if value < 10 else 0)}{SPACE}ms"


def duration(seconds: float) -> str:
    """How long something took: "8,4 s", "2 min 5 s"."""
    if seconds < 60:
        return f"{number(seconds)}{SPACE}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}{SPACE}min {rest}{SPACE}s"


def moment(when: datetime) -> str:
    """A moment in UTC: "20.11.2026, 10:45 UTC"."""
    return when.astimezone(UTC).strftime(f"%d.%m.%Y, %H:%M{SPACE}UTC")


def counted(many: int, one: str, more: str) -> str:
    """A number with its noun: "1 Frage", "143 Fragen"."""
    return f"{number(many, 0)} {one if many == 1 else more}"


def _points(share: float) -> str:
    inside = 0 < share < _EDGE or 1 - _EDGE < share < 1
    text = number(100 * share, 1 if inside else 0)
    return {"0,0": "<0,1", "100,0": ">99,9"}.get(text, text)
