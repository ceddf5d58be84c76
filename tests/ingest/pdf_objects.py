"""Parts of a PDF that are put into a finished file, as reportlab draws none of them."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)


def rewritten(content: bytes, change: Callable[[PdfWriter], object]) -> bytes:
    """Return a file after a change."""
    writer, made = PdfWriter(io.BytesIO(content)), io.BytesIO()
    change(writer)
    writer.write(made)
    return made.getvalue()


def pdf_object(value: Any) -> PdfObject:
    """Return a value as an object of a file; a text that begins with a slash is a name."""
    match value:
        case PdfObject():
            return value
        case dict():
            return put(DictionaryObject(), value)
        case list() | tuple():
            return ArrayObject(map(pdf_object, value))
        case bool():
            return BooleanObject(value)
        case int():
            return NumberObject(value)
        case float():
            return FloatObject(value)
    return NameObject(value) if value.startswith("/") else TextStringObject(value)


def put(target: DictionaryObject, values: dict[str, Any]) -> DictionaryObject:
    """Put values into a dictionary of a file."""
    for key, value in values.items():
        target[NameObject(key)] = pdf_object(value)
    return target


def stream_object(code: bytes, values: dict[str, Any]) -> StreamObject:
    made = StreamObject()
    made.set_data(code)
    put(made, values)
    return made
