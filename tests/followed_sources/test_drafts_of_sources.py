"""What is fetched becomes drafts with their provenance, read as uploads are, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from followed_sources import FollowedFiles
from prompts import say
from service import Settings, make_database
from service.backup import make_store
from service.cli.sources import make_drafts
from service.office.uploads import FollowedUploads, JobState, SourceRuns
from service.office.uploads.followed import KEPT_DAYS
from service.office.uploads.following import DRAFTS_BY_SERVICE
from service.office.uploads.jobs import JobTable
from tests.followed_sources.council import following
from tests.followed_sources.drafting import SOURCES, council_of, fetch, followed, paper, settings_of
from tests.processes import REPOSITORY, run
from vectorstore.records import Document, DocumentKind, DocumentStatus


def document_in(settings: object, edition: str | None, name: str) -> Document:
    with closing(make_store(settings).open(edition)) as opened:  # type: ignore[arg-type]
        return opened.catalogue.documents[name]


@pytest.mark.usefixtures("drafts_read_in_processes")
def test_a_first_run_makes_a_draft_of_each_file_with_its_provenance(tmp_path: Path) -> None:
    with followed(tmp_path, council_of(tmp_path, 2)) as (settings, _):
        store = make_store(settings)
        assert store.current_name() is None
        first, second = sorted(store.drafts())
        document = document_in(settings, first, "279-2022-radwege-1")
        assert second and document.provenance is not None
        provenance = document.provenance
        assert (provenance.reference, provenance.source) == (
            "279/2022",
            "Kreistagsinformationssystem",
        )
        assert document.source_url == provenance.address == "http://ratsinfo.example/files/279.pdf"
        assert provenance.digest == store.manifest(first).originals[document.id].sha256
        assert (document.publisher, document.kind, document.status) == (
            "Kreis Quell", DocumentKind.MOTION, DocumentStatus.PROPOSED,
        )  # fmt: skip


def test_an_unchanged_run_makes_no_draft_and_a_changed_file_one_of_its_document(
    tmp_path: Path,
) -> None:
    council = council_of(tmp_path, 1)
    with followed(tmp_path, council) as (settings, network):
        store = make_store(settings)
        (name,) = store.drafts()
        fetch(settings, network)
        assert store.drafts() == [name]
        store.make_current(name)
        content = paper(tmp_path, "Der Kreis baut 12 Radwege.")
        council.files["/files/279.pdf"] = content
        council.papers[279].update(recent=True, mainFile=council.file(279, content))
        assert fetch(settings, network).changed == ["Radwege 1"]
        (draft,) = store.drafts()
        assert store.document_ids(draft) == ("279-2022-radwege-1",)
        assert "12 Radwege" in document_in(settings, draft, "279-2022-radwege-1").text
        assert "1 Radwege" in document_in(settings, None, "279-2022-radwege-1").text


def test_drafts_stay_free_for_people_and_the_others_wait(tmp_path: Path) -> None:
    with followed(tmp_path, council_of(tmp_path, 5)) as (settings, _):
        assert len(make_store(settings).drafts()) == DRAFTS_BY_SERVICE
        uploads = FollowedUploads(make_drafts(settings))
        pending = list(uploads.pending())
        assert [each.is_unread for each in pending] == [False] * 3 + [True] * 2


def test_a_file_that_cannot_be_copied_is_told_and_those_behind_it_are_read(
    tmp_path: Path,
) -> None:
    settings = settings_of(tmp_path)
    with following(council_of(tmp_path, 3)) as network:
        drafts = make_drafts(settings)
        runs = SourceRuns(drafts, network)
        (source,) = runs.sources.source
        runs.fetch(source)
        files = {file.document_id: file for file in runs.uploads.files.all()}
        runs.uploads.files.path(files["279-2022-radwege-1"]).unlink()
        problems = runs.read_waiting("Ada")
        drafts.jobs.close()
    store = make_store(settings)
    read = {name for draft in store.drafts() for name in store.document_ids(draft)}
    assert read == {"280-2022-radwege-2", "281-2022-radwege-3"}
    assert problems == [
        say(
            "sources.of_source",
            name=source.name,
            problem=say("sources.not_copied", title="Radwege 1"),
        )
    ]


def test_what_is_gone_stays_published(tmp_path: Path) -> None:
    council = council_of(tmp_path, 1)
    with followed(tmp_path, council) as (settings, network):
        store = make_store(settings)
        store.make_current(store.drafts()[0])
        council.papers[279].update(deleted=True, recent=True)
        assert fetch(settings, network).gone == ["Radwege 1"]
        assert store.document_ids() == ("279-2022-radwege-1",)
        uploads = FollowedUploads(make_drafts(settings))
        (pending,) = uploads.pending()
        assert (pending.is_new, pending.file.gone_since is None) == (False, False)


def test_a_discarded_draft_is_not_read_again_by_itself(tmp_path: Path) -> None:
    with followed(tmp_path, council_of(tmp_path, 1)) as (settings, network):
        store = make_store(settings)
        with store.writing():
            store.drop(store.drafts()[0])
        fetch(settings, network)
        assert store.drafts() == []


def test_a_reading_that_broke_off_is_begun_again(tmp_path: Path) -> None:
    council = council_of(tmp_path, 1)
    with followed(tmp_path, council) as (settings, network):
        store = make_store(settings)
        with store.writing():
            store.drop(store.drafts()[0])
        files = FollowedFiles(store.texts, settings.data_dir)
        (file,) = files.all()
        table, (job, *_) = JobTable(make_database(settings)), make_drafts(settings).jobs.all()
        files.update(file.id, job="20260101-000000-deadbeef")  # of last week: no longer known
        fetch(settings, network)
        assert store.drafts() == []
        table.update(job.ended(JobState.FAILED, "abgebrochen"))
        files.update(file.id, job=job.name)
        fetch(settings, network)
        assert len(store.drafts()) == 1


def contents(settings: Settings) -> int:
    return len(list((settings.data_dir / "incoming" / "sources").iterdir()))


def test_a_content_is_kept_until_it_is_published_replaced_or_ignored(tmp_path: Path) -> None:
    council = council_of(tmp_path, 3)
    with followed(tmp_path, council) as (settings, network):
        store, uploads = make_store(settings), FollowedUploads(make_drafts(settings))
        assert contents(settings) == 3
        store.make_current(store.drafts()[0])
        council.asked.clear()
        assert fetch(settings, network).new == []
        assert (contents(settings), council.asked_files) == (2, [])
        content = paper(tmp_path, "Der Kreis baut 20 Radwege.")
        (waiting, other) = uploads.pending()
        number = int(waiting.file.listed.key.rsplit("/", 1)[-1])
        council.files[f"/files/{number}.pdf"] = content
        council.papers[number].update(recent=True, mainFile=council.file(number, content))
        fetch(settings, network)
        assert contents(settings) == 2
        uploads.ignore(other)
        fetch(settings, network)
        assert contents(settings) == 1


def test_what_is_gone_or_no_longer_followed_ends_after_some_months(tmp_path: Path) -> None:
    council = council_of(tmp_path, 3)
    with followed(tmp_path, council) as (settings, network):
        store, uploads = make_store(settings), FollowedUploads(make_drafts(settings))
        store.make_current(store.drafts()[0])
        published = set(store.document_ids())
        council.papers[279].update(deleted=True, recent=True)
        council.papers[280].update(deleted=True, recent=True)
        council.papers[281].update(deleted=True, recent=True)
        fetch(settings, network)
        now, followed_names = datetime.now(UTC), [file.source for file in uploads.files.all()]
        uploads.tidy(followed_names, now + timedelta(days=KEPT_DAYS - 1))
        assert len(uploads.files.all()) == 3
        uploads.tidy(followed_names, now + timedelta(days=KEPT_DAYS + 1))
        assert {file.document_id for file in uploads.files.all()} == published
        assert contents(settings) == 0
        uploads.tidy((), now + timedelta(days=KEPT_DAYS + 1))
        assert uploads.files.all() == []


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
import sys
from pathlib import Path
from service.app.application import create_app
from service.cli import commands as main
from service.cli.ingestion.uploads import UploadReader
from service.settings import Settings
settings = Settings(data_dir=Path({str(tmp_path)!r}))
create_app(settings, reader=UploadReader(settings))
foreign = ("followed_sources", "feedparser", "protego")
print([name for name in sys.modules if name.split(".")[0] in foreign])
"""
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=120)
    assert (result.stdout.strip(), result.returncode) == ("[]", 0)


def test_two_runs_at_a_time_are_refused(tmp_path: Path) -> None:
    data = settings_of(tmp_path).data_dir
    with FileLock(data / "sources.lock"):
        assert run("sources", "fetch", data=data).returncode == 4
