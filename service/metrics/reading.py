"""GET /metrics: for Prometheus, and for nobody where it is not set up."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from service.deps import HolderDep, SettingsDep
from service.edition_holder import EditionHolder
from service.http.clients import client_address
from service.http.problems import ProblemError
from service.metrics.meters import Meters
from service.settings import Settings
from service.staff.access import same_secret
from vectorstore.errors import StoreError

PATH = "/metrics"
router = APIRouter(include_in_schema=False)


@router.get(PATH)
async def metrics(request: Request, settings: SettingsDep, holder: HolderDep) -> Response:
    """Send all meters to whoever may read them; to others there is nothing here."""
    if not may_read(request, settings):
        raise ProblemError("not-found")
    meters: Meters = request.app.state.meters
    text = await to_thread.run_sync(_text, meters, holder)
    return Response(text, media_type=CONTENT_TYPE_LATEST)


def may_read(request: Request, settings: Settings) -> bool:
    """Tell whether a request has the token, or comes from this machine, as set."""
    if settings.metrics == "token":
        scheme, _, said = request.headers.get("authorization", "").partition(" ")
        token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
        return scheme.lower() == "bearer" and same_secret(said.strip().encode("utf-8", "replace"), token)
    if settings.metrics != "networks" or _is_passed_on(request):
        return False
    address = client_address(request.scope)
    return address is not None and address.is_loopback


def _is_passed_on(request: Request) -> bool:
    """Tell whether a proxy speaks for somebody else: nobody outside reads meters through it."""
    return any(name in request.headers for name in ("x-forwarded-for", "x-forwarded-host", "forwarded", "x-real-ip"))


def _text(meters: Meters, holder: EditionHolder) -> bytes:
    try:
        with holder.lease() as served:
            meters.served(served.edition)
    except StoreError:
        meters.served(None)
    return meters.text()
