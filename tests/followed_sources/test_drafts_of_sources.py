"""What is fetched becomes drafts with their provenance, read as uploads are, and nothing else."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from prompts import say
from service import make_database
from service.backup import make_store
from service.cli.sources import make_drafts
from service.office.uploads import JobState, SourceRuns
from service.office.uploads.followed import KEPT_DAYS
from service.office.uploads.following import DRAFTS_BY_SERVICE
from service.office.uploads.jobs import JobTable
from tests.followed_sources.drafting import (
    SOURCES,
    Followed,
    council_of,
    followed,
    paper,
    settings_of,
)
from tests.followed_sources.server import FakeNetwork
from tests.processes import imported_by, run
from vectorstore import EditionStore
from vectorstore.records import Document, DocumentKind, DocumentStatus

ID = "279-2022-radwege-1"


def document_in(store: EditionStore, edition: str | None) -> Document:
    with closing(store.open(edition)) as opened:
        return opened.catalogue.documents[ID]


@pytest.mark.usefixtures("drafts_read_in_processes")
def test_a_first_run_makes_a_draft_of_each_file_with_its_provenance(tmp_path: Path) -> None:
    with followed(tmp_path, 2) as it:
        assert it.store.current_name() is None
        first, second = sorted(it.store.drafts())
        document = document_in(it.store, first)
        digest = it.store.manifest(first).originals[ID].sha256
    assert second and document.provenance is not None
    provenance = document.provenance
    assert provenance.reference == "279/2022"
    assert provenance.source == "Kreistagsinformationssystem"
    assert document.source_url == provenance.address == "http://ratsinfo.example/files/279.pdf"
    assert provenance.digest == digest
    assert document.publisher == "Kreis Quell"
    assert (document.kind, document.status) == (DocumentKind.MOTION, DocumentStatus.PROPOSED)


def test_an_unchanged_run_makes_no_draft_and_a_changed_file_one_of_its_document(
    tmp_path: Path,
) -> None:
    with followed(tmp_path) as it:
        (name,) = it.store.drafts()
        it.fetch()
        assert it.store.drafts() == [name]
        it.publish()
        it.council.replace(279, paper(tmp_path, "Der Kreis baut 12 Radwege."))
        assert it.fetch().changed == ["Radwege 1"]
        (draft,) = it.store.drafts()
        assert it.store.document_ids(draft) == (ID,)
        assert "12 Radwege" in document_in(it.store, draft).text
        assert "1 Radwege" in document_in(it.store, None).text


def test_drafts_stay_free_for_people_and_the_others_wait(tmp_path: Path) -> None:
    with followed(tmp_path, 5) as it:
        assert len(it.store.drafts()) == DRAFTS_BY_SERVICE
        pending = it.uploads.pending()
        assert [each.is_unread for each in pending] == [False] * 3 + [True] * 2


def test_a_file_that_cannot_be_copied_is_told_and_those_behind_it_are_read(
    tmp_path: Path,
) -> None:
    settings = settings_of(tmp_path)
    with FakeNetwork(council_of(tmp_path, 3).answer) as network:
        drafts = make_drafts(settings)
        runs = SourceRuns(drafts, network)
        (source,) = runs.sources.source
        runs.fetch(source)
        files = {file.document_id: file for file in runs.uploads.files.all()}
        runs.uploads.files.path(files[ID]).unlink()
        problems = runs.read_waiting("Ada")
        drafts.jobs.close()
    store = make_store(settings)
    read = {name for draft in store.drafts() for name in store.document_ids(draft)}
    assert read == {"280-2022-radwege-2", "281-2022-radwege-3"}
    problem = say("sources.not_copied", title="Radwege 1")
    assert problems == [say("sources.of_source", name=source.name, problem=problem)]


def test_what_is_gone_stays_published(tmp_path: Path) -> None:
    with followed(tmp_path) as it:
        it.publish()
        it.council.delete(279)
        assert it.fetch().gone == ["Radwege 1"]
        assert it.store.document_ids() == (ID,)
        (pending,) = it.uploads.pending()
        assert (pending.is_new, pending.file.gone_since is None) == (False, False)


def test_a_discarded_draft_is_not_read_again_by_itself(tmp_path: Path) -> None:
    with followed(tmp_path) as it:
        it.discard()
        it.fetch()
        assert it.store.drafts() == []


def test_a_reading_that_broke_off_is_begun_again(tmp_path: Path) -> None:
    with followed(tmp_path) as it:
        it.discard()
        files = it.uploads.files
        (file,) = files.all()
        table = JobTable(make_database(it.settings))
        job, *_ = make_drafts(it.settings).jobs.all()
        files.update(file.id, job="20260101-000000-deadbeef")  # of last week: no longer known
        it.fetch()
        assert it.store.drafts() == []
        table.update(job.ended(JobState.FAILED, "abgebrochen"))
        files.update(file.id, job=job.name)
        it.fetch()
        assert len(it.store.drafts()) == 1


def contents(it: Followed) -> int:
    return len(list((it.settings.data_dir / "incoming" / "sources").iterdir()))


def test_a_content_is_kept_until_it_is_published_replaced_or_ignored(tmp_path: Path) -> None:
    with followed(tmp_path, 3) as it:
        assert contents(it) == 3
        it.publish()
        it.network.asked.clear()
        assert it.fetch().new == []
        assert (contents(it), it.network.asked_files) == (2, [])
        waiting, other = it.uploads.pending()
        number = int(waiting.file.listed.key.rsplit("/", 1)[-1])
        it.council.replace(number, paper(tmp_path, "Der Kreis baut 20 Radwege."))
        it.fetch()
        assert contents(it) == 2
        it.uploads.ignore(other)
        it.fetch()
        assert contents(it) == 1


def test_what_is_gone_or_no_longer_followed_ends_after_some_months(tmp_path: Path) -> None:
    with followed(tmp_path, 3) as it:
        it.publish()
        published = set(it.store.document_ids())
        for number in (279, 280, 281):
            it.council.delete(number)
        it.fetch()
        now = datetime.now(UTC)
        files = it.uploads.files
        names = [file.source for file in files.all()]
        it.uploads.tidy(names, now + timedelta(days=KEPT_DAYS - 1))
        assert len(files.all()) == 3
        it.uploads.tidy(names, now + timedelta(days=KEPT_DAYS + 1))
        assert {file.document_id for file in files.all()} == published
        assert contents(it) == 0
        it.uploads.tidy((), now + timedelta(days=KEPT_DAYS + 1))
        assert files.all() == []


def test_commands_tell_what_is_wrong(tmp_path: Path) -> None:
    data = tmp_path
    result = run("sources", "check", data=data)
    assert result.returncode == 2
    assert "keine Liste der Quellen" in result.stderr
    (tmp_path / "sources.toml").write_text(SOURCES.replace("oparl", "ftp", 1), encoding="utf-8")
    result = run("sources", "fetch", data=data)
    assert result.returncode == 2
    assert "Zeile 5: Quelle „Kreistagsinformationssystem“: „kind“" in result.stderr
    local = SOURCES.replace("ratsinfo.example", "localhost.localdomain")
    (tmp_path / "sources.toml").write_text(local, encoding="utf-8")
    result = run("sources", "check", data=data)
    assert result.returncode == 1
    assert "0 neu, 0 geändert" in result.stdout
    assert "localhost.localdomain" in result.stderr
    assert run("sources", "check", "Unbekannt", data=data).returncode == 2


def test_nothing_of_it_is_imported_where_no_source_is_set(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from service.app.application import create_app
from service.cli import commands as main
from service.cli.ingestion.uploads import UploadReader
from service.settings import Settings
settings = Settings(data_dir=Path({str(tmp_path)!r}))
create_app(settings, reader=UploadReader(settings))
"""
    assert imported_by(code).isdisjoint({"followed_sources", "feedparser", "protego"})


def test_two_runs_at_a_time_are_refused(tmp_path: Path) -> None:
    data = settings_of(tmp_path).data_dir
    with FileLock(data / "sources.lock"):
        assert run("sources", "fetch", data=data).returncode == 4
