"""What records look like, in a register: `[[document.records]]` below an entry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.readers.claims import RECORD_KINDS, SHORT
from ingest.readers.kinds import kind_of_word
from ingest.readers.looks import MOST_EXAMPLES, NO_RECORDS, REGISTER, Look, RecordExample
from prompts import say
from vectorstore.language import printable

_REQUIRED = ("kind", "like")
KEYS = ("kind", "like", "page")
_KINDS = (*RECORD_KINDS, NO_RECORDS)


def look_problems(tables: Any) -> Iterator[tuple[int, str, str]]:
    """Yield (index of the table, key, German sentence) for whatever is wrong in tables of looks.

    Nothing is yielded if `tables` is no list of tables: the register reports this elsewhere.
    """
    if not is_tables(tables):
        return
    for index, table in enumerate(tables):
        for key in dict.fromkeys([*table, *_REQUIRED]):
            message = _problem_of(key, table.get(key))
            if message:
                yield index, key, message


def look_of(table: Mapping[str, Any]) -> Look:
    """Return what records look like by a valid table; its page is that of the first title."""
    first, *others = _names(table["like"])
    examples = (
        RecordExample(name=first, page=table.get("page")),
        *(RecordExample(name=name) for name in others),
    )
    return Look(kind=_kind_of(table["kind"]), examples=examples, source=REGISTER)


def is_tables(value: Any) -> bool:
    """True for a list of tables."""
    return isinstance(value, list) and all(isinstance(table, dict) for table in value)


def _problem_of(key: str, value: Any) -> str | None:
    """Return what is wrong with a key of a look or its value as a German sentence, None if it is
    valid.

    None as `value` means that the table lacks the key.
    """
    if key not in KEYS:
        return say("register.unknown", key=printable(key), meant="")
    if value is None:
        return say("register.missing", key=key)
    if key == "kind" and _kind_of(value) is None:
        allowed = ", ".join(_KINDS)
        return say("register.no_choice", key=key, allowed=allowed, value=printable(str(value)))
    if key == "page" and (type(value) is not int or value < 1):
        return say("register.no_page", key=key)
    if key == "like" and not _names(value):
        return say("register.no_examples", key=key, most=MOST_EXAMPLES)
    return None


def _kind_of(value: Any) -> Any:
    """Return a kind by its name in the contract, or by a word as printed ("Maßnahme", "Baustein");
    None if the value names none.
    """
    return value if value in _KINDS else kind_of_word(str(value))


def _names(value: Any) -> list[str]:
    """Return the titles of a text or a list of texts, [] for anything else."""
    names = [value]
    if isinstance(value, list):
        names = value
    is_valid = all(isinstance(name, str) and 0 < len(name.strip()) <= SHORT for name in names)
    if is_valid and len(names) <= MOST_EXAMPLES:
        return names
    return []
