"""Generated papers with known truth: numbering x layout x field labels x damage x format, in invented words.

`papers(seed)` is a fixed suite for development (200 papers of four sets, of which three were once held back),
`few(seed)` 24 of them,
`papers(seed, held=True)` one of other layouts, labels, numberings and words that whoever writes a reader looks at as
totals only. `paper(...)` sets one of any combination. Nothing here knows a reader. `python -m tests.papers FOLDER
[--held]` writes all papers with their truth. Layouts, numberings, labels and words are data, see `sets.toml`.
"""

from __future__ import annotations

from tests.papers.paper import DAMAGES, FORMATS, Paper, combinations, few, paper, papers
from tests.papers.truth import Truth, TruthConflict, TruthFamily, TruthField, TruthFront, TruthRecord

__all__ = [
    "DAMAGES",
    "FORMATS",
    "Paper",
    "Truth",
    "TruthConflict",
    "TruthFamily",
    "TruthField",
    "TruthFront",
    "TruthRecord",
    "combinations",
    "few",
    "paper",
    "papers",
]
