"""Numberings of the papers of the fourth set."""

from __future__ import annotations

from collections.abc import Sequence

from tests.papers.numberings import field_numbers, per_field, running, unnumbered, with_children
from tests.papers.numbers import ROMAN, Number, Numbered, Numbering

SMALL = "abcdefghijklmnopqrstuvwxyz"
SHORT = ("HF1-M3", "4.07", "B-03", "M2-4", "ENG03", "I.a", "KAP 05", "A.1.3", "2|5")
NUMBERED = (*SHORT, "Maßnahmenblatt 5", "Punkt 7")


def roman_and_letter(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return a small letter behind the Roman number of the field: I.a, I.b; two letters behind z."""
    rows = []
    for field, size in enumerate(sizes):
        ends = [("" if n < 26 else SMALL[n // 26 - 1]) + SMALL[n % 26] for n in range(size)]
        rows.append(tuple(Number(f"{ROMAN[field]}.{end}", f"{ROMAN[field]}.{end}", "{R}.{L}") for end in ends))
    return Numbered(field_numbers("Block", len(sizes), lambda place: ROMAN[place - 1]), tuple(rows))


def projects(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return projects whose numbers begin anew in every field: Projekt 4/2."""
    rows = tuple(
        tuple(
            Number(f"Projekt {field}/{n}", f"{field}/{n}", "Projekt {n}/{n}", kind="project")
            for n in range(1, size + 1)
        )
        for field, size in enumerate(sizes, start=1)
    )
    return Numbered(field_numbers("Leitthema", len(sizes)), rows)


NUMBERINGS = (
    Numbering("HF1-M3", per_field("HF{f}-M{n}", "HF{n}-M{n}")),
    Numbering("4.07", per_field("{f}.{n}", "{n}.{n}", "Aufgabenfeld", 2)),
    Numbering("B-03", per_field("{l}-{n}", "{l}-{n}", "Sektor", 2)),
    Numbering("M2-4", per_field("M{f}-{n}", "M{n}-{n}", "Arbeitsfeld")),
    Numbering("ENG03", per_field("{a}{n}", "{a}{n}", "Sektor", 2)),
    Numbering("I.a", roman_and_letter),
    Numbering("KAP 05", running("", "KAP {n}", 2)),
    Numbering("A.1.3", per_field("A.{f}.{n}", "A.{n}.{n}", "Baustein")),
    Numbering("2|5", per_field("{f}|{n}", "{n}|{n}", "Rubrik")),
    Numbering("Maßnahmenblatt 5", running("Maßnahmenblatt", "{n}")),
    Numbering("Punkt 7", running("Punkt", "{n}")),
    Numbering("Projekt 4/2", projects),
    Numbering("parts 5.a", with_children("{n}.{a}", "{n}.{L}")),
    Numbering("none", unnumbered, numbered=False),
)
