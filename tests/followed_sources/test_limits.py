"""A run needs little memory however large files and lists are, and a backup takes along what it
fetched.
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from service import Settings
from service.backup import back_up, restore
from service.composition import make_store, open_answers
from service.followed_sources import FollowedFiles
from service.followed_sources.client import ClientLimits
from tests.followed_sources.council import Council, oparl
from tests.followed_sources.drafting import SOURCES, fetch, followed
from tests.followed_sources.runs import Runs

MEGABYTE = 1_000_000


def test_files_go_to_the_disk_as_they_arrive(tmp_path: Path) -> None:
    council = Council()
    for number in range(8):
        content = b"%PDF-1.7 " + bytes([number]) * 20 * MEGABYTE
        council.add(number, f"Plan {number}", content)
    runs = Runs(oparl(), council, tmp_path, limits=ClientLimits())
    Runs(oparl(), Council.recorded(), tmp_path / "before").fetch(0)  # imports what a run needs
    tracemalloc.start()
    assert runs.counts(0) == (8, 0, 0)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert runs.files.count_bytes() > 160 * MEGABYTE
    assert peak < 10 * MEGABYTE


def test_a_backup_has_the_list_and_what_was_fetched(tmp_path: Path) -> None:
    elsewhere = Settings(data_dir=tmp_path / "elsewhere", rate_per_minute=0)
    with followed(tmp_path) as it:
        it.publish()
        saved = back_up(it.settings, tmp_path / "backup.tar", lambda step, share: None)
        restore(elsewhere, saved.file, lambda step, share: None, open_answers, replace=False)
        assert (elsewhere.data_dir / "sources.toml").read_text(encoding="utf-8") == SOURCES
        files = FollowedFiles(make_store(elsewhere).texts, elsewhere.data_dir)
        (file,) = files.all()
        assert it.uploads.files.all() == [file]
        assert files.path(file).read_bytes() == it.council.files["/files/279.pdf"]
        it.network.asked.clear()
        assert fetch(elsewhere, it.network).new == []
        assert it.network.asked_files == []
