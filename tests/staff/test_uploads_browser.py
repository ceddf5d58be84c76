"""Handing in documents in a real Chromium: with and without scripts, by keyboard, and no violation in any state."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.job import IngestRequest, run_ingest
from tests.processes import Server, serving
from tests.service.printed_papers import printed
from tests.service.test_browser import CONTRAST
from tests.service.test_cli_drafts import plan
from tests.staff.browsing import SPACING, VIEWS, violations, watched
from tests.staff.signing_in import staff_context
from vectorstore.editions import EditionStore

pytestmark = pytest.mark.browser
UPLOADS = "/staff/uploads"
READ = 120_000  # milliseconds: a reading on a busy machine
DROPPED = """(name) => {
  const files = new DataTransfer();
  files.items.add(new File(["# Leitbild"], name, { type: "text/markdown" }));
  const drop = document.querySelector(".drop");
  for (const kind of ["dragover", "drop"]) {
    drop.dispatchEvent(new DragEvent(kind, { dataTransfer: files, bubbles: true, cancelable: true }));
  }
}"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("uploads-browser")
    run_ingest(IngestRequest((plan(root, 66, 5),)), EditionStore(root / "data"))
    return root


@pytest.fixture(scope="module")
def server(root: Path) -> Iterator[Server]:
    with serving(root, STRATEGIELOTSE_UPLOAD_FILES="3") as server:
        yield server


@pytest.fixture
def page(browser: Any, complaints: list[str], server: Server) -> Iterator[Any]:
    with watched(browser, complaints, server) as page:
        yield page


@pytest.fixture(scope="module")
def draft(browser: Any, server: Server, root: Path) -> str:
    """Hand two files in with the page's script; return the path of the draft that it leads to."""
    context = staff_context(browser, server, **VIEWS["light"])
    page = context.new_page()
    page.goto(UPLOADS)
    page.set_input_files("#files", [plan(root, 65), printed(root / "radweg.pdf")])
    assert [re.sub(r" \(.*", "", one) for one in page.locator(".chosen li").all_inner_texts()] == [
        "klimaplan.md",
        "radweg.pdf",
    ]
    page.get_by_role("button", name="Einreichen und lesen").click()
    page.wait_for_url(re.compile(f"{UPLOADS}/jobs/"), timeout=READ)
    assert page.get_by_label("Fortschritt").is_visible() or "drafts" in page.url
    page.wait_for_url(re.compile(f"{UPLOADS}/drafts/"), timeout=READ)  # without a touch
    path = page.url.removeprefix(server.url)
    context.close()
    return str(path)


def states(draft: str) -> dict[str, str]:
    return {"form": UPLOADS, "done": f"{UPLOADS}?done=published", "draft": draft, "gone": f"{UPLOADS}/drafts/nix"}


@pytest.mark.parametrize("view", VIEWS)
def test_no_state_has_a_violation(browser: Any, server: Server, draft: str, view: str) -> None:
    def unfolded(page: Any, name: str) -> None:
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")

    assert violations(browser, server, view, states(draft), unfolded) == ""


@pytest.mark.parametrize("view", ["light", "dark"])
def test_text_stands_out_from_its_ground(browser: Any, server: Server, draft: str, view: str) -> None:
    context = staff_context(browser, server, **VIEWS[view])
    page = context.new_page()
    for name, path in states(draft).items():
        page.goto(path)
        page.evaluate("for (const one of document.querySelectorAll('svg')) one.remove()")
        assert page.evaluate(CONTRAST) == [], name
    context.close()


@pytest.mark.parametrize("spacing", ["", SPACING])
def test_every_state_fits_320_pixels(browser: Any, server: Server, draft: str, spacing: str) -> None:
    context = staff_context(browser, server, bypass_csp=True, **VIEWS["narrow"])
    page = context.new_page()
    wide = []
    for name, path in states(draft).items():
        page.goto(path)
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        if spacing:
            page.add_style_tag(content=spacing)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            wide.append(name)
    context.close()
    assert wide == []


def test_pictures_of_pages_are_shown_beside_examples(page: Any, draft: str) -> None:
    page.goto(draft)
    picture = page.locator(".example img").first
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.example img').naturalWidth > 100")


def test_files_can_be_dropped_and_limits_are_told_before_anything_is_sent(page: Any) -> None:
    page.goto(UPLOADS)
    page.evaluate(DROPPED, "leitbild.md")
    assert page.locator(".chosen li").all_inner_texts() == ["leitbild.md (1 kB)"]
    page.set_input_files("#files", [{"name": f"{n}.md", "mimeType": "text/markdown", "buffer": b"#"} for n in range(4)])
    assert page.locator(".told").inner_text() == "Auf einmal gehen höchstens 3 Dateien."
    page.get_by_role("button", name="Einreichen und lesen").click()
    assert page.url.endswith(UPLOADS)


def test_what_the_service_refuses_is_told_and_the_choice_stays(page: Any, complaints: list[str]) -> None:
    page.goto(UPLOADS)
    page.set_input_files("#files", [{"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"MZ\0"}])
    page.get_by_role("button", name="Einreichen und lesen").click()
    page.wait_for_function("document.querySelector('.told').innerText.includes('a.pdf: Das ist keine')")
    assert page.locator(".chosen li").count() == 1 and page.locator("#files").is_enabled()
    complaints[:] = [one for one in complaints if "422" not in one]  # the browser notes every refused request


def test_by_keyboard_alone_and_without_a_script(browser: Any, server: Server, root: Path) -> None:
    """A plain form: choose a file, send it with Enter, come back to an outcome that is there without a script."""
    context = staff_context(browser, server, java_script_enabled=False)
    page = context.new_page()
    page.goto(UPLOADS)
    path = root / "leitbild.md"
    path.write_text("# Leitbild\n\nWir sind ein offener Kreis.\n", encoding="utf-8")
    page.set_input_files("#files", path)
    page.get_by_role("button", name="Einreichen und lesen").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(f"{UPLOADS}/jobs/"))
    page.get_by_role("link", name="Entwurf durchsehen").wait_for(timeout=READ)  # the page comes again by itself
    page.get_by_role("link", name="Entwurf durchsehen").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("heading", level=1).inner_text().startswith("Entwurf ")
    page.get_by_role("button", name="Entwurf verwerfen").focus()
    page.keyboard.press("Enter")
    assert page.locator(".said").inner_text() == "Der Entwurf ist verworfen."
    context.close()
