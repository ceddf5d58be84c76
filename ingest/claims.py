"""What a reader says stands in a paper: records, headings, totals, front matter; believed only where it is checked."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from prompts import say
from vectorstore.records import Document

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=600)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000)]
RecordKind = Literal["theme", "goal", "project", "measure", "principle", "thesis", "resolution"]
FrontName = Literal["title", "publisher", "kind", "status", "as_of"]
TEXTS = ("partners", "period", "cost", "priority", "status")  # of a record, besides its fields and units


class _Form(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class ClaimedField(_Form):
    """Eine Angabe eines Eintrags mit ihrer Beschriftung."""

    label: Line = Field(description="Beschriftung wie gedruckt, ohne Doppelpunkt")
    text: Text = Field(description=say("model_reader.text"))


class Claim(_Form):
    """Ein Eintrag: Handlungsfeld, Ziel, Projekt, Maßnahme, Leitsatz, These oder Beschlusspunkt."""

    kind: RecordKind
    number: Line | None = Field(default=None, description=say("model_reader.number"))
    title: Line = Field(min_length=1, description=say("model_reader.title"))
    page: int = Field(ge=1, description=say("model_reader.page"))
    where: Literal["sheet", "row", "contents"] = Field(description=say("model_reader.place"))
    parent: Line | None = Field(default=None, description=say("model_reader.parent"))
    fields: tuple[ClaimedField, ...] = ()
    units: tuple[Line, ...] = Field(default=(), description=say("model_reader.units"))
    partners: Text | None = Field(default=None, description=say("model_reader.partners"))
    period: Line | None = Field(default=None, description=say("model_reader.period"))
    cost: Line | None = Field(default=None, description=say("model_reader.cost"))
    priority: Line | None = Field(default=None, description=say("model_reader.priority"))
    status: Line | None = Field(default=None, description=say("model_reader.status"))


class ClaimedHeading(_Form):
    """Eine Überschrift, die kein Eintrag ist."""

    level: int = Field(ge=1, le=9)
    number: Line | None = None
    title: Line = Field(min_length=1)
    page: int = Field(ge=1)


class ClaimedTotal(_Form):
    """Wie viele Einträge einer Art das Papier selbst nennt."""

    kind: RecordKind
    count: int = Field(ge=1, le=10_000)
    quote: Line = Field(min_length=1, description=say("model_reader.passage"))
    page: int = Field(ge=1)


class ClaimedFront(_Form):
    """Was das Papier über sich selbst sagt."""

    field: FrontName
    value: Line = Field(min_length=1)
    quote: Line = Field(min_length=1, description=say("model_reader.passage"))


class Said(_Form):
    """Was auf den gezeigten Seiten steht."""

    headings: tuple[ClaimedHeading, ...] = ()
    records: tuple[Claim, ...] = ()
    totals: tuple[ClaimedTotal, ...] = ()
    front: tuple[ClaimedFront, ...] = ()


def text_digest(text: str) -> str:
    """First 128 bits of SHA-256 of a text, in hex: tells whether a reading is one of this text."""
    return sha256(text.encode()).hexdigest()[:32]


class Reading(BaseModel):
    """What a model said of one text: a part for each window. Kept as JSON; it holds for exactly this text."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: str
    text: str
    said: tuple[Said, ...]

    def is_of(self, document: Document) -> bool:
        """Tell whether it was read from this text."""
        return self.text == text_digest(document.text)


_PARTS: Mapping[str, type[_Form]] = {
    "headings": ClaimedHeading,
    "records": Claim,
    "totals": ClaimedTotal,
    "front": ClaimedFront,
}


def said_in(reply: Any) -> Said | None:
    """Return what a reply says, without the parts that have not the form; None where hardly anything has it."""
    if not isinstance(reply, dict) or not reply.keys() & _PARTS.keys():
        return None
    kept: dict[str, list[_Form]] = {}
    wrong = 0
    for name, form in _PARTS.items():
        parts = reply.get(name) or []
        for part in parts if isinstance(parts, list) else [parts]:
            try:
                kept.setdefault(name, []).append(form.model_validate(part))
            except ValidationError:
                wrong += 1
    return None if wrong > sum(map(len, kept.values())) else Said.model_validate(kept)
