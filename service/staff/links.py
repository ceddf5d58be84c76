"""One-time links to the staff page: whoever can read what the service prints, or write to its data folder, gets in.

Kept is a file for each token, named by the token's digest. Whoever removes it has used the token, so each works once,
also among several processes and after a restart. A process that cannot write there keeps its tokens to itself.
"""

from __future__ import annotations

import os
import secrets
import time
from hashlib import sha256
from pathlib import Path

from service.settings import Settings
from service.staff.addresses import SIGN_IN
from vectorstore.errors import StoreAway

FOLDER = "staff-links"
LINK_HOURS = 12
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}


class StaffLinks:
    """Issues and redeems the tokens of one data folder. Moments are seconds since 1970."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER
        self._own: dict[str, float] = {}

    def issue(self, now: float) -> str:
        """Return a new token that all processes of the data folder take; raises OSError."""
        token = secrets.token_urlsafe(32)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep(now)
        descriptor = os.open(self._folder / digest_of_token(token), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(str(end_of_link(now)))
        return token

    def issue_here(self, now: float) -> str:
        """Return a new token that at least this process takes."""
        try:
            return self.issue(now)
        except (OSError, StoreAway):
            token = secrets.token_urlsafe(32)
            self._own[digest_of_token(token)] = end_of_link(now)
            return token

    def redeem(self, token: str, now: float) -> bool:
        """Tell whether a token lets in; it never does again."""
        digest = digest_of_token(token)
        end = self._own.pop(digest, None) or _removed(self._folder / digest)
        return end is not None and now < end

    def _sweep(self, now: float) -> None:
        for path in self._folder.iterdir():
            end = _end_in(path)
            if end is None or end <= now:
                path.unlink(missing_ok=True)


def new_link(links: StaffLinks, address: str) -> str:
    """Return a new link below the service's address, taken at least by this process."""
    return link_to(address, links.issue_here(time.time()))


def link_to(address: str, token: str) -> str:
    """Return the link that a token makes below the service's address; one that means all addresses becomes loopback."""
    for everywhere, here in EVERYWHERE.items():
        address = address.replace(f"//{everywhere}:", f"//{here}:")
    return f"{address.rstrip('/')}{SIGN_IN}?token={token}"


def by_link(settings: Settings) -> bool:
    """Tell whether the staff page opens by link."""
    return settings.staff_access == "link"


def end_of_link(now: float) -> float:
    """Return when a link ends that is issued now."""
    return now + LINK_HOURS * 3600


def digest_of_token(token: str) -> str:
    """Return what is kept of a token."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def _removed(path: Path) -> float | None:
    """Remove a token's file; return when the token ends, None where another was faster or there never was one."""
    end = _end_in(path)
    try:
        path.unlink()
    except OSError:
        return None
    return end


def _end_in(path: Path) -> float | None:
    try:
        return float(path.read_text())
    except (OSError, ValueError):
        return None
