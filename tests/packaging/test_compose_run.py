"""A new administrator follows README to several machines: documents in, corrected, asked, and a service that dies.

There is no container engine here: tests/packaging/composed.py runs what the compose file says.
"""

from __future__ import annotations

import html
import json
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.packaging.composed import NAME, Composed, composed
from tests.processes import REPOSITORY, until
from tests.service.printed_papers import printed
from tests.service.test_cli_drafts import plan
from vectorstore.editions import EditionStore
from vectorstore.shared_shelf import SharedShelf

pytestmark = pytest.mark.long  # real servers: minutes of their own

UPLOADS = "/staff/uploads"
QUESTION = "Welche Maßnahmen gibt es?"
OWN = ("answer_id", "timings_ms")
SECONDS = 240.0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Composed]:
    with composed(tmp_path_factory.mktemp("compose"), "geheim4711") as running:
        yield running


@pytest.fixture(scope="module")
def browser_of(running: Composed) -> Iterator[httpx.Client]:
    """Who follows README's steps, by the link that its command prints, through nginx."""
    (words,) = re.findall(
        r"^docker compose --file compose.several.yaml exec lotse-1 (strategielotse staff-link .*)$",
        (REPOSITORY / "README.md").read_text(),
        re.M,
    )
    printed_link = running.call("lotse-1", *shlex.split(words)[1:])
    assert printed_link.returncode == 0, printed_link.stderr
    link = printed_link.stdout.strip().splitlines()[-1]
    assert link.startswith(f"https://{NAME}/staff/sign-in?token=")
    said = {"Origin": running.front.url, "Accept": "text/html"}
    with httpx.Client(base_url=running.front.url, verify=running.front.tls, timeout=60, headers=said) as client:
        empty = client.get(link.removeprefix(f"https://{NAME}"), follow_redirects=True)
        assert "Noch keine Dokumente" in empty.text and 'href="/staff/uploads"' in empty.text
        yield client


