"""Validation: which claims, and which parts of them, the text of the document supports."""

from ingest.validation.validate import validate

__all__ = ["validate"]
