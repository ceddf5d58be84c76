"""Pages in a real Chromium: served by a thread of the test, the looks they are seen in, and what
holds in each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2 as httpx
from axe_playwright_python.sync_playwright import Axe

from service import Settings
from service.app.application import create_app
from service.cli.ingestion.uploads import UploadReader
from tests.ingest.cases import values
from tests.processes import Served, until
from tests.service.running import running
from tests.staff.signing_in import link_to_server
from vectorstore import EditionStore
from vectorstore.records import ParsedDocument

AXE = Axe()
LOOKS = values(__file__, "looks")
TOO_WIDE = """document.documentElement.scrollWidth <= window.innerWidth ? [] :
  ["scrolls", ...[...document.querySelectorAll("body *")].filter((one) => !one.closest(".scroll")
  && one.getBoundingClientRect().right > window.innerWidth).map((one) => one.tagName).slice(0, 5)]"""
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
SPACED = "css => { const one = new CSSStyleSheet(); one.replaceSync(css); document.adoptedStyleSheets = [one]; }"
CONTRAST = """() => {
  const { Color, getContrast } = axe.commons.color;
  const colour = (node, kind) => new Color().parseString(getComputedStyle(node)[kind]);
  const ground = (node) => {
    const own = node ? colour(node, "backgroundColor") : new Color(255, 255, 255);
    return own.alpha ? own : ground(node.parentElement);
  };
  const hasText = (node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
  return [...document.querySelectorAll("body *")]
    .filter((node) => hasText(node) && node.checkVisibility() && !node.closest("svg"))  // shapes are no text
    .map((node) => [`${node.tagName}.${node.className}`, getContrast(ground(node), colour(node, "color"))])
    .filter(([, ratio]) => ratio < 4.5).map(([name, ratio]) => `${name} ${ratio.toFixed(2)}`);
}"""


@contextmanager
def served_here(data: Path, *papers: ParsedDocument, **more: Any) -> Iterator[Served]:
    """Serve a data folder as `strategielotse serve` does, on a free port, until the block ends.

    Papers are published there first, with the `originals` and the `report` that are given; the rest
    are settings. Requests are not limited where no setting says so.
    """
    if papers:
        with_them = {item: more.pop(item) for item in ("originals", "report") if item in more}
        EditionStore(data).publish(list(papers), **with_them)
    settings = Settings(data_dir=data, **{"rate_per_minute": 0, **more})
    with running(create_app(settings, reader=UploadReader(settings))) as url:
        until(lambda: httpx.get(f"{url}/readyz", timeout=60).status_code == 200)
        yield Served(url, data)


@contextmanager
def looking(
    browser: Any, url: str, *others: str, forgiven: str | None = None, **options: Any
) -> Iterator[Any]:
    """Give a browser context at an address; at its end it fails if the browser complained or asked
    for other addresses.

    Violations of its policy are complaints too, a page picture that the service does not have is
    none, nor is what has `forgiven` in it ("403", or "" for all).
    """
    complaints: list[str] = []

    def is_complaint(message: Any) -> bool:
        return message.type in ("error", "warning") and ".png" not in str(
            message.location.get("url")
        )

    context = browser.new_context(**{"base_url": url, **LOOKS["light"], **options})
    context.set_default_timeout(60_000)
    ours = (f"{url}/", "data:", *others)
    context.on(
        "request", lambda item: None if item.url.startswith(ours) else complaints.append(item.url)
    )
    context.on("console", lambda item: complaints.append(item.text) if is_complaint(item) else None)
    context.on("weberror", lambda item: complaints.append(str(item.error)))
    yield context
    context.close()
    assert [item for item in complaints if forgiven is None or forgiven not in item] == []


@contextmanager
def staff_page(browser: Any, server: Served, **options: Any) -> Iterator[Any]:
    """Give a page of somebody who is signed in, watched like `looking`."""
    with looking(browser, server.url, **options) as context:
        page = context.new_page()
        page.goto(link_to_server(server))
        assert page.url == f"{server.url}/staff"
        yield page


def click(page: Any, role: str, name: Any, **how: Any) -> None:
    page.get_by_role(role, name=name, **how).click()


def by_keyboard(page: Any, role: str, name: Any, **how: Any) -> None:
    page.get_by_role(role, name=name, **how).focus()
    page.keyboard.press("Enter")


def faults(page: Any, within: str | None = None, tags: list[str] | None = None) -> list[str]:
    """Return what rules of axe-core a page violates, one line for each place.

    All rules that are on by themselves, and target size; with `tags` those that have one, as
    enhanced contrast (AAA).
    """
    rules = (
        {"runOnly": {"type": "tag", "values": tags}}
        if tags
        else {"rules": {"target-size": {"enabled": True}}}
    )
    violations = AXE.run(page, within, {**rules, "resultTypes": ["violations"]}).response[
        "violations"
    ]
    return [
        f"{rule['id']}: {node['target']} {node['failureSummary']}"
        for rule in violations
        for node in rule["nodes"]
    ]


def troubles(
    page: Any,
    look: str,
    states: Mapping[str, str],
    ready: Callable[[Any, str], object] = lambda page, name: None,
) -> list[str]:
    """Return what is wrong with pages in a look: rules of axe, too little contrast, too wide, too
    wide once spaced.

    `states` are addresses by name, `ready` brings each page into the state that is looked at.
    """
    found = []
    for name, path in states.items():
        page.goto(path)
        ready(page, name)
        found += [f"{name}: {fault}" for fault in faults(page)]
        found += [f"{name}: too wide: {item}" for item in page.evaluate(TOO_WIDE)]
        if look in (
            "light",
            "dark",
        ):  # WCAG 1.4.3, where axe does not tell: over pictures and shapes
            found += [f"{name}: {item}" for item in page.evaluate(CONTRAST)]
        if look == "narrow":  # WCAG 1.4.10 and 1.4.12: only tables scroll, within themselves
            page.evaluate(SPACED, SPACING)
            found += [f"{name}: too wide once spaced: {item}" for item in page.evaluate(TOO_WIDE)]
    return found


def check_shown(page: Any, *looks: str) -> None:
    """Fail where something is wrong with the page that is open, in one of these looks."""
    for look in looks:
        assert troubles(page, look, {"shown": page.url}) == []
