"""GET /metrics: for Prometheus, and for nobody where it is not set up."""

from __future__ import annotations

from anyio import to_thread
from fastapi import APIRouter, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST

from service.deps import HolderDep, SettingsDep
from service.edition_holder import EditionHolder
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
    """Tell whether a request has the token that is set."""
    scheme, _, said = request.headers.get("authorization", "").partition(" ")
    token = settings.metrics_token.get_secret_value() if settings.metrics_token else ""
    return scheme.lower() == "bearer" and same_secret(said.strip().encode("utf-8", "replace"), token)


def _text(meters: Meters, holder: EditionHolder) -> bytes:
    try:
        with holder.lease() as served:
            meters.served(served.edition)
    except StoreError:
        meters.served(None)
    return meters.text()
