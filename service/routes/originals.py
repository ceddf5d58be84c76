"""GET /documents/{id}/original and /documents/{id}/pages/{n}.png: the printed document and pictures of its pages."""

from __future__ import annotations

from collections.abc import Coroutine
from hashlib import sha256
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from prompts import say
from service.deps import ClientLeft, ServedDep, SettingsDep, StudioDep, unless_left
from service.http.clients import waiting_key
from service.http.openapi import problems
from service.http.problems import ProblemError
from service.http.responses import is_known
from service.originals import DOCX, PDF, OriginalFile, media_type_of, original_of, require_range, serving_of
from service.pages.items import MAX_QUOTE
from service.pictures.jobs import Job, NoPicture, PageId
from service.pictures.studio import NoPainter, PageFailed, TooManyWaiting
from service.routes import API

router = APIRouter(prefix=API, tags=["Dokumente"])
SHOWN_ANYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}
RETRY_SECONDS = "5"
CLIENT_LEFT = 499  # nobody reads it; the log does
BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
FILES = {PDF: BINARY, DOCX: BINARY, "text/plain": BINARY}
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": say("http.unchanged")}}


class PngResponse(Response):
    """A picture."""

    media_type = "image/png"


@router.get(
    "/documents/{document_id}/original",
    summary="Das Original eines Dokuments",
    description=say("http.original"),
    response_class=Response,
    responses={
        **problems("not-found", "no-original", "no-such-range"),
        200: {"description": "Erfolg", "content": FILES},
        206: {"description": say("http.part"), "content": {**FILES, "multipart/byteranges": BINARY}},
        **UNCHANGED,
    },
)
def original(document_id: str, request: Request, served: ServedDep) -> Response:
    """Return the stored original file."""
    path = original_of(served.edition, document_id)
    headers = _kept(served.edition.digest, document_id)
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if request.headers.get("if-range", headers["ETag"]) == headers["ETag"]:
        require_range(request.headers.get("range", ""), path.stat().st_size)
    how = serving_of(path, document_id)
    return OriginalFile(
        path,
        media_type=media_type_of(path),
        headers={**headers, **how.headers},
        filename=how.filename,
        content_disposition_type=how.disposition,
    )


@router.get(
    "/documents/{document_id}/pages/{n}.png",
    summary=say("http.page_summary"),
    description=say("http.page"),
    response_class=PngResponse,
    responses={
        **problems("not-found", "no-original", "no-picture", "picture-failed", "no-picture-now"),
        200: {"description": "Erfolg", "content": {"image/png": BINARY}},
        **UNCHANGED,
    },
)
async def page(
    document_id: str,
    n: Annotated[int, Path(ge=1, le=100_000)],
    request: Request,
    served: ServedDep,
    studio: StudioDep,
    settings: SettingsDep,
    quote: Annotated[str, Query(max_length=MAX_QUOTE)] = "",
    width: Annotated[int, Query(ge=200, le=2000, description=say("http.page_width"))] = 900,
    crop: Annotated[int | None, Query(ge=0, le=200, description=say("http.page_crop"))] = None,
) -> Response:
    """Return a picture of a page with the quote's place marked, or of that place alone."""
    path = original_of(served.edition, document_id)
    if path.suffix != ".pdf":
        raise ProblemError("no-picture")
    job = Job(str(path), n, width, quote.strip(), crop)
    headers = _kept(served.edition.digest, document_id, str(n), str(width), str(crop), job.quote) | SHOWN_ANYWHERE
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    page_id = PageId(served.edition.digest, document_id, n)
    drawing = studio.picture(page_id, job, waiting_key(request.scope, settings.proxy_networks()))
    try:
        return PngResponse(await picture_of(request, drawing), headers=headers)
    except ClientLeft:
        return Response(status_code=CLIENT_LEFT)


async def picture_of(request: Request, drawing: Coroutine[Any, Any, bytes]) -> bytes:
    """Return a picture that is being drawn; raises ClientLeft, or the problem that says why there is none."""
    try:
        return await unless_left(request, drawing)
    except NoPicture:
        raise ProblemError("no-picture") from None
    except PageFailed:
        raise ProblemError("picture-failed") from None
    except (TooManyWaiting, NoPainter):
        raise ProblemError("no-picture-now", headers={"Retry-After": RETRY_SECONDS}) from None


def _kept(*parts: str) -> dict[str, str]:
    """Browsers may keep what they got, and ask whether it is still right: another edition may be served."""
    tag = sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
    return {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}
