"""Notes in the audit log of what staff did on a page; a page still answers where the log cannot be written."""

from __future__ import annotations

import logging

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from service.audit import AuditLog
from service.staff.access import BY_LINK
from service.staff.roles import Role

log = logging.getLogger("strategielotse")


async def note(audit: AuditLog, name: str, role: Role, action: str, subject: str) -> None:
    """Keep that somebody signed in or out, or ended a session; what cannot be kept is said in the log."""
    try:
        await to_thread.run_sync(audit.note, name or BY_LINK, role.word, action, subject)
    except SQLAlchemyError as error:
        log.warning("Nicht im Protokoll vermerkt (%s): %s", type(error).__name__, action)
