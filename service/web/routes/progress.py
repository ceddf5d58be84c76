"""Open data on progress and changes: counts (/progress), the records of each count, and
/editions/diff.
"""

from __future__ import annotations

from datetime import date
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response
from pydantic import Field

from prompts import load_table
from service.records import ChangeQuery, ProblemError, RecordList, Shape, filter_changes, table_csv
from service.web import (
    PROGRESS_COLUMNS,
    PROGRESS_LIST_PATH,
    LanguageDep,
    License,
    PlanQuery,
    ProgressQuery,
    ProgressRegister,
    ProgressReport,
    ServedDep,
    SettingsDep,
    progress_rows,
)
from service.web.http import (
    API,
    csv_response,
    json_response,
    public_url,
    require_changed,
    route_arguments,
)
from service.web.routes.records import describe_list, list_response
from vectorstore.records import EditionChanges


def require_public(settings: SettingsDep) -> None:
    """Raise the problem not-found if the settings do not publish progress and changes."""
    if not settings.progress:
        raise ProblemError("not-found")


def make_register(served: ServedDep) -> ProgressRegister:
    """Return the projects and measures of the served edition, as of today."""
    return ProgressRegister(served, date.today())


def license_of_data(settings: SettingsDep) -> License | None:
    """Return the licence of the open data, None if the settings name none."""
    name = settings.data_license
    if not name:
        return None
    licenses = load_table("licenses")
    return License(id=name, **licenses[name])


RegisterDep = Annotated[ProgressRegister, Depends(make_register)]
LicenseDep = Annotated[License | None, Depends(license_of_data)]
router = APIRouter(prefix=API, dependencies=[Depends(require_public)])


class DiffQuery(ChangeQuery):
    """Which editions are compared; without both, the current one with the one before."""

    since: str | None = Field(
        None, alias="from", max_length=40, description="Edition before the first change"
    )
    until: str | None = Field(
        None, alias="to", max_length=40, description="Edition of the last change"
    )


class EditionDiff(Shape):
    """The changes of each chosen edition, newest first."""

    items: list[EditionChanges]


@router.get("/progress", **describe_list("progress", ProgressReport))
def progress(
    query: Annotated[ProgressQuery, Query()],
    request: Request,
    register: RegisterDep,
    settings: SettingsDep,
    license_: LicenseDep,
    accepted_language: LanguageDep,
) -> Response:
    """Count the projects and measures of each document and field of action by status.

    The language of notices is that of the query, else that of the request. So the response varies
    by Accept-Language too.
    """
    report = register.report(query, license_, query.language or accepted_language)
    if query.as_csv(request.headers):
        response = csv_response(
            table_csv(PROGRESS_COLUMNS, progress_rows(report, public_url(request, settings))),
            "fortschritt",
        )
    else:
        response = json_response(report)
    response.headers["Vary"] = "Accept, Accept-Language"
    return with_cache_headers(request, response, license_)


@router.get(PROGRESS_LIST_PATH.removeprefix(API), **describe_list("progress_items", RecordList))
def progress_items(
    query: Annotated[PlanQuery, Query()],
    request: Request,
    served: ServedDep,
    register: RegisterDep,
    license_: LicenseDep,
) -> Response:
    """List the records behind a number of /progress."""
    response = list_response(register.list_records(query), query, request, served)
    return with_cache_headers(request, response, license_)


@router.get(
    "/editions/diff",
    response_model=EditionDiff,
    **route_arguments("editions_diff", "records", "not-found"),
)
def editions_diff(
    query: Annotated[DiffQuery, Query()], request: Request, served: ServedDep, license_: LicenseDep
) -> Response:
    """Return what changed with the edition `until` and the editions before it, back to `since`.

    The changes of `since` itself are not included. `until` is by default the current edition;
    without `since` only the changes of `until` are returned. `since` may be the edition before the
    oldest known changes: then all of them up to `until` are returned. Raises the problem not-found
    for an unknown edition.
    """
    history = served.edition.history.editions
    names = [changes.edition for changes in history] or [served.edition.name]
    known = {*names, *(changes.previous for changes in history)}
    if not {query.since or names[0], query.until or names[0]} <= known:
        raise ProblemError("not-found")
    # `history` is newest first: what is told begins at `last` and ends before `first`.
    last = names.index(query.until) if query.until in names else 0
    first = last + 1
    if query.since:
        first = names.index(query.since) if query.since in names else len(names)
    response = json_response(EditionDiff(items=filter_changes(history[last:first], query)))
    return with_cache_headers(request, response, license_)


def with_cache_headers(
    request: Request, response: Response, license_: License | None = None
) -> Response:
    """Return a response with ETag and licence headers; raises HTTPException (304) if the client has
    the same content already.

    Browsers keep it, but ask each time, since another edition may have been published.
    """
    tag = sha256(bytes(response.body)).hexdigest()[:32]
    headers = {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}
    require_changed(request, headers)
    response.headers.update(headers)
    if license_:
        response.headers["Link"] = f'<{license_.url}>; rel="license"'
    return response
