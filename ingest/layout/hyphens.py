"""Words broken at line ends: which hyphens belong to the word and which only to the line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

# After a suspended hyphen ("Radwege- und Schienennetz") the hyphen stays and a space follows.
_SUSPENDED = re.compile(r"^(?:und|oder|als|sowie|bzw\.?|beziehungsweise|bis|noch|statt|&|/)(?![\w-])", re.I)
# The same words as the last syllable of another: "den-noch", "Werk-statt", "Materi-als".
_SYLLABLE = re.compile(r"(?:\bden-noch|(?:\ban|werk|heim|hof|ruhe|lager|bett)-statt|i-als|kür-bis)", re.I)
_WORD = re.compile(r"[\w’'*:]+(?:-[\w’'*:]+)*")
_TAIL = re.compile(r"(?<![\w’'*:-])[\w’'*:-]+$")
_HEAD = re.compile(r"^[\w’'*:-]+")
_ABBREVIATION = re.compile(r"^(?:[A-ZÄÖÜ]{2,}s?|.*[\d₀-₉²³])$")
_HYPHENS = ("-", "‐", "‑")


class WordCounts:
    """The document's own words, counted away from line ends."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.words: set[str] = set()
        for line in lines:
            results = _WORD.findall(line)
            self.words.update(results[:-1] if line.rstrip().endswith(_HYPHENS) else results)
        self.words |= {word.lower() for word in self.words}

    def __contains__(self, word: str) -> bool:
        return word in self.words or word.lower() in self.words


def join_lines(first: str, second: str, words: WordCounts) -> str:
    """Join two lines of running text, deciding on a hyphen between them."""
    if not first.endswith(_HYPHENS) or first.endswith((" -", " –", "--")):
        return f"{first} {second}"
    tail, head = _ends(first, second)
    # one word: the document knows it ("so-" and "wie"), or the second half is a syllable
    closed = bool(tail and head) and (tail[:-1] + head in words or _SYLLABLE.search(tail + head) is not None)
    if _SUSPENDED.match(second) and not closed:
        return f"{first} {second}"
    own = tail + head in words or _ABBREVIATION.match(tail[:-1].rsplit("-", 1)[-1])  # "CO₂-reduziert"
    keeps = bool(tail and head) and not closed and own
    return first[:-1] + second if second[:1].islower() and not keeps else first + second


def join_cell_lines(lines: list[str], words: WordCounts) -> str:
    """Join the lines of a narrow table cell, where words break without a hyphen."""
    text = lines[0]
    for before, line in pairwise(lines):
        tail, head = _ends(text, line)
        if text.endswith(_HYPHENS):
            text = join_lines(text, line, words)
        elif (tail and head and _broken(tail, head, words, alone=" " not in before.strip())) or (
            line.startswith("-") and len(line) > 1 and not line[1].isspace()
        ):
            text += line
        else:
            text += " " + line
    return text


def _ends(first: str, second: str) -> tuple[str, str]:
    tail, head = _TAIL.search(first), _HEAD.search(second)
    return tail[0] if tail else "", head[0] if head else ""


def _broken(tail: str, head: str, words: WordCounts, alone: bool) -> bool:
    """Whether two cell lines hold the halves of one word; one that nobody knows fills its line `alone`."""
    whole = tail + head
    if not head[0].islower() or whole in words or whole.replace("-", "") in words:
        return head[0].islower()
    return alone and not any(word in words or (word.endswith("-") and word[:-1] in words) for word in (tail, head))
