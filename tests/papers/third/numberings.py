"""Numberings of the papers of the third set."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.papers.numberings import field_numbers, per_field, running, unnumbered, with_children
from tests.papers.numbers import ROMAN, Number, Numbered, Numbering

SMALL = "abcdefghijklmnopqrstuvwxyz"
CODES = ("E1.2", "KS-3", "B-II-4", "1.a", "M 3.02", "A/3", "01", "1-03", "ENG.4", "I/4", "M01-Mob")


def lettered(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return a small letter behind the number of the field: 1.a, 1.b; two letters behind z."""
    rows = []
    for field, size in enumerate(sizes, start=1):
        ends = [("" if n < 26 else SMALL[n // 26 - 1]) + SMALL[n % 26] for n in range(size)]
        rows.append(tuple(Number(f"{field}.{end}", f"{field}.{end}", "{n}.{L}") for end in ends))
    return Numbered(field_numbers("Themenfeld", len(sizes)), tuple(rows))


def bracketed(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return running numbers in brackets: (7)."""
    plain = running("", "{n}")(sizes, letters)
    rows = tuple(
        tuple(Number(f"({one.ref})", one.ref, "({n})", (f"({one.ref})",)) for one in row) for row in plain.measures
    )
    return Numbered(field_numbers("Cluster", len(sizes)), rows, running=True)


def with_code_behind(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return numbers that run on with a code of the field behind: M01-Mob, M02-Mob, M03-Bil."""
    plain = running("", "{n}", 2)(sizes, letters)
    rows = tuple(
        tuple(Number(f"M{one.ref}-{code.title()}", f"M{one.ref}-{code.title()}", "M{n}-{L}") for one in row)
        for code, row in zip(letters, plain.measures, strict=True)
    )
    return Numbered(field_numbers("Bereich", len(sizes)), rows)


def chapter_four(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return decimal numbers below chapter 4: 4.2.1."""
    fields = tuple(Number(f"4.{n}", f"4.{n}", "{n}.{n}", kind="theme") for n in range(1, len(sizes) + 1))
    rows = tuple(
        tuple(Number(f"{top.ref}.{n}", f"{top.ref}.{n}", "{n}.{n}.{n}") for n in range(1, size + 1))
        for top, size in zip(fields, sizes, strict=True)
    )
    return Numbered(fields, rows)


def projects(shape: str, family: str, width: int = 1) -> Callable[..., Numbered]:
    """Return a maker of numbers of projects that begin anew in every field."""

    def make(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
        rows = []
        for field, size in enumerate(sizes, start=1):
            refs = [shape.format(f=field, n=str(n).zfill(width)) for n in range(1, size + 1)]
            rows.append(tuple(Number(f"Projekt {ref}", ref, f"Projekt {family}", kind="project") for ref in refs))
        return Numbered(field_numbers("Schwerpunkt", len(sizes), lambda place: ROMAN[place - 1]), tuple(rows))

    return make


NUMBERINGS = (
    Numbering("E1.2", per_field("E{f}.{n}", "E{n}.{n}", "Themenfeld")),
    Numbering("KS-3", running("", "KS-{n}")),
    Numbering("Steckbrief 7", running("Steckbrief", "{n}")),
    Numbering("B-II-4", per_field("B-{r}-{n}", "B-{r}-{n}", "Themenblock")),
    Numbering("1.a", lettered),
    Numbering("M 3.02", per_field("M {f}.{n}", "M {n}.{n}", "Feld", 2)),
    Numbering("Aufgabe 12", running("Aufgabe", "{n}")),
    Numbering("A/3", per_field("{l}/{n}", "{l}/{n}", "Säule")),
    Numbering("01", running("", "{n}", 2)),
    Numbering("1-03", per_field("{f}-{n}", "{n}-{n}", "Cluster", 2)),
    Numbering("ENG.4", per_field("{a}.{n}", "{a}.{n}", "Themenfeld")),
    Numbering("(7)", bracketed),
    Numbering("I/4", per_field("{r}/{n}", "{r}/{n}", "Schwerpunkt")),
    Numbering("M01-Mob", with_code_behind),
    Numbering("Maßnahme A 5", per_field("{l} {n}", "Maßnahme {l} {n}", "Bereich", 1, "Maßnahme")),
    Numbering("Nr. 5", running("Nr.", "{n}")),
    Numbering("parts 5-2", with_children("{n}-{i}", "{n}-{n}")),
    Numbering("4.2.1", chapter_four),
    Numbering("Projekt 1.3", projects("{f}.{n}", "{n}.{n}")),
    Numbering("Projekt P07", projects("P{f}{n}", "P{n}", 2)),
    Numbering("none", unnumbered, numbered=False),
)
