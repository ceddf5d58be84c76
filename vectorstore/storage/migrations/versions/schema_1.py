"""Schema 1: the first with a version.

What was there before has any part of these tables, as each was made when it was first written to:
of 1.0.0 some with other names and columns, and some as files of the data folder; of the programs
after it these tables as they are. Rows of 1.0.0 are taken over, its tables are dropped, its files
stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection

from vectorstore.storage.errors import say
from vectorstore.storage.schema import SchemaMismatch, advance_sequence

revision = "1"
down_revision = None

METADATA = sa.MetaData()
Row = dict[str, Any]


def _table(name: str, *columns: sa.Column[Any], **options: Any) -> sa.Table:
    return sa.Table(name, METADATA, *columns, **options)


def _column(name: str, kind: Any, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, **{"nullable": False} | options)


def _id() -> sa.Column[Any]:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


AUDIT = _table(
    "audit",
    _id(),
    _column("moment", sa.DateTime(timezone=True)),
    _column("person", sa.String(200)),
    _column("role", sa.String(20)),
    _column("action", sa.String(40)),
    _column("subject", sa.String(300)),
)
DECIDED = _table(
    "decided",
    _id(),
    _column("changed", sa.Integer),
    _column("kind", sa.String(20)),
    _column("wordings", sa.Text),
    _column("items", sa.Text),
    _column("field", sa.String(20)),
    _column("value", sa.Text),
    _column("read", sa.Text, nullable=True),
    _column("owner", sa.String(200)),
    _column("until", sa.Date, nullable=True),
    _column("reason", sa.Text),
    _column("person", sa.String(200)),
    _column("day", sa.Date, nullable=True),
    _column("undone_by", sa.String(200)),
    _column("undone_day", sa.Date, nullable=True),
)
OPEN_QUESTIONS = _table(
    "open_question",
    _column("id", sa.String(16), primary_key=True),
    _column("question", sa.String(1000)),
    _column("day", sa.Date),
    _column("reason", sa.String(20)),
    _column("followup", sa.Boolean),
    _column("times", sa.Integer),
    sqlite_with_rowid=False,
)
HINTS = _table(
    "item_hint",
    _id(),
    _column("moment", sa.DateTime(timezone=True)),
    _column("document_id", sa.String(200)),
    _column("key", sa.String(200)),
    _column("part", sa.String(20)),
    _column("text", sa.Text),
)
RATINGS = _table(
    "rating",
    _column("answer", sa.String(64), primary_key=True),
    _column("helpful", sa.Boolean),
    _column("reason", sa.String(20), nullable=True),
    _column("edition", sa.String(40)),
    _column("day", sa.Date),
)
TEXTS = _table(
    "text",
    _column("name", sa.String(400), primary_key=True),
    _column("content", sa.LargeBinary),
)
JOBS = _table(
    "upload_job",
    _column("name", sa.String(60), primary_key=True),
    _column("job", sa.Text),
    _column("cancelled", sa.Boolean),
    _column("seen", sa.Float),
)
TICKETS = _table(
    "staff_ticket",
    _column("digest", sa.String(64), primary_key=True),
    _column("name", sa.String(255)),
    _column("how", sa.String(255)),
    _column("host", sa.String(255)),
    _column("role", sa.Integer),
    _column("ends", sa.Float),
    _column("seen", sa.Float),
)
SENT = _table(
    "sent_turn",
    _column("name", sa.String(20)),
    _column("client", sa.String(32)),
    _column("network", sa.String(32)),
    _column("moment", sa.Float),
)
sa.Index("sent_turn_moment", SENT.c.name, SENT.c.moment)
_table(
    "edition_pointer",
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("content", sa.LargeBinary),
)
_table(
    "edition",
    _column("name", sa.String(40), primary_key=True),
    _column("manifest", sa.LargeBinary),
)
_table(
    "edition_part",
    _column("digest", sa.String(64), primary_key=True),
    _column("part", sa.Integer, primary_key=True),
    _column("content", sa.LargeBinary),
)

# Of 1.0.0.
UNRELEASED = {"learning_decision", "learning_wording", "curated"}  # of programs before it
QUESTION_KINDS = {"entry": "item", "text": "text", "not_ours": "not_ours", "gap": "gap"}
SAME_FIELDS = {"title", "status", "unit", "date", "period", "cost", "partners", "priority"}
RATINGS_FILE = "feedback.sqlite"
KEY = "service.key"
TEXT_FILES = ("choices/*", "readings/*", "cases/*.jsonl")
KNOWN_PARTS = SAME_FIELDS | {"record", "split"}
UNDONE_BY = "Strategielotse"  # who undid a decision that cannot be applied any more


def upgrade() -> None:
    """Create the tables that are missing, and take over the tables and files of 1.0.0.

    Tables of 1.0.0 are read and dropped. Its files are beside the database if that is a file.
    Raises SchemaMismatch for tables of programs that were never released.
    """
    connection = op.get_bind()
    names = set(sa.inspect(connection).get_table_names())
    if names & UNRELEASED:
        raise SchemaMismatch(say("store.unreleased_schema"))
    METADATA.create_all(connection)
    _rename_jobs(connection)
    _take_decisions(connection, _pop(connection, "decision", names))
    _insert_missing(
        connection, OPEN_QUESTIONS, map(_question, _pop(connection, "kept_question", names))
    )
    _insert_missing(connection, TEXTS, _pop(connection, "kept_text", names))
    keys = [bytes.fromhex(row["key"]) for row in _pop(connection, "service_key", names)]
    _insert_missing(connection, TEXTS, [{"name": KEY, "content": key} for key in keys])
    file = connection.engine.url.database
    if file and connection.dialect.name == "sqlite":
        _take_files(connection, Path(file).parent)


def _take_files(connection: Connection, folder: Path) -> None:
    """Take over the files of a data folder: texts, the key, and the database of ratings."""
    paths = list(chain.from_iterable(map(folder.glob, (*TEXT_FILES, KEY))))
    texts = {path.relative_to(folder).as_posix(): path for path in paths if path.is_file()}
    rows = ({"name": name, "content": path.read_bytes()} for name, path in texts.items())
    _insert_missing(connection, TEXTS, rows)
    if (folder / RATINGS_FILE).is_file():
        engine = sa.create_engine(f"sqlite:///{folder / RATINGS_FILE}", poolclass=sa.NullPool)
        with engine.connect() as ratings:
            if sa.inspect(ratings).has_table(RATINGS.name):
                rated = ratings.execute(sa.select(RATINGS)).mappings()
                _insert_missing(connection, RATINGS, map(dict, rated))


def _pop(connection: Connection, name: str, names: set[str]) -> list[Row]:
    """Remove a table of 1.0.0; returns its rows, none where it is not among `names`."""
    if name not in names:
        return []
    table = sa.Table(name, sa.MetaData(), autoload_with=connection)
    rows = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
    op.drop_table(name)
    return rows


def _insert_missing(connection: Connection, table: sa.Table, rows: Iterable[Row]) -> None:
    """Insert the rows whose primary key is not in the table: what is there is newer."""
    (key,) = table.primary_key.columns
    known = set(connection.execute(sa.select(key)).scalars())
    columns = table.c.keys()
    for row in rows:
        if row[key.name] not in known:
            connection.execute(table.insert(), {name: row[name] for name in columns})


def _rename_jobs(connection: Connection) -> None:
    """Rename the column `said` of uploads to `job`, and in its JSON `order` to `request`.

    Nothing is done if the column has the new name already.
    """
    columns = [column["name"] for column in sa.inspect(connection).get_columns(JOBS.name)]
    if "said" not in columns:
        return
    op.alter_column(JOBS.name, "said", new_column_name="job")
    for name, job in connection.execute(sa.select(JOBS.c.name, JOBS.c.job)).all():
        fields = json.loads(job)
        fields["request"] = fields.pop("order")
        values = {"job": json.dumps(fields, ensure_ascii=False)}
        connection.execute(sa.update(JOBS).where(JOBS.c.name == name).values(values))


def _question(row: Row) -> Row:
    """An open question; one that was answered unsurely is one of which only results were shown.

    Which decision it belonged to is told by its wording now.
    """
    return row | {"reason": row["reason"].replace("unsure", "found")}


def _take_decisions(connection: Connection, rows: list[Row]) -> None:
    """Insert decisions of 1.0.0 with their numbers, before those of later programs.

    A decision that became two gets a further number for the second. The numbers of later programs
    are raised by the highest of these, by way of negative numbers, as no number may occur twice at
    any moment.
    """
    decisions = list(chain.from_iterable(map(_decisions_of, rows)))
    if not decisions:
        return
    highest = max(row["id"] for row in rows)
    for decision in decisions:
        if "id" not in decision:
            highest += 1
            decision["id"] = highest
    later = connection.scalar(sa.select(sa.func.count()).select_from(DECIDED))
    if later:
        for raised in (-DECIDED.c.id - highest, -DECIDED.c.id):  # no number is there twice
            connection.execute(sa.update(DECIDED).values(id=raised))
    connection.execute(DECIDED.insert(), decisions)
    advance_sequence(connection, DECIDED)
    _note_undone(connection, rows)


def _decisions_of(row: Row) -> Iterator[Row]:
    """A decision of 1.0.0 in the form of today: one row, or two for a record that was split off
    and got another title.

    A decision is about a question (`outcome`) or about a `part` of an item. A part that cannot be
    corrected any more is taken over as undone, so that nothing that people wrote is lost.
    """
    kept = ("id", "changed", "items", "value", "owner", "reason", "person", "day")
    same = {name: row[name] for name in (*kept, "undone_by", "undone_day")}
    part, read = row["part"], row["instead_of"]
    same |= {"wordings": "[]", "field": "", "read": None, "until": row["valid_until"]}
    if row["outcome"] in QUESTION_KINDS:
        wordings = json.dumps(row["wordings"].splitlines(), ensure_ascii=False)
        yield same | {"kind": QUESTION_KINDS[row["outcome"]], "wordings": wordings}
    elif part in SAME_FIELDS:
        yield same | {"kind": "value", "field": part, "read": read}
    elif part == "record":  # the item was no record, and became a section
        yield same | {"kind": "value", "field": "kind", "value": "section"}
    elif part == "split":  # at the line `read`, with `value` as its title
        yield same | {"kind": "value", "field": "record", "value": read}
        if row["value"] != read:
            yield _title_of_split(same, row["value"], read)
    else:
        yield same | {"kind": "value", "field": part, "read": read} | _undone(row)


def _title_of_split(same: Row, title: str, line: str) -> Row:
    """The decision on the title of a record that was split off at a line.

    The key of that record is made of the item's key and the line, as `Correction.added_key` makes
    it. The row has no number yet.
    """
    ((document, key),) = json.loads(same["items"])
    added = re.sub(r"[^0-9A-Za-z]+", "-", line).strip("-")[:60]
    items = json.dumps([(document, f"{key}~{added}")], ensure_ascii=False)
    row = same | {"kind": "value", "items": items, "field": "title", "value": title, "read": line}
    del row["id"]  # a number of its own
    return row


def _undone(row: Row) -> Row:
    """The end of a decision on what cannot be corrected any more; {} if it was undone before, as
    then its own end stays.
    """
    if row["undone_day"] is not None:
        return {}
    return {"undone_by": UNDONE_BY, "undone_day": date.today()}


def _note_undone(connection: Connection, rows: list[Row]) -> None:
    """Note in the audit log each decision that was in effect and cannot be applied any more.

    `rows` are the decisions of 1.0.0; one on a question has no `part` and still applies.
    """
    for row in rows:
        if row["part"] and row["undone_day"] is None and row["part"] not in KNOWN_PARTS:
            ((document, key),) = json.loads(row["items"])
            note = {
                "moment": datetime.now(UTC),
                "person": UNDONE_BY,
                "role": "command line",
                "action": "undo",
                "subject": f"{document} {key} {row['part']}: {row['value']}"[:300],
            }
            connection.execute(AUDIT.insert(), note)
