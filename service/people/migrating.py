"""What earlier versions kept as learning, curated answers and corrections becomes decisions, at the first opening.

A backup of an earlier version brings their tables back, so they are described here; what was taken over is deleted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from service.people.decisions import METADATA as NEW
from service.people.decisions import Decision, Outcome, insert_one
from service.people.decisions_csv import read_table
from service.people.open_questions import KEPT
from vectorstore.database import Database
from vectorstore.kept_texts import Texts

METADATA = sa.MetaData()
CORRECTIONS, KEPT_AS = "corrections.csv", "corrections.csv.taken"
FINDINGS = "cases/gefunden.jsonl"
_MADE = ("cases/learned.jsonl", "cases/open.jsonl", "learned/trial.json")  # what is worked out anew by now
_OUTCOMES = {"item_question": Outcome.ENTRY, "gap": Outcome.GAP, "out_of_scope": Outcome.NOT_OURS}
_GONE = ("learning_trial", "corrections_publishing")  # how far something was, of no more use
_WHO = (("person", sa.String(200), False), ("day", sa.Date, False))
_LIVE = ("live", sa.String(40), True)


def _table(name: str, *columns: tuple[str, Any, bool]) -> sa.Table:
    described = [sa.Column(said, kind, nullable=empty) for said, kind, empty in columns]
    return sa.Table(name, METADATA, sa.Column("id", sa.Integer, primary_key=True, autoincrement=True), *described)


LEARNED = _table(
    "learning_decision",
    *((name, sa.String(1000), False) for name in ("kind", "wording", "document_id", "key")),
    *((name, sa.String(20), True) for name in ("scope", "want")),
    ("note", sa.String(500), False), ("times", sa.Integer, False), ("as_case", sa.Boolean, False), *_WHO,
    ("undone_by", sa.String(200), True), ("undone_day", sa.Date, True), _LIVE,
)  # fmt: skip
WORDINGS = _table(
    "learning_wording", ("decision", sa.Integer, False), ("question", sa.String(1000), False), *_WHO,
    ("removed_by", sa.String(200), True), ("removed_day", sa.Date, True), _LIVE,
)  # fmt: skip
CURATED = sa.Table(
    "curated", METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    *(sa.Column(name, sa.String(40), nullable=False) for name in ("entry", "action", "language")),
    sa.Column("before", sa.Integer, nullable=False),
    *(sa.Column(name, sa.Text, nullable=False) for name in ("question", "text", "owner", "person")),
    *(sa.Column(name, sa.JSON, nullable=False) for name in ("wordings", "citations")),
    sa.Column("valid_until", sa.Date, nullable=False),
    sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
    sa.UniqueConstraint("entry", "before"),
)  # fmt: skip


def migrate(database: Database, texts: Texts) -> int:
    """Take over what earlier versions kept; returns how many decisions came of it.

    One process at a time does, with all of it or nothing. Raises SQLAlchemyError, StoreError, OSError, Wrong.
    """
    with database.reading(sa.MetaData()) as connection:
        there = _there(connection) if connection else []
        learned = _rows(connection, LEARNED, there) if connection else []
    if texts.get(CORRECTIONS) is None and not there:
        return 0
    if findings := "".join(map(_finding, learned)):
        texts.put(FINDINGS, findings.encode())  # before their table goes: whoever is stopped here begins again
    found, unread = list[Decision](), list[bytes]()

    def taken(content: bytes | None) -> None:
        corrections, rejected = read_table(content, CORRECTIONS) if content is not None else ([], [])
        with database.writing(NEW) as connection:
            there = _there(connection)
            learned, further, curated = (_rows(connection, one, there) for one in (LEARNED, WORDINGS, CURATED))
            made = [*_learned(learned, further), *_curated(curated), *corrections]
            found.extend(insert_one(connection, replace(one, id=0)) for one in made)
            _renumber(connection, {old.id: new.id for old, new in zip(made, found, strict=True) if old.id})
            _drop(connection, [*there, *_GONE])
        unread.extend([content] if content is not None and rejected else [])

    texts.change(CORRECTIONS, taken)
    if unread:  # rows that say nothing usable, for whoever wrote them
        texts.put(KEPT_AS, unread[0])
    for name in _MADE:
        if texts.get(name) is not None:
            texts.remove(name)
    database.compact()
    return len(found)


def _there(connection: Connection) -> list[str]:
    known = sa.inspect(connection)
    return [name for name in METADATA.tables if known.has_table(name)]


def _rows(connection: Connection, table: sa.Table, there: Iterable[str]) -> Sequence[Any]:
    return connection.execute(sa.select(table)).mappings().all() if table.name in there else ()


def _renumber(connection: Connection, numbers: Mapping[int, int]) -> None:
    """Have kept questions belong to the decisions that came of theirs."""
    if sa.inspect(connection).has_table(KEPT.name):
        for row in connection.execute(sa.select(KEPT).where(KEPT.c.decision.in_(numbers))).mappings().all():
            decision = numbers[row["decision"]]
            connection.execute(sa.update(KEPT).where(KEPT.c.id == row["id"]).values(decision=decision))


def _drop(connection: Connection, names: Iterable[str]) -> None:
    for name in names:
        sa.Table(name, sa.MetaData()).drop(connection, checkfirst=True)


def _learned(rows: Sequence[Any], further: Sequence[Any]) -> Iterator[Decision]:
    for row in (one for one in rows if one["kind"] in _OUTCOMES and one["wording"]):
        outcome = _OUTCOMES[row["kind"]]
        mine = [one for one in further if one["decision"] == row["id"]]
        said = [one["question"] for one in mine if one["question"] and one["removed_day"] is None]
        yield Decision(
            id=row["id"], outcome=outcome, wordings=(row["wording"], *said), reason=row["note"],
            items=((row["document_id"], row["key"]),) if outcome is Outcome.ENTRY else (),
            person=row["person"], day=row["day"], live=row["live"] or "",
            undone_by=row["undone_by"] or "", undone_day=row["undone_day"],
        )  # fmt: skip
    of = {row["id"]: (row["document_id"], row["key"]) for row in rows}
    for one in further:  # removed alone, and still in the edition: it goes with the next one
        if one["decision"] in of and one["removed_day"] is not None and one["live"] and one["question"]:
            yield Decision(
                outcome=Outcome.ENTRY, wordings=(one["question"],), items=(of[one["decision"]],), live=one["live"],
                person=one["person"], day=one["day"],
                undone_by=one["removed_by"] or "", undone_day=one["removed_day"],
            )  # fmt: skip


def _curated(rows: Sequence[Any]) -> Iterator[Decision]:
    """Every version of every answer: all but the newest of each are taken back by whoever made the next one."""
    by_entry: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda one: one["number"]):
        by_entry.setdefault(row["entry"], []).append(row)
    for versions in by_entry.values():
        for one, after in zip(versions, [*versions[1:], None], strict=True):
            if one["action"] != "removed":
                yield Decision(
                    outcome=Outcome.TEXT, wordings=(one["question"], *one["wordings"]), value=one["text"],
                    items=tuple((document, key) for document, key in one["citations"]),
                    owner=one["owner"], valid_until=one["valid_until"], person=one["person"], day=_day(one),
                    undone_by=after["person"] if after else "", undone_day=_day(after) if after else None,
                )  # fmt: skip


def _day(row: Any) -> date:
    moment: date = row["moment"].date()
    return moment


def _finding(row: Any) -> str:
    """What was only a case, that an entry should have been found, as a case of the county's own; "" for others."""
    if row["kind"] != "finding" or row["undone_day"] is not None or not row["wording"]:
        return ""
    cited = {"behavior": "answer", "citations_any": [[row["document_id"], row["key"]]]}
    case = {"id": f"learned-{row['id']}", "type": "topic_lookup", "question": row["wording"], "expect": cited}
    return f"{json.dumps(case, ensure_ascii=False)}\n"
