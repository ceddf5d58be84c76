"""How fast the widget is in a real browser, as figures.

usage: python -m tests.benchmarks.widget_speed [ROUNDS]     (default: 15)

First visible answer: from pressing Enter until the first words of an answer have been painted, median and 90th
percentile over all questions of a kind. Script: fetching from the warm cache, parsing and running all modules and
showing the button, on a fresh page; and the part of it that occupies the main thread (as Chromium counts it).
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.machine import chromium
from tests.processes import COMMAND, REPOSITORY, environment, run, served
from tests.widget.driving import Chat

SAMPLE = REPOSITORY / "ingest/sample/corpus.toml"
QUESTIONS = {
    "computed": (
        "Welche Projekte zur Mobilität sind noch Ideen?",
        "Wie viele Projekte sind umgesetzt?",
        "Welche Projekte gibt es?",
    ),
    "extractive": (
        "Was ist 2.1.2.1?",
        "Vergleiche Nachhaltigkeitsbericht und Strategische Ziele zum Radverkehr",
        "Was steht im Leitbild über Kinder?",
    ),
}
FIRST_PAINT = """(shadow) => new Promise((resolve) => {
  const field = shadow.querySelector("textarea");
  const count = shadow.querySelectorAll(".answer").length;
  const began = performance.now();
  const watch = new MutationObserver(() => {
    if (!shadow.querySelector(".streamed") && shadow.querySelectorAll(".answer").length === count) return;
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
  });
  watch.observe(shadow, { childList: true, subtree: true });
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
})"""
START = """async () => {
  const began = performance.now();
  await import("/widget.js");
  const element = document.createElement("strategielotse-chat");
  document.body.append(element);
  element.shadowRoot.querySelector(".launcher").getBoundingClientRect();
  return performance.now() - began;
}"""


def main() -> None:
    """Measure and print one line each."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with TemporaryDirectory() as name, chromium() as browser:
        data = Path(name) / "data"
        run("ingest", "--manifest", SAMPLE, data=data)
        command = [*COMMAND, "serve", "--demo"]
        with served(command, env=environment(data), log=Path(name) / "log", path="/readyz") as server:
            for mode, questions in QUESTIONS.items():
                tell(f"first visible {mode} answer", answers(browser, server.url, questions, rounds), 300)
            whole, busy = starts(browser, server.url, rounds)
            tell("script fetched from the cache, parsed and started", whole, 50)
            tell("of that on the main thread", busy, 50)


def answers(browser: Any, url: str, questions: tuple[str, ...], rounds: int) -> list[float]:
    """Return milliseconds until each question's first words."""
    times = []
    page = browser.new_page(base_url=url)
    page.goto("/")
    chat = Chat(page).open()
    for _ in range(rounds):
        for question in questions:
            chat.input.fill(question)
            shadow = chat.element.evaluate_handle("one => one.shadowRoot")
            times.append(shadow.evaluate(FIRST_PAINT))
            chat.element.locator("[aria-busy]").wait_for(state="detached")
            chat.button("Neues Gespräch").click()
    page.close()
    return times


def starts(browser: Any, url: str, rounds: int) -> tuple[list[float], list[float]]:
    """Return milliseconds of whole starts, and of what in them keeps the main thread busy."""
    context = browser.new_context(base_url=url)
    whole, busy = [], []
    for _ in range(rounds + 1):
        page = context.new_page()
        page.goto("/ask")
        session = context.new_cdp_session(page)
        session.send("Performance.enable")
        before = _busy(session)
        whole.append(page.evaluate(START))
        busy.append(_busy(session) - before)
        page.close()
    context.close()
    return whole[1:], busy[1:]


def _busy(session: Any) -> float:
    found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    return float(found["TaskDuration"]) * 1000


def tell(what: str, times: list[float], wanted: int) -> None:
    """Print median and 90th percentile in milliseconds, and what was wanted."""
    ninth = statistics.quantiles(times, n=10)[-1]
    figures = f"median {statistics.median(times):.0f} ms, 90 % {ninth:.0f} ms, n={len(times)}"
    print(f"{what}: {figures} (wanted < {wanted} ms)", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
