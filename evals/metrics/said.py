"""An answer as the contract describes it, read from its JSON: evaluation depends on nothing of the service's own forms.

So a status that only other versions send ("found") is judged as well as those that are sent today.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

ANSWERED, FOUND, ABOUT_SERVICE, UNAVAILABLE = "answered", "found", "about_service", "unavailable"


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Cited(_Form):
    """One citation."""

    marker: int = 0
    document_id: str
    document_title: str = ""
    publisher: str = ""
    document_status: str | None = None
    as_of: date | None = None
    ref: str
    key: str
    title: str = ""
    page: int | None = None
    page_label: str | None = None
    quote: str = ""


class Data(_Form):
    """What was listed or counted."""

    kind: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[dict[str, Any], ...] = ()
    total: int | None = None


class Notice(_Form):
    """A note beside an answer."""

    code: str


class Said(_Form):
    """An answer; `certainty` is the probability that it is right where the service tells it, 0..1."""

    status: str
    language: str = "de"
    answer: str = ""
    citations: tuple[Cited, ...] = ()
    data: Data | None = None
    notices: tuple[Notice, ...] = ()
    receipt: Mapping[str, str | None] = Field(default_factory=dict)
    certainty: float | None = None
    corpus_edition: str = ""
