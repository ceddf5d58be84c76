"""Numberings of the second set of papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.papers.numberings import field_numbers, per_field, running, unnumbered
from tests.papers.numbers import ROMAN, Number, Numbered, Numbering

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def key_projects(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return one letter per project, then two: A … Z, AA …"""
    plain = running("", "{n}")(sizes, letters)

    def lettered(one: Number) -> Number:
        place = int(one.ref or 1) - 1
        ref = ("" if place < 26 else LETTERS[place // 26 - 1]) + LETTERS[place % 26]
        return Number(f"Schlüsselprojekt {ref}", ref, "Schlüsselprojekt {L}", kind="project")

    rows = tuple(tuple(lettered(one) for one in row) for row in plain.measures)
    return Numbered(field_numbers("Themenfeld", len(sizes)), rows)


def tens(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return numbers in steps of ten, beginning with a hundred for each field."""
    rows = tuple(
        tuple(
            Number(f"Vorhaben {100 * place + 10 * n}", f"{100 * place + 10 * n}", "Vorhaben {n}") for n in range(size)
        )
        for place, size in enumerate(sizes, start=1)
    )
    return Numbered(field_numbers("Bereich", len(sizes), lambda place: str(100 * place)), rows)


def clauses(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return a letter behind the number of the field: 2 a), 2 b)."""
    rows = tuple(
        tuple(
            Number(
                f"{place} {LETTERS[n].lower()})",
                f"{place} {LETTERS[n].lower()}",
                "{n} {L}",
                (f"{place}{LETTERS[n].lower()})",),
            )
            for n in range(size)
        )
        for place, size in enumerate(sizes, start=1)
    )
    return Numbered(field_numbers("", len(sizes)), rows)


def leading(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return Roman numbers that run on: Leitprojekt XIV, with a plain number beyond eighteen."""
    plain = running("", "{n}")(sizes, letters)
    rows = tuple(
        tuple(
            replace(one, printed=f"Leitprojekt {roman(one)}", ref=roman(one), family="Leitprojekt {R}", kind="project")
            for one in row
        )
        for row in plain.measures
    )
    return Numbered(field_numbers("Schwerpunkt", len(sizes)), rows)


def roman(one: Number) -> str:
    """Return the number as Roman up to 18."""
    place = int(one.ref or 1)
    return ROMAN[place - 1] if place <= len(ROMAN) else str(place)


NUMBERINGS = (
    Numbering("Baustein 3", running("Baustein", "{n}")),
    Numbering("TM-2025-04", running("", "TM-2025-{n}", 2)),
    Numbering("Schlüsselprojekt A", key_projects),
    Numbering("2025/07", running("", "2025/{n}", 2)),
    Numbering("1.1.A", per_field("1.{f}.{n}", "1.{n}.{n}", "Leitlinie")),
    Numbering("Vorhaben 110", tens),
    Numbering("2 a)", clauses),
    Numbering("Leitprojekt XIV", leading),
    Numbering("Z2-M4", per_field("Z{f}-M{n}", "Z{n}-M{n}", "Ziel")),
    Numbering("#12", running("", "#{n}")),
    Numbering("Aktion 03/MOB", per_field("{n}/{a}", "{n}/{a}", "Themenfeld", 2, "Aktion")),
    Numbering("P[4]", running("", "P[{n}]")),
    Numbering("Ziffer 4.2", per_field("{f}.{n}", "Ziffer {n}.{n}", "Abschnitt", 1, "Ziffer")),
    Numbering("none", unnumbered, numbered=False),
)
