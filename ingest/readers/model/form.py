"""The form of a model's reply about some pages, and the claims in it; what has not the form is left out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from ingest.readers.claims import Claim, ClaimedField, ClaimedMetadata, ClaimedTotal, Claims, ShortText, claim_form

MOST = {
    "headings": 200,
    "records": 200,
    "totals": 40,
    "metadata": 20,
    "fields": 60,
    "units": 40,
}  # at most


class RepliedHeading(BaseModel):
    """A heading that is no record."""

    model_config = claim_form("heading")

    level: int = Field(ge=1, le=9)
    number: ShortText | None = None
    title: ShortText = Field(min_length=1)
    page: int = Field(ge=1)


class Reply(BaseModel):
    """What is on the pages that were shown."""

    model_config = claim_form("reply")

    headings: tuple[RepliedHeading, ...] = ()
    records: tuple[Claim, ...] = ()
    totals: tuple[ClaimedTotal, ...] = ()
    metadata: tuple[ClaimedMetadata, ...] = ()


_FORMS: Mapping[str, type[BaseModel]] = {
    "headings": RepliedHeading, "records": Claim, "totals": ClaimedTotal, "metadata": ClaimedMetadata,
    "fields": ClaimedField,
}  # fmt: skip
_ASKED = {name: form.model_json_schema()["properties"].keys() for name, form in _FORMS.items()}
SCHEMA = json.dumps(Reply.model_json_schema(), ensure_ascii=False)  # is sent with every request
SCHEMA_DIGEST = sha256(SCHEMA.encode()).hexdigest()[:16]


def parse_reply(reply: Any) -> Claims | None:
    """Return the claims in a reply without the parts that have not the form; None if hardly any part has it."""
    if not isinstance(reply, dict) or not reply.keys() & Reply.model_fields.keys():
        return None
    parts = {name: _parse_parts(name, reply.get(name) or []) for name in Reply.model_fields}
    every = [part for own in parts.values() for part in own]
    if 2 * every.count(None) > len(every):
        return None
    headings, records, totals, metadata = (tuple(filter(None, own)) for own in parts.values())
    sections = (Claim(kind="section", where="heading", **heading.model_dump()) for heading in headings)
    return Claims(records=(*sections, *records), totals=totals, metadata=metadata)


def _parse_parts(name: str, parts: Any) -> list[Any]:
    """Return the parts of a reply of one sort, None for each that has not the form; a long list is cut."""
    parsed: list[Any] = []
    for part in parts[: MOST[name]] if isinstance(parts, list) else [parts]:
        try:
            parsed.append(_FORMS[name].model_validate(_cut(name, part)))
        except ValidationError:
            parsed.append(None)
    return parsed


def _cut(name: str, part: Any) -> Any:
    """Return what of a part is asked for, never spans, with no more fields and units than a record has."""
    if not isinstance(part, dict):
        return part
    asked = {key: value for key, value in part.items() if key in _ASKED[name]}
    for key in ("fields", "units"):
        if isinstance(asked.get(key), list):
            asked[key] = [_cut(key, value) for value in asked[key][: MOST[key]]]
    return asked
