"""The list of mutants: which fragment of which function becomes what, and which tests should notice."""

from __future__ import annotations

import ast
import gc
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: `original` becomes `replacement` in a file; `inside` names the function where it stands elsewhere too.

    A method is named as "Class.method". `tests` are those of the room that are about this file, none for all.
    """

    id: str
    room: str
    file: str
    original: str
    replacement: str
    inside: str
    tests: tuple[str, ...]

    def applied(self, text: str) -> tuple[str, str] | None:
        """Return the text with the fault in it and the function around it; None where that is not there just once."""
        bodies = [one for one in _bodies(text) if self.inside in ("", one[0])]
        found = [(name, start + part.index(self.original)) for name, start, part in bodies if self.original in part]
        if len(found) != 1 or sum(part.count(self.original) for _, _, part in bodies) != 1:
            return None
        name, place = found[0]
        return text[:place] + self.replacement + text[place + len(self.original) :], name


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield the mutants of a list."""
    for room, files in tomllib.loads(path.read_text(encoding="utf-8"))["mutants"].items():
        for file, faults in files.items():
            tests = tuple(faults.pop("tests", ()))
            for name, (original, replacement, *inside) in faults.items():
                yield Mutant(name, room, file, original, replacement, "".join(inside), tests)


def put_in(path: Path, text: str, name: str) -> bool:
    """Have the live functions of this name and file run the code that `text` has for them; tell whether there are."""
    codes = [compile(text, str(path), "exec")]
    for one in codes:  # it grows meanwhile
        codes += [inner for inner in one.co_consts if isinstance(inner, CodeType)]
    code = next(one for one in codes if one.co_qualname == name)
    functions = [one for one in gc.get_objects() if type(one) is FunctionType]
    live = [one for one in functions if (one.__code__.co_filename, one.__code__.co_qualname) == (str(path), name)]
    for one in live:
        one.__code__ = code
    return bool(live)


def _bodies(text: str) -> Iterator[tuple[str, int, str]]:
    """Yield each function that stands in no other: its name, where its body begins, its body."""
    lines, tree = text.splitlines(keepends=True), ast.parse(text)
    for scope in (tree, *(one for one in tree.body if isinstance(one, ast.ClassDef))):
        for one in scope.body:
            if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef):
                name = one.name if scope is tree else f"{getattr(scope, 'name', '')}.{one.name}"
                first = one.body[0].lineno - 1
                yield name, len("".join(lines[:first])), "".join(lines[first : one.end_lineno])
