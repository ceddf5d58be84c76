"""The reading plan: how one document is laid out, as a frozen form that code induces, a model proposes and staff edit.

A plan says what the families of numbered records look like and where their records stand, which labels and columns mean
which field, and which words mean which status. It holds nothing of what the records say. One reader carries every plan
out; it does not ask who made it.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from prompts import say
from vectorstore.records import ItemKind, ItemStatus


class PlanError(Exception):
    """A plan that cannot be used; the message says where and why, in German."""


class Maker(StrEnum):
    """Who said a part of a plan."""

    INDUCED = "induced"
    STAFF = "staff"
    MODEL = "model"


class Place(StrEnum):
    """Where the records of a family stand."""

    HEADINGS = "headings"
    SHEETS = "sheets"
    BULLETS = "bullets"
    LABELS = "labels"  # number and title stand behind labels of their own: "Titel: Jobticket"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PlanEvidence(_Part):
    """What a part rests on: in words, how often, and the first PDF pages (from 1) on which it was seen."""

    what: str
    count: int = 0
    pages: tuple[int, ...] = ()


class PlanFamily(_Part):
    """Records of one numbering.

    `label` is the shape of their numbers as printed: literal text with {n} (number), {roman}, {letters} (one to five
    letters that differ from field to field), {a} (a small letter); "" for records without numbers. `above` is the label
    of the family that groups them.
    """

    label: str
    kind: ItemKind
    place: Place
    above: str | None = None
    by: Maker = Maker.INDUCED
    evidence: tuple[PlanEvidence, ...] = ()

    @field_validator("label")
    @classmethod
    def _can_be_matched(cls, label: str) -> str:
        if label and not re.search(r"\{(?:n|roman|letters|a)\}", label):
            raise ValueError(say("plan.bad_label", n="{n}", roman="{roman}", letters="{letters}", a="{a}"))
        return label


class PlanLabel(_Part):
    """A label that recurs on the sheets, or the head of a column: as printed, and the field that it means, if known."""

    label: str
    field: str | None = None
    column: bool = False
    by: Maker = Maker.INDUCED
    evidence: tuple[PlanEvidence, ...] = ()


class PlanStatus(_Part):
    """A printed word for a status and the status that it means, None where it means none."""

    word: str
    status: ItemStatus | None = None
    by: Maker = Maker.INDUCED


class ReadingPlan(_Part):
    """How one document is laid out; empty where it was not understood or needs no plan beyond its outline."""

    version: int = 1
    language: str = "de"
    families: tuple[PlanFamily, ...] = ()
    labels: tuple[PlanLabel, ...] = ()
    statuses: tuple[PlanStatus, ...] = ()
    notes: tuple[str, ...] = Field(default=(), description="What was seen and not understood, in German")

    def field_of(self, label: str) -> str | None:
        """Return the field that a printed label means, None where the plan does not know it."""
        wanted = " ".join(label.split()).rstrip(":").casefold()
        return next((one.field for one in self.labels if one.label.rstrip(":").casefold() == wanted), None)

    def status_of(self, words: str) -> ItemStatus | None:
        """Return the status that printed words mean, None where the plan does not know them."""
        plain = " ".join(words.split()).casefold()
        return next((one.status for one in self.statuses if one.word.casefold() == plain), None)


def load_plan(source: str) -> ReadingPlan:
    """Read a plan from TOML; raises PlanError with every part that is wrong."""
    try:
        return ReadingPlan.model_validate(_from_toml(tomllib.loads(source)))
    except tomllib.TOMLDecodeError as error:
        raise PlanError(say("plan.not_toml", error=error)) from error
    except ValidationError as error:
        told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise PlanError(say("plan.wrong") + "; ".join(told)) from error


def dump_plan(plan: ReadingPlan) -> str:
    """Render a plan as TOML that `load_plan` reads back to an equal plan."""
    head = _table({"version": plan.version, "language": plan.language, "notes": plan.notes})
    parts = [("family", plan.families), ("label", plan.labels), ("status", plan.statuses)]
    tables = [f"\n[[{name}]]\n{_table(one.model_dump(mode='json'))}" for name, many in parts for one in many]
    return "\n".join([head, *tables]) + "\n"


def merged(induced: ReadingPlan, edited: ReadingPlan) -> ReadingPlan:
    """Return the induced plan with what staff (or a model) say in place of it, part by part.

    A family is replaced by one of the same label, a label by the same label, a status by the same word; what is new is
    added. A family of `kind` section says that these numbers are no records.
    """
    return ReadingPlan(
        version=edited.version,
        language=edited.language,
        families=tuple(_over(induced.families, edited.families, lambda one: one.label)),
        labels=tuple(_over(induced.labels, edited.labels, lambda one: one.label.casefold())),
        statuses=tuple(_over(induced.statuses, edited.statuses, lambda one: one.word.casefold())),
        notes=induced.notes,
    )


def with_kinds(plan: ReadingPlan, choices: Sequence[tuple[str, str]]) -> ReadingPlan:
    """Return a plan with the kinds that people chose for families, by their labels."""
    chosen = {label: ItemKind.SECTION if kind == "none" else ItemKind(kind) for label, kind in choices}
    kinds = ((family, chosen.get(family.label, family.kind)) for family in plan.families)
    return plan.model_copy(update={"families": tuple(one.model_copy(update={"kind": kind}) for one, kind in kinds)})


def _over(first: Sequence[Any], second: Sequence[Any], name: Any) -> list[Any]:
    said = {name(one): one for one in second}
    kept = [said.pop(name(one), one) for one in first]
    return [*kept, *said.values()]


def _from_toml(content: Mapping[str, Any]) -> dict[str, Any]:
    names = {"family": "families", "label": "labels", "status": "statuses"}
    return {names.get(key, key): value for key, value in content.items()}


def _table(content: Mapping[str, Any], between: str = "\n") -> str:
    return between.join(f"{key} = {_value(value)}" for key, value in content.items() if value not in (None, [], ()))


def _value(value: Any) -> str:
    """Return a value as TOML writes it: strings as in JSON, but for what it does not take raw."""
    if isinstance(value, Mapping):
        return f"{{ {_table(value, ', ')} }}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
