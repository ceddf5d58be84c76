"""The widget's modules by the name below `/widget/`, and one tag that changes with any of them.

The entry imports the others from a folder named by the tag, so that browsers may keep them for ever and never mix two
versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

ENTRY = "widget.js"
FOLDERS = ("", "languages/")
TAG_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Modules:
    """The entry, and the other modules by name ("element.js", "languages/de.js"); `tag` is their common digest."""

    entry: bytes
    others: dict[str, bytes]
    tag: str

    def find(self, name: str) -> tuple[bytes, bool] | None:
        """Return a module and whether the name carries its tag; None where there is none.

        The tag of another version finds this version's module, which must then not be kept under that name.
        """
        first, _, rest = name.partition("/")
        tagged = len(first) == TAG_LENGTH and set(first) <= set("0123456789abcdef")
        content = self.others.get(rest if tagged else name)
        return None if content is None else (content, first == self.tag)


@cache
def modules() -> Modules:
    """Read all modules once."""
    found = {
        folder + entry.name: entry.read_bytes()
        for folder in FOLDERS
        for entry in (files(__package__) / folder).iterdir()
        if entry.name.endswith(".js")
    }
    digest = sha256(b"".join(name.encode() + found[name] for name in sorted(found)))
    tag = digest.hexdigest()[:TAG_LENGTH]
    entry = found.pop(ENTRY).replace(b'"./widget/', f'"./widget/{tag}/'.encode())
    return Modules(entry, found, tag)
