"""What many tests of ingestion begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from vectorstore import EditionStore


@pytest.fixture
def store(tmp_path: Path) -> EditionStore:
    """Nothing ingested yet."""
    return EditionStore(tmp_path / "data")
