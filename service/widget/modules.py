"""The widget's modules as browsers load them: one by one below `/widget/`, and all together as `/widget.js`.

A website loads one file instead of two dozen; who wants to register the element under another name imports the modules.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

from service.widget.joining import joined

ENTRY = "widget.js"
FOLDERS = ("", "languages/")
_DROPPED = re.compile(r"(?m)^[ \t]+|^//.*\n|^[ \t]*/\*\*.*\*/\n")


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
    whole = joined(sources, ENTRY)
    return Modules(_module(whole), {name: _module(text) for name, text in sources.items() if name != ENTRY})


def _module(text: str) -> Module:
    content = text.encode()
    return Module(content, gzip.compress(content, 9, mtime=0), sha256(content).hexdigest()[:16])
