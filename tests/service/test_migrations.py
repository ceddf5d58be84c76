"""Tables that released programs left are migrated with their meaning, newer ones are refused, and
the way back leads to the tables as they were.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sqlite3
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData
from starlette.testclient import TestClient

import service
from ingest import load_relations
from service import Settings, make_database
from service.app.application import create_app
from service.backup import make_store
from service.composition import make_key
from service.office.uploads.jobs import JobTable
from service.people import AuditLog, Decision, DecisionKind, Decisions, FeedbackStore, Hints
from service.people.open_questions import OpenQuestions
from tests.machines import Postgres
from tests.processes import run
from tests.service.county import report
from tests.wording import worded
from vectorstore import Texts
from vectorstore.storage import Database, EditionMismatch, schema
from vectorstore.storage.database import BEFORE, FILE

RELEASED = Path(__file__).with_name("released")
OLD = RELEASED / "1.0.0" / "operation.sql"
RECORD = ("auenland-report", "2.1.2.3")


def modules_with_tables() -> Iterator[Any]:
    """Yield every module of the product that describes tables."""
    root = Path(service.__file__).parents[1]
    for room in ("service", "vectorstore"):
        for path in sorted((root / room).rglob("*.py")):
            if "migrations" not in path.parts and "\nMETADATA = " in path.read_text():
                name = ".".join(path.relative_to(root).with_suffix("").parts)
                yield importlib.import_module(name)


def execute(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(";".join(statements))


def released(state: str, data: Path) -> Settings:
    """Make the data folder that a released program left."""
    shutil.copytree(RELEASED / state, data)
    for script in data.glob("*.sql"):
        execute(script.with_suffix(".sqlite"), script.read_text(encoding="utf-8"))
        script.unlink()
    return Settings(data_dir=data, rate_per_minute=0)


def schema_of(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every table of a file with its statement and its rows."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
        tables = connection.execute(query)
        return {
            name: [(sql,), *connection.execute(f"SELECT * FROM {name} ORDER BY 1")]
            for name, sql in tables
        }


def tables_differ(database: Database) -> list[Any]:
    """Return how the tables of a database differ from those that the modules describe."""
    described = MetaData()
    for module in modules_with_tables():
        for table in module.METADATA.sorted_tables:
            table.to_metadata(described)
    with database.writing() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, described))


def test_migrations_make_the_tables_that_the_modules_describe(tmp_path: Path) -> None:
    assert tables_differ(Database(tmp_path)) == []


@pytest.mark.long
def test_in_postgresql_too(tmp_path: Path, shared_postgres: Postgres) -> None:
    assert tables_differ(Database(tmp_path, shared_postgres.database())) == []


def test_the_newest_migration_is_the_schema_of_the_program() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == str(schema.SCHEMA)


def test_a_new_folder_has_the_schema_and_no_copy(tmp_path: Path) -> None:
    Texts(Database(tmp_path)).put("x", b"x")
    with Database(tmp_path).engine.connect() as connection:
        assert schema.find_version(connection) == schema.SCHEMA
    assert not (tmp_path / BEFORE).exists()


def told(rows: Iterable[object], *fields: str) -> list[list[object]]:
    """Return these fields of each as a table of TOML has them: nothing as "", lists for tuples."""
    return [[in_table(getattr(row, field)) for field in fields] for row in rows]


def in_table(value: object) -> object:
    if isinstance(value, tuple):
        return [in_table(item) for item in value]
    return "" if value is None else value


def check_released_1_0_0(database: Database) -> None:
    """Assert that everything of 1.0.0 is there, with its meaning."""
    expected = tomllib.loads((RELEASED / "1.0.0.toml").read_text(encoding="utf-8"))
    decisions = Decisions(database)
    on_fields = decisions.on_fields()
    assert told(reversed(on_fields), "field", "value", "read") == expected["fields"]
    assert on_fields[0].items == ((RECORD[0], on_fields[1].correction.added_key),)
    standing = [item for item in decisions.standing() if item.kind is not DecisionKind.VALUE]
    of_questions = told(reversed(standing), "kind", "wordings", "items", "value", "until")
    assert of_questions == expected["questions"]
    undone = [item for item in decisions.all() if not item.is_standing]
    assert told(undone, "field", "undone_by") == expected["undone"]
    assert all(item.person in ("Ada", "Eva") and item.day for item in decisions.all())
    assert told(OpenQuestions(database).all(), "question", "reason", "times") == expected["kept"]
    assert told(AuditLog(database).latest(), "action", "subject") == expected["notes"]
    assert [hint.text for hint in Hints(database).all()] == ["Seit Mai fertig"]
    (job,) = JobTable(database).all()
    assert (job.request.person, job.edition) == ("Ada", "2026-11-22-1")
    assert job.files[0].told == "gelesen"
    added = decisions.add([Decision(kind=DecisionKind.GAP, wordings=("Und jetzt?",))])
    assert added[0].id > max(item.id for item in decisions.all()[1:])


def test_what_1_0_0_left_is_there_with_its_meaning(tmp_path: Path) -> None:
    settings = released("1.0.0", tmp_path / "data")
    with closing(make_database(settings)) as database:
        check_released_1_0_0(database)
        assert list(FeedbackStore(database).counts().values()) == [{"not_helpful": 1, "wrong": 1}]
        assert Texts(database).get("cases/eigene.jsonl") == b'{"id": "eins"}\n'
        assert json.loads(Texts(database).get("choices/auenland-report.json") or b"")["families"]
        assert make_key(database) == (RELEASED / "1.0.0" / "service.key").read_bytes()


@pytest.mark.long
def test_what_1_0_0_left_in_postgresql_is_there_too(
    tmp_path: Path, shared_postgres: Postgres
) -> None:
    """Its tables get there as a way back would put them, and go that way once more."""
    execute(tmp_path / "old.sqlite", OLD.read_text(encoding="utf-8"))
    database = Database(tmp_path / "data", shared_postgres.database())
    database.put_back(tmp_path / "old.sqlite")
    check_released_1_0_0(database)
    database.put_back(tmp_path / "data" / BEFORE)
    check_released_1_0_0(database)


def test_what_the_program_after_1_0_0_left_is_there(tmp_path: Path) -> None:
    settings = released("after-1.0.0", tmp_path / "data")
    before = schema_of(settings.data_dir / FILE)
    with closing(make_database(settings)) as database:
        assert [item.field for item in Decisions(database).on_fields()] == ["status"]
        assert len(OpenQuestions(database).all()) == 2
    after = schema_of(settings.data_dir / FILE)
    assert {name: after[name] for name in before} == before


def test_decisions_on_pairs_of_documents_are_among_the_choices(tmp_path: Path) -> None:
    settings = released("after-1.0.0", tmp_path / "data")
    content = '{"pairs": [["alt", "neu", "followed_by", ""]]}'
    execute(
        settings.data_dir / FILE, f"INSERT INTO text VALUES ('relations/all.json', '{content}')"
    )
    with closing(make_database(settings)) as database:
        assert load_relations(Texts(database)) == {("alt", "neu"): ("followed_by", "")}


def test_decisions_of_1_0_0_that_nobody_read_since_join_later_ones(tmp_path: Path) -> None:
    """The later program left the tables of 1.0.0 alone: its decisions are the newer ones."""
    settings = released("after-1.0.0", tmp_path / "data")
    statements = OLD.read_text(encoding="utf-8").split(";\n")
    execute(
        settings.data_dir / FILE,
        *(text for text in statements if text.split()[2:3] == ["decision"]),
    )
    with closing(make_database(settings)) as database:
        decisions = Decisions(database).all()
    assert len(decisions) == 15 and [item.day for item in decisions[:4]] == [date(2026, 11, 25)] * 4
    assert [item.wordings for item in decisions[:2]] == [
        ("Gibt es ein Kistenvelo?",),
        ("Wo leiht man Räder?",),
    ]


@pytest.mark.parametrize("state", ["1.0.0", "after-1.0.0"])
def test_a_corrected_value_is_corrected_in_an_answer(tmp_path: Path, state: str) -> None:
    settings = released(state, tmp_path / "data")
    if state == "1.0.0":
        with pytest.raises(EditionMismatch, match=worded("store.older_editions")):
            make_store(settings).open()
        (settings.data_dir / "current").rename(tmp_path / "current")
    with closing(make_database(settings)) as database:  # of the record itself only its status
        decisions = Decisions(database)
        for decision in decisions.on_fields():
            if decision.field in ("kind", "record"):
                assert decisions.undo(decision.id, "Ada")
                decisions.publish([decision.id])
    make_store(settings).publish([report()])
    with TestClient(create_app(settings), client=("127.0.0.1", 1)) as client:
        asked = {"question": "Welche Projekte sind umgesetzt?"}
        answer = client.post("/api/v1/chat", json=asked).json()
    assert "2.1.2.3" in {citation["ref"] for citation in answer["citations"]}


def test_the_way_back_is_one_command(tmp_path: Path) -> None:
    settings = released("1.0.0", tmp_path / "data")
    live, copy = settings.data_dir / FILE, settings.data_dir / BEFORE
    before = schema_of(live)
    Decisions(make_database(settings)).all()
    assert schema_of(copy) == before != schema_of(live)
    assert copy.stat().st_mode & 0o077 == 0
    assert run("restore", str(copy), data=settings.data_dir).returncode == 2
    assert run("restore", str(copy), "--replace", data=settings.data_dir).returncode == 0
    assert schema_of(live) == before
    assert len(Decisions(make_database(settings)).all()) == 11


def test_the_copy_ends_after_a_month(tmp_path: Path) -> None:
    database, copy, month = Database(tmp_path), tmp_path / BEFORE, timedelta(days=30)
    assert (database.copy_day(), database.delete_copy()) == (None, 0)
    for age in (month - timedelta(days=1), month):
        copy.touch()
        then = (datetime.now() - age).timestamp()
        os.utime(copy, (then, then))
        assert database.delete_copy() == int(age == month)
        assert copy.exists() is (age < month)


def test_a_newer_schema_is_refused_with_a_sentence_and_stays(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    Texts(make_database(settings)).put("x", b"x")
    execute(tmp_path / FILE, "UPDATE alembic_version SET version_num = '7'")
    before = schema_of(tmp_path / FILE)
    sentence = worded("store.newer_schema", found=7, known=schema.SCHEMA)
    with pytest.raises(EditionMismatch, match=sentence):
        Texts(make_database(settings)).get("x")
    for words in (("serve", "--port", "0"), ("verify",), ("backup", tmp_path / "b.tar")):
        ended = run(*words, data=tmp_path)
        assert ended.returncode == 2 and "Schema 7" in ended.stderr, words
    assert schema_of(tmp_path / FILE) == before


def test_a_failed_migration_changes_nothing(tmp_path: Path) -> None:
    settings = released("1.0.0", tmp_path / "data")
    execute(settings.data_dir / FILE, "UPDATE decision SET items = 'kein JSON' WHERE id = 5")
    before = schema_of(settings.data_dir / FILE)
    with pytest.raises(ValueError):
        Decisions(make_database(settings)).all()
    assert schema_of(settings.data_dir / FILE) == before


def test_jobs_of_another_form_are_no_database_that_is_away(tmp_path: Path) -> None:
    settings = released("1.0.0", tmp_path / "data")
    database = make_database(settings)
    assert database.migrate()
    execute(settings.data_dir / FILE, "INSERT INTO upload_job VALUES ('20261122-1', '{}', 0, 0)")
    assert len(JobTable(database).all()) == 1
