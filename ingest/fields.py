"""Labelled fields of a section: "Projektbeschreibung:", "Sachstand:", "Verantwortlich: 66"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.blocks import Block, BlockKind
from vectorstore.records import Field

_ALONE = re.compile(r"^([A-ZÄÖÜ][^.!?:\t]{2,60}):$")
_INLINE = re.compile(r"^([A-ZÄÖÜ][^.!?:\t]{2,40}):\s+(?=\S)")
_MAX_WORDS = 4
_RECURRING = 3  # sections that must show an inline label
_DESCRIPTION = re.compile(r"beschreibung|kurzfassung|^inhalt|^ma(?:ß|ss)nahme$|^projekt$", re.I)
_STATE = re.compile(r"(?:sach|umsetzungs|projekt|bearbeitungs)stand|^stand\b|fortschritt|^aktuell", re.I)
_RESPONSIBLE = re.compile(r"verantwort|zuständig|federführ|organisationseinheit", re.I)
_COOPERATION = re.compile(r"kooperation|zusammenarbeit|beteiligte|partner", re.I)
_STATUS = re.compile(r"^(?:projekt|umsetzungs)?status$|^projektstand$", re.I)


class FieldReader:
    """Knows the document's recurring labels and reads sections by them."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        alone = Counter(match[1] for block in blocks if (match := _alone(block)))
        inline = Counter(match[1] for block in blocks if (match := _inline(block)))
        self._alone = {label for label, count in alone.items() if count >= 2 or len(label.split()) <= _MAX_WORDS}
        self._inline = {label for label, count in inline.items() if count >= _RECURRING or label in self._alone}

    def read(self, blocks: Sequence[Block]) -> tuple[Field, ...]:
        """Return the fields among a section's blocks in reading order; text before the first label is none."""
        fields: list[tuple[str, list[str]]] = []
        for block in blocks:
            label, text = self._label(block)
            if label is not None:
                fields.append((label, [text] if text else []))
            elif fields and block.kind in (BlockKind.TEXT, BlockKind.BULLET):
                fields[-1][1].append(block.text)
        return tuple(Field(label, "\n\n".join(parts)) for label, parts in fields)

    def _label(self, block: Block) -> tuple[str | None, str]:
        match = _alone(block)
        if match and match[1] in self._alone:
            return match[1], ""
        match = _inline(block)
        if match and match[1] in self._inline:
            return match[1], block.text[match.end() :]
        return None, ""


def _alone(block: Block) -> re.Match[str] | None:
    return _ALONE.match(block.text) if block.kind is BlockKind.TEXT else None


def _inline(block: Block) -> re.Match[str] | None:
    return _INLINE.match(block.text) if block.kind is BlockKind.TEXT else None


def description(fields: Sequence[Field]) -> str | None:
    """Return the text of the fields that describe, joined; None without one."""
    return _joined(fields, _DESCRIPTION)


def state(fields: Sequence[Field]) -> str | None:
    """Return the text of the fields that tell the state of affairs, joined; None without one."""
    return _joined(fields, _STATE)


def responsible(fields: Sequence[Field]) -> str | None:
    """Return the text of the field that names who is responsible."""
    return _joined(fields, _RESPONSIBLE)


def cooperation(fields: Sequence[Field]) -> str | None:
    """Return the text of the field that names partners."""
    return _joined(fields, _COOPERATION)


def status(fields: Sequence[Field]) -> str | None:
    """Return the text of the field that names the status."""
    return _joined(fields, _STATUS)


def _joined(fields: Sequence[Field], pattern: re.Pattern[str]) -> str | None:
    texts = [field.text for field in fields if pattern.search(field.label) and field.text]
    return "\n\n".join(texts) or None
