"""Staff pages for uploading documents: the form, the jobs that read them, the list of editions."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from prompts import say
from service.office.staff.paths import STAFF
from service.office.staff.people_pages import WhoDep
from service.office.staff.rendering import plain_page
from service.office.staff.roles import FOR_EDITORS
from service.office.uploads import (
    ACCEPTED,
    DraftService,
    FileOutcome,
    Job,
    JobState,
    ReadingRequest,
    ReceivedForm,
    UploadLimits,
    receive,
)
from service.records import ProblemError
from service.web.http import PUBLIC_PATH, format_size
from vectorstore.storage import StoreError, report_full_disk

PATH = f"{STAFF}/uploads"
SECONDS = 900.0  # longest time of an upload
MOST_FILES = 20
MOST_EACH_MEGABYTES = 200  # the limit of ingestion
MOST_TOGETHER_MEGABYTES = 300
LIMITS = UploadLimits(MOST_FILES, MOST_EACH_MEGABYTES * 1_000_000)
# of a request body: the files and the other form data
MOST_BYTES = MOST_TOGETHER_MEGABYTES * 1_000_000 + 65536
DONE = ("published", "dropped", "back")
router = APIRouter(prefix=PATH, dependencies=[FOR_EDITORS], include_in_schema=False)


def draft_service_of(request: Request) -> DraftService:
    """Return the service for drafts; raises the problem not-found where the application was made
    without one.
    """
    drafts: DraftService | None = request.app.state.drafts
    if drafts is None:
        raise ProblemError("not-found")
    return drafts


DraftServiceDep = Annotated[DraftService, Depends(draft_service_of)]


def too_large() -> ProblemError:
    """Return the problem for files whose total size is too large."""
    return ProblemError(
        "upload-too-large", values={"most": format_size(MOST_TOGETHER_MEGABYTES * 1_000_000)}
    )


def job_path(job: Job) -> str:
    """Return the address of a job."""
    return f"{PATH}/jobs/{job.name}"


@router.get("")
def show_uploads(drafts: DraftServiceDep, done: str = "") -> HTMLResponse:
    """Show the form, the latest jobs and all editions; `done` names the action that led here."""
    return _uploads_page(drafts, done=say(f"uploads.{done}") if done in DONE else "")


@router.post("")
async def upload(request: Request, drafts: DraftServiceDep, who: WhoDep) -> Response:
    """Receive files, start a job that reads them into a draft, and redirect to the page of the job.

    If no file can be taken, the form says why (422).
    """
    folder = await to_thread.run_sync(drafts.jobs.make_folder)
    received, problem = ReceivedForm(), ""
    content_type = request.headers.get("content-type", "")
    try:
        with report_full_disk(drafts.settings.data_dir):
            received = await receive(request.stream(), content_type, folder, LIMITS)
    except StoreError as error:  # the disk is full
        problem = str(error)
    except BaseException:  # an upload that was broken off leaves no files
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if problem or not received.files:
        shutil.rmtree(folder, ignore_errors=True)
        if not problem and not received.refused:
            problem = say("uploads.nothing")
        show = partial(_uploads_page, drafts, 422, problem=problem, refused=received.refused)
        return await to_thread.run_sync(show)
    names = _name_files(received, drafts.store.document_ids())
    job = await to_thread.run_sync(
        drafts.jobs.start, folder, ReadingRequest(who.person, names), received.refused
    )
    who.note("upload", ", ".join(names))
    return RedirectResponse(job_path(job), 303)


@router.get("/jobs/{name}")
def show_job(name: str, drafts: DraftServiceDep) -> HTMLResponse:
    """Show a job's progress and result."""
    job = drafts.jobs.get(name)
    return plain_page(
        "staff_upload_job.html",
        "uploads",
        job=job,
        path=job_path(job),
        drafts=drafts.store.drafts(),
    )


@router.get("/jobs/{name}/state")
def send_job_state(name: str, request: Request, drafts: DraftServiceDep) -> JSONResponse:
    """Send the progress of a job as JSON.

    `next` is the page to show when the job has ended: the draft if all files were taken, else the
    page of the job. It begins with the path below which a proxy serves us, since the script that
    reads it takes it as it is.
    """
    job = drafts.jobs.get(name)
    is_done = job.state is JobState.DONE and job.draft
    is_ready = is_done and all(file.taken for file in job.files)
    next_page = f"{PATH}/drafts/{job.edition}" if is_ready else job_path(job)
    address = request.scope.get(PUBLIC_PATH, "") + next_page
    return JSONResponse(
        {"open": job.is_open, "step": job.step, "share": round(job.share, 3), "next": address}
    )


@router.post("/jobs/{name}/cancel")
def cancel_job(name: str, drafts: DraftServiceDep, who: WhoDep) -> Response:
    """Cancel a job."""
    job = drafts.jobs.cancel(name)
    who.note("upload-cancel", name)
    return RedirectResponse(job_path(job), 303)


def _uploads_page(
    drafts: DraftService,
    status: int = 200,
    done: str = "",
    problem: str = "",
    refused: Sequence[FileOutcome] = (),
) -> HTMLResponse:
    """Render the form for uploads, the last ten jobs and all editions.

    `done` and `problem` are sentences on what became of an action, "" for none. `refused` are files
    that were not taken.
    """
    return plain_page(
        "staff_uploads.html",
        "uploads",
        status,
        editions=drafts.store.list_editions(),
        jobs=drafts.jobs.all()[:10],
        done=done,
        problem=problem,
        refused=refused,
        documents=sorted(drafts.store.document_ids()),
        followed=_count_followed(drafts),
        accepted=",".join(ACCEPTED),
        most_files=MOST_FILES,
        most_each=MOST_EACH_MEGABYTES,
        most_together=MOST_TOGETHER_MEGABYTES,
    )


def _count_followed(drafts: DraftService) -> int | None:
    """Return how many files of followed sources wait; None where no source is followed."""
    if not drafts.has_sources:
        return None
    from service.office.uploads import FollowedUploads

    return sum(pending.is_new for pending in FollowedUploads(drafts).pending())


def _name_files(received: ReceivedForm, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the received files.

    If the form has a single file and says which document it replaces, the file is first renamed to
    the id of this document. Ingestion makes a document's id from the name of its file, so it then
    reads the file as a new version of the document.
    """
    replaced = received.fields.get("replaces", "")
    if replaced in known and len(received.files) == 1:
        (path,) = received.files
        received.files[0] = path.rename(path.with_name(replaced + path.suffix))
    return tuple(path.name for path in received.files)
