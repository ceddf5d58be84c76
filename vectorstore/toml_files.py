"""TOML files that people edit: read, with the line of each error."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from vectorstore.storage import say


def read_toml(
    path: Path, error: type[Exception], prepare: Callable[[str], str] = str
) -> tuple[str, dict[str, Any]]:
    """The text of a file and its content; raises `error` with a sentence for a file that cannot be
    read.

    `prepare` may change the text before it is parsed. A file that is cut off has its error in the
    last line, as the TOML reader names no line for that.
    """
    try:
        text = prepare(path.read_text(encoding="utf-8-sig"))
    except OSError as cause:
        raise error(say("store.toml_unreadable", path=path, why=cause.strerror)) from cause
    except UnicodeDecodeError as cause:
        raise error(say("store.toml_no_utf8", path=path)) from cause
    try:
        return text, tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as cause:
        position = re.search(r"line (\d+)", str(cause))
        line = position[1] if position else text.count("\n") + 1
        raise error(say("store.no_toml", path=path, line=line)) from cause


def line_of_key(key: str, lines: Sequence[str], start: int) -> int:
    """The line of a key in the table that begins at line `start`, from 1.

    The table ends where the next one of a list begins. A key that is missing is an error of the
    table, so its line is `start`.
    """
    pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
    for number, line in enumerate(lines[start - 1 :], start):
        if pattern.match(line):
            return number
        if number > start and line.lstrip().startswith("[["):
            break
    return start
