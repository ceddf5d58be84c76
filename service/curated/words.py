"""What people read of curated answers on the staff page and in the terminal."""

from __future__ import annotations

from service.curated.models import Action, State

STATES = {
    State.VALID: "gilt",
    State.EXPIRED: "abgelaufen",
    State.UNPROVEN: "nicht mehr belegt",
    State.REMOVED: "entfernt",
}
ACTIONS = {
    Action.ADDED: "angelegt",
    Action.EDITED: "geändert",
    Action.REMOVED: "entfernt",
    Action.RESTORED: "zurückgenommen",
}
