"""The source data of a paper: an invented county, fields of action, and measures with everything that is said of them.

Both the pages and the truth come from here; the words are hand-written lists in the folder of a set.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

MEANINGS = (
    "situation", "description", "goal", "steps", "responsible", "partners", "target_group", "period", "cost",
    "funding", "priority", "effect", "indicator", "obstacles", "status", "progress",
)  # fmt: skip
LISTED = {"responsible", "partners", "steps", "target_group", "indicator"}
KINDS = {
    "concept": ("Klimaschutzkonzept", "Mobilitätskonzept", "Integriertes Entwicklungskonzept", "Rahmenkonzept"),
    "programme": ("Handlungsprogramm", "Aktionsprogramm", "Maßnahmenprogramm", "Zukunftsprogramm"),
    "plan": ("Maßnahmenplan", "Aktionsplan", "Teilhabeplan", "Entwicklungsplan"),
    "report": ("Umsetzungsbericht", "Fortschrittsbericht", "Nachhaltigkeitsbericht", "Zwischenbericht"),
    "strategy": ("Nachhaltigkeitsstrategie", "Digitalstrategie", "Zukunftsstrategie", "Kreisentwicklungsstrategie"),
    "guiding_principles": ("Leitbild", "Kreisleitbild"),
    "motion": ("Antrag",),
    "statute": ("Satzung",),
    "minutes": ("Niederschrift",),
    "answer": ("Antwort auf die Anfrage",),
    "budget": ("Haushaltsplan",),
    "other": ("Koalitionsvereinbarung",),
}
STATUS = {"adopted": "Beschlossen am {day}", "draft": "Entwurf, Stand: {day}", "published": "Stand: {month}"}
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
    "Dezember",
)  # fmt: skip


@cache
def table(name: str, folder: Path) -> dict[str, Any]:
    """Return a file of words."""
    return tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8"))


class Pen:
    """Draws words for one paper: every choice comes from the seed, towns are those of one county."""

    def __init__(self, seed: str, county: dict[str, Any], folder: Path) -> None:
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
        parts = table("clauses", self.folder)
        whole = self.sentences("description", max(1, count // 3))
        openings = self.rng.sample(parts["openings"], count - len(whole))
        clauses = self.rng.sample(parts["clauses"], count - len(whole))
        made = (self.filled(f"{opening} {clause}") for opening, clause in zip(openings, clauses, strict=True))
        mixed = [*whole, *made]
        self.rng.shuffle(mixed)
        return tuple(mixed)

    def one(self, name: str) -> str:
        return self.sentences(name, 1)[0]

    def together(self, texts: Sequence[str]) -> list[str]:
        """Return texts that name the same town, year and office."""
        return self.filled("\x00".join(texts)).split("\x00")

    def valued(self, name: str) -> list[str]:
        """Return one entry of a list that tells its values: the text and the values in it."""
        return self.together(self.rng.choice(table("sentences", self.folder)[name]))


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: what it is called, what is said about it, and its fields by meaning."""

    title: str
    about: str
    fields: dict[str, tuple[str, ...]]
    dates: tuple[str, ...]
    amounts: tuple[str, ...]

    def text(self, meaning: str) -> str:
        return (", " if meaning in LISTED else " ").join(self.fields.get(meaning, ()))


@dataclass(frozen=True, slots=True)
class Field:
    """A field of action with its goal and its measures."""

    title: str
    letters: str
    goal: str
    intro: tuple[str, ...]
    measures: tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Material:
    """All that a paper says; `pen` draws whatever prose a layout needs besides."""

    publisher: str
    title: str
    kind: str
    status: str | None
    date: str | None
    status_line: str | None
    fields: tuple[Field, ...]
    meanings: tuple[str, ...]
    pen: Pen

    @property
    def sizes(self) -> list[int]:
        return [len(field.measures) for field in self.fields]


def material(
    seed: str,
    sizes: Sequence[int],
    words: Path,
    *,
    kind: str,
    leave_out: Sequence[str],
    only: Sequence[str],
    length: int,
    damage: frozenset[str],
) -> Material:
    """Return the source data of a paper with so many measures in each field of action."""
    places = table("places", words)["county"]
    county = random.Random(seed).choice(places)
    pen = Pen(seed + "/words", county, words)
    meanings = tuple(only) or chosen_meanings(pen, leave_out)
    themes = (*table("themes_outside", words)["theme"], *table("themes_inside", words)["theme"])
    fields, used = [], set[str]()
    for theme, size in zip(pen.rng.sample(themes, len(sizes)), sizes, strict=True):
        fresh = [pair for pair in titles_of(theme, pen) if pair[0] not in used][:size]
        used |= {title for title, _ in fresh}
        made = tuple(measure(pen, *pair, meanings, length, "missing" in damage) for pair in fresh)
        intro = tuple(pen.filled(text) for text in theme["intro"])
        fields.append(Field(theme["title"], theme["letters"], theme["goal"], intro, made))
    if "twins" in damage:
        fields[0] = twins(pen, fields[0])
    status = dated(pen)
    title = title_of(pen, kind, county, fields[0].measures[0].title)
    return Material(county["name"], title, kind, *status, tuple(fields), meanings, pen)


