"""Documents that somebody chose to be answered from, by their ids."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from service.http.problem_texts import FIELD_TEXTS
from service.http.problems import ProblemError
from service.models import FieldError

MOST = 100
NAMED = 20


def require_documents(known: Collection[str], chosen: Sequence[str], language: str, field: str = "documents") -> None:
    """Raise a ProblemError that names each chosen document which is not `known`, and the first that are."""
    wrong = [place for place, name in enumerate(chosen) if name not in known]
    if wrong:
        more = " …" if len(known) > NAMED else ""
        text = f"{FIELD_TEXTS['unknown_document'][language]} {', '.join(list(known)[:NAMED])}{more}"
        errors = [FieldError(field=f"{field}.{place}", message=text) for place in wrong]
        raise ProblemError("invalid-input", errors=errors)
