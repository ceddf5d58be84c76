"""Kept questions that nobody decided on and that what was decided would answer: asked in a trial, told by their ids.

Ids alone, as a trial's outcome lies where deleted questions would stay.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from service.learning.store import Kept
from service.models import Answer, AnswerStatus
from vectorstore.questions import ItemKey

MOST_ASKED = 500  # wordings, the most often asked first: up to half a minute
FIRST = 3  # citations of which one has to be what was decided on
Ask = Callable[[str], Answer]


def answered_then(
    open_: Sequence[Kept], items: Collection[ItemKey], before: Ask, after: Ask, show: Callable[[float], None]
) -> tuple[str, ...]:
    """The ids of open questions that `after` answers by one of these items and `before` not; `show` gets shares."""
    if not items:
        return ()
    rows: dict[str, list[Kept]] = {}
    for one in open_:
        if not one.followup:
            rows.setdefault(one.question, []).append(one)
    asked = sorted(rows, key=lambda question: (-sum(one.times for one in rows[question]), question))[:MOST_ASKED]
    found: list[str] = []
    for number, question in enumerate(asked, 1):
        if _by(after(question), items) and not _by(before(question), items):
            found += [one.id for one in rows[question]]
        show(number / len(asked))
    return tuple(found)


def _by(answer: Answer, items: Collection[ItemKey]) -> bool:
    cited = [(one.document_id, one.key) for one in answer.citations[:FIRST]]
    return answer.status is AnswerStatus.ANSWERED and any(one in items for one in cited)
