"""What the commands for corrections and organisations share, and what both print."""

from __future__ import annotations

from collections.abc import Sequence

from service.cli_output import out, progress_bar
from service.composition import make_store
from service.settings import Settings

COMMAND_PERSON = "Befehlszeile"
_MOST_TOLD = 20


def publish(settings: Settings) -> str:
    """Publish an edition with the tables of the data folder; return what became of that as a sentence."""
    from vectorstore.amending.publishing import publish_amended

    with progress_bar() as show:
        published = publish_amended(make_store(settings), show)
    return f"Ausgabe {published.name} {'veröffentlicht' if published.changed else 'unverändert'}."


def tell_lines(lines: Sequence[str]) -> None:
    """Print the first of many lines, and how many more there are."""
    for line in lines[:_MOST_TOLD]:
        out.print(f"  {line}")
    if len(lines) > _MOST_TOLD:
        out.print(f"  und {len(lines) - _MOST_TOLD} weitere")