def chosen_meanings(pen: Pen, leave_out: Sequence[str]) -> tuple[str, ...]:
    """Return seven to eleven fields in the order of a sheet, always with who, when and what."""
    always = {"description", "responsible", "period"} - set(leave_out)
    rest = [meaning for meaning in MEANINGS if meaning not in always and meaning not in leave_out]
    picked = always | set(pen.rng.sample(rest, min(len(rest), pen.rng.randint(4, 8))))
    return tuple(meaning for meaning in MEANINGS if meaning in picked)


def titles_of(theme: dict[str, Any], pen: Pen) -> list[tuple[str, str]]:
    """Return titles with their sentence, shuffled: those of the theme, then composed ones."""
    own = [pen.together(pair) for pair in theme["measures"]]
    pen.rng.shuffle(own)
    composed = table("composed", pen.folder)
    made = [[f"{head} {thing}", about] for head in composed["heads"] for thing, about in composed["objects"]]
    pen.rng.shuffle(made)
    early = len(own) // 3 if composed.get("mixed", True) else 0
    mixed = [pair for both in zip_longest(own, made[:early]) for pair in both if pair]
    return [(title, about) for title, about in [*mixed, *made[early:]]]


def measure(pen: Pen, title: str, about: str, meanings: Sequence[str], length: int, missing: bool) -> Measure:
    """Return one measure with the fields asked for; `length` is the number of sentences of its description."""
    period, *dates = pen.valued("periods")
    cost, *amounts = pen.valued("costs")
    effect, *_ = pen.valued("effects")
    values: dict[str, tuple[str, ...]] = {
        "situation": pen.sentences("situation", 2),
        "description": (about, *pen.prose(length + pen.rng.randint(0, 3))),
        "goal": (pen.one("goals"),),
        "steps": pen.sentences("steps", pen.rng.randint(2, 4)),
        "responsible": pen.sentences("offices", pen.rng.choice((1, 1, 1, 2))),
        "partners": pen.sentences("partners", pen.rng.randint(1, 3)),
        "target_group": pen.sentences("target_groups", pen.rng.randint(1, 2)),
        "period": (period,),
        "cost": (cost,),
        "funding": (pen.one("funding"),),
        "priority": (pen.one("priorities"),),
        "effect": (effect,),
        "indicator": pen.sentences("indicators", pen.rng.randint(1, 2)),
        "obstacles": (pen.one("obstacles"),),
        "status": (pen.one("statuses"),),
        "progress": pen.sentences("progress", 1),
    }
    kept = {meaning: values[meaning] for meaning in meanings}
    droppable = [meaning for meaning in meanings if meaning != "description"]
    if missing and droppable and pen.rng.random() < 0.4:
        kept.pop(pen.rng.choice(droppable))
    return Measure(
        title, about, kept, tuple(dates) if "period" in kept else (), tuple(amounts) if "cost" in kept else ()
    )


def twins(pen: Pen, field: Field) -> Field:
    """Return the field with its last measures nearly identical but for the place and the number."""
    towns = pen.rng.sample(pen.towns, min(3, len(field.measures)))
    made = [replace(field.measures[0], title=f"Solarstrom vom Dach der Schule in {town}") for town in towns]
    return replace(field, measures=(*field.measures[: len(field.measures) - len(made)], *made))


def dated(pen: Pen) -> tuple[str | None, str | None, str | None]:
    """Return status, ISO date and the line that says both; now and then a paper says neither."""
    year, month, day = pen.rng.randint(2019, 2026), pen.rng.randint(1, 12), pen.rng.randint(1, 28)
    status = pen.rng.choice(["adopted", "draft", "published", None])
    if status is None:
        return None, None, None
    name = MONTHS[month - 1]
    line = STATUS[status].format(day=f"{day}. {name} {year}", month=f"{name} {year}")
    return status, f"{year}-{month:02}" + ("" if status == "published" else f"-{day:02}"), line


def title_of(pen: Pen, kind: str, county: dict[str, Any], topic: str) -> str:
    word = pen.rng.choice(KINDS[kind])
    match kind:
        case "motion" | "answer":
            return f"{word} „{topic}“"
        case "statute":
            return f"{word} {county['genitive']} über die Förderung gemeinnütziger Vorhaben"
        case "minutes" | "budget":
            return f"{word} {county['genitive']}"
        case _:
            return f"{word} {county['name']}"
