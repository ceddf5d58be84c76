"""What all tests share: no settings of the machine, and one Chromium for all pages."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.machine import chromium


@pytest.fixture(scope="session", autouse=True)
def no_settings_of_the_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in [one for one in os.environ if one.startswith("STRATEGIELOTSE_")]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of and every foreign request: see `tests.machine.heard`."""
    return []
