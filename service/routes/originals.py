"""GET /documents/{id}/original and /documents/{id}/pages/{n}.png: the printed document and pictures of its pages."""

from __future__ import annotations

from functools import partial
from hashlib import sha256
from pathlib import Path as FilePath
from typing import Annotated, Any

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from service.deps import ServedDep
from service.openapi import problems
from service.originals import PDF, OriginalFile, media_type_of, original_of, require_range
from service.pages.views import MAX_QUOTE
from service.pictures.pages import NoPicture, page_picture
from service.problems import ProblemError
from service.responses import is_known
from service.routes import API

router = APIRouter(prefix=API, tags=["Dokumente"])
SHOWN_ANYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}
BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}


class PngResponse(Response):
    """A picture."""

    media_type = "image/png"


@router.get(
    "/documents/{document_id}/original",
    summary="Das Original eines Dokuments",
    description="Die Datei, wie sie eingelesen wurde, PDF zur Anzeige im Browser; 404, wo keine aufgehoben ist.",
    response_class=Response,
    responses={**problems(404, 416), 200: {"description": "Erfolg", "content": {PDF: BINARY, "text/plain": BINARY}}},
)
def original(document_id: str, request: Request, served: ServedDep) -> Response:
    """Return the stored original file."""
    path = original_of(served.edition, document_id)
    headers = _kept(served.edition.digest, document_id)
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    if request.headers.get("if-range", headers["ETag"]) == headers["ETag"]:
        require_range(request.headers.get("range", ""), path.stat().st_size)
    return OriginalFile(
        path,
        media_type=media_type_of(path),
        headers=headers,
        filename=f"{document_id}{path.suffix}",
        content_disposition_type="inline",
    )


@router.get(
    "/documents/{document_id}/pages/{n}.png",
    summary="Eine Seite des Originals als Bild",
    description="Seite `n` des PDF, von 1 gezählt; die Stelle mit dem Wortlaut `quote` ist markiert, wo er genau "
    "einmal auf der Seite steht. 404, wo das Original kein PDF ist oder die Seite nicht hat.",
    response_class=PngResponse,
    responses={**problems(404), 200: {"description": "Erfolg", "content": {"image/png": BINARY}}},
)
async def page(
    document_id: str,
    n: Annotated[int, Path(ge=1, le=100_000)],
    request: Request,
    served: ServedDep,
    quote: Annotated[str, Query(max_length=MAX_QUOTE)] = "",
    width: Annotated[int, Query(ge=200, le=2000, description="Breite in Bildpunkten")] = 900,
) -> Response:
    """Return a picture of a page with the quote's place marked."""
    path = original_of(served.edition, document_id)
    if path.suffix != ".pdf":
        raise ProblemError("no-picture")
    headers = _kept(served.edition.digest, document_id, str(n), str(width), quote.strip()) | SHOWN_ANYWHERE
    if is_known(request, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return PngResponse(await _picture(request, path, n, width, quote.strip()), headers=headers)


async def _picture(request: Request, path: FilePath, number: int, width: int, quote: str) -> bytes:
    limiter: CapacityLimiter = request.app.state.painters
    try:
        return await to_thread.run_sync(
            partial(page_picture, path, number, width, quote), abandon_on_cancel=True, limiter=limiter
        )
    except NoPicture:
        raise ProblemError("no-picture") from None


def _kept(*parts: str) -> dict[str, str]:
    """Browsers may keep what they got, and ask whether it is still right: another edition may be served."""
    tag = sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
    return {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}
