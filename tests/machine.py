"""What tests need of the machine beside Python, found where `.ci/needs` finds it; nothing is skipped for its lack."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.processes import REPOSITORY

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


def where(tool: str) -> str:
    """Return the path of a tool such as "chromium" or "nginx"; raises FileNotFoundError."""
    found = subprocess.run([REPOSITORY / ".ci/needs", "--where", tool], capture_output=True, text=True, timeout=60)
    if found.returncode != 0:
        raise FileNotFoundError(f"{tool} is missing: `make needs` installs it or says how")
    return found.stdout.strip()


def heard(context: Any, complaints: list[str], *ours: str) -> None:
    """Note what a browser context complains of, policy violations included, and requests to other addresses than ours.

    A page picture that the service does not have is no fault.
    """
    context.on("request", lambda item: None if item.url.startswith(ours) else complaints.append(item.url))
    context.on("console", lambda item: complaints.append(item.text) if _is_complaint(item) else None)
    context.on("weberror", lambda item: complaints.append(str(item.error)))


def _is_complaint(message: Any) -> bool:
    return message.type in ("error", "warning") and ".png" not in str(message.location.get("url"))


@contextmanager
def chromium() -> Iterator[Any]:
    """Run a browser until the block ends."""
    from playwright import sync_api

    executable = where("chromium")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()
