"""Tells danger to life: by strong words alone, by weak ones together with the trained reader."""

from __future__ import annotations

from service.answering import lexicon
from service.answering.reading.classifier import load_classifier

# Least probability that a danger sign needs. Of 129 blind questions (danger-dev.jsonl of the tests)
# none is wrong at 0.07; at 0.05 one harmless of 100 is.
_LEAST_PROBABILITY = 0.07


def is_danger(question: str) -> bool:
    """True if a question says that somebody is in danger; a probability alone never does."""
    if lexicon.matches("safety", "danger", question):
        return True
    if not lexicon.matches("safety", "danger_sign", question):
        return False
    probability = load_classifier().probabilities(question)["scope"]["danger"]
    return probability >= _LEAST_PROBABILITY
