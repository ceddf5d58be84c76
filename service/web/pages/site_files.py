"""What programs ask a website for: robots.txt, sitemap.xml with the permanent pages, llms.txt and
security.txt (RFC 9116).
"""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import APIRouter, Request
from fastapi.responses import Response

from service.records import document_url, item_url
from service.web import ServedDep, SettingsDep
from service.web.http import public_url
from service.web.pages.rendering import edition_page

router = APIRouter(include_in_schema=False)
MOST_PAGES = 50_000  # of a sitemap, by its protocol
SECURITY_DAYS = 180  # for which security.txt holds from the day that it is asked for


@router.get("/robots.txt")
@router.get("/sitemap.xml")
@router.get("/llms.txt")
@router.get("/.well-known/security.txt")
def send(request: Request, served: ServedDep, settings: SettingsDep) -> Response:
    """Send one of the files, by the last part of the path, with absolute addresses.

    The templates have the same names. The sitemap has the pages that search engines should know,
    at most the first `MOST_PAGES`.
    """
    name = request.url.path.rpartition("/")[2]
    catalogue = served.edition.catalogue
    base = public_url(request, settings)
    imprint = settings.imprint_url or "/"
    pages = ["/", "/documents"]
    if settings.progress:
        pages += ["/fortschritt", "/aenderungen"]
    pages += map(document_url, catalogue.documents)
    pages += [item_url(*item.address) for item in catalogue.items]
    page = edition_page(
        name,
        served,
        settings,
        base=base,
        root=settings.public_path,
        name=settings.name,
        pages=pages[:MOST_PAGES],
        documents=catalogue.in_force.documents.values(),
        document_url=document_url,
        modified=served.edition.created,
        contact=f"{base}{imprint}" if imprint.startswith("/") else imprint,
        expires=date.today() + timedelta(days=SECURITY_DAYS),
    )
    media_type = "application/xml" if name.endswith(".xml") else "text/plain"
    return Response(page.body, media_type=media_type)
