"""Texts, prompts and tables of words by their names, in all languages of answers."""

from __future__ import annotations

import tomllib
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

GERMAN = "de"
ENGLISH = "en"
# languages of answers beside German and English, in `further/`; what they lack is said in English
FURTHER = ("ar", "es", "fr", "nl", "pl", "ru", "tr", "uk")
RIGHT_TO_LEFT = frozenset({"ar"})


def answer_language(tag: str) -> str:
    """The language of answers for a tag such as "en-GB": German for one that has no texts."""
    code = tag.split("-")[0].lower()
    return code if code in (ENGLISH, *FURTHER) else GERMAN


@cache
def text(name: str) -> str:
    """The text `name` ("de/not_in_documents"); raises FileNotFoundError.

    Further languages have one file for all texts; what that lacks is said in English.
    """
    language, _, key = name.partition("/")
    if language in FURTHER:
        return str(load_table(f"further/{language}")["texts"].get(key) or text(f"{ENGLISH}/{key}"))
    return resources.files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8").strip()


@cache
def load_words(name: str) -> dict[str, str]:
    """The table `name` ("de/wording"): wordings by their names; raises FileNotFoundError.

    In a further language wordings that are not translated are those of the English table.
    """
    language, _, key = name.partition("/")
    if language in FURTHER:
        further: dict[str, str] = load_table(f"further/{language}").get(key, {})
        return load_words(f"{ENGLISH}/{key}") | further
    words: dict[str, str] = load_table(name)
    return words


def widget_words(language: str) -> dict[str, Any]:
    """The widget's own words in a further language, in the form in which its script reads them.

    The names of kinds and statuses are those of answers, where "one_goal" is the word for a single
    goal and "status_idea" that for a status; here they are "goal" and "idea".
    """
    further = load_table(f"further/{language}")
    kinds, statuses = {}, {}
    for name, words in further["wording"].items():
        group, _, key = name.partition("_")
        if group == "one":
            kinds[key] = words
        elif group == "status":
            statuses[key] = words
    return {**further["widget"], "kinds": kinds, "itemStatuses": statuses}


@cache
def load_table(name: str) -> dict[str, Any]:
    """The contents of the TOML file `name` ("de/wording"); raises FileNotFoundError."""
    file = resources.files(__package__).joinpath(f"{name}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def in_languages(name: str) -> tuple[dict[str, str], ...]:
    """The texts of the table `name` ("record_questions"), each by its languages; raises
    FileNotFoundError.
    """
    return tuple(load_table(name)["text"])


def fill(name: str, **values: str) -> str:
    """The prompt `name` with its placeholders filled; what is put in stays as it is, braces and
    all.

    Raises KeyError for a placeholder without a value.
    """
    return text(name).format_map(values)


def say(key: str, /, **values: object) -> str:
    """The German wording of a `key`: "backup.not_one" is `not_one` in the table `de/backup`.

    Its placeholders are filled with the values; without any values they stay as they are. Raises
    KeyError for a key that the table lacks or a placeholder without a value.
    """
    table, _, name = key.partition(".")
    wording: str = load_table(f"de/{table}")[name]
    return wording.format_map(values) if values else wording


def digest(*names: str) -> str:
    """A digest of prompts, which changes with any letter of them."""
    return "sha256:" + sha256("\0".join(map(text, names)).encode()).hexdigest()[:16]
