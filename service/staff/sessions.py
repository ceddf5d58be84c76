"""Sessions of the staff page: a signed cookie that says until when it holds and for which host; nothing is stored."""

from __future__ import annotations

import hmac
import re
import secrets

SESSION_HOURS = 12
_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")
_VALUE = re.compile(r"(?P<said>(?P<end>\d{1,12})\.[0-9a-f]{16})\.(?P<code>[0-9a-f]{64})")


class Sessions:
    """Opens sessions under a key and knows them again. Moments are seconds since 1970.

    A session holds for the host that it was opened at, as browsers keep a cookie to its host: another name that leads
    to this machine (DNS rebinding) has none. `cookie` is its name, one for each key: cookies do not tell ports apart.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.cookie = f"strategielotse_staff_{hmac.digest(key, b'cookie', 'sha256').hex()[:8]}"

    def open(self, host: str, now: float) -> str:
        """Return the cookie's value for a new session."""
        said = f"{int(now) + SESSION_HOURS * 3600}.{secrets.token_hex(8)}"
        return f"{said}.{self._code(said, host)}"

    def holds(self, value: str, host: str, now: float) -> bool:
        """Tell whether a cookie's value is a session that has not ended."""
        found = _VALUE.fullmatch(value)
        if found is None or not hmac.compare_digest(found["code"], self._code(found["said"], host)):
            return False
        return now < int(found["end"])

    def _code(self, said: str, host: str) -> str:
        return hmac.digest(self._key, f"{said}.{_name(host)}".encode("utf-8", "replace"), "sha256").hex()


def _name(host: str) -> str:
    found = _HOST.fullmatch(host)
    return found["name"].lower().removesuffix(".") if found else ""
