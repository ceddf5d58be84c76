"""A run needs little memory however large files and lists are, and a backup takes along what it
fetched.
"""

from __future__ import annotations

import tracemalloc
from pathlib import Path

from followed_sources import FollowedFiles, SourceClient, SourceFetcher
from service import Settings
from service.backup import back_up, restore
from service.composition import make_store, open_answers
from tests.followed_sources.council import Council, following, oparl
from tests.followed_sources.drafting import SOURCES, council_of, fetch, followed
from vectorstore import Texts
from vectorstore.storage import Database

MEGABYTE = 1_000_000


def test_files_go_to_the_disk_as_they_arrive(tmp_path: Path) -> None:
    council = Council(faults={"no etags"})
    for number in range(8):
        content = b"%PDF-1.7 " + bytes([number]) * 20 * MEGABYTE
        council.add(number, f"Plan {number}", content)
    source, files = oparl(), FollowedFiles(Texts(Database(tmp_path)), tmp_path)
    with following(council) as network:
        client = SourceClient(source.hosts, "mailto:a@b.example", network)
        fetcher = SourceFetcher(source, client, files, set(), {})
        tracemalloc.start()
        report = fetcher.fetch()
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert len(report.new) == 8
    assert sum(files.path(file).stat().st_size for file in files.all()) > 160 * MEGABYTE
    assert peak < 10 * MEGABYTE


def test_a_backup_has_the_list_and_what_was_fetched(tmp_path: Path) -> None:
    council = council_of(tmp_path, 1)
    elsewhere = Settings(data_dir=tmp_path / "elsewhere", rate_per_minute=0)
    with followed(tmp_path, council) as (settings, network):
        make_store(settings).make_current(make_store(settings).drafts()[0])
        saved = back_up(settings, tmp_path / "backup.tar", lambda step, share: None)
        restore(elsewhere, saved.file, lambda step, share: None, open_answers, replace=False)
        assert (elsewhere.data_dir / "sources.toml").read_text(encoding="utf-8") == SOURCES
        before, after = [
            FollowedFiles(make_store(each).texts, each.data_dir) for each in (settings, elsewhere)
        ]
        (file,) = after.all()
        assert before.all() == [file]
        assert after.path(file).read_bytes() == council.files["/files/279.pdf"]
        council.asked.clear()
        assert fetch(elsewhere, network).new == []
        assert council.asked_files == []
