"""What a run ran on, as far as it may matter for its figures; nothing that names a person, a host or a folder."""

from __future__ import annotations

import os
import platform
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from importlib.resources.abc import Traversable

from pydantic import BaseModel

PACKAGES = ("bm25s", "chromadb", "langchain-core", "numpy", "pypdf", "pystemmer", "rapidfuzz", "strategielotse")


class Environment(BaseModel):
    """Python, system and the packages that answers depend on."""

    python: str
    system: str
    machine: str
    processors: int
    packages: dict[str, str]


def environment() -> Environment:
    """This process's environment."""
    return Environment(
        python=platform.python_version(),
        system=platform.system(),
        machine=platform.machine(),
        processors=os.cpu_count() or 1,
        packages={name: found for name in PACKAGES if (found := _version(name))},
    )


def prompts_digest() -> str:
    """The digest of all prompt texts, by name and content: "sha256:..."."""
    digest = sha256()
    for name, content in sorted(_texts(files("prompts"), "")):
        digest.update(f"{name}\0{content}\0".encode())
    return f"sha256:{digest.hexdigest()[:16]}"


def _texts(folder: Traversable, before: str) -> list[tuple[str, str]]:
    found = []
    for entry in folder.iterdir():
        name = f"{before}{entry.name}"
        if entry.is_dir():
            found += _texts(entry, f"{name}/")
        elif entry.name.endswith((".md", ".txt")):
            found.append((name, entry.read_text(encoding="utf-8")))
    return found


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
