"""What routes ask for: settings, the current edition, a list's parameters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Annotated, Literal, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Depends, Query, Request
from pydantic import BaseModel, BeforeValidator, Field

from service.edition_holder import EditionHolder, Served
from service.models import MAX_QUESTION
from service.problems import ProblemError
from service.record_filters import Filters
from service.record_models import MAX_PAGE_SIZE
from service.settings import Settings
from vectorstore.records import ItemKind, ItemStatus

DEFAULT_PAGE_SIZE = 50
T = TypeVar("T")


def settings_of(request: Request) -> Settings:
    """Return the application's settings."""
    settings: Settings = request.app.state.settings
    return settings


def holder_of(request: Request) -> EditionHolder:
    """Return the application's edition holder."""
    holder: EditionHolder = request.app.state.holder
    return holder


async def served_edition(request: Request) -> AsyncIterator[Served]:
    """Hold the current edition for one request; raises a `StoreError` where there is none."""
    holder = holder_of(request)
    served = holder.try_acquire()
    if served is None:
        served = await to_thread.run_sync(holder.acquire)
    try:
        yield served
    finally:
        holder.release(served)


def require_json(request: Request) -> None:
    """Refuse bodies that are not declared as JSON."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json" and not media_type.endswith("+json"):
        raise ProblemError("unsupported-media-type")


async def in_thread(request: Request, work: Callable[[], T]) -> T:
    """Run work beside the event loop; when the request's time is over, it ends unheard."""
    limiter: CapacityLimiter = request.app.state.limiter
    return await to_thread.run_sync(work, abandon_on_cancel=True, limiter=limiter)


def _blank_to_none(value: object) -> object:
    return (value.strip() or None) if isinstance(value, str) else value


Text = Annotated[Annotated[str, Field(max_length=MAX_QUESTION)] | None, BeforeValidator(_blank_to_none)]
Year = Annotated[Annotated[int, Field(ge=1000, le=9999)] | None, BeforeValidator(_blank_to_none)]


class PageQuery(BaseModel):
    """Which part of a list, and as what; CSV without `page` and `page_size` gives everything."""

    page: int = Field(default=1, ge=1)
    page_size: int | None = Field(default=None, ge=1, le=MAX_PAGE_SIZE, description="50 unless given")
    format: Annotated[Literal["json", "csv"] | None, BeforeValidator(_blank_to_none)] = None

    def as_csv(self, request: Request) -> bool:
        """Tell whether CSV is asked for, by parameter or by Accept."""
        return self.format == "csv" or (self.format is None and "text/csv" in request.headers.get("accept", ""))

    def size(self, *, everything: bool) -> int | None:
        """Return the size of a page, None for all."""
        whole = everything and not {"page", "page_size"} & self.model_fields_set
        return None if whole else self.page_size or DEFAULT_PAGE_SIZE


class ListQuery(PageQuery):
    """The filters of a list of records; archive rows only with `status=archived`."""

    document: Text = Field(default=None, description="Id of a document")
    theme: Text = Field(default=None, description="Number or title of a theme")
    goal: Text = Field(default=None, description="Number or title of a goal")
    status: Annotated[ItemStatus | None, BeforeValidator(_blank_to_none)] = None
    unit: Text = Field(default=None, description="Responsible unit; 66 also matches 66.01")
    municipality: Text = Field(default=None, description="A municipality that the record names")
    year: Year = Field(default=None, description="A year in the record's dates")
    q: Text = Field(default=None, description="Words that all stand in the record")

    def filters(self, kind: ItemKind | None) -> Filters:
        """Return the filters for records of one kind, or of all."""
        names = ("document", "theme", "goal", "status", "unit", "municipality", "year", "q")
        return Filters(kind=kind, **{name: getattr(self, name) for name in names})


class ItemQuery(ListQuery):
    """The filters of a list over all kinds."""

    kind: Annotated[ItemKind | None, BeforeValidator(_blank_to_none)] = None


SettingsDep = Annotated[Settings, Depends(settings_of)]
HolderDep = Annotated[EditionHolder, Depends(holder_of)]
ServedDep = Annotated[Served, Depends(served_edition)]
PageQueryDep = Annotated[PageQuery, Query()]
ListQueryDep = Annotated[ListQuery, Query()]
ItemQueryDep = Annotated[ItemQuery, Query()]
