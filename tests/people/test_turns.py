"""One at a time in an installation tries or publishes: every process shows how far; one that died is told."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from prompts import say
from service.people.decisions import Decisions
from service.people.running import SILENT_SECONDS, TURN, Progress, Runner
from service.people.trial import Show, Trial, TrialFailed, Try, read_trial
from service.settings import Settings
from tests.processes import until
from vectorstore.database import Database
from vectorstore.kept_texts import Texts

OUTCOME = Trial(digest="eins", moment=datetime(2026, 11, 22, tzinfo=UTC), cases=1)


def runner(folder: Path, attempt: Try | None = None) -> Runner:
    return Runner(Settings(data_dir=folder), attempt, Texts(Database(folder)), Decisions(Database(folder)))


def at_once(settings: Settings, show: Show) -> Trial:
    show("Vergleichen", 0.5)
    return OUTCOME


def test_one_has_the_turn_and_all_see_how_far_it_is(tmp_path: Path) -> None:
    go_on = Event()

    def half(settings: Settings, show: Show) -> Trial:
        show("Vergleichen", 0.4)
        assert go_on.wait(30)
        return OUTCOME

    here, there = (runner(tmp_path, half) for _ in range(2))
    assert there.progress == Progress()
    assert here.try_out() and not there.try_out()
    until(lambda: there.progress == Progress(running=True, step="Vergleichen", share=0.4))
    go_on.set()
    until(lambda: not there.progress.running)
    assert there.progress == Progress(share=1.0) and there.try_out()
    until(lambda: not there.progress.running)


def test_one_whose_process_died_is_told_and_another_begins(tmp_path: Path) -> None:
    died = {**asdict(Progress(running=True, share=0.3)), "moment": time.time() - SILENT_SECONDS - 1}
    Texts(Database(tmp_path)).put(TURN, json.dumps(died).encode())
    second = runner(tmp_path, at_once)
    assert second.progress == Progress(share=0.3, told=say("people.died"), failed=True)
    assert second.try_out()
    until(lambda: not second.progress.running)
    assert not second.progress.failed and read_trial(Texts(Database(tmp_path))) == OUTCOME


def test_why_a_trial_failed_is_told_everywhere(tmp_path: Path) -> None:
    def fails(settings: Settings, show: Show) -> Trial:
        raise TrialFailed("In den Fällen ist ein Fehler.")

    failing = runner(tmp_path, fails)
    assert failing.try_out()
    until(lambda: not failing.progress.running)
    assert failing.progress == Progress(share=1.0, told="In den Fällen ist ein Fehler.", failed=True)
    assert read_trial(Texts(Database(tmp_path))) is None
