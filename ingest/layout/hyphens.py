"""Joins lines of text, and decides which hyphens at line ends belong to the word and which only to
the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

# After a suspended hyphen ("Radwege- und Schienennetz") the hyphen stays and a space follows.
_SUSPENDED = re.compile(
    r"^(?:und|oder|als|sowie|bzw\.?|beziehungsweise|bis|noch|statt|&|/)(?![\w-])", re.I
)
# The same words as the last syllable of another: "den-noch", "Werk-statt", "Materi-als".
_LAST_SYLLABLE = re.compile(
    r"(?:\bden-noch|(?:\ban|werk|heim|hof|ruhe|lager|bett)-statt|i-als|kür-bis)", re.I
)
_WORD = re.compile(r"[\w’'*:]+(?:-[\w’'*:]+)*")
_LAST_WORD = re.compile(r"(?<![\w’'*:-])[\w’'*:-]+$")
_FIRST_WORD = re.compile(r"^[\w’'*:-]+")
_ABBREVIATION = re.compile(r"^(?:[A-ZÄÖÜ]{2,}s?|.*[\d₀-₉²³])$")  # "KMU", "PKWs", "CO₂"
_HYPHENS = ("-", "‐", "‑")


class WholeWords:
    """The words of a document (`words`), without those that a line end may have broken."""

    def __init__(self, lines: Iterable[str]) -> None:
        """Collect the words of some lines, as printed and in lower case. The last word of a line
        that ends with a hyphen is left out, as it may be a part of a word.
        """
        self.words: set[str] = set()
        for line in lines:
            words = _WORD.findall(line)
            if line.rstrip().endswith(_HYPHENS):
                words = words[:-1]
            self.words.update(words)
        self.words |= {word.lower() for word in self.words}

    def __contains__(self, word: str) -> bool:
        return word in self.words or word.lower() in self.words


def join_lines(first: str, second: str, words: WholeWords) -> str:
    """Join two lines of running text.

    A blank is put between them unless the first ends with a hyphen that is neither a dash (" -")
    nor suspended ("Radwege-" and "und Straßen"). Such a hyphen goes if the second line begins in
    lower case, but it stays in compounds that the document (`words`) prints elsewhere, and after
    abbreviations ("CO₂-reduziert"). It is not suspended, and goes, if both halves are one word:
    "den-" and "noch", "Werk-" and "statt".
    """
    if not first.endswith(_HYPHENS) or first.endswith((" -", " –", "--")):
        return f"{first} {second}"
    tail, head = _words_at_break(first, second)
    are_words = bool(tail and head)
    # the joined word occurs in the document ("so-" and "wie"), or the second half is a syllable
    is_one_word = are_words and (
        tail[:-1] + head in words or _LAST_SYLLABLE.search(tail + head) is not None
    )
    if _SUSPENDED.match(second) and not is_one_word:
        return f"{first} {second}"
    # a compound that the document prints elsewhere, or an abbreviation before the hyphen
    has_hyphen = tail + head in words or _ABBREVIATION.match(tail[:-1].rsplit("-", 1)[-1])
    keeps_hyphen = are_words and not is_one_word and has_hyphen
    if second[:1].islower() and not keeps_hyphen:
        return first[:-1] + second
    return first + second


def join_cell_lines(lines: list[str], words: WholeWords) -> str:
    """Join the lines of a narrow table cell; `words` are those of the document.

    There a word may be broken without a hyphen ("Verantwort", "lichkeit"), or before a hyphen of
    its own, which then begins the next line ("Klimaschutz", "-konzept"). Lines after a hyphen are
    joined like running text.
    """
    text = lines[0]
    for previous, line in pairwise(lines):
        tail, head = _words_at_break(text, line)
        is_broken = False
        if tail and head:
            is_only_word = " " not in previous.strip()
            is_broken = _is_broken_word(tail, head, words, alone=is_only_word)
        # a number below zero, but no span of numbers ("2025", "-2030")
        is_negative = line[1:2].isdigit() and not text[-1:].isdigit()
        begins_with_hyphen = line.startswith("-") and line[1:2].strip() != "" and not is_negative
        if text.endswith(_HYPHENS):
            text = join_lines(text, line, words)
        elif is_broken or begins_with_hyphen:
            text += line
        else:
            text += " " + line
    return text


def _words_at_break(first: str, second: str) -> tuple[str, str]:
    """Return the last word of a line and the first of the next, "" without one."""
    tail, head = _LAST_WORD.findall(first), _FIRST_WORD.findall(second)
    return "".join(tail), "".join(head)


def _is_broken_word(tail: str, head: str, words: WholeWords, *, alone: bool) -> bool:
    """True if `tail` and `head` are halves of one word that a line end broke without a hyphen.

    `head` must be in lower case. Either the whole word is known, or neither half is known and
    `tail` is the only word of its line (`alone`): only a word too long for its cell is broken so.
    """
    if not head[0].islower():
        return False
    whole_word = tail + head
    if whole_word in words or whole_word.replace("-", "") in words:
        return True
    halves = {tail, head, tail.removesuffix("-"), head.removesuffix("-")}
    return alone and not any(half in words for half in halves)
