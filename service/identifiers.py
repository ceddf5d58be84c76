"""Answer ids: ULIDs, sortable by time (https://github.com/ulid/spec)."""

from __future__ import annotations

import secrets
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ANSWER_ID = r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$"


def new_answer_id() -> str:
    """A new ULID: 48 bits of milliseconds, 80 random bits, in 26 characters of Crockford's base 32."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -5, -5))
