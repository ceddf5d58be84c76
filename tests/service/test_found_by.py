"""What passages are found by, as the service says it: the encoder, an endpoint, or words alone."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import Settings, load_settings
from service.app.application import create_app
from tests.service.county import publish_report, report
from tests.service.fakes import client_over
from tests.vectorstore.test_embeddings import HOSTILE, endpoint
from vectorstore import EditionStore, encoder, endpoints
from vectorstore.encoder import packaged_encoder
from vectorstore.endpoints import EndpointEmbedding

NOBODY = "http://127.0.0.1:9/v1"


def state(settings: Settings) -> str:
    """What `/readyz` says; the service answers whatever that is."""
    with TestClient(create_app(settings)) as client:
        answer = client.post("/api/v1/chat", json={"question": "Welche Projekte gibt es?"})
        assert answer.status_code == 200 and answer.json()["answer"]
        found_by = str(client.get("/readyz").json()["embedding"])
        noticed = "words_only" in {item["code"] for item in answer.json()["notices"]}
        assert noticed is (found_by == "words")
        return found_by


def test_an_edition_of_the_encoder_is_found_in_by_it(tmp_path: Path) -> None:
    EditionStore(tmp_path, packaged_encoder()).publish([report()])
    assert state(load_settings(data_dir=tmp_path)) == "encoder"


def test_an_edition_of_words_stays_one_of_words_and_the_log_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish_report(tmp_path)
    with caplog.at_level(logging.WARNING):
        assert state(load_settings(data_dir=tmp_path)) == "words"
    assert "ingest --again" in caplog.text


def test_without_the_encoder_all_is_found_by_words_and_the_log_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    EditionStore(tmp_path, packaged_encoder()).publish([report()])
    monkeypatch.setattr(encoder, "PACKAGE", "there-is-no-such-package")
    with caplog.at_level(logging.WARNING):
        assert state(load_settings(data_dir=tmp_path)) == "words"
    assert "there-is-no-such-package" in caplog.text and "nach Wörtern" in caplog.text


@pytest.fixture
def by_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An edition whose passages have vectors, as if an endpoint had given them."""
    monkeypatch.setattr(
        EndpointEmbedding, "vectors", lambda self, texts: packaged_encoder().vectors(texts)
    )
    make = EndpointEmbedding.__init__

    def make_with_one_identity(self: EndpointEmbedding, model: str, url: str | None) -> None:
        make(self, model, url)
        self.identity = "openai:m"  # whatever its address

    monkeypatch.setattr(EndpointEmbedding, "__init__", make_with_one_identity)
    EditionStore(tmp_path, EndpointEmbedding("m", None)).publish([report()])
    return tmp_path


def test_an_endpoint_that_is_gone_leaves_the_service_ready(by_endpoint: Path) -> None:
    assert state(load_settings(data_dir=by_endpoint, embedding=f"openai:m@{NOBODY}")) == "words"


def test_whatever_an_endpoint_sends_the_answer_is_one_by_words_and_says_so(
    by_endpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "QUESTION_SECONDS", 0.3)
    monkeypatch.setattr(endpoints, "_IN_A_ROW", 1000)  # so that each is asked
    replies = iter(HOSTILE.values())
    with endpoint() as served:
        served.reply = lambda asked: next(replies, (500, {}, []))
        settings = load_settings(data_dir=by_endpoint, embedding=f"openai:m@{served.url}")
        with TestClient(create_app(settings)) as client:
            for number in range(len(HOSTILE)):
                answer = client.post(
                    "/api/v1/chat", json={"question": f"Welche Projekte hat Abteilung {number}?"}
                )
                assert answer.status_code == 200 and answer.elapsed.total_seconds() < 5
                assert "words_only" in {item["code"] for item in answer.json()["notices"]}
        assert len(served.asked) >= len(HOSTILE)


@pytest.mark.parametrize(
    "detail", ["0171 2345678", "erika.muster@example.org", "DE89 3704 0044 0532 0130 00"]
)
def test_what_belongs_to_a_person_is_not_sent_to_an_endpoint(
    by_endpoint: Path, detail: str
) -> None:
    question = f"Welche Projekte hat Abteilung 66, bitte an {detail}?"
    with endpoint() as served:
        with client_over(by_endpoint, embedding=f"openai:m@{served.url}") as client:
            assert client.post("/api/v1/chat", json={"question": question}).status_code == 200
            asked = len(served.asked)
            assert client.get("/api/v1/search", params={"q": f"{question}?"}).status_code == 200
        assert 0 < asked < len(served.asked)
        sent = "\n".join(map(str, served.asked))
    assert "Abteilung" in sent and detail not in sent and detail.split()[-1] not in sent


def test_what_is_no_embedding_is_refused_by_the_settings() -> None:
    with pytest.raises(ValueError, match="EMBEDDING"):
        load_settings(embedding="default")
