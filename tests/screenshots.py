"""Pictures of the widget's states and of the staff pages over the sample corpus, to be looked at.

usage: python -m tests.screenshots [FOLDER]     (default: docs/screenshots)

Each picture has at most 256 colours and 200 kB; those of the handbook are small WebP files beside it.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlencode

from PIL import Image

from ingest import IngestRequest, run_ingest
from tests.browsing import served_here
from tests.conftest import SAMPLE
from tests.machine import chromium
from tests.processes import REPOSITORY
from tests.service.two_editions import publish_both
from tests.sharing import sharing
from tests.staff.signing_in import link_to_server
from tests.staff.test_record_questions import TITLES, publish
from tests.widget.driving import EMERGENCY, FACT, LIST, LONG_LIST, NOTHING, TABLE, Chat
from vectorstore import EditionStore

MAIL = {
    "mail_host": "127.0.0.1",
    "mail_from": "lotse@lauterfeld.example",
    "mail_to": "kreis@lauterfeld.example",
}
MOST_BYTES = 200_000
DESKTOP, NARROW, PHONE = (1280, 860), (480, 900), (320, 680)
STAFF, ZOOMED = (1360, 1000), (320, 256)  # the second is 1280 x 1024 at 400 %
DARK, FORCED = {"color_scheme": "dark"}, {"forced_colors": "active"}
REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
ITEM = f"/staff/items/{REPORT}/5.1.2.3"
Step = (
    str | Callable[[Chat], object]
)  # the address of a page, or what is done with the opened widget


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


SHOTS: Mapping[str, tuple[tuple[int, int], Mapping[str, Any], Step]] = {
    "widget-website": (DESKTOP, {}, lambda chat: chat.page.keyboard.press("Escape")),
    "widget-open": (DESKTOP, {}, lambda chat: None),
    "widget-list": (DESKTOP, {}, lambda chat: chat.ask(LIST)),
    "widget-source": (DESKTOP, {}, source),
    "widget-page": (DESKTOP, {}, page_of_source),
    "widget-source-dark": (DESKTOP, DARK, source),
    "widget-long-list": (NARROW, {}, lambda chat: chat.ask(LONG_LIST)),
    "widget-table": (NARROW, {}, lambda chat: chat.ask(TABLE)),
    "widget-table-dark": (NARROW, DARK, lambda chat: chat.ask(TABLE)),
    "widget-non-answer": (DESKTOP, {}, lambda chat: chat.ask(NOTHING)),
    "widget-emergency": (NARROW, {}, lambda chat: chat.ask(EMERGENCY)),
    "widget-contact": (
        NARROW,
        {},
        lambda chat: chat.ask(NOTHING).button("Nachricht an die Verwaltung").click(),
    ),
    "widget-forced-colours": (NARROW, FORCED, source),
    "widget-phone": (PHONE, {}, source),
    "widget-phone-open": (PHONE, {}, lambda chat: None),
    "staff-start": (STAFF, {}, "/staff"),
    "staff-topic": (STAFF, {}, "/staff/catalogue?topic=Wohnen"),
    "staff-topic-none": (STAFF, {}, "/staff/catalogue?topic=Quantencomputer"),
    "staff-print": (STAFF, {}, "/staff/catalogue/print?topic=Radverkehr"),
    "staff-catalogue": (STAFF, {}, "/staff/catalogue?topic=Mobilität"),
    "staff-catalogue-filtered": (STAFF, DARK, "/staff/catalogue?status=idea"),
    "staff-item": (STAFF, {}, ITEM),
    "staff-documents": (STAFF, {}, "/staff/documents"),
    "staff-document": (STAFF, {}, f"/staff/documents/{REPORT}"),
    "staff-narrow": ((360, 780), {}, "/staff/catalogue?topic=Wohnen"),
    "staff-zoomed": (ZOOMED, {}, f"{ITEM}#wortlaut"),
    "progress": (DESKTOP, {}, "/fortschritt"),
}
OF_CHANGES = {"changes": ((1280, 1300), {}, "/aenderungen")}
CONCEPT = f"/staff/uploads/drafts/{date.today()}-1"  # the edition that is published for it
EXAMPLE = urlencode({"names": f"3 {TITLES[2]}", "pages": 4, "page": 4, "document": "konzept"})
CORRECTED = f"/staff/uploads/drafts?document={REPORT}&item=5.1.2.3#eintraege"
HANDBOOK, HANDBOOK_FOLDER = (960, 640), REPOSITORY / "service/office/staff/handbook"
OF_HANDBOOK = {
    "handbuch-einreichen": (HANDBOOK, {}, "/staff/uploads"),
    "handbuch-suchen": (HANDBOOK, {}, "/staff/catalogue?topic=Wohnen"),
    "handbuch-berichtigen": (HANDBOOK, {}, CORRECTED),
    "handbuch-entscheiden": (HANDBOOK, {}, "/staff/decisions/new?question=Wo+entsteht+Wohnraum%3F"),
}
HANDBOOK_QUESTIONS = {
    "handbuch-frage": (HANDBOOK, {}, f"{CONCEPT}?document=konzept#eintraege-frage-1"),
    "handbuch-zeigen": ((960, 900), {}, f"{CONCEPT}/examples?{EXAMPLE}"),
}
OF_QUESTIONS = {
    "staff-question": (STAFF, {}, f"{CONCEPT}?document=konzept#eintraege-frage-1"),
    "staff-examples": ((1360, 1900), {}, f"{CONCEPT}/examples?{EXAMPLE}"),
}


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name, sharing(Path(name)), chromium() as browser:
        run_ingest(IngestRequest(manifest=SAMPLE), EditionStore(Path(name)))
        publish_both(Path(name) / "both")
        concept = Path(name) / "concept"
        concept.mkdir()
        shots_by_data = {
            Path(name): SHOTS | OF_HANDBOOK,
            Path(name) / "both": OF_CHANGES,
            publish(concept): OF_QUESTIONS | HANDBOOK_QUESTIONS,
        }
        for data, shots in shots_by_data.items():
            with served_here(data, demo=True, **MAIL) as served:
                for shot, (size, look, step) in shots.items():
                    viewport = {"width": size[0], "height": size[1]}
                    page = browser.new_page(base_url=served.url, viewport=viewport, **look)
                    page.goto(link_to_server(served))
                    in_handbook = shot in OF_HANDBOOK | HANDBOOK_QUESTIONS
                    path = (
                        HANDBOOK_FOLDER / f"{shot}.webp" if in_handbook else folder / f"{shot}.png"
                    )
                    take(page, step, path)
                    page.close()


def take(page: Any, step: Step, path: Path) -> None:
    """Take the picture of a page after a step."""
    page.goto(step if isinstance(step, str) else "/")
    if callable(step):
        step(Chat(page).open())
    page.wait_for_timeout(700)  # until an anchor is reached
    page.wait_for_load_state("networkidle")  # pictures of pages
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    if path.suffix == ".webp":
        picture.save(path, quality=60, method=6)
        return
    for colours in (256, 128, 64, 32):
        picture.quantize(colours).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break


if __name__ == "__main__":
    main()
