"""Which words frame a question ("Überblick", "Stand") and are seldom what it is about: counted beside marked values."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable

import Stemmer

from evals.train.questions import Question
from vectorstore.analysis import fold

NAME = "frame.json"
LEAST, LEAST_OFTEN = 0.3, 4  # share and number from which a word is told
DOUBT = 3  # questions of which none is counted, so that few count less
_TOKEN = re.compile(r"[\w-]*\w")
_STEMMER = Stemmer.Stemmer("german")


def framing(questions: Iterable[Question]) -> dict[str, float]:
    """The share of its German questions in which a word stands outside of values, by stem.

    A question in which nobody marked a value says nothing, nor one that is not put to the papers.
    """
    seen: Counter[str] = Counter()
    framed: Counter[str] = Counter()
    for one in questions:
        if one.language == "de" and one.writer != "items" and one.spans and one.scope == "documents":
            for match in _TOKEN.finditer(one.text):
                stem = _STEMMER.stemWord(fold(match[0]))
                seen[stem] += 1
                framed[stem] += all(match.start() >= span.end or match.end() <= span.start for span in one.spans)
    shares = {stem: framed[stem] / (number + DOUBT) for stem, number in seen.items() if number >= LEAST_OFTEN}
    return {stem: round(share, 2) for stem, share in sorted(shares.items()) if share >= LEAST}


def packed(shares: dict[str, float]) -> str:
    """The shares as a file."""
    return json.dumps(shares, ensure_ascii=False, separators=(",", ":")) + "\n"
