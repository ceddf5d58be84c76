"""What can go wrong while documents are read; every message is a German sentence for the report."""

from __future__ import annotations


class Rejected(Exception):
    """One file cannot be a document; `reason` says why, for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class RegisterError(Exception):
    """The register is wrong; the message names file and line."""
