"""Metrics: what they count, who may read them, that no question gets in, and that dashboard and
alerts know them.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from service import Settings
from service.app.application import create_app
from service.language_models import Failure, Limits, ModelAccess, ModelReply, ModelUnavailable
from service.web.http import Meters
from service.web.http.metrics import SHARED
from tests.ingest.cases import cases
from tests.processes import environment
from tests.service.county import motion, report
from tests.service.fakes import client_for
from tests.service.test_privacy import SECRET, ask_everywhere
from vectorstore import EditionStore

MONITORING = Path(__file__).resolve().parents[2] / "docs" / "monitoring"
TOKEN = "ein-langes-wort-fuer-prometheus"
HERE = {"metrics_token": TOKEN}
READER = {"Authorization": f"Bearer {TOKEN}"}


def values(text: str) -> dict[tuple[str, str], float]:
    """Return each value by its name and its labels in order, as "answered extractive"."""
    return {
        (sample.name, " ".join(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def counted(store: EditionStore) -> Iterator[TestClient]:
    with client_for(store, rate_per_minute=0, **HERE) as client:
        yield client


def test_answers_requests_edition_and_ingestion_are_counted(counted: TestClient) -> None:
    for question in (
        "Was ist der Lastenradverleih?",
        "Was ist der Lastenradverleih?",
        "Nichts davon",
    ):
        counted.post("/api/v1/chat", json={"question": question})
    counted.post(
        "/api/v1/chat", json={"question": "Nichts"}, headers={"Accept": "text/event-stream"}
    )
    counted.get("/", params={"frage": "Nichts davon"})
    counted.get("/gibt-es-nicht")
    found = values(counted.get("/metrics", headers=READER).text)
    assert found["strategielotse_answers_total", "extractive answered"] == 2
    assert found["strategielotse_answers_total", "none not_in_documents"] == 3
    assert found["strategielotse_requests_total", "POST /api/v1/chat 200"] == 4
    assert found["strategielotse_requests_total", "GET - 404"] == 1
    assert found["strategielotse_request_seconds_count", "/api/v1/chat"] == 4
    assert found["strategielotse_edition_documents", ""] == 2
    assert found["strategielotse_edition_records", "project"] > 0
    assert found["strategielotse_ready", ""] == 1
    assert found["strategielotse_edition_published_seconds", ""] > 1.7e9
    assert ("strategielotse_ingestion_files", "rejected") in found


def test_records_of_a_kind_that_is_gone_are_none(tmp_path: Path) -> None:
    store, meters = EditionStore(tmp_path), Meters()
    store.publish([report(), motion()])
    with closing(store.open()) as edition:
        meters.report_edition(edition)
    assert records(meters).keys() == {"project", "goal", "theme", "section", "resolution"}
    store.publish([motion()])
    with closing(store.open()) as edition:
        meters.report_edition(edition)
    assert records(meters) == {"section": 1, "resolution": 1}


def records(meters: Meters) -> dict[str, float]:
    """Return how many records of each kind are told, without those of which there are none."""
    told = values(meters.render().decode())
    return {
        kind: number
        for (name, kind), number in told.items()
        if name == "strategielotse_edition_records" and number
    }


def test_steps_of_real_answers(store: EditionStore) -> None:
    app = create_app(Settings(data_dir=store.root, rate_per_minute=0, request_seconds=60, **HERE))  # type: ignore[arg-type]
    with TestClient(app, client=("127.0.0.1", 1)) as client:
        client.post("/api/v1/chat", json={"question": "Was ist der Lastenradverleih?"})
        client.post("/api/v1/chat", json={"question": "Hallo!"})
        found = values(client.get("/metrics", headers=READER).text)
    assert found["strategielotse_answer_step_seconds_count", "search"] == 2
    assert found["strategielotse_answer_step_seconds_count", "total"] == 2


@cases("settings", "authorization", "status")
def test_who_may_read_them(
    store: EditionStore, settings: dict[str, Any], authorization: str, status: int
) -> None:
    client = client_for(store, rate_per_minute=0, **settings)
    assert client.get("/metrics", headers={"Authorization": authorization}).status_code == status


def test_no_question_gets_in(counted: TestClient) -> None:
    ask_everywhere(counted)
    assert SECRET.lower() not in counted.get("/metrics", headers=READER).text.lower()


def test_the_model_is_counted_with_its_cost_and_rest() -> None:
    meters, replies = Meters(), iter(["da", *[Failure.BROKEN] * 3])

    def reply(_: object) -> ModelReply:
        if next(replies) == "da":
            return ModelReply("da", 1000, 10)
        raise ModelUnavailable(Failure.BROKEN)

    access = ModelAccess(object, Limits(price_read=2.0, price_written=100.0))  # type: ignore[arg-type]
    access.report_reply = meters.count_reply
    access.count_reply(access.run_with_model(reply))
    for _ in range(4):
        with pytest.raises(ModelUnavailable):
            access.run_with_model(reply)
    found = values(meters.render().decode())
    assert found["strategielotse_model_requests_total", "replied"] == 1
    assert found["strategielotse_model_requests_total", Failure.BROKEN.value] == 3
    assert found["strategielotse_model_requests_total", Failure.RESTING.value] == 1
    assert found["strategielotse_model_tokens_total", "read"] == 1000
    assert found["strategielotse_model_cost_total", ""] == pytest.approx(0.003)
    assert found["strategielotse_model_resting_until_seconds", ""] > 1.7e9


def expressions() -> list[str]:
    board = json.loads((MONITORING / "dashboard.json").read_text(encoding="utf-8"))
    rules = yaml.safe_load((MONITORING / "alerts.yaml").read_text(encoding="utf-8"))
    shown = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    return [*shown, *(rule["expr"] for group in rules["groups"] for rule in group["rules"])]


def time_series(meters: Meters) -> Iterator[str]:
    """The names of all time series that Prometheus stores."""
    suffixes = {"counter": [""], "gauge": [""], "histogram": ["_bucket", "_count", "_sum"]}
    # when a counter began is no time series of its own
    for name, kind in re.findall(
        r"(?m)^# TYPE (\w+)(?<!_created) (\w+)$", meters.render().decode()
    ):
        yield from (name + suffix for suffix in suffixes[kind])


def test_dashboard_and_alerts_name_metrics_that_exist() -> None:
    named = {
        name
        for expression in expressions()
        for name in re.findall(r"strategielotse_\w+", expression)
    }
    names = set(time_series(Meters()))
    assert len(named) >= 13
    assert named - names == set()
    unused = {item for item in names if not item.endswith(("_count", "_sum"))} - named
    assert unused == set(), "what is counted is also shown"


COUNTING = (
    "from service.web.http.metrics import Meters; meters = Meters(); "
    "meters.count_request('GET', '/documents', 200, 0.1); meters.count_reply('replied', 7, 1, 0.5, 0.0); "
    "print(meters.render().decode())"
)


def test_several_processes_count_together(tmp_path: Path) -> None:
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", COUNTING], cwd=MONITORING.parents[1], env=environment(**{SHARED: str(tmp_path)}),
            capture_output=True, text=True, timeout=120, check=True,
        )  # fmt: skip
    found = values(done.stdout)
    assert found["strategielotse_requests_total", "GET /documents 200"] == 2
    assert found["strategielotse_model_tokens_total", "read"] == 14
    assert found["strategielotse_model_cost_total", ""] == 1
