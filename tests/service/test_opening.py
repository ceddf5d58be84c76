"""What opening an edition leaves as it was."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from service.composition import AnsweringEditions, answer_ids
from service.settings import load_settings
from vectorstore.errors import StoreError


@pytest.mark.parametrize("swept", [True, False])
def test_garbage_is_looked_for_as_before_where_an_edition_cannot_be_opened(tmp_path: Path, swept: bool) -> None:
    before = gc.isenabled()
    try:
        gc.enable() if swept else gc.disable()
        with pytest.raises(StoreError):
            AnsweringEditions(load_settings(data_dir=tmp_path), answer_ids(b"key")).open("2026-11-20-1")
        assert gc.isenabled() is swept
    finally:
        gc.enable() if before else gc.disable()
