"""One at a time in an installation tries or publishes: every process shows how far; one that died is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import update

from prompts import say
from service.composition import make_database
from service.people.decisions import Decisions
from service.people.running import TURN, Progress, Runner
from service.people.trial import Show, Trial, TrialFailed, Try, read_trial
from service.settings import Settings
from tests.processes import until
from vectorstore.database import Database
from vectorstore.kept_texts import Texts

OUTCOME = Trial(digest="eins", moment=datetime(2026, 11, 22, tzinfo=UTC), cases=1)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(make_database(Settings(data_dir=tmp_path))) as made:
        yield made


def runner(database: Database, folder: Path, attempt: Try | None = None, silent: float = 30.0) -> Runner:
    settings, decisions = Settings(data_dir=folder), Decisions(database)
    return Runner(settings, attempt, database, Texts(folder), decisions, silent=silent, beat=0.05)


def at_once(settings: Settings, show: Show) -> Trial:
    show("Vergleichen", 0.5)
    return OUTCOME


def test_one_has_the_turn_and_all_see_how_far_it_is(database: Database, tmp_path: Path) -> None:
    go_on = Event()

    def half(settings: Settings, show: Show) -> Trial:
        show("Vergleichen", 0.4)
        assert go_on.wait(30)
        return OUTCOME

    here, there = (runner(database, tmp_path, half) for _ in range(2))
    assert there.progress == Progress()
    assert here.try_out() and not there.try_out()
    until(lambda: there.progress == Progress(running=True, step="Vergleichen", share=0.4))
    go_on.set()
    until(lambda: not there.progress.running)
    assert there.progress == Progress(share=1.0) and there.try_out()
    until(lambda: not there.progress.running)


def test_one_whose_process_died_is_told_and_another_begins(database: Database, tmp_path: Path) -> None:
    assert runner(database, tmp_path)._take() is not None
    with database.writing(TURN.metadata) as connection:
        connection.execute(update(TURN).values(seen=TURN.c.seen - 31, share=0.3))
    second = runner(database, tmp_path, at_once)
    assert second.progress == Progress(share=0.3, told=say("people.died"), failed=True)
    assert second.try_out()
    until(lambda: not second.progress.running)
    assert not second.progress.failed and read_trial(Texts(tmp_path)) == OUTCOME


def test_a_step_that_takes_long_keeps_its_turn(database: Database, tmp_path: Path) -> None:
    go_on, began = Event(), Event()

    def slow(settings: Settings, show: Show) -> Trial:
        began.set()
        assert go_on.wait(30)
        return OUTCOME

    first = runner(database, tmp_path, slow, silent=0.5)
    assert first.try_out() and began.wait(30)
    before = _seen(database)
    until(lambda: _seen(database) > before + 0.5)  # it said that it lives while nothing was told
    second = runner(database, tmp_path, at_once, silent=0.5)
    assert not second.try_out() and second.progress.running
    go_on.set()
    until(lambda: not first.progress.running)
    assert second.try_out()
    until(lambda: not second.progress.running)


def test_why_a_trial_failed_is_told_everywhere(database: Database, tmp_path: Path) -> None:
    def fails(settings: Settings, show: Show) -> Trial:
        raise TrialFailed("In den Fällen ist ein Fehler.")

    failing = runner(database, tmp_path, fails)
    assert failing.try_out()
    until(lambda: not failing.progress.running)
    assert failing.progress == Progress(share=1.0, told="In den Fällen ist ein Fehler.", failed=True)
    assert read_trial(Texts(tmp_path)) is None


def _seen(database: Database) -> float:
    with database.reading(TURN.metadata) as connection:
        assert connection is not None
        return float(connection.execute(TURN.select()).one().seen)
