"""Writes all papers of a suite with their truth as JSON, for people to look at."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from tests.papers import Paper, papers


def main(arguments: list[str]) -> int:
    """Write the papers into the folder; `--held` writes those that are held back."""
    parser = argparse.ArgumentParser(prog="python -m tests.papers", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--held", action="store_true", help="those held back instead of those for development")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="only papers with this in their name")
    options = parser.parse_args(arguments)
    options.folder.mkdir(parents=True, exist_ok=True)
    for paper in (one for one in papers(options.seed, options.held) if options.only in one.file_name):
        path = write_known(paper, options.folder)
        sys.stdout.write(f"{path.name}: {len(paper.truth.records)} records, {paper.truth.pages or 'no'} pages\n")
    return 0


def write_known(paper: Paper, folder: Path) -> Path:
    """Write a paper into a folder, its truth beside it, and return the paper's path."""
    path = paper.write(folder)
    truth = {"file": path.name, "layout": paper.layout, "numbering": paper.numbering, "damage": sorted(paper.damage)}
    text = json.dumps(truth | asdict(paper.truth), ensure_ascii=False, indent=1)
    path.with_name(f"{path.name}.truth.json").write_text(text, encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
