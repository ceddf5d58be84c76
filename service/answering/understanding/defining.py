"""The term that a question wants explained: "Was ist eine Klimainsel?", "Wofür steht KSM?"."""

from __future__ import annotations

import re

from service.answering.understanding.document_names import words_of
from service.answering.understanding.nouns import record_nouns

_FILLER = r"(?:(?:denn|eigentlich|genau|überhaupt|bitte|mal|mir|so|bloß|exactly)\s+)*"
_ARTICLE = r"(?:(?:ein|eine|einen|einem|einer|der|die|das|den|dem|diese[rsmn]?|so\s+ein\w*|a|an|the)\s+)?"
_NAMED = r"(?:(?:die|der|das|the)?\s*(?:abkürzung|begriff|kürzel|wort|ausdruck|abbreviation|term|word)\s+)?"
_TERM = r"[„“\"'»]?(?P<term>[\wÄÖÜäöüß][\wÄÖÜäöüß./&+-]*(?:\s+[\wÄÖÜäöüß./&+-]+){0,3}?)[“”\"'«]?"
_REST = (
    r"(?:\s*,.*|\s+(?:in|im|bei|beim|laut|nach|aus|vom|von|für|at|according|mean\w*|stand\s+for|gemeint|genau|"
    r"eigentlich)\b.*)?"
)
_ASKS = tuple(
    re.compile(rf"(?i)^\W*(?:und\s+)?{form}{_REST}\W*$")
    for form in (
        rf"(?:wer\s+oder\s+)?was\s+{_FILLER}(?:ist|sind|heißt|heissen|heißen|bedeutet|bedeuten|meint)\s+{_FILLER}{_ARTICLE}{_NAMED}{_TERM}",
        rf"was\s+(?:ist|wird)\s+{_FILLER}(?:mit|unter)\s+{_ARTICLE}{_NAMED}{_TERM}\s+(?:gemeint|verstanden)",
        rf"was\s+versteht\s+(?:man|ihr)\s+{_FILLER}unter\s+{_ARTICLE}{_TERM}",
        rf"wofür\s+(?:steht|stehen)\s+{_FILLER}{_ARTICLE}{_NAMED}{_TERM}",
        rf"(?:erklär\w*|definier\w*|explain|define)\s+{_FILLER}{_ARTICLE}{_NAMED}{_TERM}",
        rf"what\s+(?:is|are)\s+{_ARTICLE}{_TERM}",
        rf"what\s+does\s+{_ARTICLE}{_TERM}\s+(?:mean|stand\s+for)",
    )
)
_NO_TERM = re.compile(
    r"(?i)\b(?:stand|status|los|neu\w*|geplant|vorgesehen|passiert|wichtig\w*|unterschied\w*|zusammenhang|grund|gründe|problem\w*|"
    r"vorteil\w*|nachteil\w*|meisten|mit|und|zu|das|dein\w*|ihr\w*|euer|sie|du|done|planned|there|about|your)\b"
)


def term_of(question: str) -> str:
    """The term, as written, "" where none is to be explained: it has a capital letter and is no kind of record."""
    for form in _ASKS:
        match = form.match(question)
        term = match["term"].strip(" .-+") if match is not None else ""
        if term and not _NO_TERM.search(term) and not _is_record(term) and re.search(r"[A-ZÄÖÜ]", term):
            return term
    return ""


def _is_record(term: str) -> bool:
    """True where the term begins with a noun for records: "das Ziel", "die Maßnahme 3"."""
    first = {noun.word for noun in record_nouns(term) if not noun.head}
    return bool(first & set(words_of(term)))
