"""Style sheets, scripts and pictures of the pages, held in memory and named by their content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files

PACKAGES = ("service.pages", "service.staff")
MEDIA_TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file for browsers; `tag` changes with its content."""

    content: bytes
    media_type: str
    tag: str


@cache
def assets() -> dict[str, Asset]:
    """Return all assets by file name."""
    found = {}
    for entry in (entry for package in PACKAGES for entry in files(package).iterdir()):
        media_type = MEDIA_TYPES.get(entry.name.rpartition(".")[2])
        if media_type:
            content = entry.read_bytes()
            found[entry.name] = Asset(content, media_type, sha256(content).hexdigest()[:16])
    return found


def asset_url(name: str) -> str:
    """Return the address of an asset, which browsers may keep for ever."""
    return f"/static/{name}?v={assets()[name].tag}"
