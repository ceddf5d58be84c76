"""How commands tell what asking a model takes, and have people agree to what costs something."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from prompts import say
from service.terminal.errors import CommandError

if TYPE_CHECKING:
    from service.language_models.access import Limits
    from service.question_writing.batches import Tokens


def require_agreed(expected: Tokens, limits: Limits, *, yes: bool) -> None:
    """Have people agree to what costs something; raises CommandError where they do not."""
    if yes or not _cost(expected, limits):
        return
    if not sys.stdin.isatty():
        raise CommandError(say("serving.costs"))
    if not typer.confirm(say("serving.ask_model"), default=False, err=True):
        raise CommandError(say("serving.nothing_changed"))


def tokens_told(tokens: Tokens, limits: Limits) -> str:
    """Tokens, and their cost where prices are set, in the currency of the prices."""
    cost = f", Kosten {_german(f'{_cost(tokens, limits):,.2f}')}" if limits.price_read or limits.price_written else ""
    return f"{_german(f'{tokens.read:,}')} Token gelesen, {_german(f'{tokens.written:,}')} geschrieben{cost}"


def requests_told(number: int) -> str:
    """A number of requests in words."""
    return f"{number} {'Anfrage' if number == 1 else 'Anfragen'}"


def _cost(tokens: Tokens, limits: Limits) -> float:
    return tokens.cost(limits.price_read, limits.price_written)


def _german(number: str) -> str:
    return number.translate(str.maketrans(",.", ".,"))
