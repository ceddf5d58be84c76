"""Labelled fields of a section: "Projektbeschreibung:", "Sachstand:", "Verantwortlich: 66"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.blocks import Block, BlockKind
from ingest.plan.terms import meaning
from vectorstore.records import Field

_ALONE = re.compile(r"^([A-ZÄÖÜ][^.!?:\t]{2,60}):$")
_INLINE = re.compile(r"^([A-ZÄÖÜ][^.!?:\t]{2,40}):\s+(?=\S)")
_MAX_WORDS = 4
_RECURRING = 3  # sections that must show an inline label


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


def told(fields: Sequence[Field], name: str) -> str | None:
    """Return the text of the fields whose label means one of the plan's fields, joined; None without one."""
    texts = [field.text for field in fields if meaning(field.label) == name and field.text]
    return "\n\n".join(texts) or None
