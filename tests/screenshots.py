"""Pictures of the widget's states and of the staff pages over the sample corpus, to be looked at.

usage: python -m tests.screenshots [FOLDER]     (default: docs/screenshots)

Each picture has at most 256 colours and 200 kB; those of the handbook are small WebP files beside it.
"""

from __future__ import annotations

import io
import sys
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from ingest import IngestRequest, run_ingest
from tests.browsing import served_here
from tests.conftest import SAMPLE
from tests.machine import chromium
from tests.processes import REPOSITORY, Served
from tests.service.two_editions import publish_both
from tests.sharing import sharing
from tests.staff.signing_in import link_to_server
from tests.staff.test_record_questions import publish
from tests.widget.driving import FACT, NOTHING, Chat
from vectorstore import EditionStore

MAIL = {
    "mail_host": "127.0.0.1",
    "mail_from": "lotse@lauterfeld.example",
    "mail_to": "kreis@lauterfeld.example",
}
MOST_BYTES = 200_000
HANDBOOK = REPOSITORY / "service/office/staff/handbook"
SHOTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


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
    """Open the form for a message."""
    chat.ask(NOTHING).button("Nachricht an die Verwaltung").click()


STEPS: dict[str, Callable[[Chat], object]] = {
    "closed": lambda chat: chat.page.keyboard.press("Escape"),
    "open": lambda chat: None,
    "source": source,
    "page of the source": page_of_source,
    "contact": contact,
}


def main() -> None:
    """Take all pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY / "docs/screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as name, sharing(Path(name)), chromium() as browser:
        data = {part: Path(name) / part for part in SHOTS}
        run_ingest(IngestRequest(manifest=SAMPLE), EditionStore(data["sample"]))
        publish_both(data["both"])
        data["concept"].mkdir()
        data["concept"] = publish(data["concept"])
        for part, shots in SHOTS.items():
            with served_here(data[part], demo=True, **MAIL) as served:
                for shot, made in shots.items():
                    in_handbook = shot.startswith("handbuch-")
                    path = HANDBOOK / f"{shot}.webp" if in_handbook else folder / f"{shot}.png"
                    take(browser, served, made, path)


def take(browser: Any, served: Served, made: dict[str, Any], path: Path) -> None:
    """Take a picture as it is described."""
    width, height = made["size"]
    look = {name: made[name] for name in ("color_scheme", "forced_colors") if name in made}
    viewport = {"width": width, "height": height}
    page = browser.new_page(base_url=served.url, viewport=viewport, **look)
    page.goto(link_to_server(served))
    # the edition that is published of the concept has the name of the day
    page.goto(made.get("path", "/").replace("{today}", f"{date.today()}"))
    if "ask" in made:
        Chat(page).open().ask(made["ask"])
    if "step" in made:
        STEPS[made["step"]](Chat(page).open())
    page.wait_for_timeout(700)  # until an anchor is reached
    page.wait_for_load_state("networkidle")  # pictures of pages
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    if path.suffix == ".webp":
        picture.save(path, quality=60, method=6)
        return
    for colours in (256, 128, 64, 32):
        picture.quantize(colours).save(path, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            break


if __name__ == "__main__":
    main()
