"""Opens the edition store, after a restore that was interrupted is finished."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from service import RESTORING_FOLDER, Settings, open_store
from vectorstore.storage import WriterBusy

if TYPE_CHECKING:
    from vectorstore import EditionStore


def make_store(settings: Settings) -> EditionStore:
    """Return the store of the editions in the data folder or database of the settings; see
    `open_store`.

    If a restore was interrupted, it is finished first. If another process writes to the store, as
    one that finishes the restore does, nothing is done here. Raises `StoreUnavailable`, and the
    `StoreError` or OSError of the restore.
    """
    store = open_store(settings)
    if (settings.data_dir / RESTORING_FOLDER).is_dir():
        from service.backup.restoring import finish_restore

        with suppress(WriterBusy):  # who is at it
            finish_restore(settings, store)
    return store
