"""`make audit` and `make sbom`: what was not checked is never told as clean, and a list of parts
comes out the same.
"""

from __future__ import annotations

import importlib.util
import json
from types import ModuleType
from typing import Any

import pytest

from tests.processes import REPOSITORY

SCRIPT = REPOSITORY / ".ci/audit.py"
CLEAN = {"name": "anyio", "version": "4.16.0", "vulns": []}
UNKNOWN = {
    "name": "bm25s",
    "skip_reason": "Dependency not found on PyPI and could not be audited: bm25s (0.3.16)",
}
WEAK = {
    "name": "click",
    "version": "8.5.1",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["8.5.2"]}],
}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("packages", "text", "code"),
    [
        ([CLEAN], "geprüft, nichts gefunden (1 Pakete)", 0),
        ([UNKNOWN], "nicht geprüft: keine Liste erreichbar, die diese Pakete kennt", 0),
        ([], "nicht geprüft: keine Liste erreichbar, die diese Pakete kennt", 0),
        (
            [CLEAN, UNKNOWN],
            "geprüft, nichts gefunden (1 Pakete; nicht geprüft, weil die Liste sie nicht kennt: bm25s)",
            0,
        ),
        (
            [CLEAN, WEAK],
            "gefunden (2 Pakete geprüft)\n  click 8.5.1: PYSEC-2026-1, behoben in 8.5.2",
            1,
        ),
    ],
)
def test_each_outcome_has_its_own_words(
    audit: ModuleType, packages: list[Any], text: str, code: int
) -> None:
    assert audit.verdict(json.dumps({"dependencies": packages, "fixes": []}), "") == (text, code)


def test_no_connection_is_not_checked_and_another_fault_is_an_error(audit: ModuleType) -> None:
    refused = "requests.exceptions.ConnectionError: HTTPConnectionPool(host='127.0.0.1', port=9): Max retries exceeded"
    assert audit.verdict("", refused) == ("nicht geprüft: keine Liste erreichbar", 0)
    assert audit.verdict("", "ERROR: invalid requirements\n") == ("ERROR: invalid requirements", 2)
