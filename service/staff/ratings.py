"""/staff/ratings: what people thought of answers, by day and reason, and as CSV."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from service.csv_export import table_csv
from service.deps import DatabaseDep, SettingsDep
from service.feedback.models import DayCounts, FeedbackReason
from service.feedback.store import FeedbackStore
from service.http.problems import ProblemError
from service.http.responses import csv_response
from service.settings import Settings
from service.staff.addresses import RATINGS
from service.staff.rendering import plain_page
from service.staff.roles import ReaderDep
from vectorstore.database import Database

router = APIRouter(include_in_schema=False)
REASONS = {
    FeedbackReason.WRONG: "falsch",
    FeedbackReason.INCOMPLETE: "unvollständig",
    FeedbackReason.NOT_UNDERSTOOD: "nicht verstanden",
    FeedbackReason.OUTDATED: "veraltet",
    FeedbackReason.OTHER: "anderes",
}
MOST = 366


@router.get(RATINGS)
async def ratings(person: ReaderDep, settings: SettingsDep, database: DatabaseDep) -> HTMLResponse:
    """Show the counts of the last days on which somebody rated an answer, the newest first."""
    days = await _days(settings, database)
    return plain_page(
        "staff_ratings.html",
        200,
        here="ratings",
        days=days[::-1][:MOST],
        helpful=sum(one.helpful for one in days),
        not_helpful=sum(one.not_helpful for one in days),
        reasons=REASONS,
    )


@router.get(f"{RATINGS}.csv")
async def ratings_table(person: ReaderDep, settings: SettingsDep, database: DatabaseDep) -> Response:
    """Send the counts of all days."""
    days = await _days(settings, database)
    columns = ("day", "helpful", "not_helpful", *(one.value for one in REASONS))
    return csv_response(table_csv(columns, map(_row, days)), "bewertungen")


async def _days(settings: Settings, database: Database) -> list[DayCounts]:
    """Return the counts; raises the problem database-away where they cannot be read."""
    try:
        return await to_thread.run_sync(FeedbackStore(settings.data_dir, database).counts)
    except SQLAlchemyError:
        raise ProblemError("database-away", headers={"Retry-After": "30"}) from None


def _row(day: DayCounts) -> dict[str, object]:
    counts = {one.value: day.reasons.get(one, 0) for one in REASONS}
    return {"day": day.day, "helpful": day.helpful, "not_helpful": day.not_helpful, **counts}
