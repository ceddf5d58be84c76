"""Every state of the staff pages in every look, and what else holds of them in a browser: payloads,
print, folding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from prompts import say
from tests.browsing import LOOKS, by_keyboard, click, looking, served_here, staff_page, troubles
from tests.ingest.cases import values
from tests.processes import Served
from tests.service.test_cli_editions import publish_plan
from tests.staff.test_walk import (
    ONCE,
    READ,
    UPLOADS,
    drafted,
    stepping,
    unfolded,
)
from tests.widget.websites import websites

pytestmark = [pytest.mark.browser, pytest.mark.long]
STATES = ONCE | values(__file__, "states")
WRONG = {
    "too-long": "/staff/catalogue?topic=" + "x" * 501,
    "not-found": "/staff/documents/nix",
    "wrong-filter": "/staff/catalogue?year=x",
    "wrong-status": "/staff/catalogue?status=xyz",
}
DROPPED = """(name) => {
  const files = new DataTransfer();
  files.items.add(new File(["# Leitbild"], name, { type: "text/markdown" }));
  const drop = document.querySelector(".drop");
  for (const kind of ["dragover", "drop"]) {
    drop.dispatchEvent(new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
  }
}"""


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_is_wrong_in_any_look(browser: Any, server: Served, look: str) -> None:
    with staff_page(browser, server, **LOOKS[look]) as page:
        found = troubles(page, look, STATES, stepping)
    with staff_page(browser, server, forgiven="", **LOOKS[look]) as page:
        found += troubles(page, look, WRONG)
    assert found == []


@pytest.mark.parametrize("look", LOOKS)
def test_who_did_not_sign_in_gets_a_clear_page(browser: Any, server: Served, look: str) -> None:
    refused = {
        "/staff": "Nur für Beschäftigte",
        "/staff/sign-in?token=x": "Zugangslink gilt nicht mehr",
    }

    def told(page: Any, path: str) -> None:
        assert page.inner_text("h1") == refused[path]

    with looking(browser, server.url, forgiven="403", **LOOKS[look]) as context:
        assert troubles(context.new_page(), look, {path: path for path in refused}, told) == []


def test_a_foreign_website_changes_nothing_with_my_session(browser: Any, server: Served) -> None:
    """`localhost` is another site than `127.0.0.1`: its form comes without the cookie, my own call
    with it.
    """
    form = (
        f'<form method="post" action="{server.url}/staff/sign-out"><button>Weiter</button></form>'
    )
    with websites() as site, staff_page(browser, server, forgiven="") as page:
        page.goto(site.put("/boese", form).replace("127.0.0.1", "localhost"))
        with page.expect_response(f"{server.url}/staff/sign-out") as response:
            click(page, "button", "Weiter")
        assert response.value.status == 403 and page.goto("/staff").status == 200


def test_no_payload_runs(page: Any) -> None:
    for name in ("hostile-item", "draft", "documents", "catalogue"):
        page.goto(STATES[name])
        assert page.evaluate("window.hacked") is None, name
    for payload in ("<script>window.hacked=1</script>", '"><img src=x onerror=window.hacked=1>'):
        for name in ("topic", "q"):
            page.goto("/staff/catalogue")
            page.locator(f"input[name={name}]").fill(payload)
            page.keyboard.press("Enter")
            page.wait_for_url(f"**{name}=*")
            assert page.locator(f"input[name={name}]").input_value() == payload
            assert page.evaluate("window.hacked") is None


def test_the_areas_fold_away_where_the_window_is_narrow(page: Any) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto("/staff/catalogue")
    areas, folded = page.get_by_role("navigation", name="Bereiche"), page.locator(".menu summary")
    assert (
        folded.inner_text() == "Bereiche: Suchen"
        and not areas.get_by_role("link", name="Bestand").is_visible()
    )
    folded.focus()
    page.keyboard.press("Enter")
    areas.get_by_role("link", name="Bestand").click()
    page.wait_for_url("**/staff/documents")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert areas.get_by_role("link", name="Suchen").is_visible() and not folded.is_visible()


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_here(publish_plan(tmp_path_factory.mktemp("uploads"))) as served:
        yield served


@pytest.fixture(scope="module")
def draft(browser: Any, uploads: Served) -> str:
    with staff_page(browser, uploads) as page:
        drafted(page, uploads.data.parent)
        return str(page.url.removeprefix(uploads.url))


@pytest.mark.parametrize("look", LOOKS)
def test_no_state_of_handing_in_is_wrong(
    browser: Any, uploads: Served, draft: str, look: str
) -> None:
    states = {
        "form": UPLOADS,
        "done": f"{UPLOADS}?done=published",
        "draft": draft,
        "pictured": f"{draft}?document=radweg",
        "gone": f"{UPLOADS}/drafts/nix",
    }
    with staff_page(browser, uploads, forgiven="404", **LOOKS[look]) as page:
        assert troubles(page, look, states, unfolded) == []


def test_limits_and_refusals_are_told_and_the_choice_stays(browser: Any, uploads: Served) -> None:
    with staff_page(
        browser, uploads, forgiven="422"
    ) as page:  # the browser notes every refused request
        page.goto(UPLOADS)
        page.evaluate(DROPPED, "leitbild.md")
        assert page.locator(".chosen li").all_inner_texts() == ["leitbild.md (1 kB)"]
        many = [{"name": f"{n}.md", "mimeType": "text/markdown", "buffer": b"#"} for n in range(21)]
        page.set_input_files("#files", many)
        assert page.locator(".told").inner_text() == say("uploads.too_many", most=20)
        click(page, "button", "Einreichen und lesen")
        assert page.url.endswith(UPLOADS)
        page.set_input_files(
            "#files", [{"name": "a.exe", "mimeType": "application/pdf", "buffer": b"MZ\0"}]
        )
        click(page, "button", "Einreichen und lesen")
        page.locator(".told", has_text="a.exe: Das ist keine").wait_for()
        assert page.locator(".chosen li").count() == 1 and page.locator("#files").is_enabled()


def test_handing_in_by_keyboard_alone_and_without_a_script(
    browser: Any, uploads: Served, tmp_path: Path
) -> None:
    """A plain form: choose a file, send it with Enter, come back to an outcome that is there
    without a script.
    """
    path = tmp_path / "leitbild.md"
    path.write_text("# Leitbild\n\nWir sind ein offener Kreis.\n", encoding="utf-8")
    with staff_page(browser, uploads, java_script_enabled=False) as page:
        page.goto(UPLOADS)
        page.set_input_files("#files", path)
        by_keyboard(page, "button", "Einreichen und lesen")
        page.wait_for_url(re.compile(f"{UPLOADS}/jobs/"))
        page.get_by_role("link", name="Entwurf durchsehen").wait_for(
            timeout=READ
        )  # the page comes again by itself
        by_keyboard(page, "link", "Entwurf durchsehen")
        assert page.get_by_role("heading", level=1).inner_text() == "Leitbild"
        by_keyboard(page, "button", "Entwurf verwerfen")
        assert page.locator(".said").inner_text() == say("uploads.dropped")
