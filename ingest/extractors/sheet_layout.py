"""What was found of a plan among the lines of a paper: its records, and what stands above them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ingest.plan.labels import LabelHit
from vectorstore.records import ItemKind


@dataclass(slots=True)
class Sheet:
    """One record among the lines: where it begins and ends, the lines of its heading, and its labels by line."""

    ref: str
    title: str
    kind: ItemKind
    family: str
    start: int
    end: int = 0
    heading: list[int] = field(default_factory=list)
    labels: dict[int, LabelHit] = field(default_factory=dict)
    set_off: bool = False


@dataclass(slots=True)
class SheetLayout:
    """What was found of a plan: records in reading order, and the lines that are headings above them.

    `listed` are the titles that the contents give to numbers, `shapes` the shapes of these numbers.
    `surplus` counts rounds of labels that begin on a sheet behind its first one: records whose heading was not found.
    """

    sheets: list[Sheet] = field(default_factory=list)
    headings: set[int] = field(default_factory=set)
    listed: Mapping[str, str] = field(default_factory=dict)
    shapes: Mapping[str, str] = field(default_factory=dict)
    surplus: int = 0
