"""What a run ran on, as far as it may matter for its figures; nothing that names a person, a host or a folder."""

from __future__ import annotations

import os
import platform
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

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
        packages={name: version(name) for name in PACKAGES},
    )


def prompts_digest() -> str:
    """The digest of all prompt texts, by name and content: "sha256:..."."""
    folder, digest = Path(str(files("prompts"))), sha256()
    for path in sorted(one for one in folder.rglob("*") if one.suffix in (".md", ".txt")):
        digest.update(f"{path.relative_to(folder)}\0{path.read_text(encoding='utf-8')}\0".encode())
    return f"sha256:{digest.hexdigest()[:16]}"
