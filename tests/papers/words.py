"""The words that papers are made of: hand-written lists as data, and a writer that draws from them by seed."""

from __future__ import annotations

import random
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "first"
MEANINGS = (
    "situation", "description", "goal", "steps", "responsible", "partners", "target_group", "period", "cost",
    "funding", "priority", "effect", "indicator", "obstacles", "status", "progress",
)  # fmt: skip


@cache
def table(name: str, folder: Path = HERE) -> dict[str, Any]:
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def themes(folder: Path = HERE) -> tuple[dict[str, Any], ...]:
    return (*table("themes_outside", folder)["theme"], *table("themes_inside", folder)["theme"])


class Pen:
    """Draws words for one paper: every choice comes from the seed, towns are those of one county."""

    def __init__(self, seed: str, county: dict[str, Any], folder: Path = HERE) -> None:
        self.rng = random.Random(seed)
        self.folder = folder
        self.towns: list[str] = county["towns"]

    def filled(self, text: str) -> str:
        town, neighbour = self.rng.sample(self.towns, 2)
        known = {
            "ort": town,
            "nachbar": neighbour,
            "n": str(self.rng.randint(3, 48)),
            "jahr": str(self.rng.randint(2017, 2029)),
            "amt": f"der Stelle „{self.rng.choice(table('sentences', self.folder)['offices'])}“",
        }
        for slot, word in known.items():
            text = text.replace("{" + slot + "}", word)
        return text

    def sentences(self, name: str, count: int) -> tuple[str, ...]:
        pool: list[str] = table("sentences", self.folder)[name]
        chosen = sorted(self.rng.sample(range(len(pool)), min(count, len(pool))))
        return tuple(self.filled(pool[place]) for place in chosen)

    def prose(self, count: int) -> tuple[str, ...]:
        """Return sentences of a description: some as written, more put together of an opening and a clause."""
        if count == 0:
            return ()
        clauses = table("clauses", self.folder)
        whole = self.sentences("description", max(1, count // 3))
        made = tuple(
            self.filled(f"{opening} {clause}")
            for opening, clause in zip(
                self.rng.sample(clauses["openings"], count - len(whole)),
                self.rng.sample(clauses["clauses"], count - len(whole)),
                strict=True,
            )
        )
        mixed = [*whole, *made]
        self.rng.shuffle(mixed)
        return tuple(mixed)

    def one(self, name: str) -> str:
        return self.sentences(name, 1)[0]

    def valued(self, name: str) -> tuple[str, tuple[str, ...]]:
        """Return one entry of a list that tells its values: the text and the values in it."""
        entry: list[str] = self.rng.choice(table("sentences", self.folder)[name])
        filled = self.filled("\x00".join(entry)).split("\x00")
        return filled[0], tuple(filled[1:])
