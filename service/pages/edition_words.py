"""What states of editions are called, and when one was made."""

from __future__ import annotations

from prompts import say
from service.pages.labels import shown_date
from vectorstore.drafts import EditionInfo, EditionState

STATES = {one: say(f"labels.edition_{one}") for one in EditionState}


def made_when(edition: EditionInfo) -> str:
    """Return the day of an edition, with the time of a draft (of this machine)."""
    if edition.made is not None:
        return f"{edition.made.astimezone():%d.%m.%Y, %H:%M}"
    return shown_date(edition.created) if edition.created else say("labels.unknown")
