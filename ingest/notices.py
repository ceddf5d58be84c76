"""What people are told of text that is not to be seen, or that a picture's text recognition says."""

from __future__ import annotations

from collections.abc import Iterable

from ingest.layout.lines import RawDocument

_WITHOUT_TEXT = "Seiten ohne lesbaren Text: "
_HIDDEN = "Versteckter Text"
_RECOGNISED = "Text aus Texterkennung auf "
_UNCHECKED = "Ob Text versteckt ist, ließ sich nicht prüfen auf "


def without_text(numbers: Iterable[int]) -> str:
    """Return what is told of pages (from 1) that have no text."""
    return _WITHOUT_TEXT + ", ".join(map(str, numbers))


def is_of_pages(warning: str) -> bool:
    """Tell whether a warning of a document names pages that somebody should look at."""
    return warning.startswith((_WITHOUT_TEXT, _HIDDEN, _RECOGNISED, _UNCHECKED))


def notices(raw: RawDocument) -> list[str]:
    """Return a sentence each for hidden text, recognised text and pages that could not be checked."""
    told = []
    if hidden := raw.hidden.total():
        where = f" auf {pages_in_words(raw.hidden)}" if raw.page_count else ""
        told.append(f"{_HIDDEN}{where} ({hidden} Zeichen) wird nicht durchsucht")
    if raw.recognised:
        told.append(f"{_RECOGNISED}{pages_in_words(raw.recognised)}")
    if raw.unchecked:
        told.append(f"{_UNCHECKED}{pages_in_words(raw.unchecked)}")
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
