"""The OpenAPI description as a page: operations and shapes as plain tables, rendered here, without any script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]
FORMS = ("application/json", "multipart/form-data")


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a field."""

    name: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path; `body` names the shape of what is sent."""

    method: str
    path: str
    details: Schema
    parameters: list[Row]
    body: str


def operations(api: Schema) -> list[Operation]:
    """Return all operations in the order of the description."""
    return [
        _operation(method.upper(), path, details)
        for path, methods in api["paths"].items()
        for method, details in methods.items()
    ]


def shapes(api: Schema) -> dict[str, tuple[Schema, list[Row]]]:
    """Return all schemas by name, each with its fields."""
    return {name: (schema, _fields(schema)) for name, schema in sorted(api["components"]["schemas"].items())}


def type_name(schema: Schema) -> str:
    """Return a schema in one short phrase."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(map(type_name, schema["anyOf"]))
    if "const" in schema or "enum" in schema:
        return " | ".join(map(repr, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"[{type_name(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type", "any"))


def _operation(method: str, path: str, details: Schema) -> Operation:
    content = details.get("requestBody", {}).get("content", {})
    body, form = (content.get(kind, {}).get("schema", {}) for kind in FORMS)
    parameters = [
        Row(
            one["name"],
            type_name(one["schema"]),
            one.get("required", False),
            one.get("description") or one["schema"].get("description", ""),
        )
        for one in details.get("parameters", [])
    ]
    return Operation(method, path, details, [*parameters, *_fields(form)], type_name(body) if body else "")


def _fields(schema: Schema) -> list[Row]:
    required = schema.get("required", [])
    return [
        Row(key, type_name(one), key in required, one.get("description", ""))
        for key, one in schema.get("properties", {}).items()
    ]
