"""The service's own key: 32 random bytes in the data folder, from which a key for each purpose is derived; answer ids.

All processes of a data folder share it, and restarts keep it. Where several machines share a database the first one's
is everybody's, and each keeps a copy. Where it can neither be read nor written the key lasts as long as the process: a
read-only data folder is served too.

Answer ids are ULIDs, sortable by time (https://github.com/ulid/spec), that prove where they come from: of the 80 random
bits the last 48 are a code over the others (HMAC), so whether an id was issued here can be checked without storing any.
"""

from __future__ import annotations

import hmac
import logging
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import reduce
from pathlib import Path

from sqlalchemy import Column, Integer, MetaData, String, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from prompts import say
from vectorstore.database import Database

FILE = "service.key"
BYTES = 32
METADATA = MetaData()
KEYS = Table(
    "service_key", METADATA, Column("id", Integer, primary_key=True), Column("key", String(64), nullable=False)
)
ROW = 1
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEAD_BYTES, _CODE_BYTES = 10, 6
ANSWER_ID = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
log = logging.getLogger("strategielotse")


def service_key(folder: Path) -> bytes:
    """Return the key of a data folder, made where there is none."""
    path = folder / FILE
    try:
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with suppress(FileExistsError), _written(folder, secrets.token_bytes(BYTES)) as written:
                os.link(written, path)  # only one of several processes is first
        key = path.read_bytes()
    except OSError as error:
        log.info(say("serving.key_until_restart"), FILE, type(error).__name__)
        return secrets.token_bytes(BYTES)
    if len(key) != BYTES:
        log.warning(say("serving.key_damaged"), FILE)
        return secrets.token_bytes(BYTES)
    return key


def shared_key(database: Database, folder: Path) -> bytes:
    """Return the key of the database; while that is away the copy in the data folder, as the last start left it."""
    own = service_key(folder)
    try:
        key = _stored(database)
        if key is None:
            with suppress(IntegrityError), database.writing(METADATA) as connection:  # or another machine is first
                connection.execute(insert(KEYS), {"id": ROW, "key": own.hex()})
            key = _stored(database) or own
    except SQLAlchemyError as error:
        log.warning(say("serving.key_here"), type(error).__name__)
        return own
    if key != own:
        keep_key(folder, key)
    return key


def put_key(database: Database, key: bytes) -> None:
    """Have the database hold this key; raises SQLAlchemyError."""
    with database.writing(METADATA) as connection:
        connection.execute(delete(KEYS))
        connection.execute(insert(KEYS), {"id": ROW, "key": key.hex()})


def _stored(database: Database) -> bytes | None:
    with database.reading(METADATA) as connection:
        found = connection.execute(select(KEYS.c.key)).scalar() if connection else None
    return bytes.fromhex(found) if found else None


def keep_key(folder: Path, key: bytes) -> None:
    """Put another key in place, where the folder can be written to: the one that machines share."""
    try:
        with _written(folder, key) as written:
            written.replace(folder / FILE)
    except OSError as error:
        log.info(say("serving.key_not_kept"), type(error).__name__)


def derived(key: bytes, purpose: str) -> bytes:
    """Return the key for one purpose; none of them tells another or the service's own."""
    return hmac.digest(key, purpose.encode(), "sha256")


@contextmanager
def _written(folder: Path, key: bytes) -> Iterator[Path]:
    """Hold a file that has a key, whole and readable by its owner only, on its way to its name."""
    descriptor, name = tempfile.mkstemp(prefix=f".{FILE}-", dir=folder)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


class AnswerIds:
    """Issues answer ids under a key, one of its own where none is given, and knows them again."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def new(self) -> str:
        """A new id: 48 bits of milliseconds, 32 random bits and their code, in 26 characters of Crockford's base 32."""
        head = (time.time_ns() // 1_000_000).to_bytes(6, "big") + secrets.token_bytes(_HEAD_BYTES - 6)
        number = int.from_bytes(head + self._code(head), "big")
        return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -5, -5))

    def issued(self, answer_id: str) -> bool:
        """Tell whether an id was issued under this key."""
        if not re.fullmatch(ANSWER_ID, answer_id):
            return False
        number = reduce(lambda sofar, one: sofar << 5 | _ALPHABET.index(one), answer_id, 0)
        whole = number.to_bytes(_HEAD_BYTES + _CODE_BYTES, "big")
        return hmac.compare_digest(whole[_HEAD_BYTES:], self._code(whole[:_HEAD_BYTES]))

    def _code(self, head: bytes) -> bytes:
        return hmac.digest(self._key, head, "sha256")[:_CODE_BYTES]
