"""Writes made papers with their truth as JSON, for people to look at."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.papers import Paper, few


def main(arguments: list[str]) -> int:
    """Write the papers into the folder."""
    parser = argparse.ArgumentParser(prog="python -m tests.papers", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    for document in few(options.seed):
        sys.stdout.write(
            f"{write_known(document, options.folder).name}: {len(document.truth.records)} records\n"
        )
    return 0


def write_known(paper: Paper, folder: Path) -> Path:
    """Write a paper into a folder, its truth beside it, and return the paper's path."""
    path = paper.write(folder)
    text = json.dumps(asdict(paper.truth), ensure_ascii=False, indent=1)
    path.with_name(f"{path.name}.truth.json").write_text(text, encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
