"""A model's reply, read into sentences with the tokens behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vectorstore.sentences import sentence_spans

_TOKENS = re.compile(r"(?:\s*\[\s*[A-Z2-7]{4}(?:\s*[,;]\s*[A-Z2-7]{4})*\s*\])+")
_TOKEN = re.compile(r"[A-Z2-7]{4}")
_NOTHING = re.compile(r"(?i)^\W*keine\s+antwort\b")
_LEADING = re.compile(r"^[\s*#>–•-]+|^\d{1,2}[.)]\s+")
_EMPHASIS = re.compile(r"\*\*|__|`")
_ENDS = " \t\n.;:,"


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence of a reply, without its end, and the tokens of the items that it names as its proof.

    `other` is what it became in another language, "" where it is told as it is.
    """

    text: str
    end: str
    tokens: tuple[str, ...]
    other: str = ""


def is_nothing(reply: str) -> bool:
    """True where the model says that the items do not hold what was asked."""
    return _NOTHING.match(reply) is not None


def sentences_of(reply: str) -> list[Said]:
    """The sentences in their order; one without tokens of its own has those that follow it in its line, or none."""
    found: list[Said] = []
    for line in reply.splitlines():
        start = 0
        for match in _TOKENS.finditer(line):
            before = line[start : match.start()]
            found += _sentences(before, tuple(dict.fromkeys(_TOKEN.findall(match[0]))))
            start = match.end()
        found += _sentences(line[start:], ())
    return found


def one_sentence(text: str) -> str:
    """The one sentence that a text is, without its end; "" where it is none or several."""
    found = _sentences(text, ())
    return found[0].text if len(found) == 1 else ""


def _sentences(text: str, tokens: tuple[str, ...]) -> list[Said]:
    """The sentences of a piece, each with the tokens behind it."""
    bare = _LEADING.sub("", _EMPHASIS.sub("", text).lstrip(_ENDS))
    pieces = [bare[start:end].strip() for start, end in sentence_spans(bare)]
    pieces = [piece for piece in pieces if piece.strip(_ENDS)]
    return [Said(piece.rstrip(_ENDS), "" if piece.endswith(("!", "?")) else ".", tokens) for piece in pieces]


def closed(reply: str) -> str:
    """The part of a growing reply that ends with tokens behind which something else stands already."""
    last = None
    for match in _TOKENS.finditer(reply):
        last = match if match.end() < len(reply) else last
    return reply[: last.end()] if last else ""
