"""Cases of tests that are plain values: `test_x.toml` has those of `test_x.py`, under the name of
the test.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest


def cases(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a test once for each of its cases: rows of these values, or rows with a name.

    A row of one value is the value itself. Lists within a row are tuples.
    """

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        file = sys.modules[test.__module__].__file__
        assert file is not None
        rows = _tables(Path(file))[test.__name__.removeprefix("test_")]
        assert rows, f"{test.__name__} has no case"
        return pytest.mark.parametrize(",".join(names), _params(rows, len(names)))(test)

    return mark


def values(file: str, name: str) -> Any:
    """Return the values of a name in the table beside a file."""
    return _tables(Path(file))[name]


@cache
def _tables(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.with_suffix(".toml").read_text(encoding="utf-8"))


def _params(rows: Any, count: int) -> list[Any]:
    named = rows.items() if isinstance(rows, dict) else [(None, row) for row in rows]
    params = []
    for name, row in named:
        values = as_tuple(row) if count > 1 else (as_tuple(row),)
        params.append(pytest.param(*values, id=name))
    return params


def as_tuple(value: Any) -> Any:
    return tuple(as_tuple(item) for item in value) if isinstance(value, list) else value


def documents(file: str) -> list[Any]:
    """Return the documents of a file, each with what is read of it; those with a `defect` are not
    read so yet.
    """
    params = []
    for case in tomllib.loads((Path(__file__).parent / file).read_text(encoding="utf-8"))["case"]:
        defect = case.get("defect", "")
        mark = pytest.mark.xfail("defect" in case, strict=True, reason=defect)
        params.append(pytest.param(case, id=case["name"], marks=mark))
    return params
