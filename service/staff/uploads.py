"""The staff page's addresses for handing in documents: the form, the jobs that read them, the list of editions."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from prompts import say
from service.http.limits import sized
from service.http.problems import ProblemError
from service.http.responses import weight_of
from service.people.pages import WhoDep
from service.staff.addresses import STAFF
from service.staff.rendering import plain_page
from service.staff.roles import EditorDep, Role, StaffPerson
from service.uploads.desk import Desk
from service.uploads.jobs import Job
from service.uploads.orders import JobState, Order
from service.uploads.receiving import ACCEPTED, Limits, Received, Refused, receive
from vectorstore.disk import full_disk_told
from vectorstore.drafts import EditionState
from vectorstore.errors import StoreError

PATH = f"{STAFF}/uploads"
SECONDS = 900.0
FRAME_BYTES = 65536  # what a form takes beside its files
DONE = ("published", "dropped", "back")
MOST_FILES = 20
MOST_TOGETHER_MEGABYTES = 300
MOST_EACH_MEGABYTES = 200  # as for reading
router = APIRouter(prefix=PATH, include_in_schema=False)


def desk_of(request: Request) -> Desk:
    """Return what looks after drafts; raises the problem not-found where the service was started without."""
    desk: Desk | None = request.app.state.desk
    if desk is None:
        raise ProblemError("not-found")
    return desk


DeskDep = Annotated[Desk, Depends(desk_of)]


def most_bytes() -> int:
    """Return how large the body of an upload may be."""
    return MOST_TOGETHER_MEGABYTES * 1_000_000 + FRAME_BYTES


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
def uploads(person: EditorDep, desk: DeskDep, done: str = "") -> HTMLResponse:
    """Show the form, what is being read, and all editions."""
    return _page(desk, person, said=say(f"uploads.{done}") if done in DONE else "")


@router.post("")
async def upload(request: Request, person: EditorDep, desk: DeskDep, who: WhoDep) -> Response:
    """Take files, and have them read into a draft."""
    folder = await to_thread.run_sync(desk.jobs.make_room)
    try:
        received, problem = await _received(request, desk, folder)
    except BaseException:  # who left in the middle leaves nothing
        shutil.rmtree(folder, ignore_errors=True)
        raise
    if problem or not received.files:
        shutil.rmtree(folder, ignore_errors=True)
        problem = problem or ("" if received.refused else say("uploads.nothing"))
        return await to_thread.run_sync(_refused, request, desk, person, problem, tuple(received.refused))
    names = _named(received, desk.store.document_ids())
    order, refused = Order(person.name, names), tuple(received.refused)
    job = await to_thread.run_sync(desk.jobs.start, folder, order, refused)
    who.note("upload", ", ".join(names))
    if _wants_json(request):
        return JSONResponse({"address": job_path(job)}, 201)
    return RedirectResponse(job_path(job), 303)


@router.get("/jobs/{name}")
def job(name: str, person: EditorDep, desk: DeskDep) -> HTMLResponse:
    """Show how far a job is, and what came of it."""
    found = desk.jobs.get(name)
    return upload_page("staff_upload_job.html", job=found, path=job_path(found), drafts=desk.store.drafts())


@router.get("/jobs/{name}/state")
def job_state(name: str, person: EditorDep, desk: DeskDep) -> JSONResponse:
    """Say how far a job is, for the page's script."""
    found = desk.jobs.get(name)
    whole = not found.refused and all(one.taken for one in found.files)
    ready = found.state is JobState.DONE and found.draft and whole
    onward = f"{PATH}/drafts/{found.edition}" if ready else job_path(found)
    return JSONResponse({"open": found.is_open, "step": found.step, "share": round(found.share, 3), "next": onward})


@router.post("/jobs/{name}/cancel")
def cancel(name: str, desk: DeskDep, who: WhoDep) -> Response:
    """Have a job end."""
    found = desk.jobs.cancel(name)
    who.note("upload-cancel", name)
    return RedirectResponse(job_path(found), 303)


async def _received(request: Request, desk: Desk, folder: Path) -> tuple[Received, str]:
    """Take the form in, or say that the disk is full; raises the problems of a form that is none."""
    limits, kind = Limits(MOST_FILES, MOST_EACH_MEGABYTES * 1_000_000), request.headers.get("content-type", "")
    try:
        with full_disk_told(desk.settings.data_dir):
            return await receive(request.stream(), kind, folder, limits), ""
    except StoreError as error:
        return Received(), str(error)


def _page(desk: Desk, person: StaffPerson, status: int = 200, **values: Any) -> HTMLResponse:
    editions, jobs = desk.store.listed(), desk.jobs.all()
    told: dict[str, Any] = {"said": "", "problem": "", "refused": ()} | values
    return upload_page(
        "staff_uploads.html",
        status,
        editions=editions,
        jobs=jobs[:10],
        documents=sorted(desk.store.document_ids()),
        accepted=",".join(ACCEPTED),
        can_publish=person.role >= Role.PUBLISHER,
        can_go_back=any(one.state is EditionState.BEFORE for one in editions),
        most_files=MOST_FILES,
        most_each=MOST_EACH_MEGABYTES,
        most_together=MOST_TOGETHER_MEGABYTES,
        **told,
    )


def _refused(request: Request, desk: Desk, person: StaffPerson, problem: str, refused: tuple[Refused, ...]) -> Response:
    """Say in words why nothing is read, on the page or to its script."""
    if _wants_json(request):
        told = [problem, *(f"{one.name}: {one.reason}" for one in refused)]
        return JSONResponse({"told": [one for one in told if one]}, 422)
    return _page(desk, person, 422, problem=problem, refused=refused)


def _wants_json(request: Request) -> bool:
    return weight_of("application/json", request.headers.get("accept", "")) > 0


def _named(received: Received, known: tuple[str, ...]) -> tuple[str, ...]:
    """Name a single file by the document that it is a new version of, where the form says so; return all names."""
    wanted = received.fields.get("replaces", "")
    if wanted in known and len(received.files) == 1:
        (path,) = received.files
        received.files[0] = path.rename(path.with_name(wanted + path.suffix))
    return tuple(path.name for path in received.files)
