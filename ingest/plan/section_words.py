"""Headings that papers of public bodies use everywhere, which stand alone before text."""

from __future__ import annotations

import re

SECTION_WORDS = (
    "Einleitung|Einführung|Vorwort|Präambel|Vorbemerkung|Ausgangslage|Hintergrund|Sachverhalt|Beschluss|"
    "Beschlussvorschlag|Beschlussentwurf|Beschlussempfehlung|Begründung|Finanzielle Auswirkungen|Ausblick|Fazit|"
    "Zusammenfassung|Schlussbemerkung"
)
_LABEL = re.compile(rf"^(?:{SECTION_WORDS})(?:\s?(?:/|und)\s?(?:{SECTION_WORDS}))*\s?:$")


def is_section_label(line: str) -> bool:
    """Whether a line is such a heading, or two of them, with a colon: "Begründung:", "Begründung/Sachverhalt:"."""
    return _LABEL.match(line.strip()) is not None
