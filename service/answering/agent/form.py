"""The form in which a model answers: sentences with the tokens that prove them; lenient, as small
models err in form.
"""

from __future__ import annotations

import re
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from prompts import load_words

_OUTCOMES = "de/model/agent_outcomes"
_ARGUMENTS = load_words("de/model/agent_arguments")
# more than these is cut off
_SENTENCES = 12
_NOT_FOUND = 80  # characters of what was not found
_LONGEST = 800  # characters of a sentence
_TOKENS = 40  # of a sentence
_TOKEN = re.compile(r"\w+")


def _shorten_schema(schema: dict[str, Any]) -> None:
    """Drop from a JSON schema, in place, what a model needs not read: the docstring and the
    defaults.
    """
    schema.pop("description", None)
    for field in schema["properties"].values():
        field.pop("default", None)


class Statement(BaseModel):
    """One sentence in German with its quote; `other` is the same in the language of the answer,
    where that is another.
    """

    model_config = ConfigDict(json_schema_extra=_shorten_schema)
    text: str
    tokens: list[str]
    quote: str = ""
    other: str = ""

    @model_validator(mode="before")
    @classmethod
    def _accept_loose_form(cls, value: Any) -> Any:
        """Accept what small models write instead: a text alone for a sentence, or tokens in one
        text.

        Too long texts and lists are cut. Anything else is left as it is, so that it is refused.
        """
        if isinstance(value, str):
            value = {"text": value}
        if not isinstance(value, dict):
            return value
        tokens = value.get("tokens") or ()
        tokens = _TOKEN.findall(tokens) if isinstance(tokens, str) else map(str, tokens)
        texts = {name: str(value.get(name) or "")[:_LONGEST] for name in ("text", "quote", "other")}
        return texts | {"tokens": list(tokens)[:_TOKENS]}


class Answer(BaseModel):
    """The model's answer."""

    model_config = ConfigDict(json_schema_extra=_shorten_schema)
    outcome: Literal["answered", "not_in_documents", "out_of_scope", "unclear"]
    sentences: list[Statement] = []
    not_found: str = Field(default="", description=_ARGUMENTS["answer_not_found"])
    rows_of: str = Field(default="", description=_ARGUMENTS["answer_rows_of"])

    @model_validator(mode="before")
    @classmethod
    def _accept_loose_form(cls, value: Any) -> Any:
        """Accept what small models write instead: German outcomes, a single sentence for a list, a
        list for a text.

        An answer without outcome counts as "answered". Too long texts and lists are cut.
        """
        if not isinstance(value, dict):
            return value
        sentences = value.get("sentences") or ()
        if isinstance(sentences, str | dict):
            sentences = [sentences]
        outcome = str(value.get("outcome") or "answered").strip().lower()
        accepted = {
            "outcome": load_words(_OUTCOMES).get(outcome, outcome),
            "sentences": list(sentences)[:_SENTENCES],
        }
        for name in ("not_found", "rows_of"):
            words = value.get(name) or ""
            if isinstance(words, list):
                words = " ".join(map(str, words))
            accepted[name] = str(words)[:_NOT_FOUND]
        return accepted