def waiting(what: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """Return what something gives as soon as it gives anything; raises AssertionError where it never does."""
    found: list[Any] = []

    def there() -> bool:
        found.append(what())
        return bool(found[-1])

    until(there, seconds)
    return found[-1]


def finished(client: httpx.Client, job: str) -> str:
    """Wait until a reading is over, asking now one service and now the other; return where its outcome stands."""
    state = waiting(lambda: said if not (said := client.get(f"{job}/state").json())["open"] else None)
    return str(state["next"])


def ask(url: str, **options: Any) -> dict[str, Any]:
    answer = httpx.post(f"{url}/api/v1/chat", json={"question": QUESTION}, timeout=60, **options)
    assert answer.status_code == 200, answer.text
    return {key: value for key, value in answer.json().items() if key not in OWN}


def everywhere(running: Composed, path: str) -> list[Any]:
    """Return what each service says by itself."""
    return [httpx.get(one.url + path, timeout=60).json() for one in running.services.values()]


def test_the_steps_of_readme_lead_to_the_same_answers_from_both(
    running: Composed, browser_of: httpx.Client, tmp_path: Path
) -> None:
    client = browser_of
    files = [
        ("files", ("klimaplan.md", plan(tmp_path, 66, 5).read_bytes())),
        ("files", ("radwege.pdf", printed(tmp_path / "rad.pdf").read_bytes())),
    ]
    handed_in = client.post(UPLOADS, files=files)
    assert handed_in.status_code == 303, handed_in.text
    draft = finished(client, handed_in.headers["location"])
    assert "/drafts/" in draft, client.get(draft).text
    for _ in range(4):  # either service shows it
        page = client.get(draft)
        assert page.status_code == 200 and "5 Maßnahmen" in " ".join(html.unescape(page.text).split())
    picture = re.search(rf'{draft}/pages/[^"]+', page.text)
    assert picture and client.get(html.unescape(picture[0])).content[:4] == b"\x89PNG"
    (digest,) = set(re.findall(r'name="digest" value="(\w+)"', page.text))
    name = draft.rpartition("/")[2]
    assert client.post(f"{UPLOADS}/publish", data={"name": name, "digest": digest}).status_code == 303
    waiting(lambda: {one.get("corpus_edition") for one in everywhere(running, "/api/v1/documents")} == {name})

    found, _ = everywhere(running, "/api/v1/lookup?q=Bäume pflanzen")
    item = next(f"{one['document_id']}/{one['key']}" for one in found["items"] if one["title"] == "Bäume pflanzen")
    right = {"part": "title", "value": "Bäume schützen", "instead_of": "Bäume pflanzen", "reason": "Beschluss"}
    kept = client.post(f"/staff/items/{item}/correction", data={**right, "confirmed": "true"})
    assert kept.status_code == 303, kept.text
    for _ in range(4):
        assert "Bäume schützen" in html.unescape(client.get("/staff/corrections").text)
    assert client.post("/staff/corrections/publish").status_code == 303
    waiting(lambda: [one["title"] for one in everywhere(running, f"/api/v1/items/{item}")] == ["Bäume schützen"] * 2)

    through = ask(running.front.url, verify=running.front.tls)
    assert through["status"] == "answered" and "Bäume schützen" in json.dumps(through, ensure_ascii=False)
    assert [json.dumps(ask(one.url)) for one in running.services.values()] == [json.dumps(through)] * 2


def test_a_clerk_takes_a_topic_into_a_paper(browser_of: httpx.Client) -> None:
    page = browser_of.get("/staff/topics", params={"q": "Radwege"})
    assert page.status_code == 200 and "Radwege bauen" in page.text
    assert "Radwege bauen" in browser_of.get("/staff/topics/text", params={"q": "Radwege"}).text
    word = browser_of.get("/staff/topics.docx", params={"q": "Radwege"})
    assert word.status_code == 200 and word.content[:2] == b"PK"


def test_files_beyond_twenty_megabytes_reach_the_service(running: Composed, browser_of: httpx.Client) -> None:
    large = [("files", ("gross.exe", b"MZ\0\0" + bytes(21_000_000)))]
    answer = browser_of.post(UPLOADS, files=large)
    assert answer.status_code == 422 and "Das ist keine PDF-" in answer.text
    assert (
        browser_of.post("/staff/name", content=bytes(21_000_000)).status_code == 413
    )  # and nothing else may be so large


def test_when_a_service_dies_asking_and_reading_go_on(
    running: Composed, browser_of: httpx.Client, tmp_path: Path
) -> None:
    said = ask(running.front.url, verify=running.front.tls)
    settings = running.settings["lotse-1"]
    shelf = SharedShelf(tmp_path / "writer", settings["STRATEGIELOTSE_DATABASE_URL"])
    store = EditionStore(tmp_path / "writer", chroma_url=settings["STRATEGIELOTSE_CHROMA_URL"], shelf=shelf)
    client = browser_of
    first = httpx.Client(base_url=running.services["lotse-1"].url, cookies=dict(client.cookies), timeout=60)
    first.headers["Origin"] = running.services["lotse-1"].url
    with first, store.writing():  # so that the reading waits
        files = [("files", ("leitbild.md", b"# Leitbild\n\nWir sind ein offener Kreis.\n"))]
        handed_in = first.post(UPLOADS, files=files)
        assert handed_in.status_code == 303, handed_in.text
        job = handed_in.headers["location"]
        waiting(lambda: "Wartet" in client.get(f"{job}/state").json()["step"])
        running.kill("lotse-1")
        assert [ask(running.front.url, verify=running.front.tls) for _ in range(10)] == [said] * 10
    assert finished(client, job) == job
    assert "Das Einlesen brach ab" in client.get(job).text
    assert client.post(f"{job}/again").status_code == 303
    assert "/drafts/" in finished(client, job), client.get(job).text
