"""Pictures of the widget's states and of the staff pages over the sample corpus, to be looked at.

usage: python -m tests.screenshots [FOLDER]     (default: docs/screenshots)

Each picture has at most 256 colours and 200 kB.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from ingest.job import IngestRequest, run_ingest
from tests.browsing import Served, served_here
from tests.conftest import SAMPLE
from tests.machine import chromium
from tests.processes import REPOSITORY
from tests.service.two_editions import publish_both
from tests.staff.signing_in import link_to_server
from tests.widget.driving import EMERGENCY, FACT, LIST, LONG_LIST, NOTHING, TABLE, Chat
from vectorstore.editions import EditionStore

MAIL = {"mail_host": "127.0.0.1", "mail_from": "lotse@lauterfeld.example", "mail_to": "kreis@lauterfeld.example"}
MOST_BYTES = 200_000
DESKTOP, NARROW, PHONE = (1280, 860), (480, 900), (320, 680)
STAFF, ZOOMED = (1360, 1000), (320, 256)  # the second is 1280 x 1024 at 400 %
ITEM = "/staff/items/lauterfeld-nachhaltigkeitsbericht-2026/5.1.2.3"
LIGHT, DARK, FORCED = {}, {"color_scheme": "dark"}, {"forced_colors": "active"}  # type: ignore[var-annotated]


def asked(question: str) -> Callable[[Chat], object]:
    """Ask."""
    return lambda chat: chat.ask(question)


def source(chat: Chat) -> None:
    """Open the first source."""
    picture = chat.ask(FACT).source().card.locator("figure img")
    picture.wait_for()
    picture.evaluate("one => one.decode()")


def page_of_source(chat: Chat) -> None:
    """Show the picture of the page with the marked place."""
    source(chat)
    chat.page.wait_for_timeout(700)  # until the card has been scrolled to
    chat.card.locator("figure").evaluate("one => one.scrollIntoView({ block: 'center' })")


def contact(chat: Chat) -> None:
    """Open the form after a non-answer."""
    chat.ask(NOTHING).button("Nachricht an die Verwaltung").click()


WIDGET: tuple[tuple[str, tuple[int, int], dict[str, Any], Callable[[Chat], object]], ...] = (
    ("website", DESKTOP, LIGHT, lambda chat: chat.page.keyboard.press("Escape")),
    ("open", DESKTOP, LIGHT, lambda chat: None),
    ("list", DESKTOP, LIGHT, asked(LIST)),
    ("source", DESKTOP, LIGHT, source),
    ("page", DESKTOP, LIGHT, page_of_source),
    ("source-dark", DESKTOP, DARK, source),
    ("long-list", NARROW, LIGHT, asked(LONG_LIST)),
    ("table", NARROW, LIGHT, asked(TABLE)),
    ("table-dark", NARROW, DARK, asked(TABLE)),
    ("non-answer", DESKTOP, LIGHT, asked(NOTHING)),
    ("emergency", NARROW, LIGHT, asked(EMERGENCY)),
    ("contact", NARROW, LIGHT, contact),
    ("forced-colours", NARROW, FORCED, source),
    ("phone", PHONE, LIGHT, source),
    ("phone-open", PHONE, LIGHT, lambda chat: None),
)
PAGES: tuple[tuple[str, tuple[int, int], dict[str, Any], str], ...] = (
    ("start", STAFF, LIGHT, "/staff"),
    ("topic", STAFF, LIGHT, "/staff/catalogue?topic=Wohnen"),
    ("topic-none", STAFF, LIGHT, "/staff/catalogue?topic=Quantencomputer"),
    ("print", STAFF, LIGHT, "/staff/catalogue/print?topic=Radverkehr"),
    ("catalogue", STAFF, LIGHT, "/staff/catalogue?topic=Mobilität"),
    ("catalogue-filtered", STAFF, DARK, "/staff/catalogue?status=idea"),
    ("item", STAFF, LIGHT, ITEM),
    ("documents", STAFF, LIGHT, "/staff/documents"),
    ("document", STAFF, LIGHT, "/staff/documents/lauterfeld-nachhaltigkeitsbericht-2026"),
    ("narrow", (360, 780), LIGHT, "/staff/catalogue?topic=Wohnen"),
    ("zoomed", ZOOMED, LIGHT, f"{ITEM}#wortlaut"),
)


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name, chromium() as browser:
        run_ingest(IngestRequest(manifest=SAMPLE), EditionStore(Path(name)))
        with served_here(Path(name), demo=True, **MAIL) as served:
            for shot, size, look, step in WIDGET:
                take(browser, served, folder / f"widget-{shot}.png", size, look, lambda page, step=step: step(at(page)))
            for shot, size, look, path in PAGES:
                take(browser, served, folder / f"staff-{shot}.png", size, look, lambda page, path=path: page.goto(path))
            take(browser, served, folder / "progress.png", DESKTOP, LIGHT, lambda page: page.goto("/fortschritt"))
        publish_both(Path(name) / "both")
        with served_here(Path(name) / "both") as served:
            take(browser, served, folder / "changes.png", (1280, 1300), LIGHT, lambda page: page.goto("/aenderungen"))


def at(page: Any) -> Chat:
    """Open the widget on the example website."""
    page.goto("/")
    return Chat(page).open()


def take(
    browser: Any, served: Served, path: Path, size: tuple[int, int], look: dict[str, Any], step: Callable[[Any], object]
) -> None:
    """Take the picture of a page after a step."""
    context = browser.new_context(base_url=served.url, viewport={"width": size[0], "height": size[1]}, **look)
    page = context.new_page()
    page.goto(link_to_server(served))  # type: ignore[arg-type]
    step(page)
    page.wait_for_timeout(700)  # until an anchor is reached
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    for colours in (256, 128, 64, 32):
        picture.quantize(colours).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break


if __name__ == "__main__":
    main()
