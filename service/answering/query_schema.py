"""The query as JSON: its schema, and the way there and back."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter

from service.answering.query import Query


@cache
def _form() -> TypeAdapter[Query]:
    return TypeAdapter(Query)


def query_schema() -> dict[str, Any]:
    """The JSON schema of a query: closed, with the docstrings of its parts as descriptions."""
    return _form().json_schema()


def to_json(query: Query) -> str:
    """A query as JSON, in the form of the schema."""
    return _form().dump_json(query).decode()


def from_json(text: str) -> Query:
    """The query that a text in the form of the schema says; raises ValueError for any other."""
    return _form().validate_json(text)
