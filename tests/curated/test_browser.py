"""Curated answers in a real Chromium: no violations in any state, written without scripts, told by a running server."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.curated.store import CuratedStore
from tests.browsing import LOOKS, Served, served_here, staff_page, troubles
from tests.curated.conftest import REPORT, night_bus
from vectorstore.database import Database

pytestmark = pytest.mark.browser
LATER = date.today() + timedelta(days=90)


@pytest.fixture(scope="module")
def server(sample_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = shutil.copytree(sample_data, tmp_path_factory.mktemp("curated-browser") / "data")
    with served_here(data) as served:
        yield served


@pytest.fixture(scope="module")
def states(server: Served) -> dict[str, str]:
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


@pytest.mark.long
@pytest.mark.parametrize("look", LOOKS)
def test_no_state_is_wrong_in_any_look(browser: Any, server: Served, states: dict[str, str], look: str) -> None:
    def ready(page: Any, name: str) -> None:
        assert page.locator("main h1").inner_text() not in ("Nicht gefunden", "")

    with staff_page(browser, server, [], **LOOKS[look]) as page:
        assert troubles(page, look, states, ready) == []


def test_an_answer_is_written_checked_and_kept_without_scripts(
    browser: Any, server: Served, complaints: list[str]
) -> None:
    with staff_page(browser, server, complaints, java_script_enabled=False) as page:
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
        complaints[:] = [one for one in complaints if "422" not in one]
