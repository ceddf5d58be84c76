"""What runs here, and what people thought of answers."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.feedback import FILE, FeedbackReason, FeedbackRequest, FeedbackStore
from service.ingestion.uploads import UploadReader
from service.settings import Settings
from service.staff.roles import Role
from tests.service.county import report
from tests.staff.conftest import ClientFor
from tests.staff.signing_in import signed_in
from vectorstore.editions import EditionStore


@pytest.fixture
def own(tmp_path: Path) -> TestClient:
    """A client of a service with editions of its own."""
    EditionStore(tmp_path).publish([report()])
    settings = Settings(data_dir=tmp_path, rate_per_minute=0)
    app = create_app(settings, reader=UploadReader(settings))
    return signed_in(TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False))


def test_what_runs_here_is_told(client_for: ClientFor, store: EditionStore) -> None:
    page = signed_in(client_for()).get("/staff/administration").text
    assert str(store.root) in page and "keines; Antworten entstehen ohne" in page and "ollama pull" in page
    assert store.current_name() in page
    with_model = client_for(answer_model="openai:qwen3:8b@http://127.0.0.1:9/v1")
    told = signed_in(with_model).get("/staff/administration").text
    assert "qwen3:8b (127.0.0.1)" in told and "ollama pull" not in told and "noch keine" in told
    reader = signed_in(client_for(), Role.READER).get("/staff/administration").text
    assert str(store.root) not in reader and "Version" in reader


def test_ratings_are_counted_by_day_and_reason(own: TestClient, tmp_path: Path) -> None:
    assert "Es gibt noch keine Bewertungen." in own.get("/staff/ratings").text
    store = FeedbackStore(tmp_path)
    for number, day in ((1, 3), (2, 4)):
        given = FeedbackRequest(answer_id=f"{number:026}", helpful=number == 1, reason=_reason(number))
        store.keep(given, "e", date(2026, 11, day))
    page = own.get("/staff/ratings").text
    assert "1 Antwort hat geholfen, 1 nicht." in page and page.index("04.11.2026") < page.index("03.11.2026")
    rows = list(csv.DictReader(io.StringIO(own.get("/staff/ratings.csv").text.lstrip("\ufeff")), delimiter=";"))
    assert [(one["day"], one["helpful"], one["wrong"]) for one in rows] == [
        ("2026-11-03", "1", "0"),
        ("2026-11-04", "0", "1"),
    ]


def _reason(number: int) -> FeedbackReason | None:
    return FeedbackReason.WRONG if number == 2 else None


def test_ratings_that_cannot_be_read_are_a_problem_in_words(own: TestClient, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"no database" * 100)
    assert own.get("/staff/ratings", headers={"Accept": "text/html"}).status_code == 503
