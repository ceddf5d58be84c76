"""What evaluators read for what cases and answers name in English."""

from __future__ import annotations

TYPES = {
    "about_service": "An den Dienst selbst",
    "adversarial": "Eingeschleuste Anweisung",
    "comparison": "Vergleich",
    "count": "Anzahl",
    "definition": "Begriff",
    "document": "Frage zu Dokumenten",
    "dutch": "Niederländisch",
    "english": "Englisch",
    "false_premise": "Falsche Annahme",
    "first": "Erste Frage",
    "followup": "Anschlussfrage",
    "injection": "Anweisung an das System",
    "list": "Liste",
    "noisy": "Tippfehler, Stichwort",
    "out_of_scope": "Außerhalb der Aufgabe",
    "overview": "Überblick",
    "ranking": "Rangfolge",
    "responsibility": "Zuständigkeit",
    "single_fact": "Einzelne Angabe",
    "status": "Umsetzungsstand",
    "topic_lookup": "Thema, Verwaltungssprache",
    "topic_lookup_colloquial": "Thema, Alltagssprache",
    "turkish": "Türkisch",
    "unanswerable": "Nicht in den Dokumenten",
    "yes_no": "Ja oder nein",
}
STATUSES = {
    "answered": "beantwortet",
    "not_in_documents": "steht nicht in den Dokumenten",
    "out_of_scope": "andere Aufgabe",
    "about_service": "über den Dienst selbst",
    "refused": "abgelehnt",
    "needs_clarification": "Rückfrage",
    "emergency": "Notfall",
    "unavailable": "nicht verfügbar",
}
KINDS = {"in_process": "im selben Prozess", "http": "über HTTP"}


def type_name(kind: str) -> str:
    """The German name of a type; one that is not known is shown as it is."""
    return TYPES.get(kind, kind)


def status_name(status: str) -> str:
    """What became of a question, in German."""
    return STATUSES.get(status, status)
