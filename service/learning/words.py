"""What pages and commands of learning say: kinds, reasons, states, and lines of exports."""

from __future__ import annotations

import json
from collections.abc import Iterable

from service.learning.choosing import KEY, may_be_case
from service.learning.decisions import Decision
from service.learning.further import MOST_AT_ONCE
from service.learning.kinds import KINDS, WITH_ITEM, Kind
from service.learning.store import REASONS, Kept, Reason
from service.learning.trial import Cause, Lost
from service.learning.wordings import Wording
from service.models import Answer, AnswerStatus

__all__ = ["KEY", "KINDS", "MOST_AT_ONCE", "REASONS", "WITH_ITEM", "may_be_case"]
MOST_SHOWN = 20  # questions in one list
HINTS = {
    Kind.ITEM_QUESTION: "Die Frage führt künftig zu dem gewählten Eintrag: das Übliche, wo er sie beantwortet.",
    Kind.CURATED: "Weiter zu einer Antwort, die Sie selbst schreiben.",
    Kind.FINDING: "Nur ein Fall für die Prüfung: Die Frage führt weiterhin nicht zu dem gewählten Eintrag.",
    Kind.GAP: "Die Dokumente sagen dazu nichts, sollten es aber.",
    Kind.OUT_OF_SCOPE: "Dazu gehört keine Antwort aus diesen Dokumenten.",
}
STATUSES = {
    AnswerStatus.ANSWERED: "beantwortet",
    AnswerStatus.FOUND: "Passendes gefunden",
    AnswerStatus.NOT_IN_DOCUMENTS: "nicht gefunden",
    AnswerStatus.OUT_OF_SCOPE: "gehört nicht hierher",
    AnswerStatus.NEEDS_CLARIFICATION: "nicht verstanden",
    AnswerStatus.ABOUT_SERVICE: "Frage an den Dienst",
    AnswerStatus.EMERGENCY: "Notfall",
    AnswerStatus.REFUSED: "abgelehnt",
    AnswerStatus.UNAVAILABLE: "zurzeit nicht möglich",
}


def told(answer: Answer) -> str:
    """What the service does with a question now."""
    return STATUSES[answer.status]


def reasons_told(reasons: dict[Reason, int]) -> str:
    """Why questions were kept, with numbers: "3 ohne Antwort, 1 nicht hilfreich"."""
    return ", ".join(f"{number} {REASONS[reason]}" for reason, number in reasons.items())


def state(decision: Decision) -> str:
    """Where a decision stands."""
    if decision.stands and decision.kind is not Kind.ITEM_QUESTION:
        return "festgehalten"
    return _state(decision.live, stands=decision.stands, gone="zurückgenommen")


def wording_state(decision: Decision, wording: Wording) -> str:
    """Where a further wording stands; "" where the decision says it already."""
    stands = decision.stands and wording.stands
    if stands and (decision.kind is not Kind.ITEM_QUESTION or wording.live == decision.live):
        return ""
    return _state(wording.live, stands=stands, gone="zurückgenommen" if wording.stands else "entfernt")


def _state(live: str | None, *, stands: bool, gone: str) -> str:
    if not stands:
        return f"{gone}, noch wirksam" if live else gone
    return f"wirksam seit Ausgabe {live}" if live else "noch nicht übernommen"


def is_curated(decision: Decision) -> bool:
    """True where the answer is written on another page."""
    return decision.kind is Kind.CURATED


def because(case: Lost) -> str:
    """Why a case got worse, as a sentence."""
    if case.because:
        named = " und ".join(_cause(one) for one in case.because)
        without = "Ohne eines davon" if len(case.because) > 1 else "Ohne sie"
        return f"Es liegt an {named}: {without} wäre der Fall wie vorher."
    return "An einer Entscheidung allein liegt es nicht."


def _cause(cause: Cause) -> str:
    return f"{f'Formulierung {cause.wording} von ' if cause.wording else ''}Entscheidung {cause.decision}"


def percent(share: float) -> str:
    """A share from 0 to 1: "81,5 %"."""
    return f"{100 * share:.1f} %".replace(".", ",")


def figure(value: float, *, share: bool) -> str:
    """A figure as people write it."""
    return percent(value) if share else f"{value:.2f}".replace(".", ",")


def kept_lines(rows: Iterable[Kept]) -> str:
    """Kept questions as JSON lines."""
    return "".join(f"{json.dumps(_line(one), ensure_ascii=False)}\n" for one in rows)


def _line(one: Kept) -> dict[str, object]:
    return {
        "id": one.id,
        "question": one.question,
        "day": one.day.isoformat(),
        "reason": one.reason.value,
        "certainty": None if one.certainty is None else round(one.certainty, 3),
        "followup": one.followup,
        "times": one.times,
        "decision": one.decision,
    }
