"""Makes the pictures of the staff page from the sample corpus: `python -m tests.staff.screenshots`.

Every picture is at most 200 kB: fewer colours where it would be more.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.machine import chromium
from tests.processes import COMMAND, REPOSITORY, Server, environment, run, served
from tests.staff.signing_in import staff_context

FOLDER = REPOSITORY / "docs" / "screenshots"
MOST_BYTES = 200_000
REPORT = "lauterfeld-nachhaltigkeitsbericht-2026"
WIDE, NARROW, ZOOMED = (1360, 1000), (360, 780), (320, 256)  # the last is 1280 x 1024 at 400 %
TAKEN = "/staff/topics/text?q=Radverkehr"
COMPARED = "/staff/comparison?topic=Wohnen"
SHOTS: tuple[tuple[str, str, tuple[int, int], str], ...] = (
    ("start", "/staff", WIDE, "light"),
    ("topic", "/staff/topics?q=Wohnen", WIDE, "light"),
    ("topic-none", "/staff/topics?q=Quantencomputer", WIDE, "light"),
    ("text", TAKEN, WIDE, "light"),
    ("comparison", COMPARED, WIDE, "dark"),
    ("catalogue", "/staff/catalogue?topic=Mobilität", WIDE, "light"),
    ("catalogue-filtered", "/staff/catalogue?status=idea", WIDE, "dark"),
    ("item", f"/staff/items/{REPORT}/5.1.2.3", WIDE, "light"),
    ("documents", "/staff/documents", WIDE, "light"),
    ("document", f"/staff/documents/{REPORT}", WIDE, "light"),
    ("open-data", "/staff/open-data", WIDE, "light"),
    ("narrow", "/staff/topics?q=Wohnen", NARROW, "light"),
    ("zoomed", f"/staff/items/{REPORT}/5.1.2.3#wortlaut", ZOOMED, "light"),
)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        run("ingest", "--manifest", "ingest/sample/corpus.toml", data=data)
        log = Path(folder) / "log"
        command = [*COMMAND, "serve"]
        with served(command, env=environment(data), log=log, path="/readyz") as server, chromium() as browser:
            for name, path, size, scheme in SHOTS:
                (FOLDER / f"staff-{name}.png").write_bytes(small(picture(browser, server, path, size, scheme)))


def picture(browser: Browser, server: Server, path: str, size: tuple[int, int], scheme: str) -> bytes:
    viewport = {"width": size[0], "height": size[1]}
    context = staff_context(browser, server, viewport=viewport, color_scheme=scheme)
    page = context.new_page()
    page.goto(path)
    page.wait_for_timeout(700)  # until an anchor is reached
    taken: bytes = page.screenshot()
    context.close()
    return taken


def small(png: bytes) -> bytes:
    """The same picture in at most 256 colours; fewer while it is too large."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            out, "PNG", optimize=True
        )
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


if __name__ == "__main__":
    main()
