"""The schema of a model's reply about some pages, and the parser that turns a reply into claims."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from itertools import chain
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from ingest.readers.claims import (
    Claim,
    ClaimedField,
    ClaimedMetadata,
    ClaimedTotal,
    Claims,
    ShortText,
    model_config_for,
)

# How many parts of each sort are read from a reply, fields and units from a record.
LIMITS = {"headings": 200, "records": 200, "totals": 40, "metadata": 20, "fields": 60, "units": 40}


class RepliedHeading(BaseModel):
    """A heading in a reply that is no record."""

    model_config = model_config_for("heading")

    level: int = Field(ge=1, le=9)
    number: ShortText | None = None
    title: ShortText = Field(min_length=1)
    page: int = Field(ge=1)


class Reply(BaseModel):
    """A reply: what is on the pages of one window."""

    model_config = model_config_for("reply")

    headings: tuple[RepliedHeading, ...] = ()
    records: tuple[Claim, ...] = ()
    totals: tuple[ClaimedTotal, ...] = ()
    metadata: tuple[ClaimedMetadata, ...] = ()


_MODELS: Mapping[str, type[BaseModel]] = {
    "headings": RepliedHeading,
    "records": Claim,
    "totals": ClaimedTotal,
    "metadata": ClaimedMetadata,
    "fields": ClaimedField,
}
_KEYS = {name: model.model_json_schema()["properties"].keys() for name, model in _MODELS.items()}
SCHEMA = json.dumps(Reply.model_json_schema(), ensure_ascii=False)  # sent with every request
SCHEMA_DIGEST = sha256(SCHEMA.encode()).hexdigest()[:16]


def parse_reply(reply: Any) -> Claims | None:
    """Return the claims in a reply, without parts that are invalid; headings become sections.
    Return None if the reply has another form, or if more than half of its parts are invalid: then
    the model is better asked again.
    """
    if not isinstance(reply, dict) or not reply.keys() & Reply.model_fields.keys():
        return None
    parts = {name: _parse_parts(name, reply.get(name) or []) for name in Reply.model_fields}
    all_parts = list(chain.from_iterable(parts.values()))
    if 2 * all_parts.count(None) > len(all_parts):
        return None
    headings, records, totals, metadata = (tuple(filter(None, parsed)) for parsed in parts.values())
    sections = (
        Claim(kind="section", where="heading", **heading.model_dump()) for heading in headings
    )
    return Claims(records=(*sections, *records), totals=totals, metadata=metadata)


def _parse_parts(name: str, parts: Any) -> list[Any]:
    """Return the parsed parts of one sort (a key of `LIMITS`), with None for each invalid part,
    which the caller counts. A single part without a list around it is accepted. Parts beyond the
    limit are dropped.
    """
    if not isinstance(parts, list):
        parts = [parts]
    parsed: list[Any] = []
    for part in parts[: LIMITS[name]]:
        try:
            parsed.append(_MODELS[name].model_validate(_limit_part(name, part)))
        except ValidationError:
            parsed.append(None)
    return parsed


def _limit_part(name: str, part: Any) -> Any:
    """Return a part with only the keys of its schema, and with its lists of fields and units cut to
    their limits. So a reply cannot set what readers alone set, such as spans. What is no object is
    returned as it is, and fails in validation.
    """
    if not isinstance(part, dict):
        return part
    limited = {key: value for key, value in part.items() if key in _KEYS[name]}
    for key in ("fields", "units"):
        if isinstance(limited.get(key), list):
            limited[key] = [_limit_part(key, value) for value in limited[key][: LIMITS[key]]]
    return limited
