"""Validation: which claims, and which parts of them, the text of the document supports."""

from ingest.validation.heads import ClaimFault, FaultKind, bare_number
from ingest.validation.validate import Validated, validate

__all__ = ["ClaimFault", "FaultKind", "Validated", "bare_number", "validate"]
