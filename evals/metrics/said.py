"""An answer as the contract describes it, read from its JSON: evaluation depends on nothing of the service's own forms.

So answers of other versions are judged as well as those that are sent today.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

ANSWERED, FOUND, ABOUT_SERVICE, UNAVAILABLE = "answered", "found", "about_service", "unavailable"


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Cited(_Form):
    """One citation."""

    marker: int = 0
    document_id: str
    document_status: str | None = None
    ref: str
    key: str
    title: str = ""
    page: int | None = None
    quote: str = ""


class Notice(_Form):
    """A note beside an answer."""

    code: str


class Said(_Form):
    """An answer; `certainty` is the probability that it is right where the service tells it, 0..1."""

    status: str
    answer: str = ""
    citations: tuple[Cited, ...] = ()
    notices: tuple[Notice, ...] = ()
    receipt: Mapping[str, str | None] = Field(default_factory=dict)
    certainty: float | None = None
