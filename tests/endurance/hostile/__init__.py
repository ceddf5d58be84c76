"""Hostile files of all formats, as many as wanted, the same for the same seed: harmed papers and such from scratch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.endurance.hostile import blunt, pdfs, texts, webs, words
from tests.endurance.hostile.making import Originals, Way
from tests.papers import papers

WAYS: dict[str, Way] = {
    f"{module.__name__.rpartition('.')[2]}-{way.__name__}": way
    for module in (blunt, texts, webs, words, pdfs)
    for way in module.WAYS
}


def hostile_files(seed: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and bytes; the ways take turns, and each file is made by a chance of its own."""
    originals = Originals([one for one in papers(seed) if sum(one.sizes) <= 24])
    ways = list(WAYS.items())
    for number in range(count):
        name, way = ways[number % len(ways)]
        made = way(Random(f"{seed}/{number}/{name}"), originals)
        yield f"{number:04}-{name.replace('_', '-')}.{made.form}", made.content


def write_hostile_files(folder: Path, seed: int, count: int) -> list[Path]:
    """Write them into a folder and return their paths."""
    paths = []
    for name, content in hostile_files(seed, count):
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    return paths
