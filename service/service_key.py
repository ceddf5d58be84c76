"""The service's own key: 32 random bytes, from which a key for each purpose is derived; and the ids of answers.

It is kept beside the editions, so that all processes and machines share it and restarts keep it. Where it can neither
be read nor written it lasts as long as the process: a read-only data folder is served too.

Answer ids are ULIDs, sortable by time (https://github.com/ulid/spec), that prove where they come from: of the 80 random
bits the last 48 are a code over the others (HMAC), so whether an id was issued here can be checked without storing any.
"""

from __future__ import annotations

import hmac
import logging
import re
import secrets
import time
from functools import reduce
from typing import TYPE_CHECKING

from prompts import say
from vectorstore.errors import StoreError

if TYPE_CHECKING:
    from vectorstore.texts import Texts

NAME = "service.key"
BYTES = 32
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEAD_BYTES, _CODE_BYTES = 10, 6
ANSWER_ID = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
log = logging.getLogger("strategielotse")


def service_key(texts: Texts) -> bytes:
    """The key, made where there is none."""
    made = secrets.token_bytes(BYTES)
    try:
        if texts.get(NAME) is None:
            texts.change(NAME, lambda known: known or made)
        return texts.get(NAME) or made
    except StoreError as error:
        log.warning(say("serving.key_until_restart"), error)
        return made


def derived(key: bytes, purpose: str) -> bytes:
    """The key for one purpose; none of them tells another or the service's own."""
    return hmac.digest(key, purpose.encode(), "sha256")


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
        """True if an id was issued under this key."""
        if not re.fullmatch(ANSWER_ID, answer_id):
            return False
        number = reduce(lambda sofar, letter: sofar << 5 | _ALPHABET.index(letter), answer_id, 0)
        whole = number.to_bytes(_HEAD_BYTES + _CODE_BYTES, "big")
        return hmac.compare_digest(whole[_HEAD_BYTES:], self._code(whole[:_HEAD_BYTES]))

    def _code(self, head: bytes) -> bytes:
        return hmac.digest(self._key, head, "sha256")[:_CODE_BYTES]
