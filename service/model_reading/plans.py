"""What a model is asked about the layout and the front matter of a paper; what it is shown is made by ingestion."""

from __future__ import annotations

from prompts import filled
from service.model_reading.asking import Request
from service.pages.labels import DOCUMENT_KINDS, DOCUMENT_STATUSES, KINDS

_PAPER = "de/model/paper_shown"
_PLAN, _FRONT = ("de/model/plan_instruction", _PAPER), ("de/model/front_instruction", _PAPER)
_PLAN_REPLY, _FRONT_REPLY = 1_500, 500  # characters


def plan_request(shown: str, kinds: list[str], fields: dict[str, str]) -> Request:
    """A request for a reading plan with these kinds of records, and fields with their meanings."""
    instruction = filled(
        _PLAN[0],
        arten=_choices({name: KINDS[name] for name in kinds}),
        felder=_choices(fields),
    )
    return Request(_PLAN, instruction, filled(_PAPER, papier=shown), _PLAN_REPLY)


def front_request(shown: str) -> Request:
    """A request for the front matter that a paper does not surely say."""
    kinds, standings = _choices(dict(DOCUMENT_KINDS)), _choices(dict(DOCUMENT_STATUSES))
    instruction = filled(_FRONT[0], arten=kinds, verbindlichkeiten=standings)
    return Request(_FRONT, instruction, filled(_PAPER, papier=shown), _FRONT_REPLY)


def _choices(words: dict[str, str]) -> str:
    return ", ".join(f'"{name}" ({word})' for name, word in words.items())
