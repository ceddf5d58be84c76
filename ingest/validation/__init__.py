"""Validation: which claims, and which parts of them, the text of the document supports."""

from ingest.validation.heads import ClaimFault, FaultKind, bare_number, name_of
from ingest.validation.validate import MOST_RECORDS, Validated, validate

__all__ = ["MOST_RECORDS", "ClaimFault", "FaultKind", "Validated", "bare_number", "name_of", "validate"]
