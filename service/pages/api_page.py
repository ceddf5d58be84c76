"""The OpenAPI description as a page: operations and shapes as plain tables, rendered here, without any script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A parameter or a field."""

    name: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    summary: str
    description: str
    parameters: list[Row]
    body: str
    responses: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class Shape:
    """A named schema: its fields, or the values that it allows."""

    name: str
    description: str
    fields: list[Row]
    values: list[str]


def operations(api: Schema) -> list[Operation]:
    """Return all operations in the order of the description."""
    return [
        _operation(method, path, details)
        for path, methods in api["paths"].items()
        for method, details in methods.items()
    ]


def shapes(api: Schema) -> list[Shape]:
    """Return all schemas by name."""
    return [_shape(name, schema) for name, schema in sorted(api["components"]["schemas"].items())]


def type_name(schema: Schema) -> str:
    """Return a schema in one short phrase."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(type_name(one) for one in schema["anyOf"])
    if "const" in schema or "enum" in schema:
        return " | ".join(map(repr, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return f"[{type_name(schema.get('items', {}))}]"
    limits = [f"{word} {schema[key]}" for key, word in LIMITS.items() if key in schema]
    return ", ".join([schema.get("format") or schema.get("type", "beliebig"), *limits])


LIMITS = {
    "minLength": "Länge ab",
    "maxLength": "Länge bis",
    "minimum": "ab",
    "maximum": "bis",
}


def _operation(method: str, path: str, details: Schema) -> Operation:
    content = details.get("requestBody", {}).get("content", {})
    body, form = (content.get(kind, {}).get("schema") for kind in ("application/json", "multipart/form-data"))
    return Operation(
        method=method.upper(),
        path=path,
        summary=details.get("summary", ""),
        description=details.get("description", ""),
        parameters=[_parameter(one) for one in details.get("parameters", [])] + (_fields(form) if form else []),
        body=type_name(body) if body else "",
        responses=[_response(code, one) for code, one in sorted(details["responses"].items())],
    )


def _parameter(one: Schema) -> Row:
    description = one.get("description") or one["schema"].get("description", "")
    return Row(one["name"], type_name(one["schema"]), one.get("required", False), description)


def _response(code: str, details: Schema) -> tuple[str, str, str]:
    content = details.get("content", {})
    kinds = "; ".join(f"{kind}: {type_name(one.get('schema', {}))}" for kind, one in content.items())
    return code, details.get("description", ""), kinds


def _shape(name: str, schema: Schema) -> Shape:
    return Shape(name, schema.get("description", ""), _fields(schema), [str(one) for one in schema.get("enum", [])])


def _fields(schema: Schema) -> list[Row]:
    required = schema.get("required", [])
    return [
        Row(key, type_name(one), key in required, one.get("description", ""))
        for key, one in schema.get("properties", {}).items()
    ]
