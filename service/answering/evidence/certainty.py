"""How sure it is that an answer is right: the calibrated probability of the judgement for what it cites first."""

from __future__ import annotations

from service.answering.context import Context
from service.answering.draft import Draft
from service.answering.evidence.judgement import Judging
from service.models import AnswerMode


def certainty(draft: Draft, context: Context) -> float | None:
    """The probability of 0 to 1 that the first cited item answers; None where the answer is computed over all.

    An item that people wrote the question down for is certain.
    """
    cited = next((proof.item for one in draft.sentences for proof in one.proofs), None)
    found = next((one for one in context.found if one.item == cited), None)
    if found is None or draft.mode is AnswerMode.COMPUTED:
        return None
    return Judging(context).certainty(found)
