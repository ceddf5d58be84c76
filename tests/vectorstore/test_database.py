"""The tables beside the editions: made when first written to, whole after an error, closed to
others.
"""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, insert, select

from service.people.audit import NOTES
from vectorstore.storage import Database
from vectorstore.texts import METADATA, TEXTS


def text(number: int) -> dict[str, object]:
    return {"name": str(number), "content": b""}


def counted(database: Database) -> int:
    with database.reading(METADATA) as connection:
        return int(connection.execute(select(func.count()).select_from(TEXTS)).scalar_one())


def test_nothing_is_made_by_reading(tmp_path: Path) -> None:
    database = Database(tmp_path / "data")
    assert counted(database) == 0
    assert not (tmp_path / "data").exists()


def test_a_table_is_made_with_the_first_row_and_closed_to_others(tmp_path: Path) -> None:
    database = Database(tmp_path / "data")
    with database.writing() as connection:
        connection.execute(insert(TEXTS), text(1))
    assert counted(database) == 1 and database.path is not None
    assert stat.S_IMODE(database.path.stat().st_mode) == 0o600


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path)
    with pytest.raises(ZeroDivisionError), database.writing() as connection:
        connection.execute(insert(TEXTS), text(1))
        raise ZeroDivisionError
    assert counted(database) == 0


def test_many_write_at_once(tmp_path: Path) -> None:
    def put(number: int) -> None:
        with Database(tmp_path).writing() as connection:
            connection.execute(insert(TEXTS), text(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(40)))
    assert counted(Database(tmp_path)) == 40


@pytest.mark.parametrize("shared", [False, pytest.param(True, marks=pytest.mark.long)])
def test_tables_are_copied_as_they_are_and_numbers_go_on(
    request: pytest.FixtureRequest, tmp_path: Path, shared: bool
) -> None:
    """From a file to another database and back: rows, moments with their zone, and the next
    number.
    """
    moment = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    source, back = Database(tmp_path / "source"), Database(tmp_path / "back")
    target = Database(
        tmp_path / "target", request.getfixturevalue("shared_database") if shared else None
    )
    row = {"moment": moment, "person": "", "role": "", "action": "", "subject": ""}
    source.copy_to(target, [NOTES])  # of a database without tables
    with source.writing() as connection:
        connection.execute(insert(NOTES), [{"id": 7, **row}, {"id": 9, **row}])
    for _ in range(2):
        source.copy_to(target, [NOTES])
    with target.writing() as connection:
        connection.execute(insert(NOTES), row)
    target.copy_to(back, [NOTES])
    with back.reading(NOTES.metadata) as connection:
        rows = connection.execute(select(NOTES).order_by(NOTES.c.id)).all()
    assert [(row.id, row.moment.replace(tzinfo=UTC)) for row in rows] == [
        (7, moment),
        (9, moment),
        (10, moment),
    ]
