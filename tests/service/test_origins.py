"""Nothing is sent from foreign websites: what browsers say of where a request comes from decides,
and programs pass.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service import Settings
from tests.ingest.cases import cases
from tests.service.fakes import client_for
from tests.service.mail_server import GOOD, Inbox, mail_server, post, settings_of
from tests.service.test_feedback import issued
from vectorstore import EditionStore

FEEDBACK = "/api/v1/feedback"
WEBSITE = "https://www.auenland.example"
OWN = "http://testserver"


@pytest.fixture
def settings(inbox: Inbox, store: EditionStore) -> Iterator[Settings]:
    with mail_server(inbox) as port:
        yield settings_of(store, port, allowed_origins=(WEBSITE,))


def rate(client: TestClient, headers: dict[str, str]) -> int:
    """Send a rating from somewhere; return the status."""
    body = {"answer_id": issued(client), "helpful": True}
    return client.post(FEEDBACK, json=body, headers=headers).status_code


@cases("headers", "status")
def test_who_may_send(
    client: TestClient, inbox: Inbox, headers: dict[str, str], status: int
) -> None:
    assert rate(client, headers) == status
    assert post(client, GOOD, None, **headers).status_code == status
    assert len(inbox.got) == (status == 204)


def test_a_refusal_is_a_problem_and_names_the_setting(client: TestClient) -> None:
    response = client.post(FEEDBACK, content=b"{", headers={"Origin": "https://boese.example"})
    assert (response.status_code, response.headers["content-type"]) == (
        403,
        "application/problem+json",
    )
    assert response.json()["type"].endswith(":foreign-site")
    assert "STRATEGIELOTSE_ALLOWED_ORIGINS" in response.json()["detail"]
    assert "content-security-policy" in response.headers


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://boese.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_questions_and_reading_stay_open(client: TestClient, headers: dict[str, str]) -> None:
    assert (
        client.post("/api/v1/chat", json={"question": "Wer?"}, headers=headers).status_code == 200
    )
    assert client.get("/api/v1/projects", headers=headers).status_code == 200
    assert client.head("/", headers=headers).status_code == 200


@cases("peer", "headers", "status")
def test_the_own_origin_behind_a_proxy(
    store: EditionStore, peer: str, headers: dict[str, str], status: int
) -> None:
    client = client_for(store, peer, rate_per_minute=0, trusted_proxies=("10.0.0.0/8",))
    assert rate(client, {"Origin": "https://lotse.example", **headers}) == status


def test_every_origin_may_be_allowed(store: EditionStore) -> None:
    client = client_for(store, "203.0.113.9", rate_per_minute=0, allowed_origins=("*",))
    for headers in (
        {"Origin": "https://irgendwo.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert rate(client, headers) == 204
