"""One trial at a time in an installation: every process shows how far it is; one that died is told and begun anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import update

from service.composition import make_database
from service.learning.running import Show, TrialFailed, TrialRunner, Try
from service.learning.trial import Trial, read_trial
from service.learning.turns import DIED, TURN, Progress, Turns
from service.settings import Settings
from tests.processes import until
from vectorstore.database import Database
from vectorstore.kept_texts import FolderTexts

OUTCOME = Trial(digest="eins", edition="1", moment=datetime(2026, 11, 22, tzinfo=UTC), added=1, removed=0)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with closing(make_database(Settings(data_dir=tmp_path))) as made:
        yield made


def runner(database: Database, folder: Path, attempt: Try, silent: float = 30.0) -> TrialRunner:
    return TrialRunner(Settings(data_dir=folder), attempt, Turns(database, silent, beat=0.05), FolderTexts(folder))


def at_once(settings: Settings, show: Show) -> Trial:
    show("Vergleichen", 0.5)
    return OUTCOME


def test_one_has_the_turn_and_all_see_how_far_it_is(database: Database) -> None:
    here, there = Turns(database), Turns(database)
    assert there.progress == Progress()
    holder = here.take()
    assert holder is not None and there.take() is None
    here.tell(holder, "Vergleichen", 0.4)
    assert there.progress == Progress(running=True, step="Vergleichen", share=0.4)
    here.end(holder, "Es fehlt etwas.")
    assert there.progress == Progress(share=1.0, failed="Es fehlt etwas.")
    second = there.take()
    assert second is not None and (here.has(holder), there.has(second)) == (False, True)
    here.tell(holder, "zu spät", 0.9)
    assert there.progress.step == "Vorbereiten"


def test_a_trial_whose_process_died_is_told_and_another_begins(database: Database, tmp_path: Path) -> None:
    died = Turns(database).take()
    assert died is not None
    with database.writing(TURN.metadata) as connection:
        connection.execute(update(TURN).values(seen=TURN.c.seen - 31, share=0.3))
    assert Turns(database).progress == Progress(share=0.3, failed=DIED)
    shown: list[str] = []
    assert runner(database, tmp_path, at_once).run(lambda step, share: shown.append(step)) == OUTCOME
    assert (shown, Turns(database).progress.failed) == (["Vergleichen"], "")
    assert read_trial(FolderTexts(tmp_path)) == OUTCOME


def test_a_step_that_takes_long_keeps_its_turn(database: Database, tmp_path: Path) -> None:
    go_on, began = Event(), Event()

    def slow(settings: Settings, show: Show) -> Trial:
        began.set()
        assert go_on.wait(30)
        return OUTCOME

    first = runner(database, tmp_path, slow, silent=0.5)
    assert first.start() and began.wait(30)
    with database.reading(TURN.metadata) as connection:
        assert connection is not None
        before = connection.execute(TURN.select()).one().seen
    until(lambda: _seen(database) > before + 0.5)  # it said that it lives while nothing was told
    second = runner(database, tmp_path, at_once, silent=0.5)
    assert not second.start() and second.progress.running
    with pytest.raises(TrialFailed, match="läuft schon ein Versuch"):
        second.run(lambda step, share: None)
    go_on.set()
    assert first.wait(30) and second.start() and second.wait(30)


def _seen(database: Database) -> float:
    with database.reading(TURN.metadata) as connection:
        assert connection is not None
        return float(connection.execute(TURN.select()).one().seen)


def test_the_outcome_of_one_that_lost_its_turn_is_not_kept(database: Database, tmp_path: Path) -> None:
    def slept(settings: Settings, show: Show) -> Trial:
        with database.writing(TURN.metadata) as connection:
            connection.execute(update(TURN).values(holder="ein anderer"))
        return OUTCOME

    with pytest.raises(TrialFailed, match="ein anderer hat begonnen"):
        runner(database, tmp_path, slept).run(lambda step, share: None)
    assert read_trial(FolderTexts(tmp_path)) is None
    assert Turns(database).progress.running  # that of the other one
