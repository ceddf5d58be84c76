"""The service's secret key (32 random bytes), keys derived from it for each purpose, and signed ids
of answers.

The key is stored beside the editions, shared by all processes and machines. Where it can neither be
read nor written (a read-only data folder) a new one is used until the process ends.

Answer ids are ULIDs, sortable by time (https://github.com/ulid/spec); the last 48 of the 80 random
bits are an HMAC of the other bits, so whether the service issued an id can be checked without
storing ids.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time
from functools import reduce
from typing import TYPE_CHECKING

from prompts import say
from service.logs import log
from vectorstore.storage import StoreError

if TYPE_CHECKING:
    from vectorstore import Texts

NAME = "service.key"
BYTES = 32
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEAD_BYTES = 10
_MAC_BYTES = 6
# "01JD3K…": 26 characters of `_ALPHABET`, of which the first has 3 bits
ANSWER_ID = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"


def read_service_key(texts: Texts) -> bytes:
    """Return the stored key; if there is none, store a new one.

    If several processes store a key at the same time, the first one wins, so the key is read again
    afterwards. Raises no StoreError: if the key can neither be read nor stored, a new one is used
    until the process ends, and a warning is logged.
    """
    new_key = secrets.token_bytes(BYTES)
    try:
        if texts.get(NAME) is None:
            texts.change(NAME, lambda stored: stored or new_key)
        return texts.get(NAME) or new_key
    except StoreError as error:
        log.warning(say("serving.key_until_restart"), error)
        return new_key


def derive_key(key: bytes, purpose: str) -> bytes:
    """Derive the key for one purpose; from it neither `key` nor the key of another purpose can be
    computed.
    """
    return hmac.digest(key, purpose.encode(), "sha256")


class AnswerIds:
    """Issues and verifies answer ids under a key, by default a random one."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def issue(self) -> str:
        """Return a new id of 26 characters of Crockford's base 32, which sorts by time.

        It has 48 bits of milliseconds, 32 random bits, and the first 48 bits of the HMAC of both.
        The 26 characters have room for 130 bits, so the first two bits are 0.
        """
        head = (time.time_ns() // 1_000_000).to_bytes(6, "big") + secrets.token_bytes(
            _HEAD_BYTES - 6
        )
        number = int.from_bytes(head + self._mac(head), "big")
        # 5 bits a character
        return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -5, -5))

    def is_issued(self, answer_id: str) -> bool:
        """True if an id was issued under this key: its last 48 bits are the HMAC of the others."""
        if not re.fullmatch(ANSWER_ID, answer_id):
            return False
        number = reduce(lambda value, letter: value << 5 | _ALPHABET.index(letter), answer_id, 0)
        decoded = number.to_bytes(_HEAD_BYTES + _MAC_BYTES, "big")
        return hmac.compare_digest(decoded[_HEAD_BYTES:], self._mac(decoded[:_HEAD_BYTES]))

    def _mac(self, head: bytes) -> bytes:
        return hmac.digest(self._key, head, "sha256")[:_MAC_BYTES]
