"""Text that people and programs send: every entrance takes it through here, before anything else
looks at it.

Search, filters and pages compare texts in Unicode's form NFKC, in which one character may become 18
("ﷺ"). So characters and words are counted in that form. The text itself is composed (NFC) like the
texts of documents: "ü" is one character, however it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

MAX_QUESTION = 500
MAX_TURN = MAX_QUOTE = 4000
_CHARACTERS_PER_WORD = 2.5  # at least, in a text of the greatest length; German has 7
_MOST_DECOMPOSED = 2  # characters of a text before it is composed, over its greatest length
_MOST_MARKS = 30  # in a row (UAX 15, Stream-Safe Text Format): their sorting is quadratic
_WORD = re.compile(r"\w+(?:[.,]\d+)*")  # "5.5.2.1" is one


def compose_text(text: str, most: int) -> str:
    """Return a text with composed characters (NFC): "ü" is one character, however it was typed.

    Raises PydanticCustomError (a ValueError) for a text that `is_too_long`.
    """
    if is_too_long(text, most):
        raise PydanticCustomError(
            "text_too_long",
            "at most {max_length} characters (as in NFKC) and {max_words} words",
            {"max_length": most, "max_words": _most_words(most)},
        )
    return unicodedata.normalize("NFC", text)


def is_too_long(text: str, most: int = MAX_QUESTION) -> bool:
    """True if a text has more than `most` characters, or too many words for so many characters.

    Both are counted in NFKC. Bringing a text into this form takes long if it has very many
    characters or many combining marks in a row. Such a text counts as too long, and is not brought
    into the form.
    """
    if len(text) > _MOST_DECOMPOSED * most or _count_marks(text) > _MOST_MARKS:
        return True
    compared = unicodedata.normalize("NFKC", text)
    if _count_marks(compared) > _MOST_MARKS:  # some characters become two marks, in NFC too
        return True
    return len(compared) > most or len(_WORD.findall(compared)) > _most_words(most)


def _most_words(most: int) -> int:
    """Return how many words a text of `most` characters may have."""
    return int(most / _CHARACTERS_PER_WORD)


def _count_marks(text: str) -> int:
    """Return the length of the longest row of combining marks (accents typed as own characters) in
    a text.
    """
    marks = most = 0
    for char in text:
        marks = marks + 1 if unicodedata.combining(char) else 0
        most = max(most, marks)
    return most


@dataclass(frozen=True, slots=True)
class ComposedText:
    """Marks a text for pydantic: `compose_text` with `most` characters."""

    most: int = MAX_QUESTION

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return pydantic's schema of the text, followed by `compose_text`."""
        compose = partial(compose_text, most=self.most)
        return core_schema.no_info_after_validator_function(compose, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "maxLength": self.most}


TypedText = Annotated[str, ComposedText()]
TypedQuote = Annotated[str, ComposedText(MAX_QUOTE)]
