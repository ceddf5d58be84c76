"""Who a staff page is rendered for: templates name them in the header and put the session's token into forms."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from markupsafe import Markup

from service.staff.sessions import Session

FORM_FIELD = "form_token"


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody whom the door let in; `session` is None for programs that send the secret and where all may read."""

    name: str
    role: int
    session: Session | None = None
    form_token: str = ""


_current: ContextVar[Presence | None] = ContextVar("staff_presence", default=None)


def enter(presence: Presence) -> None:
    """Say for whom the rest of this request is answered."""
    _current.set(presence)


def present() -> Presence | None:
    """Return for whom this request is answered, None before the door."""
    return _current.get()


def form_field() -> Markup:
    """Return the hidden field of a form that changes something: `{{ form_field() }}`."""
    presence = _current.get()
    if presence is None or not presence.form_token:
        return Markup("")
    return Markup('<input type="hidden" name="{}" value="{}">').format(FORM_FIELD, presence.form_token)


def form_query() -> Markup:
    """Return what the address of a form with files ends with: its token is known before they are read."""
    presence = _current.get()
    return Markup("?{}={}").format(FORM_FIELD, presence.form_token) if presence and presence.form_token else Markup("")
