"""Documents that somebody chose to be answered from, by their ids."""

from __future__ import annotations

from collections.abc import Container, Sequence

from service.models import FieldError
from service.problem_texts import FIELD_TEXTS
from service.problems import ProblemError

MOST = 100


def require_documents(known: Container[str], chosen: Sequence[str], language: str) -> None:
    """Raise a ProblemError that names each chosen document which is not `known`."""
    wrong = [place for place, name in enumerate(chosen) if name not in known]
    if wrong:
        text = FIELD_TEXTS["unknown_document"][language]
        errors = [FieldError(field=f"documents.{place}", message=text) for place in wrong]
        raise ProblemError("invalid-input", errors=errors)
