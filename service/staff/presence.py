"""Who a staff page is rendered for: templates name them in the header and put the session's token into forms."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from markupsafe import Markup

from service.staff.sessions import Session

FORM_FIELD = "form_token"


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody who was let in; `session` is None where all may read."""

    name: str
    role: int
    session: Session | None = None


_current: ContextVar[Presence | None] = ContextVar("staff_presence", default=None)


def enter(presence: Presence) -> None:
    """Say for whom the rest of this request is answered."""
    _current.set(presence)


def present() -> Presence | None:
    """Return for whom this request is answered, None before anybody was let in."""
    return _current.get()


def form_field() -> Markup:
    """Return the hidden field of a form that changes something: `{{ form_field() }}`."""
    token = _form_token()
    return Markup('<input type="hidden" name="{}" value="{}">').format(FORM_FIELD, token) if token else Markup("")


def form_query() -> Markup:
    """Return what the address of a form with files ends with: its token is known before they are read."""
    token = _form_token()
    return Markup("?{}={}").format(FORM_FIELD, token) if token else Markup("")


def _form_token() -> str:
    somebody = _current.get()
    return somebody.session.form_token if somebody and somebody.session else ""
