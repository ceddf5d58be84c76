"""The widget's modules as browsers load them: one by one below `/widget/`, and all together as `/widget.js`.

A website loads one file instead of two dozen; who wants to register the element under another name imports the modules.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from posixpath import dirname, join, normpath

ENTRY = "widget.js"
FOLDERS = ("", "languages/")
_DROPPED = re.compile(r"(?m)^[ \t]+|^//.*\n|^[ \t]*/\*\*.*\*/\n")
_IMPORT = re.compile(r'(?m)^import \{([^}]*)\} from "([^"]+)";\n')
_EXPORT = re.compile(r"(?m)^export (?=(?:async )?(?:function\*?|class|const) (\w+))")
_EXPORTED_AGAIN = re.compile(r"(?m)^export \{[^}]*\};\n")


@dataclass(frozen=True, slots=True)
class Module:
    """A module as it is sent: without comments and indentation, plain and compressed; `tag` changes with it."""

    plain: bytes
    compressed: bytes
    tag: str


@dataclass(frozen=True, slots=True)
class Modules:
    """All modules in one, and each by name ("element.js", "languages/de.js")."""

    whole: Module
    single: Mapping[str, Module]


@cache
def modules() -> Modules:
    """Read all modules once."""
    sources = {
        folder + entry.name: _DROPPED.sub("", entry.read_text("utf-8"))
        for folder in FOLDERS
        for entry in (files(__package__) / folder).iterdir()
        if entry.name.endswith(".js")
    }
    single = {name: _module(text) for name, text in sources.items() if name != ENTRY}
    return Modules(_module(join_modules(sources, ENTRY)), single)


def join_modules(sources: Mapping[str, str], entry: str) -> str:
    """Return all modules that `entry` needs as one: each a function that returns its exports, in the order of imports.

    It knows the forms that our own modules use and nothing more: named imports, and exports where things are declared.
    """
    order = list(dict.fromkeys(_needed(sources, entry)))
    names = {name: f"m{place}" for place, name in enumerate(order)}
    parts = []
    for name in order[:-1]:
        exports = ", ".join(_EXPORT.findall(sources[name]))
        body = _body(sources[name], name, names)
        parts.append(f"const {names[name]} = (() => {{\n{body}return {{ {exports} }};\n}})();\n")
    return "".join([*parts, _body(sources[entry], entry, names), *_EXPORTED_AGAIN.findall(sources[entry])])


def _needed(sources: Mapping[str, str], name: str) -> Iterator[str]:
    """Yield a module's imports, deepest first, then the module."""
    for _, path in _IMPORT.findall(sources[name]):
        yield from _needed(sources, _resolved(name, path))
    yield name


def _resolved(name: str, path: str) -> str:
    return normpath(join(dirname(name), path))


def _body(source: str, name: str, names: Mapping[str, str]) -> str:
    """Return the source with its imports as constants and its exports as plain declarations."""

    def constants(match: re.Match[str]) -> str:
        return f"const {{{match[1].replace(' as ', ': ')}}} = {names[_resolved(name, match[2])]};\n"

    return _EXPORTED_AGAIN.sub("", _EXPORT.sub("", _IMPORT.sub(constants, source)))


def _module(text: str) -> Module:
    content = text.encode()
    return Module(content, gzip.compress(content, 9, mtime=0), sha256(content).hexdigest()[:16])
