"""Learning in a real Chromium, from a question to its answer, by keyboard alone and without a violation on the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browsing import TOO_WIDE, Served, faults, served_here, staff_page
from tests.learning.test_pages import ITEM, OWN_WORDS, PATH, REPORT
from tests.service.county import motion, report

pytestmark = pytest.mark.browser
TRIED = 120_000  # milliseconds: a trial on a busy machine


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served_here(tmp_path_factory.mktemp("learning-browser"), report(), motion(), keep_questions=True) as served:
        yield served


@pytest.fixture
def page(browser: Any, complaints: list[str], server: Served) -> Iterator[Any]:
    with staff_page(browser, server, complaints) as page:
        yield page
        refused = "responded with a status of 422"  # what Chromium notes of a form that is sent back to be corrected
        complaints[:] = [one for one in complaints if refused not in one]


def sound(page: Any) -> None:
    """No rule of axe-core is violated as the page is, neither wide nor on a small telephone."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert faults(page) == [], f"{page.url} {width}"
        assert page.evaluate(TOO_WIDE) == []


def reach(page: Any, wanted: Any) -> None:
    """Go on by the tabulator until the wanted element has the focus."""
    assert wanted.count() == 1
    for _ in range(200):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement"):
            assert wanted.evaluate("(one) => getComputedStyle(one).outlineStyle") != "none"
            return
    raise AssertionError("the keyboard does not get there")


def press(page: Any, wanted: Any) -> None:
    """Reach a link or button by the keyboard and use it; the next page is there."""
    reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def asked(page: Any, server: Served, question: str = OWN_WORDS) -> dict[str, Any]:
    found: dict[str, Any] = page.request.post(f"{server.url}/api/v1/chat", data={"question": question}).json()
    return found


def decided(page: Any) -> None:
    """Fill the form in by the keyboard, be told what is missing, and decide."""
    other = page.get_by_role("radio", name="ein anderer Eintrag:")
    if not other.is_checked():
        reach(page, page.locator("input[name=item]").first)
        while not other.is_checked():
            page.keyboard.press("ArrowDown")
    press(page, page.get_by_role("button", name="Entscheiden"))
    assert page.locator("[role=alert]").evaluate("(one) => one === document.activeElement")
    sound(page)
    reach(page, page.get_by_label("Dokument", exact=True))
    page.keyboard.type("Nachhaltigkeitsbericht")
    assert page.get_by_label("Dokument", exact=True).input_value() == REPORT
    reach(page, page.get_by_label("Nummer oder Titel des Eintrags"))
    page.keyboard.type(ITEM)
    reach(page, page.get_by_label("So fragen andere danach"))
    page.get_by_text("Noch führt keine Frage dorthin.").wait_for()
    page.keyboard.type("Leiht mir wer ein Bringvelo?")
    sound(page)
    reach(page, page.get_by_role("checkbox", name="Auch als Fall aufnehmen"))
    page.keyboard.press("Space")
    press(page, page.get_by_role("button", name="Entscheiden"))


def test_from_a_question_to_its_answer_by_keyboard(page: Any, server: Served) -> None:
    assert asked(page, server)["status"] != "answered"
    page.goto(PATH)
    sound(page)
    press(page, page.get_by_role("link", name=OWN_WORDS))
    sound(page)
    decided(page)
    assert page.url.endswith(f"{PATH}/decisions#entscheidung-1")
    assert page.get_by_role("button", name="Formulierung „Leiht mir wer ein Bringvelo?“ entfernen").is_visible()
    page.get_by_text("Weitere Formulierungen hinzufügen").click()
    sound(page)
    press(page, page.get_by_role("link", name="Ausprobieren und übernehmen"))
    sound(page)
    press(page, page.get_by_role("button", name="Ausprobieren"))
    page.get_by_text("2 besser, 0 schlechter").wait_for(timeout=TRIED)
    sound(page)
    assert asked(page, server)["status"] != "answered"
    press(page, page.get_by_role("button", name="Übernehmen"))
    page.get_by_role("heading", name="Wirksam").wait_for()
    sound(page)
    for _ in range(100):  # the running service follows within about a second
        found = asked(page, server)
        if found["status"] == "answered":
            break
        page.wait_for_timeout(100)
    assert [one["key"] for one in found["citations"]][:1] == [ITEM]
