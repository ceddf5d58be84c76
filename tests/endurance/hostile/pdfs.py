"""PDF files with wrong places and references, loops, bombs, and contents that take long to read or to draw."""

from __future__ import annotations

import base64
import re
import zlib
from random import Random

from tests.endurance.hostile.making import Made, Originals, Way
from tests.endurance.hostile.setting import pdf_with
from tests.endurance.hostile.texts import PROSE

LINE = f"BT /F1 12 Tf 50 700 Td ({PROSE}) Tj ET\n".encode("cp1252")
NUMBERS = (b"-1", b"0", b"1e38", b"99999999999", b"0.00000001", b"-2147483648", b"4294967296", b"1.#INF", b"--5", b"")
_NUMBER = re.compile(rb"(?<=[ \[/<])-?\d+(?:\.\d+)?(?=[ \]/>\n])")


def places(chance: Random, originals: Originals) -> Made:
    """The table of places damaged: wrong numbers, a wrong start, a circle of earlier tables, or none at all."""
    content = originals.one(chance, "pdf")
    table = content.rfind(b"xref")
    match chance.randrange(5):
        case 0:
            tail = re.sub(
                rb"\b\d{10}\b", lambda m: b"%010d" % chance.randrange(len(content)), content[table - 20_000 :]
            )
            content = content[:-20_000] + tail if len(content) > 20_000 else tail
        case 1:
            start = chance.choice((0, -5, 10**18, chance.randrange(len(content))))
            content = re.sub(rb"startxref\s+\d+", b"startxref\n%d" % start, content)
        case 2:
            content = content.replace(b"/Root", b"/Prev %d/Root" % chance.choice((table, 0, len(content), 10**12)))
        case 3:
            content = content.replace(b"xref", b"xxxx")
        case _:
            content = re.sub(rb"\d+ 0 obj", lambda m: b"%d 0 obj" % chance.randrange(40), content)
    return Made("pdf", content)


def references(chance: Random, originals: Originals) -> Made:
    """References that point to other objects, to themselves or to nothing."""
    content = originals.one(chance, "pdf")
    share, most = chance.choice((0.02, 0.2, 0.8)), content.count(b" 0 obj") + 3

    def redirected(match: re.Match[bytes]) -> bytes:
        return b"%d 0 R" % chance.randrange(most) if chance.random() < share else match[0]

    return Made("pdf", re.sub(rb"\d+ 0 R", redirected, content))


def numbers(chance: Random, originals: Originals) -> Made:
    """Numbers and names of dictionaries replaced: lengths, sizes, counts, widths, kinds, filters."""
    content, share = originals.one(chance, "pdf"), chance.choice((0.01, 0.1, 0.5))
    names = list(set(re.findall(rb"/[A-Z][A-Za-z0-9]+", content)))

    def other(match: re.Match[bytes]) -> bytes:
        return chance.choice(NUMBERS) if chance.random() < share else match[0]

    content = _NUMBER.sub(other, content)
    for _ in range(chance.choice((0, 1, 5))):
        content = content.replace(chance.choice(names), chance.choice(names), chance.choice((1, 10_000)))
    return Made("pdf", content)


def harmed_contents(chance: Random, originals: Originals) -> Made:
    """What is drawn, harmed: operators left out, doubled, mixed, with other operands."""
    streams = [_mixed(one, chance) for one in _contents(originals.one(chance, "pdf"))[:20]]
    return Made("pdf", pdf_with([LINE + one for one in streams] or [LINE]))


def _contents(content: bytes) -> list[bytes]:
    found = []
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        try:
            data = zlib.decompressobj().decompress(_unarmoured(match[1]))
        except (zlib.error, ValueError):
            continue
        if b"BT" in data:
            found.append(data.replace(b"/F2", b"/F1").replace(b"/F3", b"/F1"))
    return found


def _unarmoured(data: bytes) -> bytes:
    text = data.strip()
    return base64.a85decode(b"<~" + text, adobe=True) if text.endswith(b"~>") else data


def _mixed(stream: bytes, chance: Random) -> bytes:
    tokens = stream.split(b"\n")
    for _ in range(chance.choice((1, 20, 500))):
        place = chance.randrange(len(tokens))
        tokens[place] = chance.choice((
            b"", tokens[place] * 2, chance.choice(tokens), b"q " * 50, b"Q " * 9, b"1e9 0 0 1e9 0 0 cm",
            b"0 0 0 0 0 0 cm",
            b"BT", b"ET", b"NaN Tc", b"[(a) -99999999 (b)] TJ", b"(", b"<", b"[", b"<<", b"BI /W 9 /H 9 ID ", b"3 Tr",
            b"/X Do", b"0 0 1 1 re W n", b"1e-9 0 0 1e-9 9 9 Tm", b"0 1 -1 0 300 300 Tm", b"1000 Tz", b"-5 TL T*",
        ))  # fmt: skip
    return b"\n".join(tokens)


