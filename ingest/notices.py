"""What people are told of text that is not to be seen, or that a picture's text recognition says."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.layout.lines import RawDocument


def notices(raw: RawDocument) -> list[str]:
    """Return a sentence each for hidden text, recognised text and pages that could not be checked."""
    told = []
    if hidden := raw.hidden.total():
        where = f" auf {pages_in_words(raw.hidden)}" if raw.page_count else ""
        told.append(f"Versteckter Text{where} ({hidden} Zeichen) wird nicht durchsucht")
    if raw.recognised:
        told.append(f"Text aus Texterkennung auf {pages_in_words(raw.recognised)}")
    if raw.unchecked:
        told.append(f"Ob Text versteckt ist, ließ sich nicht prüfen auf {pages_in_words(raw.unchecked)}")
    return told


def pages_in_words(numbers: Iterable[int]) -> str:
    """Return pages (from 0) as people say them (from 1): "Seite 3", "den Seiten 1, 3 und 5-9"."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0] + 1}-{run[-1] + 1}" if len(run) > 2 else str(n + 1) for run in runs for n in _told(run)]
    if len(parts) == 1 and "-" not in parts[0]:
        return f"Seite {parts[0]}"
    return f"den Seiten {' und '.join(filter(None, (', '.join(parts[:-1]), parts[-1])))}"


def _told(run: list[int]) -> list[int]:
    return run if len(run) < 3 else run[:1]
