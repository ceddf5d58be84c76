"""The form of a model's reply about some pages, and the claims in it; what has not the form is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from ingest.readers.claims import Claim, ClaimedMetadata, ClaimedTotal, Claims, ShortText, claim_form

MOST = {"headings": 200, "records": 200, "totals": 40, "metadata": 20}  # of a reply about one window
MOST_FIELDS, MOST_UNITS = 60, 40  # of a record
MOST_CHARACTERS = 300_000  # of a reply
_UNASKED = ("source", "confidence", "head", "title_span", "extent", "span")
_FIELD = ("label", "text", "page")


class RepliedHeading(BaseModel):
    """A heading that is no record."""

    model_config = claim_form("heading")

    level: int = Field(ge=1, le=9)
    number: ShortText | None = None
    title: ShortText = Field(min_length=1)
    page: int = Field(ge=1)

    @property
    def claim(self) -> Claim:
        """The claim of a section with this heading."""
        return Claim(kind="section", where="heading", **self.model_dump())


class Reply(BaseModel):
    """What is on the pages that were shown."""

    model_config = claim_form("reply")

    headings: tuple[RepliedHeading, ...] = ()
    records: tuple[Claim, ...] = ()
    totals: tuple[ClaimedTotal, ...] = ()
    metadata: tuple[ClaimedMetadata, ...] = ()


_FORMS: Mapping[str, type[BaseModel]] = {
    "headings": RepliedHeading, "records": Claim, "totals": ClaimedTotal, "metadata": ClaimedMetadata,
}  # fmt: skip
SCHEMA = json.dumps(Reply.model_json_schema(), ensure_ascii=False)  # is sent with every request
SCHEMA_DIGEST = sha256(SCHEMA.encode()).hexdigest()[:16]


def parse_reply(reply: Any) -> Claims | None:
    """Return the claims in a reply without the parts that have not the form; None if hardly any part has it.

    Long lists are cut, and a reply that is longer than any window is none.
    """
    if not isinstance(reply, dict) or not reply.keys() & _FORMS.keys() or _length(reply) > MOST_CHARACTERS:
        return None
    found: dict[str, list[Any]] = {name: [] for name in _FORMS}
    wrong = 0
    for name, form in _FORMS.items():
        parts = reply.get(name) or []
        for part in (parts if isinstance(parts, list) else [parts])[: MOST[name]]:
            try:
                found[name].append(form.model_validate(_cut(part)))
            except ValidationError:
                wrong += 1
    if wrong > sum(map(len, found.values())):
        return None
    records = (*(heading.claim for heading in found["headings"]), *found["records"])
    return Claims(records=records, totals=tuple(found["totals"]), metadata=tuple(found["metadata"]))


def _length(reply: Any) -> int:
    try:
        return len(json.dumps(reply, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError):
        return MOST_CHARACTERS + 1


def _cut(part: Any) -> Any:
    """Return a part of a reply with no more fields and units than a record has; spans and the like are not replied."""
    if not isinstance(part, dict):
        return part
    kept = {name: value for name, value in part.items() if name not in _UNASKED}
    fields, units = kept.get("fields"), kept.get("units")
    if isinstance(fields, list):
        kept["fields"] = [
            {key: field.get(key) for key in _FIELD} if isinstance(field, dict) else field
            for field in fields[:MOST_FIELDS]
        ]  # fmt: skip
    if isinstance(units, list):
        kept["units"] = units[:MOST_UNITS]
    return kept
