"""An error that people are told as a problem (RFC 9457), whatever the part that meets it."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field

from service.records.answers import FieldError


@dataclass(eq=False, repr=False)
class ProblemError(Exception):
    """An error with a name in `prompts/problems.toml`, with field errors, response headers, and
    values for its text.
    """

    name: str
    _: KW_ONLY
    errors: list[FieldError] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
