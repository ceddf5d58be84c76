"""Staff pages in a real Chromium: the windows they are looked at in, and what holds in every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.machine import heard
from tests.processes import Server
from tests.staff.signing_in import staff_context

VIEWS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
    "forced": {"viewport": {"width": 1280, "height": 800}, "forced_colors": "active"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
ALL_RULES = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
TOO_WIDE = """[...document.querySelectorAll("body *")].filter((one) => !one.closest(".scroll")
  && one.getBoundingClientRect().right > window.innerWidth).map((one) => one.tagName).slice(0, 5)"""
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"


@contextmanager
def watched(browser: Any, complaints: list[str], server: Server, **options: Any) -> Iterator[Any]:
    """Give a page of somebody who is signed in; nothing that the browser complains of meanwhile is let pass."""
    context = staff_context(browser, server, **VIEWS["light"], **options)
    heard(context, complaints, server.url)
    yield context.new_page()
    context.close()
    assert complaints == []


def _nothing(page: Any, name: str) -> None:
    """Look at a page as it opens."""


def violations(
    browser: Any, server: Server, view: str, states: dict[str, str], ready: Callable[[Any, str], None] = _nothing
) -> str:
    """Return what rules of axe-core pages violate in a window of `VIEWS`, all rules, target size included; "" for none.

    `states` are addresses by name, `ready` brings each page into the state that is looked at.
    """
    context = staff_context(browser, server, **VIEWS[view])
    page = context.new_page()
    found = []
    for name, path in states.items():
        page.goto(path)
        ready(page, name)
        results = Axe().run(page, options=ALL_RULES)
        if results.violations_count:
            found.append(f"{name}: {results.generate_report()}")
    context.close()
    return "\n".join(found)
