"""An error that people are told as a problem (RFC 9457), whatever the part that meets it."""

from __future__ import annotations

from collections.abc import Mapping

from service.records.answers import FieldError


class ProblemError(Exception):
    """An error with a name in `prompts/problems.toml`, with field errors, response headers, and
    values for its text.
    """

    def __init__(
        self,
        name: str,
        *,
        errors: list[FieldError] | None = None,
        headers: Mapping[str, str] | None = None,
        values: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name)
        self.name = name
        self.errors = errors
        self.headers = dict(headers or {})
        self.values = dict(values or {})
