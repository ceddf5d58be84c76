"""Which of our two interface languages a reader prefers."""

from __future__ import annotations

from service.http.accepting import weighted


def preferred_language(accept_language: str) -> str:
    """Return "de" or "en" by an Accept-Language header (RFC 9110, 12.5.4); German unless English ranks higher."""
    best, best_weight = "de", 0.0
    for name, weight in weighted(accept_language):
        language = name.split("-")[0]
        if language in ("de", "en") and weight > best_weight:
            best, best_weight = language, weight
    return best
