"""What the words of a status heading, column or field say about a project."""

from __future__ import annotations

import re

from vectorstore.records import ItemStatus

# Ordered: the participle of a finished project is tested before the noun of a running one.
_PATTERNS: tuple[tuple[ItemStatus, re.Pattern[str]], ...] = (
    (ItemStatus.ARCHIVED, re.compile(r"archiv", re.I)),
    (ItemStatus.IDEA, re.compile(r"\bidee|ideen|vorschl[aä]g|vorgemerkt|speicher\b|zukunftsprojekt|perspektiv", re.I)),
    (ItemStatus.IMPLEMENTED, re.compile(r"umgesetzt|abgeschlossen|realisiert|erledigt|fertig|beendet", re.I)),
    (ItemStatus.PLANNED, re.compile(r"planung|geplant|vorbereit|konzeption", re.I)),
    (
        ItemStatus.IN_PROGRESS,
        re.compile(r"bearbeitung|umsetzung|laufend|l[aä]uft|in arbeit|begonnen|durchf[uü]hrung|gestartet", re.I),
    ),
)
_UNIT = r"(?:projekte?|ma(?:ß|ss)nahmen?|vorhaben|aktivit[aä]ten)"
_STATE = (
    r"(?:bereits |noch |schon )?(?:in |zur |in der )?(?:umgesetzte?n?|abgeschlossene?n?|realisierte?n?|erledigte?n?|"
    r"fertige?n?|beendete?n?|laufende?n?|geplante?n?|begonnene?n?|vorgeschlagene?n?|bearbeitung|umsetzung|planung|"
    r"arbeit|vorbereitung|durchf[uü]hrung|ideenspeicher|projektideen|ideen?|vorschl[aä]ge|archiv|archiviert)"
)
_GROUP = re.compile(rf"^(?:{_STATE}\s*)?(?:{_UNIT}\s*)?(?:{_STATE})?$", re.I)


def status_of(words: str) -> ItemStatus | None:
    """Return the status that the words name, None where they name none."""
    for status, pattern in _PATTERNS:
        if pattern.search(words):
            return status
    return None


def is_status_heading(title: str) -> bool:
    """Whether a heading only groups projects by status ("Projekte in Bearbeitung", "Ideenspeicher")."""
    bare = re.sub(r"\(.*?\)|[:.]$", "", title).strip()
    return bool(bare) and _GROUP.match(bare) is not None and status_of(bare) is not None
