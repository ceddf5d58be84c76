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
    """Return the claims in a reply without the parts that have not the form; None if hardly any part has it.

    Long lists are cut; spans and the like are not asked for, and never taken from a reply.
    """
    if not isinstance(reply, dict) or not reply.keys() & Reply.model_fields.keys():
        return None
    found: dict[str, list[Any]] = {name: [] for name in Reply.model_fields}
    wrong = 0
    for name, parts in found.items():
        for part in _listed(reply.get(name) or [])[: MOST[name]]:
            try:
                parts.append(_FORMS[name].model_validate(_cut(name, part)))
            except ValidationError:
                wrong += 1
    if wrong > sum(map(len, found.values())):
        return None
    headings = (Claim(kind="section", where="heading", **heading.model_dump()) for heading in found["headings"])
    records = (*headings, *found["records"])
    return Claims(records=records, totals=tuple(found["totals"]), metadata=tuple(found["metadata"]))


def _listed(parts: Any) -> list[Any]:
    return parts if isinstance(parts, list) else [parts]


def _cut(name: str, part: Any) -> Any:
    """Return what of a part is asked for, with no more fields and units than a record has."""
    if not isinstance(part, dict):
        return part
    asked = {key: value for key, value in part.items() if key in _ASKED[name]}
    for key in ("fields", "units"):
        if isinstance(asked.get(key), list):
            asked[key] = [_cut(key, value) for value in asked[key][: MOST[key]]]
    return asked
