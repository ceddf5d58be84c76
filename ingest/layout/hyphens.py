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


class Vocabulary:
    """The document's own words, counted away from line ends."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.words: set[str] = set()
        for line in lines:
            found = _WORD.findall(line)
            if line.rstrip().endswith(_HYPHENS):
                found = found[:-1]
            self.words.update(found)
        self.words |= {word.lower() for word in self.words}

    def __contains__(self, word: str) -> bool:
        return word in self.words or word.lower() in self.words


def join_lines(first: str, second: str, words: Vocabulary) -> str:
    """Join two lines of running text, deciding on a hyphen between them."""
    if not first.endswith(_HYPHENS) or first.endswith((" -", " –", "--")):
        return f"{first} {second}"
    if _SUSPENDED.match(second) and not _closes(first, second, words):
        return f"{first} {second}"
    if second[:1].islower() and not _keeps_hyphen(first, second, words):
        return first[:-1] + second
    return first + second


def _closes(first: str, second: str, words: Vocabulary) -> bool:
    """Whether both halves make a word: one that the document knows ("so-" and "wie"), or one of its syllables."""
    tail, head = _TAIL.search(first), _HEAD.search(second)
    if not tail or not head:
        return False
    return tail[0][:-1] + head[0] in words or _SYLLABLE.search(tail[0] + head[0]) is not None


def _keeps_hyphen(first: str, second: str, words: Vocabulary) -> bool:
    """Whether a lower-case continuation belongs to a word printed with a hyphen ("CO₂-reduziert")."""
    tail, head = _TAIL.search(first), _HEAD.search(second)
    if not tail or not head:
        return False
    hyphened = tail[0] + head[0]
    if _closes(first, second, words):
        return False
    return hyphened in words or _ABBREVIATION.match(tail[0][:-1].rsplit("-", 1)[-1]) is not None


def join_cell_lines(lines: list[str], words: Vocabulary) -> str:
    """Join the lines of a narrow table cell, where words break without a hyphen."""
    text = lines[0]
    for before, line in pairwise(lines):
        tail, head = _TAIL.search(text), _HEAD.search(line)
        if text.endswith(_HYPHENS):
            text = join_lines(text, line, words)
        elif (tail and head and _broken(tail[0], head[0], words, alone=" " not in before.strip())) or (
            line.startswith("-") and len(line) > 1 and not line[1].isspace()
        ):
            text += line
        else:
            text += " " + line
    return text


def _broken(tail: str, head: str, words: Vocabulary, alone: bool) -> bool:
    """Whether two cell lines hold the halves of one word; one that nobody knows fills its line `alone`."""
    if not head[0].islower():
        return False
    whole = tail + head
    if whole in words or whole.replace("-", "") in words:
        return True
    return alone and not _known(tail, words) and not _known(head, words)


def _known(word: str, words: Vocabulary) -> bool:
    return word in words or (word.endswith("-") and word[:-1] in words)
