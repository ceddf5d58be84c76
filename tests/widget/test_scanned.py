"""A scanned paper in the browser: its source says that it was read from the picture, and shows the
place in it.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from ingest import IngestRequest, run_ingest
from prompts import say
from tests.browsing import looking, served_here
from tests.ingest.scanned import lines, scan
from tests.service.test_pictures import marked
from tests.widget.driving import Chat
from vectorstore import EditionStore
from vectorstore.encoder import packaged_encoder

pytestmark = pytest.mark.browser
LETTER = (
    "Sachstand zum Radverkehr",
    "",
    "Der Kreis Quonau baut die Radwege im Norden bis zum Herbst aus.",
    "Die Kosten trägt der Haushalt; zuständig ist das Tiefbauamt.",
    "Über den Fortgang wird im Ausschuss für Verkehr berichtet.",
)


def test_a_quote_of_a_scan_says_so_and_is_marked_on_its_page(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "radverkehr.pdf").write_bytes(scan(lines(*LETTER)))
    run_ingest(
        IngestRequest((tmp_path / "radverkehr.pdf",)),
        EditionStore(tmp_path / "data", packaged_encoder()),
    )
    with served_here(tmp_path / "data") as served, looking(browser, served.url) as context:
        page = context.new_page()
        page.goto("/")
        card = Chat(page).ask("Wer ist für den Ausbau der Radwege zuständig?").source().card
        assert (
            say("labels.scanned") in card.inner_text()
            and "Tiefbauamt" in card.locator("blockquote").inner_text()
        )
        place = card.locator("figure img")
        place.wait_for(state="visible")
        assert place.evaluate("one => one.complete && one.naturalWidth > 0")
        with context.expect_page() as opened:
            card.locator("a.passage-link").click()
        opened.value.wait_for_selector("mark#zitat")
        assert say("labels.scanned") in opened.value.locator("figcaption").inner_text()
        address = str(opened.value.locator("figure.print img").get_attribute("src"))
        assert (
            marked(Image.open(io.BytesIO(httpx.get(served.url + address, timeout=60).content)))
            is not None
        )
