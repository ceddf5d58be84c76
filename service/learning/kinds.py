"""What can be decided on a group of kept questions, with its words."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What can be decided on a group of questions."""

    ITEM_QUESTION = "item_question"
    CURATED = "curated"
    FINDING = "finding"
    GAP = "gap"
    OUT_OF_SCOPE = "out_of_scope"


KINDS = {
    Kind.ITEM_QUESTION: "Frage zu einem Eintrag",
    Kind.CURATED: "Geprüfte Antwort",
    Kind.FINDING: "Der Eintrag wurde nicht gefunden",
    Kind.GAP: "Lücke in den Dokumenten",
    Kind.OUT_OF_SCOPE: "Gehört nicht hierher",
}
WITH_ITEM = (Kind.ITEM_QUESTION, Kind.FINDING)
