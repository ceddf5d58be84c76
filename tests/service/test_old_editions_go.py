"""What answered over an edition is gone soon after the next one is served, however often editions change."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service import app as application
from service.app import create_app
from service.settings import Settings
from tests.processes import until
from tests.service.county import motion, report
from vectorstore.editions import EditionStore

SWITCHES = 12


@pytest.fixture
def nothing_swept() -> Iterator[None]:
    """Python looks for no garbage by itself, whenever that would be."""
    gc.disable()
    yield
    gc.enable()


@pytest.mark.long
@pytest.mark.usefixtures("nothing_swept")
def test_old_editions_are_gone_after_many_switches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "POLL_SECONDS", 0.05)
    store = EditionStore(tmp_path)
    names = [store.publish(documents).name for documents in ([report()], [report(), motion()])]
    app = create_app(Settings(data_dir=tmp_path))
    served = [*names[::-1] * SWITCHES][:SWITCHES]
    old: list[weakref.ref[object]] = []
    with TestClient(app) as client:
        for name in served:
            if name != store.current_name():
                store.make_current(name)
            until(lambda name=name: client.get("/readyz").json()["corpus_edition"] == name)
            with app.state.holder.lease() as item:
                old += [
                    weakref.ref(content)
                    for content in (item.answers.corpus, item.edition.vectors, item.edition.catalogue)
                ]
            del item
        until(lambda: all(item() is None for item in old[:-3]))
        assert all(item() is not None for item in old[-3:])
