"""The running service fetches what is due by itself: one process of several, and not before it
serves.
"""

from __future__ import annotations

import re
import threading
import time
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import httpx2 as httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service import Settings
from service.app.application import create_app
from service.backup import make_store
from service.cli.ingestion.uploads import UploadReader
from service.cli.sources import make_drafts
from service.followed_sources import FollowedFiles, Network, RunStopped, SourceRun
from service.followed_sources.fetching import RETRY
from service.office.uploads import DraftService, SourceRuns, SourceSchedule
from service.web import EditionHolder
from tests.followed_sources.council import LOGIN
from tests.followed_sources.drafting import SOURCES, council_of, settings_of
from tests.followed_sources.server import FakeNetwork, Reply, Request
from tests.machines import Postgres
from tests.processes import until
from tests.service.running import running
from tests.staff.conftest import HERE, LOOPBACK
from tests.staff.signing_in import signed_in
from tests.staff.test_uploads import said
from vectorstore.storage import WriterBusy

NAME = "Kreistagsinformationssystem"
PAGE = "/staff/uploads/sources"


class CountingDrafts(DraftService):
    """Drafts that count how often the service looked for sources."""

    looks = 0

    @property
    def has_sources(self) -> bool:
        self.looks += 1
        return super().has_sources


def app_of(settings: Settings, network: Network, holder: EditionHolder | None = None) -> FastAPI:
    """Return the service as it is served, which looks for what is due all the time."""
    app = create_app(settings, holder, UploadReader(settings))
    report = app.state.meters.count_source_files
    app.state.drafts = CountingDrafts(settings, UploadReader(settings))
    app.state.schedule = SourceSchedule(app.state.drafts, report, network, (0.05, 0.2))
    return app


def until_looked(app: FastAPI, times: int) -> None:
    looks = app.state.drafts.looks + times
    until(lambda: app.state.drafts.looks > looks)


def files_of(settings: Settings) -> FollowedFiles:
    return FollowedFiles(make_store(settings).texts, settings.data_dir)


def last_run(settings: Settings) -> SourceRun | None:
    return files_of(settings).last_run(NAME)


def is_listed(settings: Settings) -> bool:
    run = last_run(settings)
    return run is not None and run.listed == run.tried


def test_a_served_app_fetches_once_and_again_when_it_is_due(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    with FakeNetwork(council_of(tmp_path, 2).answer) as network, ExitStack() as served:
        app = app_of(settings, network)
        url = served.enter_context(running(app))
        until(lambda: is_listed(settings))
        until(lambda: len(make_store(settings).drafts()) == 2)
        assert httpx.get(f"{url}/healthz", timeout=60).status_code == 200
        first, asked = last_run(settings), len(network.asked)
        assert first is not None and len(network.asked_files) == 2
        counted = app.state.meters.render().decode()
        assert 'strategielotse_source_files_total{state="new"} 2.0' in counted
        yesterday = first.model_copy(update={"tried": first.tried - timedelta(days=1)})
        assert len(network.asked) == asked
        files_of(settings).put_run(NAME, yesterday.model_copy(update={"listed": yesterday.tried}))
        until(lambda: is_listed(settings) and last_run(settings) != first)
        assert len(network.asked_files) == 2


def test_of_several_processes_one_fetches(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    with FakeNetwork(council_of(tmp_path, 3).answer) as network, ExitStack() as served:
        for _ in range(3):
            served.enter_context(running(app_of(settings, network)))
        until(lambda: is_listed(settings))
        until(lambda: len(make_store(settings).drafts()) == 3)
    assert sorted(set(network.asked_files)) == sorted(network.asked_files)


def test_of_several_machines_one_fetches(tmp_path: Path, shared_postgres: Postgres) -> None:
    url = shared_postgres.database()
    folders = [tmp_path / name for name in ("one", "two")]
    settings = [settings_of(folder, database_url=url) for folder in folders]
    here, there = [SourceRuns(make_drafts(each)) for each in settings]
    with here.writing(), pytest.raises(WriterBusy), there.writing():
        pass
    with there.writing():
        pass


class Opening(EditionHolder):
    """An edition that opens when the test says so."""

    opened = threading.Event()

    def refresh(self) -> None:
        self.opened.wait(60)


def test_nothing_is_asked_before_the_service_answers(tmp_path: Path) -> None:
    settings = settings_of(tmp_path)
    with FakeNetwork(council_of(tmp_path, 1).answer) as network:
        holder = Opening(make_store(settings))
        app = app_of(settings, network, holder)

        def open_later() -> None:
            time.sleep(0.5)
            asked_before.extend(network.asked)
            holder.opened.set()

        asked_before: list[str] = []
        threading.Thread(target=open_later).start()
        with running(app):
            assert asked_before == []
            until(lambda: bool(network.asked))


def test_a_failure_is_shown_and_logged_and_not_tried_again_at_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_of(tmp_path)
    wrong = {"/oparl/papers?page=2": LOGIN}
    with FakeNetwork(council_of(tmp_path, 3).answer, wrong) as network:
        app = app_of(settings, network)
        client = signed_in(TestClient(app, base_url=HERE, client=(LOOPBACK, 1)))
        assert "noch nicht abgerufen" in said(client, PAGE)
        with running(app):
            until(lambda: len(make_store(settings).drafts()) == 2)
            until(lambda: "text/html statt" in caplog.text)
            text, asked = said(client, PAGE), list(network.asked)
            until_looked(app, 20)
        assert network.asked == asked
    run = last_run(settings)
    assert run is not None
    again = run.tried + RETRY
    assert f"zuletzt abgerufen {shown(run.tried)}, nächster Abruf ab {shown(again)}" in text
    assert re.search(r"zuletzt fehlgeschlagen: \S+ antwortet mit text/html statt", text)


def shown(moment: datetime) -> str:
    return f"{moment.astimezone():%d.%m.%Y, %H:%M} Uhr"


def test_a_list_that_cannot_be_used_is_shown_and_harms_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_of(tmp_path)
    (settings.data_dir / "sources.toml").write_text(SOURCES.replace("oparl", "ftp", 1))
    app = app_of(settings, Network())
    with running(app):
        client = signed_in(TestClient(app, base_url=HERE, client=(LOOPBACK, 1)))
        assert "„kind“: erlaubt ist eines von oparl" in said(client, PAGE)
        until_looked(app, 5)
    assert caplog.text.count("„kind“: erlaubt ist") == 1


def test_the_end_of_the_service_ends_a_run_and_the_next_goes_on(tmp_path: Path) -> None:
    stopping = threading.Event()

    def ending(usual: Reply) -> Reply:
        if len(network.asked_files) == 2:
            stopping.set()
        return usual

    with FakeNetwork(council_of(tmp_path, 4).answer, {"*.pdf": ending}) as network:
        drafts = make_drafts(settings_of(tmp_path))
        runs = SourceRuns(drafts, network, stopping)
        (source,) = runs.sources.source
        with pytest.raises(RunStopped):
            runs.fetch(source)
        assert len(network.asked_files) == 2
        stopping.clear()
        network.asked.clear()
        network.wrong = {}
        assert len(runs.fetch(source).new) == 2
        assert len(network.asked_files) == 2


def test_the_service_ends_though_a_council_does_not_answer(tmp_path: Path) -> None:
    asked, answered = threading.Event(), threading.Event()

    def silent(_: Request) -> None:
        asked.set()
        answered.wait(60)

    with FakeNetwork(silent) as network:
        with running(app_of(settings_of(tmp_path), network)):
            assert asked.wait(60)
        answered.set()
