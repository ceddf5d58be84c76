"""What states of editions are called, and when one was made."""

from __future__ import annotations

from service.pages.labels import shown_date
from vectorstore.drafts import EditionInfo, EditionState

STATES: dict[EditionState, str] = {
    EditionState.CURRENT: "veröffentlicht",
    EditionState.BEFORE: "davor",
    EditionState.DRAFT: "Entwurf",
    EditionState.LEFT: "verlassen",
}


def made_when(edition: EditionInfo) -> str:
    """Return the day of an edition, with the time of a draft (of this machine)."""
    if edition.made is not None:
        return f"{edition.made.astimezone():%d.%m.%Y, %H:%M}"
    return shown_date(edition.created) if edition.created else "nicht bekannt"
