"""German clauses: how far what each says has come, who acts, what limits it; see README.md."""

from german_clauses.clauses import Clause, Stage, split_clauses
from german_clauses.tokens import Token
from german_clauses.words import has_word_of, lower_words, matches, normalize_formulas

__all__ = [
    "Clause",
    "Stage",
    "Token",
    "has_word_of",
    "lower_words",
    "matches",
    "normalize_formulas",
    "split_clauses",
]
