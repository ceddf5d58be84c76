"""Pages in a real Chromium: served by a thread of the test, the looks they are seen in, and what holds in each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python
import httpx2 as httpx

from service.app import create_app
from service.cli.ingestion.uploads import UploadReader
from service.settings import Settings
from tests.machine import heard
from tests.processes import until
from tests.service.running import running
from tests.staff.signing_in import link_to_server
from vectorstore.editions import EditionStore
from vectorstore.records import ParsedDocument

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549", "ACT", "section508"]
FOUND = """async ([within, values]) => {
  const rules = values ? { runOnly: { type: "tag", values } } : { rules: { "target-size": { enabled: true } } };
  const { violations } = await axe.run(within ?? document, { ...rules, resultTypes: ["violations"] });
  const reasons = (node) => [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
  const line = (rule, node) => `${rule.id}: ${node.target.flat().join(" ")} ${reasons(node)}`;
  return violations.flatMap((rule) => rule.nodes.map((node) => line(rule, node)));
}"""
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1280, "height": 860}},
    "dark": {"viewport": {"width": 1280, "height": 860}, "color_scheme": "dark"},
    "forced": {"viewport": {"width": 1280, "height": 860}, "forced_colors": "active"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
TOO_WIDE = """document.documentElement.scrollWidth <= window.innerWidth ? [] :
  ["scrolls", ...[...document.querySelectorAll("body *")].filter((one) => !one.closest(".scroll")
  && one.getBoundingClientRect().right > window.innerWidth).map((one) => one.tagName).slice(0, 5)]"""
SPACING = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
SPACED = "css => { const one = new CSSStyleSheet(); one.replaceSync(css); document.adoptedStyleSheets = [one]; }"
CONTRAST = """() => {
  const light = (css) => {
    const [r, g, b] = css.match(/[\\d.]+/g).map(Number).map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const css = getComputedStyle(one).backgroundColor;
      if (!/, 0\\)$/.test(css)) return css;
    }
    return "rgb(255, 255, 255)";
  };
  const found = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim());
    if (!own || !node.checkVisibility() || node.closest("svg")) continue;  // shapes are no text
    const [a, b] = [light(getComputedStyle(node).color), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) found.push(`${node.tagName}.${node.className} ${ratio.toFixed(2)}`);
  }
  return found;
}"""


@dataclass(frozen=True)
class Served:
    """A service of this process: its address and its data folder."""

    url: str
    data: Path

    def get(self, path: str) -> str:
        """Return the body of a page; raises `HTTPStatusError` where the status is not 2xx."""
        return httpx.get(self.url + path, timeout=60).raise_for_status().text


@contextmanager
def served_here(data: Path, *papers: ParsedDocument, **more: Any) -> Iterator[Served]:
    """Serve a data folder as `strategielotse serve` does, on a free port, until the block ends.

    Papers are published there first, with the `originals` and the `report` that are given; the rest are settings.
    Requests are not limited where no setting says so.
    """
    if papers:
        with_them = {item: more.pop(item) for item in ("originals", "report") if item in more}
        EditionStore(data).publish(list(papers), **with_them)
    settings = Settings(data_dir=data, **{"rate_per_minute": 0, **more})
    with running(create_app(settings, reader=UploadReader(settings))) as url:
        until(lambda: httpx.get(f"{url}/readyz", timeout=60).status_code == 200)
        yield Served(url, data)


@contextmanager
def looking(browser: Any, url: str, complaints: list[str], *others: str, **options: Any) -> Iterator[Any]:
    """Give a browser context at an address; what the browser complains of and foreign requests fail it at its end."""
    context = browser.new_context(**{"base_url": url, **LOOKS["light"], **options})
    context.set_default_timeout(60_000)
    heard(context, complaints, f"{url}/", "data:", *others)
    yield context
    context.close()
    assert complaints == []


@contextmanager
def staff_page(browser: Any, server: Any, complaints: list[str], **options: Any) -> Iterator[Any]:
    """Give a page of somebody who is signed in, watched like `looking`."""
    with looking(browser, server.url, complaints, **options) as context:
        page = context.new_page()
        page.goto(link_to_server(server))
        assert page.url == f"{server.url}/staff"
        yield page


def faults(page: Any, within: str | None = None, tags: list[str] | None = None) -> list[str]:
    """Return what rules of axe-core a page violates, one line for each place.

    All rules that are on by themselves, and target size; with `tags` those that have one, as enhanced contrast (AAA).
    """
    page.evaluate(AXE)
    found: list[str] = page.evaluate(FOUND, [within, tags])
    return found


def _as_it_opens(page: Any, name: str) -> None:
    """Look at a page as it opens."""


def troubles(
    page: Any, look: str, states: Mapping[str, str], ready: Callable[[Any, str], object] = _as_it_opens
) -> list[str]:
    """Return what is wrong with pages in a look: rules of axe, too little contrast, too wide, too wide once spaced.

    `states` are addresses by name, `ready` brings each page into the state that is looked at.
    """
    found = []
    for name, path in states.items():
        page.goto(path)
        ready(page, name)
        found += [f"{name}: {fault}" for fault in faults(page)]
        found += [f"{name}: too wide: {item}" for item in page.evaluate(TOO_WIDE)]
        if look in ("light", "dark"):  # WCAG 1.4.3, text over pictures and shapes included
            found += [f"{name}: {item}" for item in page.evaluate(CONTRAST)]
        if look == "narrow":  # WCAG 1.4.10 and 1.4.12: only tables scroll, within themselves
            page.evaluate(SPACED, SPACING)
            found += [f"{name}: too wide once spaced: {item}" for item in page.evaluate(TOO_WIDE)]
    return found
