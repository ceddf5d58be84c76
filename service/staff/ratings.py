"""/staff/ratings: what people thought of answers, by day and reason, and as CSV."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from prompts import say
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
REASONS = {one: say(f"staff.rating_{one.value}") for one in FeedbackReason}
MOST = 366


@router.get(RATINGS)
async def ratings(person: ReaderDep, settings: SettingsDep, database: DatabaseDep) -> HTMLResponse:
    """Show the counts of the last days on which somebody rated an answer, the newest first."""
    days = await _days(settings, database)
    return plain_page("staff_ratings.html", 200, "ratings", days=days[::-1][:MOST], reasons=REASONS)


@router.get(f"{RATINGS}.csv")
async def ratings_table(person: ReaderDep, settings: SettingsDep, database: DatabaseDep) -> Response:
    """Send the counts of all days."""
    days = await _days(settings, database)
    columns = ("day", "helpful", "not_helpful", *(one.value for one in REASONS))
    rows = ({name: getattr(day, name, day.reasons.get(name, 0)) for name in columns} for day in days)
    return csv_response(table_csv(columns, rows), "bewertungen")


async def _days(settings: Settings, database: Database) -> list[DayCounts]:
    """The counts; raises the problem database-away where they cannot be read."""
    try:
        return await to_thread.run_sync(FeedbackStore(settings.data_dir, database).counts)
    except SQLAlchemyError:
        raise ProblemError("database-away", headers={"Retry-After": "30"}) from None
