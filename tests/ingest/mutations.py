"""Copies of the real documents under other names, numbers, titles and order, as text and set anew as PDF."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.ingest.setting import Paper, Piece, set_pdf

_SYLLABLES = [
    "bra",
    "dor",
    "fel",
    "gam",
    "hol",
    "kor",
    "lin",
    "mar",
    "nau",
    "ost",
    "pel",
    "quo",
    "ras",
    "sal",
    "tev",
    "ulm",
    "wes",
    "zir",
]
_ROMANS = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV"]
_WIDTHS = (38.0, 140.0, 38.0, 38.0, 38.0, 38.0, 95.0, 50.0)
_DEEP = re.compile(r"(?<![\d.])([1-6])((?:\.\d{1,2}){1,3})(?![\d.]*\d)")


@dataclass
class Names:
    """Invents one new name for each old one."""

    random: Random
    used: set[str] = field(default_factory=set)

    def word(self) -> str:
        while (word := "".join(self.random.choices(_SYLLABLES, k=3)).capitalize()) in self.used:
            pass
        self.used.add(word)
        return word

    def rename(self, text: str, names: list[str]) -> tuple[str, dict[str, str]]:
        """Replace whole names, the longest first; two words stay two words."""
        new = {name: " ".join(["Bad"] * (" " in name) + [self.word() + "dorf"]) for name in names}
        pattern = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        return re.sub(rf"\b({pattern})(?=er\b|s\b|\b)", lambda match: new[match[1]], text), new


def renumber(text: str, themes: dict[int, int]) -> str:
    """Give themes other numbers wherever their decimal numbers stand."""
    return _DEEP.sub(lambda match: f"{themes[int(match[1])]}{match[2]}", text)


@dataclass(frozen=True)
class Mutation:
    """A mutated text, the new titles by new number, the themes' new numbers, and new names by old name."""

    text: str
    titles: dict[str, str]
    themes: dict[int, int]
    names: dict[str, str]


def mutate_report(text: str, titles: dict[str, tuple[str, str]], names: list[str], seed: int) -> Mutation:
    """Retitle, rename, reorder and renumber a report.

    `titles` are each project's titles in text and list by its number; every theme moves to its new place.
    """
    random = Random(seed)
    invent = Names(random)
    order = list(range(1, 7))
    random.shuffle(order)
    themes = dict(zip(range(1, 7), order, strict=True))
    fresh = {ref: f"{invent.word()} {invent.word()} für {invent.word()}" for ref in titles}
    for ref, (title, _) in titles.items():
        text = re.sub(rf"(?<![\d.]){re.escape(ref)} {re.escape(title)}", f"{ref} {fresh[ref]}", text)
    text = _retitled_rows(text, {row: fresh[ref] for ref, (_, row) in titles.items()})
    text, new_names = invent.rename(text, names)
    text = _reordered(text, themes)
    text = renumber(text, themes)
    return Mutation(text, {renumber(ref, themes): title for ref, title in fresh.items()}, themes, new_names)


def _retitled_rows(text: str, fresh: dict[str, str]) -> str:
    """Give the rows of project lists the new titles."""
    lines = []
    for line in text.split("\n"):
        cells = line.split("\t")
        if len(cells) > 5:
            cells[1] = fresh.get(" ".join(cells[1].split()), cells[1])
        lines.append("\t".join(cells))
    return "\n".join(lines)


def _reordered(text: str, themes: dict[int, int]) -> str:
    """Move chapters, their introductions, contents entries and lists into the order of their new numbers."""
    heads = list(re.finditer(r"^([1-6])\. [A-ZÄÖÜ/ ]+$", text, re.M))
    lists = list(re.finditer(r"^Projektliste „[^“]+“$", text, re.M))
    archive = text.index("\nArchiv\n", lists[-1].start())
    front = text[: heads[0].start()]
    ends = [*(head.start() for head in heads[1:]), text.index("\nProjektlisten\n")]
    chapters = {int(head[1]): text[head.start() : end] for head, end in zip(heads, ends, strict=True)}
    tables = {
        n: text[m.start() : e]
        for n, (m, e) in enumerate(zip(lists, [*(m.start() for m in lists[1:]), archive], strict=True), start=1)
    }
    back = {new: old for old, new in themes.items()}
    body = "".join(re.sub(r"^[1-6]\.", f"{new}.", chapters[back[new]].rstrip() + "\n\n") for new in sorted(back))
    rows = "\n".join(tables[back[new]].rstrip() + "\n" for new in sorted(back))
    front = re.sub(r"^([1-6])\. ", lambda match: f"{themes[int(match[1])]}. ", front, flags=re.M)
    return f"{front}{body}\nProjektlisten\n\n{rows}{text[archive:]}"


