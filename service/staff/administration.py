"""/staff/administration, /staff/ratings, /staff/audit: what runs here, what people thought of answers, who did what."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from prompts import say
from service.audit import KEPT_FOR, MOST, action_word, audit_csv
from service.csv_export import table_csv
from service.deps import AuditDep, DatabaseDep, SettingsDep, meters_of
from service.edition_holder import EditionHolder
from service.feedback import FeedbackReason, FeedbackStore
from service.http.responses import csv_response
from service.language_models.building import model_name
from service.settings import Settings
from service.staff.addresses import ADMINISTRATION, AUDIT, RATINGS
from service.staff.rendering import plain_page
from service.staff.roles import PublisherDep, ReaderDep, Role
from vectorstore.embeddings import WORDS
from vectorstore.errors import StoreError

router = APIRouter(include_in_schema=False)
REPLIED = "replied"
REASONS = {one: say(f"staff.rating_{one.value}") for one in FeedbackReason}
MOST_DAYS = 366


@router.get(ADMINISTRATION)
def administration(request: Request, person: ReaderDep, settings: SettingsDep) -> HTMLResponse:
    """Show version, edition, the language model, and to publishers where the data lie."""
    holder: EditionHolder = request.app.state.holder
    place = str(settings.data_dir)
    if settings.database_url:
        place = say("staff.shared_database", place=place)
    return plain_page(
        "staff_administration.html",
        200,
        here="administration",
        version=request.app.version,
        current=holder.name,
        place=place if person.role >= Role.PUBLISHER else "",
        model=model_name(settings.answer_model) if settings.answer_model else None,
        outcomes=meters_of(request).model_outcomes(),
        replied=REPLIED,
        embedding=_found_by(holder, settings),
    )


def _found_by(holder: EditionHolder, settings: Settings) -> str:
    """What passages are found by beside words, in words; why there is nothing else."""
    try:
        with holder.lease() as served:
            kind, fitting = served.edition.found_by, served.edition.embedding is not None
    except StoreError:
        return say("staff.embedding_unknown")
    if kind == WORDS:
        return say("staff.embedding_away" if fitting else "staff.embedding_none")
    return say(f"staff.embedding_{(settings.embedding or kind).partition(':')[0]}")


@router.get(RATINGS)
async def ratings(person: ReaderDep, settings: SettingsDep, database: DatabaseDep) -> HTMLResponse:
    """Show the counts of the last days on which somebody rated an answer, the newest first."""
    days = await to_thread.run_sync(FeedbackStore(database).counts)
    return plain_page("staff_ratings.html", 200, "ratings", days=days[::-1][:MOST_DAYS], reasons=REASONS)


@router.get(f"{RATINGS}.csv")
async def ratings_table(person: ReaderDep, settings: SettingsDep, database: DatabaseDep) -> Response:
    """Send the counts of all days."""
    columns = ("day", "helpful", "not_helpful", *(one.value for one in REASONS))
    days = await to_thread.run_sync(FeedbackStore(database).counts)
    rows = ({name: getattr(day, name, day.reasons.get(name, 0)) for name in columns} for day in days)
    return csv_response(table_csv(columns, rows), "bewertungen")


@router.get(AUDIT)
def audit(somebody: PublisherDep, log: AuditDep) -> HTMLResponse:
    """Show the latest notes."""
    notes = log.latest(MOST + 1)
    return plain_page(
        "staff_audit.html",
        200,
        here="audit",
        action_word=action_word,
        notes=notes[:MOST],
        more=len(notes) > MOST,
        most=MOST,
        begin=log.begin(),
        kept_for=KEPT_FOR,
    )


@router.get(f"{AUDIT}.csv")
def audit_table(somebody: PublisherDep, log: AuditDep) -> Response:
    """Send all notes as CSV."""
    return csv_response(audit_csv(log.latest(None), log.begin()), "protokoll")
