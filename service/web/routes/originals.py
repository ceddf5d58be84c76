"""GET /documents/{id}/original and /documents/{id}/pages/{n}.png: the printed document and pictures
of its pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathPart
from fastapi.responses import FileResponse, Response

from prompts import say
from service import MAX_QUOTE, TypedQuote
from service.records import ProblemError, document_url
from service.web import RendererDep, ServedDep
from service.web.http import API, network_key, require_changed, route_arguments
from service.web.pictures import NoPicture, PageFailed, PageRenderer, PictureRequest, RendererBusy
from vectorstore import FILE_FORMATS, FORMATS_BY_SUFFIX

if TYPE_CHECKING:
    from vectorstore import Edition

router = APIRouter(prefix=API)
PDF = "application/pdf"
SHOWN_ANYWHERE = {"Cross-Origin-Resource-Policy": "cross-origin"}
RETRY_SECONDS = "5"
_ACTIVE = {".html", ".htm"}  # types whose scripts a browser would run
_INERT = {"Content-Security-Policy": "sandbox; default-src 'none'"}
BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
FILES = {known.media_type or "text/plain": BINARY for known in FILE_FORMATS}
UNCHANGED: dict[int | str, dict[str, Any]] = {304: {"description": say("http.unchanged")}}
RANGE_PROBLEM = {"description": say("http.no_range"), "content": {"text/plain": {}}}
ORIGINAL_OPTIONS = route_arguments("original", "files", "not-found", "no-original")
ORIGINAL_OPTIONS["responses"] |= {
    200: {"description": "Erfolg", "content": FILES},
    400: RANGE_PROBLEM,
    416: RANGE_PROBLEM,
    206: {"description": say("http.part"), "content": {**FILES, "multipart/byteranges": BINARY}},
    **UNCHANGED,
}
PAGE_OPTIONS = route_arguments(
    "page", "files", "not-found", "no-original", "no-picture", "picture-failed", "no-picture-now"
)
PAGE_OPTIONS["responses"] |= {
    200: {"description": "Erfolg", "content": {"image/png": BINARY}},
    **UNCHANGED,
}


class PngResponse(Response):
    """A picture."""

    media_type = "image/png"


@router.get("/documents/{document_id}/original", response_class=Response, **ORIGINAL_OPTIONS)
def original(document_id: str, request: Request, served: ServedDep) -> Response:
    """Return the original file of a document.

    Web pages and files of office programs are saved by the browser, never opened on a page of this
    service. A web page also gets the ending ".txt": a program that opens the file then shows its
    source and runs nothing in it.
    """
    path = _require_original(served.edition, document_id)
    headers = _cache_headers(served.edition.digest, document_id)
    require_changed(request, headers)
    name, disposition = f"{document_id}{path.suffix}", "inline"
    if path.suffix in _ACTIVE:
        name += ".txt"
    media_type = FORMATS_BY_SUFFIX[path.suffix].media_type
    if path.suffix in _ACTIVE or media_type not in ("", PDF):
        headers |= _INERT
        disposition = "attachment"
    return FileResponse(
        path,
        media_type=media_type or _text_type_of(path),
        headers=headers,
        filename=name,
        content_disposition_type=disposition,
    )


@router.get("/documents/{document_id}/pages/{n}.png", response_class=PngResponse, **PAGE_OPTIONS)
async def page(
    document_id: str,
    n: Annotated[int, PathPart(ge=1, le=100_000)],
    request: Request,
    served: ServedDep,
    renderer: RendererDep,
    quote: TypedQuote = "",
    width: Annotated[int, Query(ge=200, le=2000, description=say("http.page_width"))] = 900,
    crop: Annotated[int | None, Query(ge=0, le=200, description=say("http.page_crop"))] = None,
) -> Response:
    """Return a picture of a page with the quote's place marked; with `crop` only that place, with
    this margin in points.

    Only PDF files have pictures. The entity tag is made from what the picture depends on, so a
    client that has it already gets 304, and nothing is drawn.
    """
    path = _require_original(served.edition, document_id)
    if path.suffix != ".pdf":
        raise ProblemError("no-picture")
    scan = served.edition.catalogue.documents[document_id].scan_of(n)
    picture = PictureRequest(str(path), n, width, quote.strip(), crop, scan.rows if scan else "")
    headers = SHOWN_ANYWHERE | _cache_headers(
        served.edition.digest, document_id, str(n), str(width), str(crop), picture.quote
    )
    require_changed(request, headers)
    return await picture_response(request, renderer, picture, headers)


async def picture_response(
    request: Request, renderer: PageRenderer, picture: PictureRequest, headers: Mapping[str, str]
) -> Response:
    """Return the response with a page's picture, drawn by the renderer; raises a ProblemError if
    there is none.

    The renderer shares its time out among subscribers, who are told apart by their network.
    """
    try:
        return PngResponse(
            await renderer.picture(picture, network_key(request.scope)), headers=headers
        )
    except NoPicture:
        raise ProblemError("no-picture") from None
    except PageFailed:
        raise ProblemError("picture-failed") from None
    except RendererBusy:
        raise ProblemError("no-picture-now", headers={"Retry-After": RETRY_SECONDS}) from None


def original_url(edition: Edition, document_id: str) -> str | None:
    """Return the address of a document's original file, None where none is stored."""
    if document_id not in edition.originals:
        return None
    return f"{API}{document_url(document_id)}/original"


def picture_url(edition: Edition, document_id: str, page: int, quote: str) -> str:
    """Return the address of a picture of a page with a quote marked, "" where it has none."""
    if not has_pictures(edition, document_id):
        return ""
    query = urlencode({"quote": quote[:MAX_QUOTE]})
    return f"{API}{document_url(document_id)}/pages/{page}.png?{query}"


def has_pictures(edition: Edition, document_id: str) -> bool:
    """True if a document's pages can be shown as pictures: its original is a PDF file."""
    path = edition.originals.get(document_id)
    return path is not None and path.suffix == ".pdf"


def _require_original(edition: Edition, document_id: str) -> Path:
    """Return the path of a document's original; raises the problem not-found or no-original."""
    if document_id not in edition.catalogue.documents:
        raise ProblemError("not-found")
    path = edition.originals.get(document_id)
    if path is None:
        raise ProblemError("no-original")
    return path


def _text_type_of(path: Path) -> str:
    """Return the media type of plain text, with the encoding of the file.

    It is used for files without a type of their own, so that a browser runs no script in them. A
    file that is not UTF-8 is UTF-16 if it begins with a byte order mark, else windows-1252.
    """
    content, charset = path.read_bytes(), "utf-8"
    try:
        content.decode()
    except UnicodeDecodeError:
        charset = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "windows-1252"
    return f"text/plain; charset={charset}"


def _cache_headers(*parts: str) -> dict[str, str]:
    """Return cache headers with a digest of `parts`; browsers ask each time, as another edition may
    be served.
    """
    tag = sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()[:32]
    return {"Cache-Control": "no-cache", "ETag": f'"{tag}"'}
