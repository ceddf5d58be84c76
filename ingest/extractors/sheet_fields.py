"""The fields of a record on a sheet: every label with the text behind it, and what the record says by them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ingest.blocks import Block, BlockKind
from ingest.extractors.tables import theme_of
from ingest.layout.lines import Role
from ingest.plan.form import ReadingPlan
from ingest.plan.labels import LabelFinder, LabelHit
from ingest.plan.words import meaning, status_of
from ingest.values.units import named_units, units
from vectorstore.records import Field, Item, ItemStatus, RefTitle

_TICKED = re.compile(r"(?:[✓✔✘☒☑■●⊠]|\[[xX]\]|(?<!\w)[xX](?!\w))\s*([^❏☐□○✓✔✘☒☑■●⊠\[\]]+)")
_BOXES = re.compile(r"[❏☐□○☒☑✘✔⊠]|\[[ xX]?\]")
_KNOWN = re.compile(r"([A-ZÄÖÜ][^.!?:\t]{2,60}):(?:\s+|$)")
_LONGEST_THEME = 120  # characters of the name of a field of action
_SAID = ("status", "description", "state", "responsible", "cooperation", "period", "cost", "priority", "theme")
_BARS = re.compile(r"(?:(?<!\s)\s++)?[|·;]\s*$")  # what parted one label with its text from the next on their line


class SheetFields:
    """Reads the fields of sheets by the labels of a plan; `page_of` gives the PDF page of an offset."""

    def __init__(self, plan: ReadingPlan, page_of: Callable[[int], tuple[int | None, str | None]]) -> None:
        self._plan, self._page_of = plan, page_of
        self._finder = LabelFinder(plan.labels)

    def given_to(self, item: Item, heading: Block, blocks: Sequence[Block]) -> Item:
        """Return a record with the fields of its blocks and what they mean."""
        fields, before = self._read([block for block in blocks if block is not heading], self._marked)
        return self._with(item, fields, before)

    def told_of(self, item: Item, blocks: Sequence[Block]) -> Item:
        """Return a record that no plan knows with the fields of its blocks: lines that begin with a known label."""
        fields, _ = self._read(blocks, _told)
        return self._with(item, [replace(one, field=meaning(one.label)) for one in fields], "")

    def completed(self, item: Item, fields: Sequence[Field]) -> Item:
        """Return a record with further fields, and with what they say where nothing else says it."""
        said = self._with(item, fields, "")
        own = {name: getattr(item, name) or getattr(said, name) for name in _SAID}
        return replace(item, fields=(*item.fields, *fields), **own)

    def _with(self, item: Item, fields: Sequence[Field], before: str) -> Item:
        said = {name: _joined(fields, name) for name in ("responsible", "partners", "period", "cost", "priority")}
        words = _joined(fields, "status")
        who = named_units(said["responsible"] or "")
        partners = (*units(said["partners"] or ""), *who.taking_part)
        return replace(
            item,
            fields=tuple(fields),
            status=self._status(words),
            description=_joined(fields, "description") or before or None,
            state=_joined(fields, "state"),
            responsible=who.leading,
            cooperation=", ".join(partners) or None,
            period=said["period"],
            cost=said["cost"],
            theme=item.theme or _theme(_joined(fields, "theme")),
            priority=said["priority"],
        )

    def _read(self, blocks: Sequence[Block], hit_of: Callable[[Block], LabelHit | None]) -> tuple[list[Field], str]:
        """Return fields in reading order, and the text before the first label."""
        fields: list[Field] = []
        before: list[str] = []
        open_label: str | None = None
        for block in blocks:
            hit = hit_of(block)
            if hit is not None:
                open_label = hit.label
                start = block.end - len(hit.rest)
                fields.append(self._field(hit.label, hit.rest, start))
            elif block.kind in (BlockKind.TEXT, BlockKind.BULLET, BlockKind.ROW):
                if open_label is None:
                    before.append(block.text)
                else:
                    last = fields[-1]
                    text = f"{last.text}\n\n{block.text}" if last.text else block.text
                    fields[-1] = self._field(last.label, text, last.start if last.text else block.start)
        return [one for one in fields if one.text.strip()], "\n\n".join(before)

    def _field(self, label: str, text: str, start: int) -> Field:
        return Field(label, _BARS.sub("", text), self._plan.field_of(label), self._page_of(start)[0], start)

    def _marked(self, block: Block) -> LabelHit | None:
        return self._finder.in_block(block.text) if block.role is Role.LABEL else None

    def _status(self, words: str | None) -> ItemStatus | None:
        if not words:
            return None
        return self._plan.status_of(words) or (status_of(words) if len(words) <= 60 else None)


def _told(block: Block) -> LabelHit | None:
    """The label that a block begins with, where it is known what it means: "Sachstand:", "Stand: läuft"."""
    match = _KNOWN.match(block.text) if block.kind is BlockKind.TEXT else None
    return LabelHit(match[1], block.text[match.end() :]) if match and meaning(match[1]) else None


def _theme(text: str | None) -> RefTitle | None:
    """Return the field of action that a sheet names."""
    if not text or len(text) > _LONGEST_THEME:
        return None
    number, title = theme_of(" ".join(text.split()))
    return RefTitle(number, title)


def _joined(fields: Sequence[Field], name: str) -> str | None:
    """Return the text of the fields of one meaning; of boxes to be ticked only those that are."""
    texts = [ticked(field.text) for field in fields if field.field == name and field.text.strip()]
    return "\n\n".join(text for text in texts if text) or None


def ticked(text: str) -> str:
    """Return what is ticked where a text is a row of boxes, else the text."""
    if len(_BOXES.findall(text)) < 2:
        return text
    return ", ".join(match.strip(" ,;") for match in _TICKED.findall(text))
