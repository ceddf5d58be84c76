"""Which of our two interface languages a reader prefers."""

from __future__ import annotations


def preferred_language(accept_language: str) -> str:
    """Return "de" or "en" by an Accept-Language header (RFC 9110, 12.5.4); German unless English ranks higher."""
    best, best_weight = "de", 0.0
    for part in accept_language.split(","):
        name, _, parameter = part.partition(";")
        language, weight = name.strip().lower().split("-")[0], _weight(parameter)
        if language in ("de", "en") and weight > best_weight:
            best, best_weight = language, weight
    return best


def _weight(parameter: str) -> float:
    name, _, value = parameter.strip().partition("=")
    if name != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
