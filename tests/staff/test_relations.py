"""One text in two files and a series, on the page of a draft: one click decides what counts, once it
is published; of two who decide at once the second is told.
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
from tests.browsing import by_keyboard, check_shown, served_here, staff_page, troubles
from tests.ingest.test_relations import write_plan, yearly
from tests.sharing import copy_of
from tests.staff.signing_in import signed_in
from tests.staff.test_uploads import client_of, draft_of, publish_draft, said, sent
from tests.staff.test_walk import READ
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


def decide(client: TestClient, chosen: str, **more: str) -> str:
    """Decide in the draft of a published document; return the address of the draft then, or why
    there is none.
    """
    form = {"document": "a", **SAME, "chosen": chosen, **more}
    draft = draft_of(client, form["document"]).partition("?")[0]
    return sent(client, f"{draft}/relation", **form)


def test_a_decision_is_told_holds_once_it_is_published_and_is_taken_back(
    client: TestClient, data: Path
) -> None:
    for document in ("a", "b"):
        page = said(client, draft_of(client, document))
        assert "Derselbe Text wie" in page and "Gezählt wird" in page
        assert "Entwurf, noch nicht" not in page
    assert "Dieselbe Reihe wie „Klimabericht 2025" in said(client, draft_of(client, "alt"))
    found = {"a": "b", "alt": "neu"}
    before = "open"
    for chosen, counts in (("both", {}), ("this", {"b": "a"}), ("open", {"a": "b"})):
        draft = decide(client, chosen, before=before)
        assert superseded(data) == found
        assert draft_of(client, "b") == f"{draft}?document=b"
        page = said(client, draft_of(client, "b"))
        assert (say("review.counts_both") in page) is (chosen == "both")
        assert ("Zurücknehmen" in page) is (chosen != "open")
        publish_draft(client, draft)
        found = {**counts, "alt": "neu"}
        assert superseded(data) == found
        before = chosen


def test_who_decides_second_is_told(client: TestClient) -> None:
    decide(client, "both")
    assert say("review.decided_meanwhile") in decide(client, "other")
    assert say("review.counts_both") in said(client, draft_of(client, "a"))


def test_what_is_no_relation_or_not_allowed_is_refused(client: TestClient, data: Path) -> None:
    path = f"{draft_of(client, 'a').partition('?')[0]}/relation"

    def status(client: TestClient, **more: str) -> int:
        form = {"document": "a", **SAME, "chosen": "both", **more}
        return client.post(path, data=form).status_code

    for other in ("nix", " ", "a"):
        assert status(client, other=other) == 404
    assert status(client, kind="nix") == status(client, document="nix") == 404
    assert status(client, chosen="nix") == 422
    assert load_relations(EditionStore(data).texts) == {}
    assert "Dieses Papier ändern" in client.get("/staff/documents/a").text
    with client_of(data) as reader:
        signed_in(reader, Role.READER)
        assert status(reader) == reader.get("/staff/uploads/drafts?document=a").status_code == 403
        assert "Dieses Papier ändern" not in reader.get("/staff/documents/a").text


def test_a_draft_that_waits_takes_the_decision(client: TestClient, data: Path) -> None:
    file = yearly(data.parent / "neuer.md", 2026, 4)
    draft = sent(client, "/staff/uploads", [("files", (file.name, file.read_bytes()))])
    path = draft.partition("?")[0]
    assert draft_of(client, "a").startswith(path)
    assert "Dieselbe Reihe wie" in said(client, f"{path}?document=neuer")
    form = {"document": "neuer", "other": "neu", "kind": "followed_by", "before": "open"}
    decided = sent(client, f"{path}/relation", chosen="both", **form)
    name = decided.partition("?")[0].rpartition("/")[2]
    assert superseded(data, name) == {"a": "b", "alt": "neuer"}


@pytest.mark.browser
def test_one_decides_by_keyboard_and_the_page_is_accessible(browser: Any, data: Path) -> None:
    with served_here(data) as server, staff_page(browser, server) as page:
        assert troubles(page, "light", {"document": "/staff/documents/a"}) == []
        by_keyboard(page, "link", "Dieses Papier ändern")
        page.wait_for_url("**/drafts/*")
        check_shown(page, "light", "narrow")
        by_keyboard(page, "button", "Beide zählen")
        page.get_by_text(say("review.counts_both")).wait_for(timeout=READ)
        check_shown(page, "light")
        by_keyboard(page, "button", "Veröffentlichen", exact=True)
        page.get_by_text("Veröffentlicht. Antworten").wait_for()
    assert superseded(data) == {"alt": "neu"}