def crowded(chance: Random, originals: Originals) -> Made:
    """Very many texts on a page: at places by chance, on the same spot, in columns, of one letter each, or turned."""
    count = chance.choice((500, 4_000, 20_000))
    way = chance.randrange(5)
    pieces = []
    for number in range(count):
        x, y = chance.uniform(0, 595), chance.uniform(0, 842)
        word = chance.choice((b"a", b"Wort", b"M-01", b"Ziel:", b"12", b".", b" "))
        if way == 1:
            x, y = 100, 400
        elif way == 2:
            x, y = 20 + 5 * (number % 110), 830 - number // 110 * 3
        elif way == 3:
            y = 400 + number * 1e-4
        turn = chance.choice((b"1 0 0 1", b"0 1 -1 0", b".7 .7 -.7 .7")) if way == 4 else b"1 0 0 1"
        pieces.append(b"%s %.3f %.3f Tm (%s) Tj" % (turn, x, y, word))
    drawn = b"".join(b"%d 0 m %d 842 l S\n" % (n % 595, n % 595) for n in range(chance.choice((0, 9_000))))
    stream = LINE + b"BT /F1 6 Tf " + b"\n".join(pieces) + b" ET\n" + drawn
    packed = zlib.compress(stream, 9)
    return Made("pdf", pdf_with([packed] * chance.choice((1, 2)), b"/Filter/FlateDecode"))


def swollen(chance: Random, originals: Originals) -> Made:
    """Contents that are small packed and large unpacked, packed several times over, or all white space."""
    unit = chance.choice(
        (LINE, b"0 0 m 9 9 l S\n", b"q ", b" ", b"(" * 9, b"[", b"<<", b"q 1 0 0 1 1 1 cm\n", b"/X Do\n")
    )
    data = LINE + unit * (chance.choice((300_000, 3_000_000, 20_000_000)) // len(unit))
    times = chance.choice((1, 1, 2, 40))
    for _ in range(times):
        data = zlib.compress(data, 9)
    return Made("pdf", pdf_with([data], b"/Filter[%s]" % (b"/FlateDecode " * times)))


def loops(chance: Random, originals: Originals) -> Made:
    """Trees, forms, outlines, labels and fonts that contain themselves or are very deep."""
    deep = chance.choice((100, 3_000, 200_000))
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>/XObject<</X 6 0 R/Y 7 0 R>>>>"
    twice = form + b"/Length 12>>stream\n/X Do /Y Do \nendstream"
    item = b"<</Title(a)/Parent 6 0 R/First 6 0 R/Next 6 0 R/Last 6 0 R/Dest[4 0 R/Fit]/Kids[6 0 R]/Nums[0<</S/D>>]>>"
    stream = LINE + b"/X Do\n" * chance.choice((1, 900))
    nested = (b"[" * deep + b"]" * deep, b"<</A" * deep + b">>" * deep)
    return Made("pdf", chance.choice((
        pdf_with([stream], more=[twice, twice]),
        pdf_with([stream], root=b"/Outlines 6 0 R/PageLabels 6 0 R/Names 6 0 R/AcroForm 6 0 R", more=[item]),
        pdf_with([LINE], root=b"/PageLabels %s" % chance.choice(nested)),
        pdf_with([LINE], page=b"/Annots %s" % chance.choice(nested)),
        pdf_with([LINE]).replace(b"/Kids[4 0 R]", b"/Kids[2 0 R 4 0 R]"),
        pdf_with([LINE]).replace(b"/Contents 5 0 R", b"/Contents[5 0 R%s]" % (b" 5 0 R" * deep)),
        pdf_with([LINE]).replace(b"/MediaBox[0 0 595 842]", b"/MediaBox[%s]" % b" ".join(chance.choices(NUMBERS, k=4))),
        pdf_with([LINE] * 2, root=b"/Outlines<</First 8 0 R>>", more=[item.replace(b"6 0 R", b"8 0 R")]),
        pdf_with([LINE], more=[b"6 0 R"]).replace(b"/Length 9", b"/Length 6 0 R/X 9"),
    )))  # fmt: skip


def strange_fonts(chance: Random, originals: Originals) -> Made:
    """Fonts whose widths, encodings and tables of characters are damaged, endless or mean something else."""
    codes = chance.choice((
        b"1 beginbfrange <00> <FF> <D800> endbfrange", b"1 beginbfrange <0000> <FFFFFFFF> <0041> endbfrange",
        b"1 beginbfchar <41> <%s> endbfchar" % (b"0041" * 20_000), b"beginbfchar " * 9_000,
        b"1 beginbfrange <00> <FF> [<0041>] endbfrange", b"9999999 begincodespacerange <",
        b"1 beginbfchar <4> <> endbfchar",
        b"1 beginbfrange <41> <5A> <202E> endbfrange", b"1 beginbfrange <00> <FF> <0000> endbfrange",
    ))  # fmt: skip
    widths = b" ".join(chance.choices(NUMBERS + (b"500",) * 9, k=chance.choice((1, 256, 9_000))))
    font = b"<</Type/Font/Subtype/%s/BaseFont/%s/FirstChar %s/LastChar %s/Widths[%s]/Encoding%s/ToUnicode 6 0 R>>" % (
        chance.choice((b"Type1", b"TrueType", b"Type0", b"Type3", b"Type9")),
        chance.choice((b"Helvetica", b"ABCDEF+X" * 2_000, b"Symbol", b"#00#FF")),
        chance.choice(NUMBERS),
        chance.choice(NUMBERS),
        widths,
        chance.choice(
            (b"/Identity-H", b"/WinAnsiEncoding", b"<</Differences[0/a 99999999/b/c -5/d]>>", b"/GBK-EUC-H", b" 3 0 R")
        ),
    )
    cmap = b"<</Length %d>>stream\n%s\nendstream" % (len(codes), codes)
    return Made("pdf", pdf_with([LINE * 20], font=font, more=[cmap]))


WAYS: tuple[Way, ...] = (
    places,
    references,
    numbers,
    harmed_contents,
    crowded,
    swollen,
    loops,
    strange_fonts,
)
