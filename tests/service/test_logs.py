"""JSON log lines: one object each, with the request's id and route, and nothing that anybody wrote."""

from __future__ import annotations

import io
import json
import logging

import pytest
from starlette.testclient import TestClient

from service.logs import JsonLines, RequestIdInLog
from tests.service.test_privacy import SECRET, ask_everywhere


@pytest.fixture
def lines() -> io.StringIO:
    return io.StringIO()


def test_every_line_is_an_object_and_holds_no_question(client: TestClient, lines: io.StringIO) -> None:
    handler = logging.StreamHandler(lines)
    handler.addFilter(RequestIdInLog())
    handler.setFormatter(JsonLines())
    log = logging.getLogger("strategielotse")
    log.addHandler(handler)
    before = log.level
    log.setLevel(logging.INFO)
    try:
        answered = client.get("/documents", params={"x": SECRET})
        ask_everywhere(client)
    finally:
        log.removeHandler(handler)
        log.setLevel(before)
    told = [json.loads(line) for line in lines.getvalue().splitlines()]
    first = next(one for one in told if one.get("route") == "/documents")
    assert first["request_id"] == answered.headers["x-request-id"]
    assert (first["method"], first["status"], first["level"]) == ("GET", 200, "INFO")
    assert first["milliseconds"] >= 0 and first["time"].endswith("+00:00")
    assert any(one.get("status") == 500 for one in told)
    assert SECRET.lower() not in lines.getvalue().lower()


def test_of_an_error_its_kind_and_place_are_told() -> None:
    try:
        raise ValueError(f"zerbrochen an {SECRET}")
    except ValueError:
        record = logging.getLogger("x").makeRecord(
            "x", 40, __file__, 1, "Fehler\nzwei", (), __import__("sys").exc_info()
        )
    line = JsonLines().format(record)
    assert "\n" not in line and SECRET not in line
    assert json.loads(line)["error"] == "ValueError" and "test_logs.py" in json.loads(line)["place"]
