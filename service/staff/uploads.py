"""The staff page's addresses for handing in documents: the form, the jobs that read them, the list of editions."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from prompts import say
from service.http.limits import sized
from service.http.problems import ProblemError
from service.people.pages import WhoDep
from service.staff.addresses import STAFF
from service.staff.rendering import plain_page
from service.staff.roles import EditorDep, Role, StaffPerson
from service.uploads.draft_service import DraftService
from service.uploads.jobs import Job
from service.uploads.receiving import ACCEPTED, Received, RefusedFile, UploadLimits, receive
from service.uploads.requests import JobState, ReadingRequest
from vectorstore.disk import report_full_disk
from vectorstore.errors import StoreError
from vectorstore.pointer import EditionState

PATH = f"{STAFF}/uploads"
SECONDS = 900.0  # longest time of an upload
MOST_FILES, MOST_EACH_MEGABYTES, MOST_TOGETHER_MEGABYTES = 20, 200, 300  # of a file as for reading
MOST_BYTES = MOST_TOGETHER_MEGABYTES * 1_000_000 + 65536  # of a body: the files and what a form takes beside them
DONE = ("published", "dropped", "back")
router = APIRouter(prefix=PATH, include_in_schema=False)


def draft_service_of(request: Request) -> DraftService:
    """Return what looks after drafts; raises the problem not-found where the service was started without."""
    drafts: DraftService | None = request.app.state.drafts
    if drafts is None:
        raise ProblemError("not-found")
    return drafts


DraftServiceDep = Annotated[DraftService, Depends(draft_service_of)]


def too_large() -> ProblemError:
    """Return the problem of files that are too large together."""
    return ProblemError("upload-too-large", values={"most": sized(MOST_TOGETHER_MEGABYTES * 1_000_000)})


def upload_page(template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render one of these pages; they are there before anything is published, too."""
    return plain_page(template, status, "uploads", "", False, **values)


def job_path(job: Job) -> str:
    """Return the address of a job."""
    return f"{PATH}/jobs/{job.name}"


@router.get("")
def show_uploads(person: EditorDep, drafts: DraftServiceDep, done: str = "") -> HTMLResponse:
    """Show the form, what is being read, and all editions."""
    return _page(drafts, person, done=say(f"uploads.{done}") if done in DONE else "")


@router.post("")
async def upload(request: Request, person: EditorDep, drafts: DraftServiceDep, who: WhoDep) -> Response:
    """Take files, and have them read into a draft."""
    folder = await to_thread.run_sync(drafts.jobs.free_space)
    try:
        received, problem = await _receive_files(request, drafts, folder)
    except BaseException:  # who left in the middle leaves nothing
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if problem or not received.files:
        shutil.rmtree(folder, ignore_errors=True)
        problem = problem or ("" if received.refused else say("uploads.nothing"))
        show = partial(_page, drafts, person, 422, problem=problem, refused=tuple(received.refused))
        return await to_thread.run_sync(show)
    names = _name_files(received, drafts.store.document_ids())
    job = await to_thread.run_sync(
        drafts.jobs.start, folder, ReadingRequest(person.name, names), tuple(received.refused)
    )
    who.note("upload", ", ".join(names))
    return RedirectResponse(job_path(job), 303)


@router.get("/jobs/{name}")
def show_job(name: str, person: EditorDep, drafts: DraftServiceDep) -> HTMLResponse:
    """Show how far a job is, and what came of it."""
    job = drafts.jobs.get(name)
    return upload_page("staff_upload_job.html", job=job, path=job_path(job), drafts=drafts.store.drafts())


@router.get("/jobs/{name}/state")
def send_job_state(name: str, person: EditorDep, drafts: DraftServiceDep) -> JSONResponse:
    """Send how far a job is, for the page's script."""
    job = drafts.jobs.get(name)
    is_ready = job.state is JobState.DONE and job.draft and not job.refused and all(file.taken for file in job.files)
    onward = f"{PATH}/drafts/{job.edition}" if is_ready else job_path(job)
    return JSONResponse({"open": job.is_open, "step": job.step, "share": round(job.share, 3), "next": onward})


@router.post("/jobs/{name}/cancel")
def cancel_job(name: str, drafts: DraftServiceDep, who: WhoDep) -> Response:
    """Have a job end."""
    job = drafts.jobs.cancel(name)
    who.note("upload-cancel", name)
    return RedirectResponse(job_path(job), 303)


async def _receive_files(request: Request, drafts: DraftService, folder: Path) -> tuple[Received, str]:
    """The files of the form, or that the disk is full; raises the problems of a form that is none."""
    limits, kind = UploadLimits(MOST_FILES, MOST_EACH_MEGABYTES * 1_000_000), request.headers.get("content-type", "")
    try:
        with report_full_disk(drafts.settings.data_dir):
            return await receive(request.stream(), kind, folder, limits), ""
    except StoreError as error:
        return Received(), str(error)


def _page(
    drafts: DraftService, person: StaffPerson, status: int = 200, done: str = "", problem: str = "",
    refused: Sequence[RefusedFile] = (),
) -> HTMLResponse:  # fmt: skip
    editions = drafts.store.list_editions()
    return upload_page(
        "staff_uploads.html", status, editions=editions, jobs=drafts.jobs.all()[:10], done=done, problem=problem,
        refused=refused, documents=sorted(drafts.store.document_ids()), accepted=",".join(ACCEPTED),
        can_publish=person.role >= Role.PUBLISHER,
        can_go_back=any(edition.state is EditionState.BEFORE for edition in editions),
        most_files=MOST_FILES, most_each=MOST_EACH_MEGABYTES, most_together=MOST_TOGETHER_MEGABYTES,
    )  # fmt: skip


def _name_files(received: Received, known: tuple[str, ...]) -> tuple[str, ...]:
    """Name a single file by the document that it is a new version of, where the form says so; return all names."""
    replaced = received.fields.get("replaces", "")
    if replaced in known and len(received.files) == 1:
        (path,) = received.files
        received.files[0] = path.rename(path.with_name(replaced + path.suffix))
    return tuple(path.name for path in received.files)
