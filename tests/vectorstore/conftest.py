"""The servers of several machines, for whoever tests the seam to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.machines import Machines, machines


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machines]:
    with machines(tmp_path_factory.mktemp("chroma")) as running:
        yield running
