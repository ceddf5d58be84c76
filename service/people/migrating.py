"""What earlier versions kept as learning, curated answers and corrections becomes decisions, at the first opening.

A backup of an earlier version brings their tables back, so they are described here; what was taken over is deleted.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    select,
    update,
)
from sqlalchemy.engine import Connection

from service.people.decisions import METADATA as NEW
from service.people.decisions import insert_one
from service.people.form import Decision, Outcome, of_correction
from service.people.open_questions import KEPT
from vectorstore.amending.tables import corrections_in
from vectorstore.database import Database
from vectorstore.kept_texts import Texts

METADATA = MetaData()
CORRECTIONS, KEPT_AS = "corrections.csv", "corrections.csv.taken"
FINDINGS = "cases/gefunden.jsonl"
_MADE = ("cases/learned.jsonl", "cases/open.jsonl", "learned/trial.json")  # what is worked out anew by now
_OUTCOMES = {"item_question": Outcome.ENTRY, "gap": Outcome.GAP, "out_of_scope": Outcome.NOT_OURS}
_WHO = (("person", String(200), False), ("day", Date, False))
_UNDONE = (("live", String(40), True),)


def _table(name: str, *columns: tuple[str, Any, bool], **more: Any) -> Table:
    described = [Column(said, kind, nullable=empty) for said, kind, empty in columns]
    return Table(name, METADATA, Column("id", Integer, primary_key=True, autoincrement=True), *described, **more)


LEARNED = _table(
    "learning_decision",
    *((name, String(1000), False) for name in ("kind", "wording", "document_id", "key")),
    *((name, String(20), True) for name in ("scope", "want")),
    ("note", String(500), False), ("times", Integer, False), ("as_case", Boolean, False), *_WHO,
    ("undone_by", String(200), True), ("undone_day", Date, True), *_UNDONE,
)  # fmt: skip
_table(
    "learning_wording", ("decision", Integer, False), ("question", String(1000), False), *_WHO,
    ("removed_by", String(200), True), ("removed_day", Date, True), *_UNDONE,
)  # fmt: skip
CURATED = Table(
    "curated", METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    *(Column(name, String(40), nullable=False) for name in ("entry", "action", "language")),
    Column("before", Integer, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("question", "text", "owner", "person")),
    *(Column(name, JSON, nullable=False) for name in ("wordings", "citations")),
    Column("valid_until", Date, nullable=False),
    Column("moment", DateTime(timezone=True), nullable=False),
    UniqueConstraint("entry", "before"),
)  # fmt: skip
_GONE = ("learning_trial", "corrections_publishing")  # how far something was, of no more use


def migrate(database: Database, texts: Texts) -> int:
    """Take over what earlier versions kept; returns how many decisions came of it.

    One process at a time does, with all of it or nothing. Raises SQLAlchemyError, StoreError, OSError.
    """
    if texts.get(CORRECTIONS) is None and not _old_tables(database):
        return 0
    if findings := _findings(database):
        texts.put(FINDINGS, findings)  # before their table goes: whoever is stopped here begins again
    found: list[Decision] = []
    kept: list[bytes] = []

    def taken(content: bytes | None) -> None:
        corrections, rejected = corrections_in(content, CORRECTIONS)
        with database.writing(NEW) as connection:
            there = [name for name in METADATA.tables if inspect(connection).has_table(name)]
            rows = {name: list(connection.execute(select(METADATA.tables[name])).mappings()) for name in there}
            learned = _learned(rows.get("learning_decision", ()), rows.get("learning_wording", ()))
            made = [*learned, *_curated(rows.get("curated", ())), *map(of_correction, corrections)]
            found.extend(insert_one(connection, replace(one, id=0)) for one in made)
            _renumber(connection, {old.id: new.id for old, new in zip(made, found, strict=True) if old.id})
            _drop(connection, [*there, *_GONE])
        if content is not None and rejected:
            kept.append(content)

    texts.change(CORRECTIONS, taken)
    _keep_files(texts, *kept)
    database.compact()
    return len(found)


def _old_tables(database: Database) -> bool:
    if database.path is not None and not database.path.exists():
        return False
    with database.engine.connect() as connection:
        known = inspect(connection)
        return any(known.has_table(name) for name in METADATA.tables)


def _renumber(connection: Connection, numbers: Mapping[int, int]) -> None:
    """Have kept questions belong to the decisions that came of theirs."""
    if inspect(connection).has_table(KEPT.name):
        for row in connection.execute(select(KEPT).where(KEPT.c.decision.in_(numbers))).mappings().all():
            decision = numbers[row["decision"]]
            connection.execute(update(KEPT).where(KEPT.c.id == row["id"]).values(decision=decision))


def _drop(connection: Connection, names: Iterable[str]) -> None:
    for name in names:
        Table(name, MetaData()).drop(connection, checkfirst=True)


def _keep_files(texts: Texts, unread: bytes = b"") -> None:
    if unread:  # rows that say nothing usable, for whoever wrote them
        texts.put(KEPT_AS, unread)
    for name in _MADE:
        if texts.get(name) is not None:
            texts.remove(name)


def _learned(rows: Sequence[Any], further: Sequence[Any]) -> Iterator[Decision]:
    for row in (one for one in rows if one["kind"] in _OUTCOMES and one["wording"]):
        outcome = _OUTCOMES[row["kind"]]
        mine = [one for one in further if one["decision"] == row["id"]]
        said = [one["question"] for one in mine if one["question"] and one["removed_day"] is None]
        yield Decision(
            id=row["id"], outcome=outcome, wordings=(row["wording"], *said), reason=row["note"],
            items=((row["document_id"], row["key"]),) if outcome is Outcome.ENTRY else (), **_undone(row),
        )  # fmt: skip
    for one in further:  # removed alone, and still in the edition: it goes with the next one
        of = next((row for row in rows if row["id"] == one["decision"]), None)
        if of is not None and one["removed_day"] is not None and one["live"] and one["question"]:
            gone = {"undone_by": one["removed_by"] or "", "undone_day": one["removed_day"]}
            item, who = (of["document_id"], of["key"]), {"person": one["person"], "day": one["day"]}
            live = one["live"]
            yield Decision(outcome=Outcome.ENTRY, wordings=(one["question"],), items=(item,), live=live, **who, **gone)


def _undone(row: Any) -> dict[str, Any]:
    told = {"person": row["person"], "day": row["day"], "live": row["live"] or ""}
    return {**told, "undone_by": row["undone_by"] or "", "undone_day": row["undone_day"]}


def _curated(rows: Sequence[Any]) -> Iterator[Decision]:
    """Every version of every answer: all but the newest of each are taken back by whoever made the next one."""
    by_entry: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda one: one["number"]):
        by_entry.setdefault(row["entry"], []).append(row)
    for versions in by_entry.values():
        for one, after in zip(versions, [*versions[1:], None], strict=True):
            if one["action"] != "removed":
                yield Decision(
                    outcome=Outcome.TEXT,
                    wordings=(one["question"], *one["wordings"]),
                    items=tuple((document, key) for document, key in one["citations"]),
                    value=one["text"],
                    owner=one["owner"],
                    valid_until=one["valid_until"],
                    person=one["person"],
                    day=_day(one),
                    undone_by=after["person"] if after else "",
                    undone_day=_day(after) if after else None,
                )


def _day(row: Any) -> date:
    moment: date = row["moment"].date()
    return moment


def _findings(database: Database) -> bytes:
    """What was only a case, that an entry should have been found, as a case of the county's own."""
    if database.path is not None and not database.path.exists():
        return b""
    with database.engine.connect() as connection:
        there = inspect(connection).has_table(LEARNED.name)
        rows = connection.execute(select(LEARNED)).mappings().all() if there else ()
    lines = [
        {
            "id": f"learned-{row['id']}", "type": "topic_lookup", "question": row["wording"],
            "expect": {"behavior": "answer", "citations_any": [[row["document_id"], row["key"]]]},
        }
        for row in rows
        if row["kind"] == "finding" and row["undone_day"] is None and row["wording"]
    ]  # fmt: skip
    return "".join(f"{json.dumps(one, ensure_ascii=False)}\n" for one in lines).encode()
