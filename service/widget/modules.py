"""The widget's modules by the name below `/widget/`, and one tag that changes with any of them.

The entry imports the others from a folder named by the tag, so that browsers may keep them for ever and never mix two
versions.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

ENTRY = "widget.js"
FOLDERS = ("", "languages/")
TAG_LENGTH = 16
_DROPPED = re.compile(rb"(?m)^[ \t]+|^//.*\n|^[ \t]*/\*\*.*\*/\n")


@dataclass(frozen=True, slots=True)
class Module:
    """A module as it is sent: its source without comments and indentation, plain and compressed."""

    plain: bytes
    compressed: bytes


@dataclass(frozen=True, slots=True)
class Modules:
    """The entry, and the other modules by name ("element.js", "languages/de.js"); `tag` is their common digest."""

    entry: Module
    others: dict[str, Module]
    tag: str

    def find(self, name: str) -> tuple[Module, bool] | None:
        """Return a module and whether the name carries its tag; None where there is none.

        The tag of another version finds this version's module, which must then not be kept under that name.
        """
        first, _, rest = name.partition("/")
        tagged = len(first) == TAG_LENGTH and set(first) <= set("0123456789abcdef")
        module = self.others.get(rest if tagged else name)
        return None if module is None else (module, first == self.tag)


@cache
def modules() -> Modules:
    """Read all modules once."""
    found = {
        folder + entry.name: _DROPPED.sub(b"", entry.read_bytes())
        for folder in FOLDERS
        for entry in (files(__package__) / folder).iterdir()
        if entry.name.endswith(".js")
    }
    digest = sha256(b"".join(name.encode() + found[name] for name in sorted(found)))
    tag = digest.hexdigest()[:TAG_LENGTH]
    entry = found.pop(ENTRY).replace(b'"./widget/', f'"./widget/{tag}/'.encode())
    return Modules(_module(entry), {name: _module(content) for name, content in found.items()}, tag)


def _module(content: bytes) -> Module:
    return Module(content, gzip.compress(content, 9, mtime=0))
