"""Curated answers in a real Chromium: no violations in any state, written without scripts, told by a running server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.curated.store import CuratedStore
from tests.curated.conftest import REPORT, night_bus
from tests.machine import heard
from tests.processes import Server, serving
from tests.staff.browsing import TOO_WIDE, violations
from tests.staff.signing_in import staff_context
from vectorstore.database import Database

pytestmark = pytest.mark.browser
LATER = date.today() + timedelta(days=90)


@pytest.fixture(scope="module")
def server(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("curated-browser")
    shutil.copytree(sample_data, root / "data")
    with serving(root) as server:
        yield server


@pytest.fixture(scope="module")
def states(server: Server) -> dict[str, str]:
    """Every state of the pages with its address; what is shown is written beside the running server."""
    store = CuratedStore(Database(server.data))
    valid = store.add(night_bus(valid_until=LATER), "Ada").entry
    store.edit(valid, night_bus(valid_until=LATER, owner="Amt 80"), "Bo")
    expired = store.add(night_bus(question="Was kostet der Rufbus?", valid_until=date(2020, 1, 1)), "Ada").entry
    cited = ((REPORT, "5.1.1.1"), (REPORT, "9.9.9"))
    unproven = store.add(night_bus(question="Fährt er bis vier?", text="Bis 4:30 Uhr.", citations=cited), "Ada").entry
    removed = store.remove(store.add(night_bus(question="Fährt er?"), "Ada").entry, "Ada").entry
    entries = {"valid": valid, "expired": expired, "unproven": unproven, "removed": removed}
    pages = {name: f"/staff/curated/{entry}" for name, entry in entries.items()}
    return {
        "list": "/staff/curated",
        "new": "/staff/curated/new?question=Was%20nun%3F",
        "edit": f"{pages['valid']}/edit",
        **pages,
    }


@pytest.mark.parametrize("view", ["light", "dark", "forced", "narrow"])
def test_no_state_has_a_violation(browser: Any, server: Server, states: dict[str, str], view: str) -> None:
    def ready(page: Any, name: str) -> None:
        assert page.locator("main h1").inner_text() not in ("Nicht gefunden", "")
        assert view != "narrow" or page.evaluate(TOO_WIDE) == [], name

    assert violations(browser, server, view, states, ready) == ""


def test_an_answer_is_written_checked_and_kept_without_scripts(
    browser: Any, server: Server, complaints: list[str]
) -> None:
    context = staff_context(browser, server, java_script_enabled=False)
    heard(context, complaints, server.url)
    page = context.new_page()
    page.goto("/staff/curated/new?question=Wann%20f%C3%A4hrt%20der%20Gesundheitsbus%3F")
    page.get_by_label("Belege").fill(f"{server.url}/documents/{REPORT}/3.2.2.2")
    page.get_by_label("Verantwortlich").fill("Gesundheitsamt")
    page.get_by_label("Gültig bis").fill(LATER.isoformat())
    page.get_by_label("Antwort", exact=True).fill("Der Gesundheitsbus fährt bis 31.12.2031.")
    page.get_by_role("button", name="Nur prüfen").click()
    assert "Nicht jeder Satz ist belegt" in page.inner_text("main") and "31.12.2031" in page.inner_text(".checked")
    page.get_by_label("Antwort", exact=True).fill("Der Gesundheitsbus fährt dienstags und donnerstags.")
    page.get_by_role("button", name="Speichern").click()
    assert "Diese Antwort gilt und wird gegeben." in page.inner_text("main")
    page.goto("/ask?q=Wann+f%C3%A4hrt+der+Gesundheitsbus%3F")
    told = page.inner_text("#antwort")
    assert "von der Verwaltung geprüft" in told and "Von der Redaktion geprüfte Antwort, Gesundheitsamt" in told
    context.close()
    assert [one for one in complaints if "422" not in one] == []
