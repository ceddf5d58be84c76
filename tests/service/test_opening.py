"""What opening an edition leaves as it was."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from service.composition import make_holder
from service.settings import load_settings


@pytest.mark.parametrize("swept", [True, False])
def test_garbage_is_looked_for_as_before_after_an_edition_was_opened_or_could_not_be(
    tmp_path: Path, swept: bool
) -> None:
    before = gc.isenabled()
    try:
        gc.enable() if swept else gc.disable()
        holder = make_holder(load_settings(data_dir=tmp_path))
        holder.refresh()
        assert gc.isenabled() is swept
    finally:
        gc.enable() if before else gc.disable()
