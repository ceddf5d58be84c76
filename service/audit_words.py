"""The words of the audit log: what people read for an action and a role; what is unknown is shown as it was noted."""

from __future__ import annotations

ACTIONS = {
    "signed in": "angemeldet",
    "signed out": "abgemeldet",
    "named": "Namen genannt",
    "session ended": "Sitzung beendet",
    "link issued": "Zugangslink ausgegeben",
    "ingested": "eingelesen",
    "removed": "Dokumente entfernt",
    "confirmed": "Angaben bestätigt",
    "plan corrected": "Leseplan berichtigt",
    "questions imported": "Fragen übernommen",
    "questions written": "Fragen schreiben lassen",
    "papers read": "mit Sprachmodell gelesen",
    "rolled back": "zurückgegangen",
    "corrected": "berichtigt",
    "published": "veröffentlicht",
    "decided": "entschieden",
    "uploaded": "hochgeladen",
    "upload": "hochgeladen",
    "upload-cancel": "Einlesen abgebrochen",
    "upload-again": "noch einmal eingelesen",
    "upload-forget": "Hochgeladenes verworfen",
    "draft-front": "Angaben im Entwurf geändert",
    "draft-plan": "Leseplan im Entwurf geändert",
    "draft-drop": "Entwurf verworfen",
    "publish": "veröffentlicht",
    "rollback": "zurückgegangen",
    "correction": "berichtigt",
    "correction removed": "Korrektur entfernt",
    "corrections imported": "Korrekturen übernommen",
    "corrections applied": "Korrekturen veröffentlicht",
    "corrections published": "Korrekturen veröffentlicht",
    "decide": "entschieden",
    "undo": "Entscheidung zurückgenommen",
    "decisions imported": "Entscheidungen übernommen",
    "decisions try": "Entscheidungen erprobt",
    "decisions publish": "Entscheidungen veröffentlicht",
    "decisions publish-worse": "Entscheidungen trotz Verschlechterung veröffentlicht",
    "question deleted": "Frage gelöscht",
    "questions exported": "Fragen ausgegeben",
    "hint done": "Hinweis erledigt",
    "organisations imported": "Einheiten übernommen",
    "curated-added": "Antwort angelegt",
    "curated-edited": "Antwort geändert",
    "curated-removed": "Antwort entfernt",
    "curated-restored": "Antwort zurückgeholt",
    "learning.decide": "über Frage entschieden",
    "learning.undo": "Entscheidung zurückgenommen",
    "learning.extend": "Wortlaute zu Entscheidung hinzugefügt",
    "learning.remove-wording": "Wortlaut aus Entscheidung entfernt",
    "learning.case": "Entscheidung oder Frage als Fall",
    "learning.try": "Gelerntes erprobt",
    "learning.publish": "Gelerntes veröffentlicht",
    "learning.publish-worse": "Gelerntes trotz Verschlechterung veröffentlicht",
    "learning.delete": "Frage gelöscht",
    "learning.export": "Fragen ausgegeben",
    "learning.cases-take": "Fälle übernommen",
    "learning.cases-drop": "Fälle entfernt",
    "backed up": "gesichert",
    "restored": "Sicherung zurückgelegt",
}
ROLES = {"reader": "Lesen", "editor": "Redaktion", "publisher": "Veröffentlichen", "command line": "Befehlszeile"}


def kept_for(days: int) -> str:
    """Say in a sentence what becomes of old notes."""
    return f"Einträge werden nach {days} Tagen gelöscht." if days else "Einträge werden nicht gelöscht."


def action_word(action: str) -> str:
    """Return what an action is called."""
    return ACTIONS.get(action, action)


def role_word(role: str) -> str:
    """Return what a role is called."""
    return ROLES.get(role, role)
