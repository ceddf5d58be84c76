"""How papers number: from the sizes of the fields to a printed number and a ref for every measure, by forms as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
ROMAN = (*ONES[1:], *(f"X{one}" for one in ONES))
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Number:
    """A number: `printed` with its label word, `ref` without; `child_of` is the ref of the measure it belongs to.

    `after` stands between number and title.
    """

    printed: str
    ref: str | None
    family: str
    also: tuple[str, ...] = ()
    child_of: str | None = None
    kind: str = "measure"
    after: str = " "


@dataclass(frozen=True, slots=True)
class Numbered:
    """The numbers of all fields and of their measures; `running` where the highest number tells how many there are."""

    fields: tuple[Number, ...]
    measures: tuple[tuple[Number, ...], ...]
    running: bool = False


@dataclass(frozen=True, slots=True)
class Numbering:
    """A way to number by its form: a row of a set's `numberings.toml`."""

    name: str
    form: dict[str, Any]

    @property
    def numbered(self) -> bool:
        """Return whether there are numbers at all."""
        return "ref" in self.form

    def number(self, sizes: Sequence[int], codes: Sequence[str], after: str) -> Numbered:
        """Return the numbers of fields with so many measures; `after` stands between a number and its title."""
        if not self.numbered:
            rows = tuple((Number("", None, "", after=after),) * size for size in sizes)
            return Numbered((Number("", None, "", kind="theme"),) * len(sizes), rows)
        running, gaps = count(1), (number for number in count(1) if number % 5 != 3)
        parents, series = [0], [count(1) for _ in self.form.get("words", [])]
        fields, measures = [], []
        for f, (size, code) in enumerate(zip(sizes, codes, strict=True), start=1):
            known = {"f": f, "r": ROMAN[f - 1], "l": LETTERS[f - 1], "m": sum(sizes)}
            known |= {"code": code, "Code": code.title(), "co": code[:2], "Co": code.title()[:2]}
            fields.append(self.of_field(known))
            row = []
            for n in range(1, size + 1):
                known |= {"n": n, "N": next(running), "ten": 100 * f + 10 * (n - 1)}
                known |= {"G": next(gaps)} if "{G" in self.form["ref"] else {}
                if series:
                    known |= {"w": self.form["words"][(f - 1) % 2][0], "W": next(series[(f - 1) % 2])}
                row.append(replace(self.of_measure(known, parents), after=after))
            measures.append(tuple(twice(row) if "twice" in self.form else row))
        return Numbered(tuple(fields), tuple(measures), self.form.get("running", False))

    def of_field(self, known: dict[str, Any]) -> Number:
        """Return the number of a field of action."""
        word, ref = self.form.get("field", "Handlungsfeld"), self.form.get("field_ref", "{f}").format(**known)
        family = self.form.get("field_family", f"{word} {{n}}".strip())
        return Number(f"{word} {ref}".strip(), ref, family, kind="theme")

    def of_measure(self, known: dict[str, Any], parents: list[int]) -> Number:
        """Return the number of a measure, or of a part of the one before it where the form knows parts."""
        n, running = known["n"], known["N"]
        known |= {"a": lettered(n).lower(), "R": roman(n), "RN": roman(running), "AN": lettered(running)}
        shape, family, child_of = self.form["ref"], self.form["family"], None
        if "part" in self.form and (n - 1) % 4 in (2, 3):
            part = (n - 1) % 4 - 1
            known |= {"i": part, "p": "ab"[part - 1]}
            shape, family, child_of = self.form["part"], self.form["part_family"], str(parents[0])
        elif "part" in self.form:
            parents[0] += 1
        known["P"] = parents[0]
        ref = shape.format(**known)
        for slot, value in (("<code>", known["code"]), ("<co>", known["co"]), ("<w>", known.get("w", ""))):
            family = family.replace(slot, value)
        printed = self.form.get("printed", f"{self.form.get('word', '')} {shape}".strip())
        if "forms" in self.form:
            printed = self.form["forms"][running % 5]
        also = tuple(one.format(**known) for one in self.form.get("also", ()))
        kind = dict(self.form["words"])[known["w"]] if "words" in self.form else self.form.get("kind", "measure")
        return Number(printed.format(**known), ref, family, also, child_of, kind)


def twice(row: Sequence[Number]) -> Sequence[Number]:
    """Return numbers of which the last two are the same print: children "2.4~a" and "2.4~b"."""
    if len(row) < 3:
        return row
    same = row[-2]
    return *row[:-2], *(replace(same, ref=f"{same.ref}~{letter}", also=(str(same.ref),)) for letter in "ab")


def lettered(place: int) -> str:
    """Return a number as letters: A … Z, AA …"""
    return ("" if place <= 26 else LETTERS[(place - 1) // 26 - 1]) + LETTERS[(place - 1) % 26]


def roman(place: int) -> str:
    """Return a number as Roman as far as we have them."""
    return ROMAN[place - 1] if place <= len(ROMAN) else str(place)
