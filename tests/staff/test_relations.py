"""One text in two files and a series, on the pages of staff: one click decides what counts, at the
next publishing; of two who decide at once the second is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from ingest import IngestRequest, load_relations, run_ingest
from prompts import say
from service import Role
from tests.browsing import served_here, staff_page, troubles
from tests.ingest.test_relations import write_plan, yearly
from tests.sharing import copy_of
from tests.staff.signing_in import signed_in
from tests.staff.test_uploads import client_of, said, sent
from vectorstore import EditionStore

SAME = {"other": "b", "kind": "same_as", "before": "open"}


def ingest(folder: Path) -> None:
    """Publish one text in two files and two years of a report."""
    paths = [write_plan(folder / "a.docx"), write_plan(folder / "b.pdf")]
    paths += [yearly(folder / "alt.md", 2023, 3), yearly(folder / "neu.md", 2025, 5)]
    run_ingest(IngestRequest(tuple(paths)), EditionStore(folder / "data"))


def superseded(data: Path, edition: str | None = None) -> dict[str, str | None]:
    with closing(EditionStore(data).open(edition)) as opened:
        return dict(opened.catalogue.superseded)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return copy_of("relations", ingest, tmp_path) / "data"


@pytest.fixture
def client(data: Path) -> Iterator[TestClient]:
    with client_of(data) as client:
        yield signed_in(client)


def decide(client: TestClient, chosen: str, **more: str) -> Any:
    form = {**SAME, "chosen": chosen, **more}
    return client.post("/staff/documents/a/relation", data=form, follow_redirects=False)


def test_a_decision_is_told_holds_at_the_next_publishing_and_is_taken_back(
    client: TestClient, data: Path
) -> None:
    for document in ("a", "b"):
        page = said(client, f"/staff/documents/{document}")
        assert "Derselbe Text wie" in page and "Gezählt wird" in page
    assert "Dieselbe Reihe wie „Klimabericht 2025" in said(client, "/staff/documents/alt")
    assert decide(client, "both").headers["location"] == "/staff/documents/a?done=true"
    assert say("review.decided") in said(client, "/staff/documents/a?done=true")
    for document in ("a", "b"):
        page = said(client, f"/staff/documents/{document}")
        assert say("review.counts_both") in page and "Zurücknehmen" in page
    assert superseded(data) == {"a": "b", "alt": "neu"}
    run_ingest(IngestRequest(again=True), EditionStore(data))
    assert superseded(data) == {"alt": "neu"}
    assert decide(client, "this", before="both").status_code == 303
    run_ingest(IngestRequest(again=True), EditionStore(data))
    assert superseded(data) == {"b": "a", "alt": "neu"}
    assert decide(client, "open", before="this").status_code == 303
    run_ingest(IngestRequest(again=True), EditionStore(data))
    assert superseded(data) == {"a": "b", "alt": "neu"}


def test_who_decides_second_is_told(client: TestClient) -> None:
    assert decide(client, "both").status_code == 303
    late = decide(client, "other")
    assert late.status_code == 409 and say("review.decided_meanwhile") in late.text
    assert say("review.counts_both") in late.text


def test_what_is_no_relation_or_not_allowed_is_refused(client: TestClient, data: Path) -> None:
    assert decide(client, "both", other="nix").status_code == 404
    assert decide(client, "both", other="a").status_code == 404
    assert decide(client, "both", kind="nix").status_code == 404
    assert decide(client, "nix").status_code == 422
    with client_of(data) as reader:
        signed_in(reader, Role.READER)
        assert decide(reader, "both").status_code == 403
        assert "Beide zählen" not in reader.get("/staff/documents/a").text


def test_in_a_draft_a_decision_has_it_read_again(client: TestClient, data: Path) -> None:
    folder = data.parent
    file = yearly(folder / "neuer.md", 2026, 4)
    draft = sent(client, "/staff/uploads", [("files", (file.name, file.read_bytes()))])
    path = draft.partition("?")[0]
    assert "Dieselbe Reihe wie" in said(client, f"{path}?document=neuer")
    form = {"document": "neuer", "other": "neu", "kind": "followed_by", "before": "open"}
    decided = sent(client, f"{path}/relation", chosen="both", **form)
    name = decided.partition("?")[0].rpartition("/")[2]
    assert superseded(data, name) == {"a": "b", "alt": "neuer"}
    late = client.post(f"{decided.partition('?')[0]}/relation", data={**form, "chosen": "this"})
    assert late.status_code == 409 and say("review.decided_meanwhile") in late.text


def test_in_a_draft_no_decision_is_on_a_document_that_is_not_there(
    client: TestClient, data: Path
) -> None:
    file = yearly(data.parent / "neuer.md", 2026, 4)
    draft = sent(client, "/staff/uploads", [("files", (file.name, file.read_bytes()))])
    form = {"document": "neuer", "kind": "followed_by", "before": "open", "chosen": "both"}
    path = f"{draft.partition('?')[0]}/relation"
    for other in ("nix", " ", "neuer"):
        assert client.post(path, data={**form, "other": other}).status_code == 404
    assert load_relations(EditionStore(data).texts).pairs == ()


@pytest.mark.browser
def test_one_decides_by_keyboard_and_the_page_is_accessible(browser: Any, data: Path) -> None:
    with served_here(data) as server, staff_page(browser, server) as page:
        assert troubles(page, "light", {"document": "/staff/documents/a"}) == []
        page.get_by_role("button", name="Beide zählen").focus()
        page.keyboard.press("Enter")
        page.get_by_role("status").get_by_text(say("review.decided")).wait_for()
        assert say("review.counts_both") in page.inner_text("main")
        states = {"decided": page.url, "newest": "/staff/documents/neu"}
        for look in ("light", "narrow"):
            assert troubles(page, look, states) == []
        page.goto("/staff/documents/b")
        page.get_by_role("button", name="Zurücknehmen").focus()
        page.keyboard.press("Enter")
        page.get_by_role("status").get_by_text(say("review.decided")).wait_for()
        assert "Gezählt wird" in page.inner_text("main")
