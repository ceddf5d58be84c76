"""Numberings of the papers held back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tests.papers.numberings import field_numbers, per_field, running, unnumbered
from tests.papers.numbers import ROMAN, Number, Numbered, Numbering


def dotted(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return running numbers with a full stop behind them: 12."""
    rows = tuple(
        tuple(replace(one, printed=f"{one.ref}.") for one in row) for row in running("", "{n}")(sizes, letters).measures
    )
    return Numbered(field_numbers("Themenbereich", len(sizes)), rows, running=True)


def chapter_five(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return decimal numbers below chapter 5: 5.2.3."""
    fields = tuple(Number(f"5.{n}", f"5.{n}", "{n}.{n}", kind="theme") for n in range(1, len(sizes) + 1))
    rows = tuple(
        tuple(Number(f"{top.ref}.{n}", f"{top.ref}.{n}", "{n}.{n}.{n}") for n in range(1, size + 1))
        for top, size in zip(fields, sizes, strict=True)
    )
    return Numbered(fields, rows)


def two_letters(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return two letters of the field with a number that begins anew: IN 4."""
    rows = tuple(
        tuple(Number(f"{code[:2]} {n}", f"{code[:2]} {n}", f"{code[:2]} {{n}}") for n in range(1, size + 1))
        for code, size in zip(letters, sizes, strict=True)
    )
    fields = tuple(Number(code[:2], code[:2], "{L}", kind="theme") for code in letters)
    return Numbered(fields, rows)


def leading(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return projects whose numbers run on: Leitprojekt 6."""
    plain = running("Leitprojekt", "{n}")(sizes, letters)
    rows = (tuple(replace(one, kind="project") for one in row) for row in plain.measures)
    fields = field_numbers("Entwicklungsziel", len(sizes), lambda place: ROMAN[place - 1])
    return Numbered(fields, tuple(rows), running=True)


NUMBERINGS = (
    Numbering("HF3-02", per_field("HF{f}-{n}", "HF{n}-{n}", "Handlungsfeld", 2)),
    Numbering("MB-1.4", per_field("MB-{f}.{n}", "MB-{n}.{n}", "Themenbereich")),
    Numbering("IN 4", two_letters),
    Numbering("S7", running("", "S{n}")),
    Numbering("D.II.3", per_field("D.{r}.{n}", "D.{r}.{n}", "Schwerpunktthema")),
    Numbering("V-2.03", per_field("V-{f}.{n}", "V-{n}.{n}", "Strategiefeld", 2)),
    Numbering("5.2.3", chapter_five),
    Numbering("Nr. 4.12", per_field("{f}.{n}", "Nr. {n}.{n}", "Lebensbereich", 1, "Nr.")),
    Numbering("12.", dotted),
    Numbering("Maßnahme 3-5", per_field("{f}-{n}", "Maßnahme {n}-{n}", "Handlungsfeld", 1, "Maßnahme")),
    Numbering("Leitprojekt 6", leading),
    Numbering("none", unnumbered, numbered=False),
)
