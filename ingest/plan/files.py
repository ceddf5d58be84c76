"""Where plans by staff are kept: beside the register or the file, else among the texts that people keep;
kept on within a series. The front matter that a model proposed lies beside the latter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from ingest.errors import Reason, Rejected
from ingest.plan.form import Maker, PlanError, ReadingPlan, dump_plan, load_plan, merged
from ingest.register import RegisterEntry
from vectorstore.kept_texts import Texts
from vectorstore.records import Document

SUFFIX, PROPOSED, FRONT = ".plan.toml", ".proposed.toml", ".front.json"
FOLDER = "plans/"


def kept_plan(document_id: str) -> str:
    """Return the name under which the plan that staff have written for a document is kept."""
    return f"{FOLDER}{document_id}{SUFFIX}"


def proposal(document_id: str) -> str:
    """Return the name under which an older version kept the plan that a model had proposed for a document."""
    return f"{FOLDER}{document_id}{PROPOSED}"


def front_proposal(document_id: str) -> str:
    """Return the name under which the front matter that a model has proposed for a document is kept."""
    return f"{FOLDER}{document_id}{FRONT}"


def kept_text(texts: Texts, name: str) -> str | None:
    """Return a text that is kept, None where there is none or it cannot be read."""
    try:
        return _decoded(texts.get(name))
    except OSError:
        return None


def with_plans(entries: Iterable[RegisterEntry], texts: Texts, documents: Iterable[Document]) -> list[RegisterEntry]:
    """Return the entries with the text of their plans.

    A plan that the register names comes first, then `<id>.plan.toml` beside the document or its register, then the one
    that is kept, then what staff said of the last paper of the same series. Front matter by a model comes along.
    """
    kept = texts.all(FOLDER)
    earlier = {one.series: one for one in documents if one.series and one.plan}
    planned = [_with_plan(entry, kept, earlier.get(entry.series or "")) for entry in entries]
    return [replace(entry, front_proposed=_decoded(kept.get(front_proposal(entry.id)))) for entry in planned]


def _decoded(content: bytes | None) -> str | None:
    try:
        return None if content is None else content.decode()
    except UnicodeDecodeError:
        return None


def induced_over(induced: ReadingPlan, entry: RegisterEntry) -> ReadingPlan:
    """Return the induced plan with what staff say in place of it; raises Rejected where theirs cannot be used."""
    if entry.plan_source is None:
        return induced
    try:
        return merged(induced, made_by(Maker.STAFF, load_plan(entry.plan_source)))
    except PlanError as error:
        raise Rejected(str(error), Reason.PLAN) from error


def made_by(maker: Maker, plan: ReadingPlan) -> ReadingPlan:
    """Return a plan whose parts are all by one maker."""
    return _with_parts(plan, lambda parts: (one.model_copy(update={"by": maker}) for one in parts))


def staff_parts(plan: ReadingPlan) -> ReadingPlan:
    """Return only what staff have said in a plan."""
    said = _with_parts(plan, lambda parts: (one for one in parts if one.by is Maker.STAFF))
    return said.model_copy(update={"notes": ()})


def _with_parts(plan: ReadingPlan, change: Callable[[Any], Iterable[Any]]) -> ReadingPlan:
    names = ("families", "labels", "statuses")
    return plan.model_copy(update={name: tuple(change(getattr(plan, name))) for name in names})


def _with_plan(entry: RegisterEntry, kept: Mapping[str, bytes], earlier: Document | None) -> RegisterEntry:
    named = [entry.plan] if entry.plan else []
    beside = [entry.file.with_name(f"{entry.id}{SUFFIX}"), *entry.beside_register(SUFFIX)]
    for path in [*named, *(one for one in beside if one.is_file())]:
        try:
            return replace(entry, plan_source=path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            return replace(entry, plan_source=f"unlesbar = {path.name!r}")
    if (name := kept_plan(entry.id)) in kept:
        source = _decoded(kept[name])
        return replace(entry, plan_source=f"unlesbar = {name!r}" if source is None else source)
    if earlier is None or earlier.plan is None:
        return entry
    parts = staff_parts(load_plan(earlier.plan))
    return replace(entry, plan_source=dump_plan(parts)) if parts.families or parts.labels or parts.statuses else entry
