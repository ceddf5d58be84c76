"""What the probabilities of the classifier decide: type of answer, sum, grouping."""

from __future__ import annotations

from collections.abc import Mapping

from service.answering.query import AnswerType
from service.answering.reading.left_over import names_sum
from service.answering.reading.nouns import fold_words
from service.answering.reading.values import Probabilities, Values

# from which a question about persons, organisations or contacts is one about responsibility
_RESPONSIBLE_PROBABILITY = 0.2
_GROUPING_PROBABILITY = 0.75  # from which records are grouped or sorted
# of an answer type; the same for a field of a named record
LIKELY_SHARE = 0.5  # of all that is possible, from which something is meant
FACT_PROBABILITY = 0.35
_FIELD_PROBABILITY = 0.3
_AGENT_FACTS = (AnswerType.ORGANISATION, AnswerType.PERSON, AnswerType.CONTACT)


def most_likely(probabilities: Mapping[str, float]) -> str:
    """The class with the highest probability."""
    return max(probabilities, key=lambda name: probabilities[name])


def asks_for_sum(question: str, probabilities: Probabilities, values: Values) -> bool:
    """True if a question asks what records cost together ("zusammen").

    With a sum of its own ("über 5.000 Euro") it asks for the records that cost so much.
    """
    asked, stated = probabilities["asked"], values.conditions
    is_amount = most_likely(asked) == AnswerType.AMOUNT and asked["amount"] >= FACT_PROBABILITY
    has_sum = bool(stated.cost_from or stated.cost_until)
    return is_amount and names_sum(fold_words(question)) and not has_sum


def choose_answer_type(probabilities: Mapping[str, float], *, of_field: bool) -> AnswerType:
    """The most likely answer type of a question; NOTHING if none is likely enough.

    With `of_field` the question is on a field of a record, so that NOTHING itself is no candidate.
    A question about a person, an organisation or a contact is read as one about the responsible
    unit if that is likely enough.
    """
    possible = {
        name: share
        for name, share in probabilities.items()
        if not of_field or name != AnswerType.NOTHING
    }
    asked = AnswerType(most_likely(possible))
    if asked in _AGENT_FACTS and probabilities[AnswerType.RESPONSIBLE] >= _RESPONSIBLE_PROBABILITY:
        return AnswerType.RESPONSIBLE
    threshold = _FIELD_PROBABILITY if of_field else FACT_PROBABILITY
    if probabilities[asked] >= threshold:
        return asked
    return AnswerType.NOTHING


def choose_unless_default(probabilities: Mapping[str, float], default: str) -> str:
    """The most likely class other than the default if all these together are likely enough, else
    the default, which is no grouping or no order: records are arranged only if that is rather sure.
    """
    others = {name: share for name, share in probabilities.items() if name != default}
    if sum(others.values()) >= _GROUPING_PROBABILITY:
        return most_likely(others)
    return default
