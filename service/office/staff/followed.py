"""Staff page for what is new at followed sources; each file is read, published or ignored for good
with one click.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.office.staff.draft_page import draft_path
from service.office.staff.drafts import failure_page
from service.office.staff.people_pages import WhoDep
from service.office.staff.rendering import plain_page
from service.office.staff.roles import FOR_EDITORS
from service.office.staff.uploads import PATH, DraftServiceDep, job_path
from service.office.uploads import SourceRuns
from service.records import ProblemError
from vectorstore.storage import StoreError

if TYPE_CHECKING:
    from service.office.uploads import FollowedUploads

SOURCES = f"{PATH}/sources"
router = APIRouter(prefix=SOURCES, dependencies=[FOR_EDITORS], include_in_schema=False)


def followed_uploads(drafts: DraftServiceDep) -> FollowedUploads:
    """Return what was fetched; raises the problem not-found where no source is followed."""
    if not drafts.has_sources:
        raise ProblemError("not-found")
    from service.office.uploads import FollowedUploads

    return FollowedUploads(drafts)


UploadsDep = Annotated["FollowedUploads", Depends(followed_uploads)]


@router.get("")
def show_sources(uploads: UploadsDep) -> HTMLResponse:
    """Show which files of the sources are new or changed, which are gone, and when each source is
    asked.

    If the list of sources cannot be used, the page says why. It still shows the files, which are
    known from earlier runs.
    """
    pending = list(uploads.pending())
    states, problem = [], ""
    try:
        states = SourceRuns(uploads.drafts).states()
    except StoreError as error:  # of the list of sources
        problem = str(error)
    return plain_page(
        "staff_sources.html",
        "uploads",
        path=SOURCES,
        draft_path=draft_path,
        new=[each for each in pending if each.is_new],
        gone=[each for each in pending if each.file.gone_since],
        states=states,
        problem=problem,
    )


@router.post("/{name}/read")
def read_file(name: str, uploads: UploadsDep, who: WhoDep) -> Response:
    """Redirect to the draft of a fetched file.

    If the file has no draft, or an outdated one, start the job that reads it, and redirect to the
    page of the job.
    """
    pending = uploads.find(name)
    if pending.draft is not None and not pending.is_outdated:
        return RedirectResponse(draft_path(pending.draft, pending.file.document_id), 303)
    try:
        job = uploads.read(pending, who.person)
    except StoreError as error:
        return failure_page(str(error))
    who.note("upload", pending.file.document_id)
    return RedirectResponse(job_path(job), 303)


@router.post("/{name}/ignore")
def ignore_file(name: str, uploads: UploadsDep, who: WhoDep) -> Response:
    """Ignore a file for good."""
    pending = uploads.find(name)
    try:
        uploads.ignore(pending)
    except StoreError as error:
        return failure_page(str(error))
    who.note("source ignored", pending.file.listed.address)
    return RedirectResponse(SOURCES, 303)
