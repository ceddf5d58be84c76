"""How papers number: from the sizes of the fields to a printed number and a ref for every measure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from tests.papers.numbers import ROMAN, Number, Numbered, Numbering


def field_numbers(word: str, count: int, style: Callable[[int], str] = str) -> tuple[Number, ...]:
    """Return the numbers of the fields: "Handlungsfeld 3" with the ref "3"."""
    label = f"{word} {{n}}".strip()
    return tuple(Number(f"{word} {style(i)}".strip(), style(i), label, kind="theme") for i in range(1, count + 1))


def running(word: str, shape: str, width: int = 1, keep_word: bool = False) -> Callable[..., Numbered]:
    """Return a maker of numbers that run on over all fields; `shape` holds {n}, the word is dropped from the ref."""

    def make(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
        count, measures = 0, []
        for size in sizes:
            row = []
            for _ in range(size):
                count += 1
                number = shape.format(n=str(count).zfill(width))
                printed = f"{word} {number}".strip()
                row.append(Number(printed, printed if keep_word else number, f"{word} {shape}".strip()))
            measures.append(tuple(row))
        return Numbered(field_numbers("Handlungsfeld", len(sizes)), tuple(measures), running=True)

    return make


def per_field(
    shape: str, family: str, theme: str = "Handlungsfeld", width: int = 1, prefix: str = ""
) -> Callable[..., Numbered]:
    """Return a maker of numbers that begin anew in every field; `shape` holds {f}, {r} (Roman), {a} (code) and {n}."""

    def make(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
        measures = []
        for index, size in enumerate(sizes):
            known = {"f": index + 1, "r": ROMAN[index], "a": letters[index], "l": "ABCDEFGHIJKL"[index]}
            refs = [shape.format(n=str(n).zfill(width), **known) for n in range(1, size + 1)]
            label = family.format(a=letters[index], n="{n}", f="{n}", r="{R}", l="{L}")
            measures.append(tuple(Number(f"{prefix} {ref}".strip(), ref, label) for ref in refs))
        return Numbered(field_numbers(theme, len(sizes)), tuple(measures))

    return make


def decimals(levels: int) -> Callable[..., Numbered]:
    """Return a maker of decimal numbers of 2 to 4 levels whose last level begins anew in every field."""

    def make(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
        before = "3." + "2." * (levels - 3) if levels > 2 else ""
        above = ".".join(["{n}"] * (levels - 1))
        tops = [f"{before}{place}" for place in range(1, len(sizes) + 1)]
        fields = tuple(Number(top, top, above, kind="theme") for top in tops)
        family = ".".join(["{n}"] * levels)
        rows = (
            tuple(Number(f"{top.ref}.{n}", f"{top.ref}.{n}", family) for n in range(1, size + 1))
            for top, size in zip(fields, sizes, strict=True)
        )
        return Numbered(fields, tuple(rows))

    return make


def lettered_running(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return a code for each field and one number that runs on: Mo-01, Mo-02, En-03."""
    plain = running("", "{n}", 2)(sizes, letters)
    rows = (
        tuple(
            Number(f"{code.title()[:2]}-{number.ref}", f"{code.title()[:2]}-{number.ref}", "{L}-{n}") for number in row
        )
        for code, row in zip(letters, plain.measures, strict=True)
    )
    fields = tuple(Number(code.title()[:2], code.title()[:2], "{L}", kind="theme") for code in letters)
    return Numbered(fields, tuple(rows), running=True)