def paper_of(text: str, header: str) -> Paper:
    """Lay a text rendering out for setting; legends are left to the setter."""
    legend = tuple(
        dict.fromkeys(re.findall(r"^(?:umgesetzt \(.*\)|in Bearbeitung|in Planung|Ideenspeicher)$", text, re.M))
    )
    paper = Paper(header=header, legend=legend)
    rows: list[tuple[str, ...]] = []
    for line in re.sub(r"(?<=\S)\*\*(?=\S)|\*{4}", "\n", text).replace("**", "").split("\n"):
        if not line.strip() or line in legend:
            continue
        if line.count("\t") >= 2:
            rows.append(tuple(cell.strip() for cell in line.split("\t")))
            continue
        _flush(paper, rows)
        paper.pieces.append(Piece(_style(line), line.removeprefix("- ").strip()))
    _flush(paper, rows)
    return paper


def _style(line: str) -> str:
    if re.match(r".*\t\d+$", line):
        return "contents"
    if line.startswith("- "):
        return "bullet"
    if re.match(r"^\d\. [A-ZÄÖÜ/ ]{5,}$|^[AB]\. ", line):
        return "h1"
    if re.match(r"^\d\.\d |^[IVX]+\. \S{3,}.{0,60}$", line):
        return "h2"
    if re.match(r"^\d(\.\d){2,3} ", line):
        return "h3"
    return "label" if re.match(r"^[A-ZÄÖÜ][\wäöüß ]{2,30}:$", line) else "p"


def _flush(paper: Paper, rows: list[tuple[str, ...]]) -> None:
    if not rows:
        return
    if len(rows[0]) > 5:
        full = [_full(row) for row in rows]
        paper.pieces.append(Piece("table", rows=tuple(full), heads=2, widths=_WIDTHS))
    else:
        paper.pieces.append(Piece("table", rows=tuple(rows), heads=1, widths=(130.0, 190.0, 70.0, 60.0)))
    rows.clear()


def _full(row: tuple[str, ...]) -> tuple[str, ...]:
    """Put back an empty cell behind the mark that the rendering has lost."""
    cells = list(row)
    while len(cells) < 8:
        cells.insert(cells.index("x") + 1, "") if "x" in cells else cells.append("")
    return tuple(cells)


def set_copy(text: str, header: str, folder: Path, kind: str) -> Path:
    """Write a copy as text or as PDF."""
    path = folder / f"copy.{'pdf' if kind == 'pdf' else 'txt'}"
    if kind == "pdf":
        return set_pdf(paper_of(text, header), path)
    path.write_text(text, encoding="utf-8")
    return path


def shuffle_parts(text: str, seed: int) -> tuple[str, list[str]]:
    """Reorder and renumber the fields of part B of a strategy; return the copy and its titles in the new order."""
    random = Random(seed)
    start = text.index("\nB. ", text.index("\nA. ") + 1)
    start = text.index("\n", start + 1)
    pieces = re.split(r"^(?=[IVX]+\. [A-ZÄÖÜ].{3,80}$)", text[start:], flags=re.M)
    fields = pieces[1:]
    random.shuffle(fields)
    titles = [re.sub(r"^[IVX]+\. ", "", field.split("\n")[0]) for field in fields]
    numbered = [re.sub(r"^[IVX]+\.", f"{_ROMANS[n]}.", field.rstrip()) for n, field in enumerate(fields)]
    return text[:start] + pieces[0] + "\n\n".join(numbered) + "\n", titles
