"""A model's reply, read strictly: lines `TOKEN | question`, and all else counted and left out."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from service.question_writing.batches import LONGEST, QUESTIONS

_LINE = re.compile(r"\s*\[?([A-Z2-7]{4})\]?\s*\|(.*)")


@dataclass(frozen=True, slots=True)
class Replied:
    """The questions of each token that has any, and how many lines are none."""

    questions: dict[str, tuple[str, ...]]
    dropped: int


def questions_of(reply: str, tokens: Collection[str]) -> Replied:
    """What a reply says for these tokens, each question once."""
    found: dict[str, dict[str, str]] = {}
    dropped = 0
    for line in filter(None, map(str.strip, reply.splitlines())):
        match = _LINE.fullmatch(line)
        token, question = (match[1], " ".join(match[2].split())) if match else ("", "")
        of_token = found.setdefault(token, {})
        if token in tokens and _is_question(question) and question.casefold() not in of_token:
            of_token[question.casefold()] = question
        else:
            dropped += 1
    kept = {token: tuple(one.values())[:QUESTIONS] for token, one in found.items() if one}
    return Replied(kept, dropped + sum(max(0, len(one) - QUESTIONS) for one in found.values()))


def _is_question(text: str) -> bool:
    return 0 < len(text) <= LONGEST and text.isprintable()
