"""The widget's JavaScript modules as they are served: one by one below `/widget/`, and joined as
`/widget.js`; and its words in further languages, as JSON.

A website loads the joined file; who registers the element under another name imports the single
modules.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from posixpath import dirname, join, normpath

from prompts import FURTHER, widget_words

ENTRY = "widget.js"
FOLDERS = ("", "languages/")
_COMMENTS_AND_INDENTS = re.compile(r"(?m)^[ \t]*(?:/\*\*(?s:.*?)\*/\n|//.*\n)|^[ \t]+")
# import { el, on } from "./dom.js";
_IMPORT = re.compile(r'(?m)^import \{[^}]*\} from "([^"]+)";\n')
_EXPORT = re.compile(r"(?m)^export (?!\{)")  # of a declaration: export const el


@dataclass(frozen=True, slots=True)
class Module:
    """A module without comments and indentation, plain and gzipped; `tag` is a digest of it, used
    as ETag.
    """

    plain: bytes
    compressed: bytes
    tag: str


@dataclass(frozen=True, slots=True)
class Modules:
    """All modules joined, each by its name ("element.js", "languages/de.js"), and the words in each
    further language ("words/fr.json").
    """

    whole: Module
    single: Mapping[str, Module]
    words: Mapping[str, Module]


@cache
def modules() -> Modules:
    """Return all modules, without comments and indentation; they are read once.

    The entry, which registers the element, is only within the joined file: who registers it under
    another name must not load it.
    """
    sources = {
        folder + entry.name: _COMMENTS_AND_INDENTS.sub("", entry.read_text("utf-8"))
        for folder in FOLDERS
        for entry in (files(__package__) / folder).iterdir()
        if entry.name.endswith(".js")
    }
    single = {name: _make_module(text) for name, text in sources.items() if name != ENTRY}
    words = {
        f"words/{code}.json": _make_module(json.dumps(widget_words(code), ensure_ascii=False))
        for code in FURTHER
    }
    return Modules(_make_module(join_modules(sources, ENTRY)), single, words)


def join_modules(sources: Mapping[str, str], entry: str) -> str:
    """Return the script of `entry` and all modules that it imports, as a single file.

    Modules come before those that import them. As no two have a name in common, imports are left
    out, and exports are plain declarations; what the entry names as exported stays so.
    """
    order = dict.fromkeys(_imports_first(sources, entry))
    script = "".join(sources[name] for name in order)
    return _EXPORT.sub("", _IMPORT.sub("", script))


def _imports_first(sources: Mapping[str, str], name: str) -> Iterator[str]:
    """Yield the names of a module's direct and indirect imports, deepest first, then that of the
    module.

    A module that several others import is yielded several times; the first time counts.
    """
    for path in _IMPORT.findall(sources[name]):
        yield from _imports_first(sources, normpath(join(dirname(name), path)))
    yield name


def _make_module(text: str) -> Module:
    content = text.encode()
    return Module(content, gzip.compress(content, 9, mtime=0), sha256(content).hexdigest()[:16])
