"""One-time links to the staff page: whoever can read what the service prints, or write to its data folder, gets in.

Kept is a file for each token, named by the token's digest; it says for whom the link is and what they may do. Whoever
removes it has used the token, so each works once, also among several processes and after a restart. A process that
cannot write there keeps its tokens to itself.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from service.settings import Settings
from service.staff.addresses import SIGN_IN
from vectorstore.errors import StoreAway

FOLDER = "staff-links"
LINK_HOURS = 12
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "[::]": "[::1]"}


PUBLISHER = 3


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token gives: the role (a number of `roles.Role`) and the name, "" where whoever uses it is asked."""

    end: float
    role: int = PUBLISHER
    name: str = ""


class StaffLinks:
    """Issues and redeems the tokens of one data folder. Moments are seconds since 1970."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER
        self._own: dict[str, Ticket] = {}

    def issue(self, now: float, role: int = PUBLISHER, name: str = "") -> str:
        """Return a new token that all processes of the data folder take; raises OSError."""
        token = secrets.token_urlsafe(32)
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._sweep(now)
        descriptor = os.open(self._folder / digest_of_token(token), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump([end_of_link(now), role, name], file)
        return token

    def issue_here(self, now: float) -> str:
        """Return a new token that at least this process takes."""
        try:
            return self.issue(now)
        except (OSError, StoreAway):
            token = secrets.token_urlsafe(32)
            self._own[digest_of_token(token)] = Ticket(end_of_link(now))
            return token

    def redeem(self, token: str, now: float) -> Ticket | None:
        """Return what a token gives, None where it lets nobody in; it never does again."""
        digest = digest_of_token(token)
        ticket = self._own.pop(digest, None) or _removed(self._folder / digest)
        return ticket if ticket is not None and now < ticket.end else None

    def _sweep(self, now: float) -> None:
        for path in self._folder.iterdir():
            ticket = _ticket_in(path)
            if ticket is None or ticket.end <= now:
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


def _removed(path: Path) -> Ticket | None:
    """Remove a token's file; return what it gives, None where another was faster or there never was one."""
    ticket = _ticket_in(path)
    try:
        path.unlink()
    except OSError:
        return None
    return ticket


def _ticket_in(path: Path) -> Ticket | None:
    """Return what a token's file says; a bare number is that of a version without names."""
    try:
        said = json.loads(path.read_text())
        end, role, name = said if isinstance(said, list) else (said, PUBLISHER, "")
        return Ticket(float(end), int(role), str(name))
    except (OSError, ValueError, TypeError):
        return None
