"""OpenTelemetry by FastAPI's automatic set-up: what a collector gets, never what was asked, and
nothing unasked.
"""

from __future__ import annotations

import urllib.request
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.http_servers import QuietHandler, serving_by
from tests.processes import imported_by, serving, until
from tests.service.county import publish_county

SECRET = "Geheimnisvoll"


class Collector(ThreadingHTTPServer):
    """A stand-in for a collector on loopback: bodies by path."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Receiver)
        self.received: list[tuple[str, bytes]] = []


class _Receiver(QuietHandler):
    server: Collector

    def do_POST(self) -> None:
        self.server.received.append(
            (self.path, self.rfile.read(int(self.headers["Content-Length"])))
        )
        self.send_response(200)
        self.end_headers()


def spans(server: Collector) -> dict[str, dict[str, Any]]:
    """Return the attributes of each span by its name."""
    found = {}
    for path, body in list(server.received):
        if path == "/v1/traces":
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                for span in (span for scope in resource.scope_spans for span in scope.spans):
                    attributes = (*resource.resource.attributes, *span.attributes)
                    found[span.name] = {
                        attribute.key: attribute.value.string_value or attribute.value.int_value
                        for attribute in attributes
                    }
    return found


def test_a_collector_gets_routes_and_times_and_never_what_was_asked(tmp_path: Path) -> None:
    publish_county(tmp_path / "data")
    server = Collector()
    with serving_by(server) as address:
        asked = {
            "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
            "OTEL_SERVICE_NAME": "strategielotse",
            "OTEL_EXPORTER_OTLP_ENDPOINT": address,
            "OTEL_BSP_SCHEDULE_DELAY": "100",
            "OTEL_METRIC_EXPORT_INTERVAL": "300",
        }
        with serving(tmp_path / "data", **asked) as served:
            served.get(f"/?frage={SECRET}")
            served.get(f"/api/v1/search?q={SECRET}")
            body = f'{{"question": "{SECRET}?"}}'.encode()
            headers = {"Content-Type": "application/json"}
            request = urllib.request.Request(f"{served.url}/api/v1/chat", body, headers)
            urllib.request.urlopen(request, timeout=60).close()
            until(
                lambda: {"GET /", "GET /api/v1/search", "POST /api/v1/chat"} <= spans(server).keys()
            )
            until(lambda: any(path == "/v1/metrics" for path, _ in list(server.received)))
        attributes = spans(server)["GET /api/v1/search"]
        assert (attributes["service.name"], attributes["http.response.status_code"]) == (
            "strategielotse",
            200,
        )
        assert (attributes["url.path"], attributes["url.query"]) == ("-", "-")
        assert {path for path, _ in server.received} <= {"/v1/traces", "/v1/metrics"}, "no logs"
        assert not any(SECRET.encode() in body for _, body in server.received)
        bodies = [body for path, body in server.received if path == "/v1/metrics"]
        assert "http.server.request.duration" in str(
            ExportMetricsServiceRequest.FromString(bodies[-1])
        )


def test_nothing_of_it_is_imported_or_sent_where_nobody_asks(tmp_path: Path) -> None:
    publish_county(tmp_path)
    code = f"""
from pathlib import Path
from starlette.testclient import TestClient
from service.app.application import create_app
from service.settings import Settings
with TestClient(create_app(Settings(data_dir=Path({str(tmp_path)!r})))) as client:
    assert client.get("/").status_code == 200
"""
    parts = ("sdk", "exporter", "instrumentation", "proto")
    assert imported_by(code).isdisjoint(f"opentelemetry.{part}" for part in parts)
