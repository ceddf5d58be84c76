"""Verbatim comparison: whether a passage contains a quote, which words of a text are no quotes,
prompt injections.

White space and soft hyphens are ignored. Sentences that instruct a language model (prompt
injection) support nothing and are never shown to a model. They are recognised by their usual
wording (`safety` lexicon); others are missed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import accumulate

from service.answering import lexicon
from vectorstore.language import sentence_spans, squash

_WORD = re.compile(r"[^\W_]+(?:[-‐‑–][^\W_]+)*")  # "Rad-Wege" is one word
_MARKS_IN_NUMBERS = ".,:/"  # "1,5", "14:30"
_SPACE_IN_NUMBER = re.compile(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))")  # "12 000"


def split_words(text: str) -> list[str]:
    """The words of a text as printed, without soft hyphens."""
    return _WORD.findall(text.replace("\u00ad", ""))


@lru_cache(maxsize=100_000)
def is_prompt_injection(sentence: str) -> bool:
    """True if a sentence, title or field looks like a prompt injection: an instruction to a
    language model.
    """
    return lexicon.matches("safety", "order", sentence)


@lru_cache(maxsize=20_000)
def remove_prompt_injections(text: str) -> str:
    """A text without its prompt injections, so that a model never reads them; unchanged if it has
    none.

    If any was removed, the remaining sentences are joined by spaces.
    """
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    statements = [sentence for sentence in sentences if not is_prompt_injection(sentence)]
    if len(statements) == len(sentences):
        return text
    return " ".join(statements)


@dataclass(frozen=True)
class VerbatimPassage:
    """A text in which quotes are searched for."""

    text: str

    @cached_property
    def squashed(self) -> str:
        """The text without white space and soft hyphens."""
        return squash(self.text)

    @cached_property
    def _word_ends(self) -> frozenset[int]:
        """The offsets in the squashed text at which words of the text end; there a quote may begin
        or end.
        """
        text = _SPACE_IN_NUMBER.sub("", self.text.replace("\u00ad", ""))
        return frozenset(accumulate(map(len, text.split())))

    def contains(self, quote: str) -> bool:
        """True if the passage contains a quote, which has to be squashed.

        The quote may not begin or end within a word or number: "12" is not in "120". "" is in no
        passage.
        """
        start = self.squashed.find(quote) if quote else -1
        while start >= 0:
            if self._is_edge(start) and self._is_edge(start + len(quote)):
                return True
            start = self.squashed.find(quote, start + 1)
        return False

    def _is_edge(self, offset: int) -> bool:
        """True if at an offset of the squashed text no word or number goes on: a word of the text
        ends there, or a sign stands there.
        """
        if offset in self._word_ends:
            return True
        before = self.squashed[max(0, offset - 2) : offset]
        return not _is_inside_word(before, self.squashed[offset : offset + 2])


def _is_inside_word(before: str, after: str) -> bool:
    """True if two signs before and two behind an offset are of one word or number.

    A mark between digits belongs to the number ("1,5", "14:30"), one at the end of a sentence does
    not.
    """
    if not before or not after:
        return False
    if before[-1].isdigit():
        return after[0].isdigit() or (after[0] in _MARKS_IN_NUMBERS and after[1:2].isdigit())
    if after[0].isdigit():
        return before[-1] in _MARKS_IN_NUMBERS and before[-2:-1].isdigit()
    return before[-1].isalpha() and after[0].isalpha()
