"""Where plans by staff are kept: beside the register or the file, else in the data folder; kept on within a series.

What a model proposed lies beside them in the data folder.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from ingest.errors import Reason, Rejected
from ingest.plan.form import Maker, PlanError, ReadingPlan, dump_plan, load_plan, merged
from ingest.register import RegisterEntry
from vectorstore.private_modes import private_file, private_folder
from vectorstore.records import Document

SUFFIX, PROPOSED, FRONT = ".plan.toml", ".proposed.toml", ".front.json"
FOLDER = "plans"


def kept_plan(root: Path, document_id: str) -> Path:
    """Return where the data folder keeps the plan that staff have written for a document."""
    return root / FOLDER / f"{document_id}{SUFFIX}"


def proposal(root: Path, document_id: str) -> Path:
    """Return where the data folder keeps the plan that a model has proposed for a document."""
    return root / FOLDER / f"{document_id}{PROPOSED}"


def front_proposal(root: Path, document_id: str) -> Path:
    """Return where the data folder keeps the front matter that a model has proposed for a document."""
    return root / FOLDER / f"{document_id}{FRONT}"


def forget_proposals(root: Path, ids: Iterable[str]) -> None:
    """Remove what a model has proposed for documents."""
    for name in ids:
        proposal(root, name).unlink(missing_ok=True)
        front_proposal(root, name).unlink(missing_ok=True)


def keep(path: Path, text: str) -> None:
    """Write a plan into the data folder at once and closed to others; raises OSError."""
    private_folder(path.parent)
    unfinished = path.with_suffix(".part")
    private_file(unfinished)
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def proposed_plan(entry: RegisterEntry) -> ReadingPlan | None:
    """Return what a model proposed for a document; None for nothing, and for what somebody made unreadable."""
    try:
        return made_by(Maker.MODEL, load_plan(entry.proposed)) if entry.proposed else None
    except PlanError:
        return None


def with_plans(entries: Iterable[RegisterEntry], root: Path, documents: Iterable[Document]) -> list[RegisterEntry]:
    """Return the entries with the text of their plans.

    A plan that the register names comes first, then `<id>.plan.toml` beside the document or its register, then the one
    in the data folder, then what staff said of the last paper of the same series. What a model proposed comes along.
    """
    earlier = {one.series: one for one in documents if one.series and one.plan}
    planned = [_with_plan(entry, root, earlier.get(entry.series or "")) for entry in entries]
    return [
        replace(
            entry,
            proposed=_text_of(proposal(root, entry.id)),
            front_proposed=_text_of(front_proposal(root, entry.id)),
        )
        for entry in planned
    ]


def _text_of(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
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
    told = {"by": maker}
    return plan.model_copy(
        update={
            "families": tuple(one.model_copy(update=told) for one in plan.families),
            "labels": tuple(one.model_copy(update=told) for one in plan.labels),
            "statuses": tuple(one.model_copy(update=told) for one in plan.statuses),
        }
    )


def staff_parts(plan: ReadingPlan) -> ReadingPlan:
    """Return only what staff have said in a plan."""
    return plan.model_copy(
        update={
            "families": tuple(one for one in plan.families if one.by is Maker.STAFF),
            "labels": tuple(one for one in plan.labels if one.by is Maker.STAFF),
            "statuses": tuple(one for one in plan.statuses if one.by is Maker.STAFF),
            "notes": (),
        }
    )


def _with_plan(entry: RegisterEntry, root: Path, earlier: Document | None) -> RegisterEntry:
    named = [entry.plan] if entry.plan else []
    beside = [entry.file.with_name(f"{entry.id}{SUFFIX}"), *entry.beside_register(SUFFIX), kept_plan(root, entry.id)]
    for path in [*named, *(one for one in beside if one.is_file())]:
        try:
            return replace(entry, plan_source=path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError):
            return replace(entry, plan_source=f"unlesbar = {path.name!r}")
    if earlier is None or earlier.plan is None:
        return entry
    parts = staff_parts(load_plan(earlier.plan))
    return replace(entry, plan_source=dump_plan(parts)) if parts.families or parts.labels or parts.statuses else entry
