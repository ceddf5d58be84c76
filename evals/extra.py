"""The package that only training needs: an extra, which the service and every other part of evaluation do without."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

from prompts import say
from service.terminal.errors import fail

PACKAGES = ("sklearn",)
_CHECKOUT = Path(__file__).resolve().parents[1]


def require_extra() -> None:
    """End the command with one sentence where the extra is not installed."""
    if missing := absent():
        raise fail(told(missing, _CHECKOUT))


def absent() -> list[str]:
    """The packages of the extra that cannot be imported."""
    return [name for name in PACKAGES if find_spec(name) is None]


def told(missing: list[str], checkout: Path) -> str:
    """Which command installs what is missing, by how this program was installed."""
    run_from = (checkout / ".ci/install").exists()
    command = "make install-eval" if run_from else f".ci/install --eval --prefix {sys.prefix}"
    return say("evaluation.packages_missing", missing=", ".join(missing), command=command)
