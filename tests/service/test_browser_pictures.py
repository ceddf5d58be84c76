"""The page of an item with the picture of its printed page, in a real Chromium."""

from __future__ import annotations

from typing import Any

import pytest

from tests.processes import Server

pytestmark = pytest.mark.browser
ITEM = "/documents/auenland-report/2.1.2.3?quote=Der+Bau+beginnt+am+1.+Mai+2026."


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "light"), (1280, "dark")])
def test_the_picture_is_shown_and_fits(browser: Any, served_county: Server, width: int, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    complaints: list[str] = []
    context = browser.new_context(
        base_url=served_county.url, viewport={"width": width, "height": 800}, color_scheme=scheme
    )
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text))
    statuses: list[int] = []  # from the start: a picture near the edge of the window is loaded before it is scrolled to
    page.on("response", lambda response: statuses.append(response.status) if "/pages/1.png" in response.url else None)
    page.goto(ITEM)
    picture = page.get_by_role("img", name="Seite 1 des Originals")
    picture.scroll_into_view_if_needed()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 900
    assert statuses == [200]
    box = picture.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.get_by_role("link", name="Original auf dieser Seite öffnen").get_attribute("href").endswith("#page=1")
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in violations] == []
    assert complaints == []
    context.close()
