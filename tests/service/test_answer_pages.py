"""Answers on the question page, drawn by the server and put in place by its script: what they show, no violations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

from service.models import Answer, AnswerStatus
from service.pages.rendering import environment
from tests.processes import Server
from tests.widget.made_answers import GOALS, NEIGHBOUR, QUESTION, RECEIPT, REPORT, overview, without_answer

pytestmark = pytest.mark.browser
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
VIOLATIONS = "async () => (await axe.run('#antwort')).violations.map((one) => `${one.id}: ${one.nodes[0].html}`)"


def other(status: AnswerStatus, said: str, **more: Any) -> Answer:
    return Answer(
        answer_id="01J", status=status, language="de", corpus_edition="1", answer=said, receipt=RECEIPT, **more
    )


ANSWERS = {
    "overview": overview(REPORT, GOALS),
    "two counties": overview(REPORT, NEIGHBOUR),
    "about the service": other(AnswerStatus.ABOUT_SERVICE, "Guten Tag!", suggestions=["Welche Projekte gibt es?"]),
    "nearest": without_answer(),
}


@pytest.fixture
def page(browser: Any, served_county: Server) -> Iterator[Any]:
    context = browser.new_context(base_url=served_county.url, bypass_csp=True)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def drawn(answer: Answer) -> str:
    """Return the page as the server draws it."""
    values = {"question": QUESTION, "too_long": False, "max_question": 500, "questions": [], "documents": []}
    template = environment().get_template("start.html")
    return template.render(answer=answer, edition="1", kept_days=0, **values)


def by_script(page: Any, answer: Answer) -> Any:
    """Have the page's script fetch and show an answer."""
    page.goto("/ask")
    page.route("**/ask?*", lambda route: route.fulfill(body=drawn(answer), content_type="text/html"))
    page.get_by_label("Ihre Frage").fill(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#antwort-titel:focus")
    return page.locator("#antwort")


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_no_violations(page: Any, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    for state, answer in ANSWERS.items():
        page.unroute_all()
        card = by_script(page, answer)
        card.evaluate("one => one.querySelectorAll('details').forEach((each) => { each.open = true; })")
        page.evaluate(AXE)
        assert page.evaluate(VIOLATIONS) == [], state
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), state


def test_a_group_of_an_overview_opens_by_keyboard(page: Any) -> None:
    card = by_script(page, ANSWERS["overview"])
    assert card.locator(".groups h3").all_inner_texts() == ["Status", "Thema", "Dokument"]
    assert card.locator(".records li:visible").count() == 0
    card.locator("summary", has_text="in Bearbeitung").focus()
    page.keyboard.press("Enter")
    assert card.locator(".records li:visible").count() == 6
    card.locator(".rows > summary").click()
    assert card.locator(".rows > summary").inner_text() == "Alle zeigen (23 Einträge)"
    assert card.locator(".rows li:visible").count() == 23


def test_counties_stand_side_by_side(page: Any) -> None:
    columns = by_script(page, ANSWERS["two counties"]).locator(".groups > div")
    assert [one.locator("h3 .meta").inner_text() for one in columns.all()] == ["Kreis Lauterfeld", "Kreis Dornquell"]
    assert columns.nth(0).bounding_box()["y"] == columns.nth(1).bounding_box()["y"]
    assert columns.nth(1).locator("summary").all_inner_texts() == ["alle 11", "in Planung 6", "umgesetzt 3"]


def test_the_nearest_are_links_in_the_text_else_in_one_line(page: Any) -> None:
    card = by_script(page, ANSWERS["nearest"])
    assert card.locator(".answer-text a").all_inner_texts() == ["5.1 Nachtbus"]
    assert card.locator(".nearest").inner_text() == "Am nächsten kommt: 5.2 Rufbus (Projekt, Idee)"
