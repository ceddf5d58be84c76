"""`kill -9` at random moments of a restore and of a migration: afterwards `verify` finds nothing,
and all of it is as before or as it should be.

KILLS=200 in the environment makes it so many kills of each.
"""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from service import RESTORING_FOLDER, Settings, make_database
from service.backup import back_up, make_store
from service.people import Decision, DecisionKind, Decisions
from tests.processes import COMMAND, REPOSITORY, environment, run
from tests.service.county import motion, report
from tests.service.test_migrations import released
from vectorstore import EditionStore
from vectorstore.storage import UNFINISHED_SUFFIX
from vectorstore.storage.database import BEFORE

pytestmark = pytest.mark.long
KILLS = int(os.environ.get("KILLS", "20"))
SEED = 2026
MORE_DECISIONS = (
    9  # doublings of the ten decisions that 1.0.0 left, so that migrating takes a while
)
Contents = tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]


def killed(
    data: Path, words: tuple[str, ...], has_begun: Callable[[], bool], seconds: float
) -> bool:
    """Start a command and kill it so many seconds after it has begun; False where it ended."""
    process = subprocess.Popen(
        [*COMMAND, *words],
        cwd=REPOSITORY,
        env=environment(data),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + 60
    while not has_begun() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.0005)
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)
        return False
    process.kill()
    process.wait(timeout=10)
    return True


def contents(settings: Settings) -> Contents:
    """Return which documents are published, and what is decided on."""
    with closing(make_database(settings)) as database, closing(make_store(settings).open()) as now:
        decided = tuple(decision.wordings for decision in Decisions(database).all())
        return tuple(now.catalogue.documents), decided


def backup_of(folder: Path, wording: str, documents: int) -> tuple[Path, Contents]:
    """Make an installation, and return its backup and its contents."""
    settings = Settings(data_dir=folder, rate_per_minute=0)
    EditionStore(folder).publish([report(), motion()][:documents])
    with closing(make_database(settings)) as database:
        Decisions(database).add([Decision(kind=DecisionKind.GAP, wordings=(wording,))])
    target = folder.with_suffix(".tar")
    back_up(settings, target, lambda step, share: None)
    return target, contents(settings)


def test_a_killed_restore_leaves_one_whole_installation(tmp_path: Path) -> None:
    chance, data, died = random.Random(SEED), tmp_path / "data", Counter[str]()
    backups = [backup_of(tmp_path / name, name, number) for number, name in ((1, "a"), (2, "b"))]
    settings = Settings(data_dir=data, rate_per_minute=0)
    assert run("restore", backups[0][0], data=data).returncode == 0
    incoming, restoring = data / "incoming", data / RESTORING_FOLDER
    phases: dict[str, tuple[Callable[[], bool], float]] = {
        "unpacking": (lambda: any(incoming.glob("restore-*")), 1.0),
        "moving": (restoring.is_dir, 0.08),
    }
    whole, switches, now = {of for _, of in backups}, 0, backups[0][1]
    for turn in range(2 * KILLS):
        if died.total() == KILLS:
            break
        phase = list(phases)[turn % len(phases)]
        has_begun, longest = phases[phase]
        other = next(file for file, of in backups if of != now)
        moment = chance.uniform(0, longest)
        words = ("restore", str(other), "--replace")
        died[phase] += killed(data, words, has_begun, moment)
        assert run("verify", data=data).returncode == 0, (turn, phase, moment)
        after = contents(settings)
        assert after in whole, (turn, phase, moment)
        assert not restoring.exists()
        switches, now = switches + (after != now), after
    print(f"\n{died.total()} kills: {dict(died)}; {switches} switches, 0 broken")
    assert died.total() == KILLS and all(died[phase] for phase in phases) and switches


def test_a_killed_migration_loses_no_row(tmp_path: Path) -> None:
    chance, died = random.Random(SEED), 0
    old = released("1.0.0", tmp_path / "old").data_dir
    (old / "current").unlink()
    with closing(sqlite3.connect(old / "operation.sqlite")) as connection:
        columns = "changed, outcome, wordings, items, value, owner, valid_until, part, instead_of"
        names = f"{columns}, reason, person, day, undone_by, undone_day, live"
        for _ in range(MORE_DECISIONS):
            connection.execute(f"INSERT INTO decision ({names}) SELECT {names} FROM decision")
        rows = connection.execute("SELECT count(*) FROM decision WHERE part <> 'split'").fetchone()
        connection.commit()
    EditionStore(old).publish([report()])
    for turn in range(4 * KILLS):  # on a fast machine half of them end before
        if died == KILLS:
            break
        data = tmp_path / str(turn)
        shutil.copytree(old, data)
        copies = [data / BEFORE, data / f"{BEFORE}{UNFINISHED_SUFFIX}"]
        moment = chance.uniform(0, 1.2)
        died += killed(
            data, ("verify",), lambda copies=copies: any(map(Path.exists, copies)), moment
        )
        assert run("verify", data=data).returncode == 0, (turn, moment)
        with closing(make_database(Settings(data_dir=data))) as database:
            decisions = Decisions(database).all()
        others = [item for item in decisions if item.field not in ("record", "title")]
        titles = [item for item in decisions if item.field == "title" and item.undone_by]
        assert len(others) + len(titles) == rows[0], (turn, moment)
        shutil.rmtree(data)
    print(f"\n{died} kills, no row lost")
    assert died == KILLS
