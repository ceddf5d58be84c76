"""What each word of a topic does in the question: names its matter, only frames it, says what it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from service.answering.query import Role, Word
from service.answering.understanding.aspects import conditions
from service.answering.understanding.topics import MONTHS

_TOKEN = re.compile(r"[\w.+-]*\w")
_CARRIES = re.compile(
    r"\s+(?:an|für|gegen|von|vom|zu|zur|zum|über|bei|beim|der|des|eines|einer)\s+(?:[a-zäöüß]+\s+){0,3}[A-ZÄÖÜ]"
)
_ASKED_FOR = re.compile(r"(?i)\b(?:welche[mnrs]?|was für(?: eine?n?)?)\s+(?:[a-zäöüß]+\s+)?$")
_IN_A_PLACE = re.compile(r"(?i)\b(?:in|aus|nach|bei)\s+$")  # without an article: where, not what
_PURPOSE = re.compile(r"(?i)\bzum $")
_OPENS = (".", "!", "?", ":", ";", "–")


def with_roles(topic: tuple[Word, ...], question: str, *, documents: bool) -> tuple[Word, ...]:
    """The topic's words, each with the weightiest role that it has where the question says it.

    `documents` says that documents are listed.
    """
    found: dict[str, Role] = {}
    for text, role in _roles(question.replace("/", " ")):
        found[text] = min(found.get(text, Role.OTHER), role, key=list(Role).index)
    found |= dict.fromkeys(conditions(question) if documents else (), Role.CONDITION)
    return tuple(replace(word, role=found.get(word.text, Role.OTHER)) for word in topic)


def _roles(question: str) -> Iterator[tuple[str, Role]]:
    for match in _TOKEN.finditer(question):
        yield match[0], _role(match[0], question[: match.start()], question[match.end() :])


def _role(word: str, before: str, behind: str) -> Role:
    if not word[0].isupper() or word.lower() in MONTHS or _IN_A_PLACE.search(before):
        return Role.OTHER
    bare = before.rstrip(" \"„“'(")
    if bare == "" or bare.endswith(_OPENS):
        return Role.OPENING
    if _CARRIES.match(behind) or _ASKED_FOR.search(before):
        return Role.FRAME
    return Role.PURPOSE if _PURPOSE.search(before) else Role.MATTER
