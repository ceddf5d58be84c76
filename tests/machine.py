"""What tests need of the machine beside Python, found where `.ci/needs` finds it; nothing is
skipped for its lack.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.processes import REPOSITORY


def where(tool: str) -> str:
    """Return the path of a tool such as "chromium" or "nginx"; raises FileNotFoundError."""
    found = subprocess.run(
        [REPOSITORY / ".ci/needs", "--where", tool], capture_output=True, text=True, timeout=60
    )
    if found.returncode != 0:
        raise FileNotFoundError(f"{tool} is missing: `make needs` installs it or says how")
    return found.stdout.strip()


@contextmanager
def chromium() -> Iterator[Any]:
    """Run a browser until the block ends."""
    from playwright import sync_api

    launch = {"executable_path": where("chromium"), "args": ["--disable-gpu", "--disable-quic"]}
    with sync_api.sync_playwright() as playwright, playwright.chromium.launch(**launch) as browser:
        yield browser