def roman(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return Roman numbers that begin anew in every field, under fields with letters: A.I, A.II, B.I."""
    rows = tuple(
        tuple(
            Number(f"{'ABCDEFGHIJKL'[i]}.{ROMAN[n]}", f"{'ABCDEFGHIJKL'[i]}.{ROMAN[n]}", "{L}.{R}") for n in range(size)
        )
        for i, size in enumerate(sizes)
    )
    return Numbered(field_numbers("Teil", len(sizes), lambda i: "ABCDEFGHIJKL"[i - 1]), rows)


def out_of(shape: str, family: str, also: str) -> Callable[..., Numbered]:
    """Return a maker of running numbers out of a total ("3 von 24"); `also` is another right reading of the ref."""

    def make(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
        total = sum(sizes)
        plain = running("", "{n}")(sizes, letters)
        rows = (
            tuple(
                Number(shape.format(n=one.ref, m=total), one.ref, family, (also.format(n=one.ref, m=total),))
                for one in row
            )
            for row in plain.measures
        )
        return Numbered(plain.fields, tuple(rows), running=True)

    return make


def restarting(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return numbers that begin anew in every field without naming it: twice "Maßnahme 1"."""
    rows = tuple(tuple(Number(f"Maßnahme {n}", str(n), "Maßnahme {n}") for n in range(1, size + 1)) for size in sizes)
    return Numbered(field_numbers("Handlungsfeld", len(sizes)), rows)


def unnumbered(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return no numbers at all."""
    rows = tuple(tuple(Number("", None, "") for _ in range(size)) for size in sizes)
    return Numbered(tuple(Number("", None, "", kind="theme") for _ in sizes), rows)


def with_gaps(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return running numbers of which some were left out on purpose: K-01, K-02, K-04."""
    plain = running("", "K-{n}", 2)(sizes, letters)
    count, rows = 0, []
    for row in plain.measures:
        kept = []
        for number in row:
            count += 2 if count % 5 == 2 else 1
            kept.append(replace(number, printed=f"K-{count:02}", ref=f"K-{count:02}"))
        rows.append(tuple(kept))
    return Numbered(plain.fields, tuple(rows))


def series(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return the same numbers twice: measures in odd fields, projects in even ones, each running from 1."""
    counts, rows = {"Maßnahme": 0, "Projekt": 0}, []
    for index, size in enumerate(sizes):
        word, row = ("Projekt", "Maßnahme")[index % 2 == 0], []
        for _ in range(size):
            counts[word] += 1
            kind = "project" if word == "Projekt" else "measure"
            row.append(Number(f"{word} {counts[word]}", str(counts[word]), f"{word} {{n}}", kind=kind))
        rows.append(tuple(row))
    return Numbered(field_numbers("Handlungsfeld", len(sizes)), tuple(rows), running=True)


def with_children(shape: str, family: str) -> Callable[..., Numbered]:
    """Return a maker of running numbers where every third measure has the two after it as parts (3a, 3b)."""

    def make(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
        count, rows = 0, []
        for size in sizes:
            row = []
            for index in range(size):
                if index % 4 in (2, 3):
                    part = index % 4 - 1
                    ref = shape.format(n=count, i=part, a="ab"[part - 1])
                    row.append(Number(f"Maßnahme {ref}", ref, f"Maßnahme {family}", child_of=str(count)))
                    continue
                count += 1
                row.append(Number(f"Maßnahme {count}", str(count), "Maßnahme {n}"))
            rows.append(tuple(row))
        return Numbered(field_numbers("Handlungsfeld", len(sizes)), tuple(rows))

    return make


def several(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return decimal numbers of which each field's last two are the same print: children "2.4~a" and "2.4~b"."""
    rows = []
    for row in decimals(2)(sizes, letters).measures:
        if len(row) < 3:
            rows.append(row)
            continue
        twice = row[-2]
        pair = (replace(twice, ref=f"{twice.ref}~{letter}", also=(str(twice.ref),)) for letter in "ab")
        rows.append((*row[:-2], *pair))
    return Numbered(decimals(2)(sizes, letters).fields, tuple(rows))


def word_forms(sizes: Sequence[int], letters: Sequence[str]) -> Numbered:
    """Return one running number whose label word is written in several ways."""
    forms = ("Maßnahme {n}", "Maßnahme Nr. {n}", "MASSNAHME {n}", "Maßnahme {n}:", "Maßn. {n}")
    plain = running("Maßnahme", "{n}", 2)(sizes, letters)
    rows = (
        tuple(replace(one, printed=forms[int(one.ref or 0) % 5].format(n=one.ref)) for one in row)
        for row in plain.measures
    )
    return Numbered(plain.fields, tuple(rows), running=True)


NUMBERINGS = (
    Numbering("M 12", running("M", "{n}", keep_word=True)),
    Numbering("Maßnahme 07", running("Maßnahme", "{n}", 2)),
    Numbering("HF 2.1", per_field("HF {f}.{n}", "HF {f}.{n}", "HF")),
    Numbering("K-07", running("", "K-{n}", 2)),
    Numbering("KLIMO 16", per_field("{a} {n}", "{a} {n}")),
    Numbering("2.1", decimals(2)),
    Numbering("3.2.1", decimals(3)),
    Numbering("3.2.1.4", decimals(4)),
    Numbering("Roman A.IV", roman),
    Numbering("Roman II.3", per_field("{r}.{n}", "{r}.{n}")),
    Numbering("letter B3", per_field("{l}{n}", "{l}{n}", "Feld")),
    Numbering("Mo-01 running on", lettered_running),
    Numbering("restarting", restarting),
    Numbering("1 von 24", out_of("{n} von {m}", "{n} von {m}", "{n} von {m}")),
    Numbering("Nr. 3/12", out_of("Nr. {n}/{m}", "Nr. {n}/{m}", "{n}/{m}")),
    Numbering("none", unnumbered, numbered=False),
    Numbering("series", series),
    Numbering("gaps", with_gaps),
    Numbering("parts 3a", with_children("{n}{a}", "{n}{L}")),
    Numbering("parts 3.1", with_children("{n}.{i}", "{n}.{n}")),
    Numbering("several under one", several),
    Numbering("word forms", word_forms),
    Numbering("lfd. Nr. 001", running("", "{n}", 3)),
)
BY_NAME = {numbering.name: numbering for numbering in NUMBERINGS}
