"""Text that tempts a reader: runs without end, thousands of numbers, labels and columns, strange characters."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from tests.endurance.hostile.making import FORMATS, Made, Originals, Way
from tests.endurance.hostile.setting import set_lines

PROSE = "Der Kreis Quonau baut ein Netz von Radwegen aus und prüft dabei die Kosten."
UNITS = (
    ".", ". ", "·", "…", "_", "-", "- ", "–", "|", "| ", "||", " ", "\t", "\u00a0", "\u00ad", "1", "1.", "1.1", "1 ",
    "12.000 ", "2020", "2020-", "2024 bis ", "01.01.2024 ", "Januar 2024, ", "M", "M-1 ", "M 1, ",
    "M-01 bis ", "I", "IV. ",
    "a", "Ä", "a b ", "W er? ", "(", ")", "( ", "[", "](", "[x] ", "☐ ", "**", "*a ", "__", "`", "#", "# ", ">", "> ",
    "<b>", "<!--", "&amp;", "&", "\\", "/", "Stadt/", ": ", "Ziel: ", "Nr. ", "Nr. 1 ", "und ", "und/oder ", ", ",
    "Amt für, ", "Amt; ", "Kreis-", "-\n", "€ ", "1 € ", "Mio. ", "ca. ", "% ", "§ 1 ", "Seite 1 ", "1 von 2 ",
    "„", "“", "'", '"', "„a“ ", "http://a.", "a@b.", "x" * 50 + " ", "Maßnahme ", "Maßnahme 1 ", "siehe 1.1 ", "SDG 1 ",
)  # fmt: skip
LEADS = (
    "", "", "Ziel: ", "1.2 ", "M-07 ", "M-07: ", "# ", "| ", "- ", "Zuständig: ", "Zeitraum: ", "Laufzeit ", "Kosten: ",
    "Status: ", "Stand: ", "Maßnahme 3: ", "Priorität\t", "Beteiligte: ", "Indikator: ", "IV. ", "a) ", "(3) ", "Nr. ",
    "Umsetzungsstand\t", "\t", "    ", "**", "Abb. 1: ", "Titel der Maßnahme ", "3.1 Maßnahme ", "Gemeinden: ",
)  # fmt: skip
ENDS = ("", "", " x", ":", "!", " 12", "\t7", ".....12", "**", "|", " |", ")", "“", " \t")
LABELS = (
    "Ziel", "Beschreibung", "Zuständig", "Zuständigkeit", "Beteiligte", "Partner", "Zeitraum", "Laufzeit", "Beginn",
    "Kosten", "Finanzierung", "Priorität", "Status", "Umsetzungsstand", "Handlungsfeld", "Indikator",
    "Nächste Schritte",
    "Titel", "Nummer", "Maßnahme", "Federführung", "Akteure", "Zielgruppe", "Aufwand", "CO2-Einsparung", "Bemerkung",
)  # fmt: skip
STRANGE = (
    "\x00\x01\x08\x0b\x1b\x7f\x85\u200b\u200e\u202a\u202e\u2066\u2069\ufeff\ufffe\ud800\udfff\ue000\U000e0041\u0301"
)


def long_runs(chance: Random, originals: Originals) -> Made:
    """Lines of one short piece again and again, up to a megabyte, behind what looks like a label, number or heading."""
    most = chance.choice((2_000, 20_000, 200_000, 800_000))
    lines, size = [PROSE], 0
    while size < most:
        unit = chance.choice(UNITS)
        count = 1 + min(most, chance.choice((200, 5_000, 50_000, 800_000))) // len(unit)
        lines.append(chance.choice(LEADS) + unit * count + chance.choice(ENDS))
        size += len(lines[-1])
    return Made(form := chance.choice(FORMATS), set_lines([*lines, PROSE], form))


def many_lines(chance: Random, originals: Originals) -> Made:
    """Thousands of lines of a few kinds: numbers that look like records, labels, headings, rows, cross-references."""
    kinds = [_kind(chance) for _ in range(chance.randrange(1, 5))]
    lines = [chance.choice(kinds)(number) for number in range(chance.choice((300, 2_000, 8_000)))]
    return Made(form := chance.choice(FORMATS), set_lines([PROSE, *lines], form))


def _kind(chance: Random):  # type: ignore[no-untyped-def]
    word = "".join(chance.choices("abcdefgäöü", k=8)).capitalize()
    label, other = chance.sample(LABELS, 2)
    unit = chance.choice(UNITS)
    return chance.choice((
        lambda n: f"{n // 40 + 1}.{n % 40 + 1} {word} {n}",
        lambda n: f"M-{n:04} {word} für den Kreis",
        lambda n: f"Maßnahme {n}: {word}",
        lambda n: f"# {n}. {word}",
        lambda n: f"{label}: {word} {n}",
        lambda n: label,
        lambda n: f"{label} {n}:",
        lambda n: f"{word}{n}: {other}",
        lambda n: f"{label}\t{word} {n}\t{other}\t{n}",
        lambda n: f"{label}   {word} {n}   {other}   {n}",
        lambda n: f"| {n} | {word} | {label} | {other} |",
        lambda n: f"{'.'.join('1' * (n % 60 + 1))} {word}",
        lambda n: f"{'#' * (n % 6 + 1)} {word}",
        lambda n: f"{word} {n} {'.' * 40} {n}",
        lambda n: f"{'  ' * (n % 50)}- {word}",
        lambda n: f"siehe Maßnahme {n}, M-{n + 1} bis M-{n + 9} und {n}.{n + 1}",
        lambda n: f"Von den {n} Maßnahmen sind {n - 1} umgesetzt, davon {n % 7} in Planung.",
        lambda n: f"{word} {unit * (n % 30)}",
        lambda n: f"\f{word}",
        lambda n: f"Seite {n} von 9999",
        lambda n: f"{chr(97 + n % 26)}) {word}",
        lambda n: f"{n}",
        lambda n: "",
        lambda n: f"{PROSE} {n}",
        lambda n: f"{word}-",
        lambda n: f"{label}: {other}: {word}: {n}:",
    ))  # fmt: skip


def tempted_sheets(chance: Random, originals: Originals) -> Made:
    """Sheets of measures as ordinary ones, with values that do not end."""
    labels = chance.sample(LABELS, chance.randrange(3, 9))
    mark = chance.choice((": ", "\t", ":\n", "\n", "   "))
    lines = ["# Maßnahmen des Kreises", PROSE]
    for number in range(chance.choice((4, 12, 60))):
        lines += ["", f"{chance.choice(('M-', 'Maßnahme ', '2.', ''))}{number + 1:02} Titel der Sache {number}"]
        for label in labels:
            unit = chance.choice(UNITS)
            value = (
                unit * (chance.choice((1, 3, 40, 1_000, 8_000)) // len(unit) + 1) if chance.random() < 0.3 else PROSE
            )
            lines += f"{label}{mark}{value}{chance.choice(ENDS)}".split("\n")
    return Made(form := chance.choice(FORMATS), set_lines(lines, form))


def harmed_lines(chance: Random, originals: Originals) -> Made:
    """A paper with lines repeated, shuffled, nested, joined or replaced."""
    form = chance.choice(("txt", "md", "md"))
    lines = originals.text(chance, form)
    for _ in range(chance.randrange(1, 8)):
        lines = _harmed(lines, chance)
    content = "".join(lines)[:1_000_000]
    if chance.random() < 0.4:
        form = chance.choice(FORMATS)
        return Made(form, set_lines(content.split("\n"), form))
    return Made(form, content.encode("utf-8", "surrogatepass"))


def _harmed(lines: Sequence[str], chance: Random) -> list[str]:
    start = chance.randrange(len(lines) or 1)
    end = start + chance.randrange(1, 40)
    piece, made = list(lines[start:end]), list(lines)
    match chance.randrange(8):
        case 0:
            chance.shuffle(piece)
            made[start:end] = piece
        case 1:
            made[start:end] = piece * chance.choice((2, 30, 200))
        case 2:
            made[start:end] = ["".join(piece).replace("\n", chance.choice((" ", "", "\t", " | ", "  ")))]
        case 3:
            made[start:end] = [line.replace(" ", chance.choice((" " * 9, "\n", "\t", "\u00a0"))) for line in piece]
        case 4:
            made[start:end] = [chance.choice(UNITS) * chance.choice((9, 900, 9_000)) + "\n" for _ in piece]
        case 5:
            made[start:end] = [chance.choice(LEADS) + line for line in piece]
        case 6:
            made[start:end] = ["".join(chance.sample(line, len(line))) for line in piece]
        case _:
            made[start:end] = [f"{line.rstrip()}{chance.choice(STRANGE) * chance.choice((1, 99))}\n" for line in piece]
    return made


def strange_characters(chance: Random, originals: Originals) -> Made:
    """Characters that control, turn round, hide or are half of one, all over a paper."""
    form = chance.choice(("txt", "md", "html"))
    text = list(originals.one(chance, form).decode())
    for _ in range(chance.choice((5, 200, 5_000))):
        text.insert(chance.randrange(len(text)), chance.choice(STRANGE) * chance.choice((1, 1, 50)))
    return Made(form, "".join(text).encode("utf-8", "surrogatepass"))


def strange_encodings(chance: Random, originals: Originals) -> Made:
    """A paper in an encoding that nothing tells, that is told wrongly, or that changes in the middle."""
    form = chance.choice(("txt", "md", "html"))
    text = originals.one(chance, form).decode()
    encodings = ("utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp500", "shift_jis", "latin-1", "cp1252", "utf-8-sig")
    first, second = (text.encode(chance.choice(encodings), "replace") for _ in range(2))
    place = chance.randrange(len(text))
    mark = chance.choice(
        (b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b'<?xml encoding="utf-16"?>', b"<meta charset=utf-7>")
    )
    return Made(form, mark + (first if chance.random() < 0.5 else first[:place] + second[place:]))


def wide_tables(chance: Random, originals: Originals) -> Made:
    """Tables with thousands of columns, or very many of them."""
    columns, rows = chance.choice(((3_000, 3), (20_000, 2), (300, 300), (2, 9_000), (40, 900)))
    cell = chance.choice(("x", "Wert 7", "M-01", "", "-", "**Ziel**", "Zuständig: Amt"))
    mark = chance.choice(("|", " | ", "\t", "   "))
    row = mark.join([cell] * columns)
    if chance.random() < 0.5:
        row = f"|{row}|"
    rule = ["|" + "---|" * columns] if chance.random() < 0.5 else []
    lines = ["# Plan des Kreises", PROSE, "", row, *rule, *([row] * rows), "", PROSE]
    return Made(form := chance.choice(FORMATS), set_lines(lines, form))


WAYS: tuple[Way, ...] = (
    long_runs,
    many_lines,
    tempted_sheets,
    harmed_lines,
    strange_characters,
    strange_encodings,
    wide_tables,
)
