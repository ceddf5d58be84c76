"""Answer ids: ULIDs, sortable by time (https://github.com/ulid/spec), that prove where they come from.

Of the 80 random bits the last 48 are a code over the others (HMAC): whether an id was issued here can be checked
without storing any.
"""

from __future__ import annotations

import hmac
import re
import secrets
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEAD_BYTES, _CODE_BYTES = 10, 6
ANSWER_ID = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"


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
        number = 0
        for character in answer_id:
            number = number << 5 | _ALPHABET.index(character)
        whole = number.to_bytes(_HEAD_BYTES + _CODE_BYTES, "big")
        return hmac.compare_digest(whole[_HEAD_BYTES:], self._code(whole[:_HEAD_BYTES]))

    def _code(self, head: bytes) -> bytes:
        return hmac.digest(self._key, head, "sha256")[:_CODE_BYTES]
