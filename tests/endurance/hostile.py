"""Hostile files of all formats, as many as wanted, the same for the same seed: harmed papers and
such from scratch.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from random import Random

from tests.papers import Paper, papers

FORMATS = ("pdf", "txt", "md", "html", "docx")
PROSE = "Der Kreis Quonau baut bis 2030 ein Netz von Radwegen aus."
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
    'ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>'
)
MAGIC = {
    "pdf": b"%PDF-1.7\n",
    "txt": b"\xff\xfe",
    "md": b"# ",
    "html": b"<!DOCTYPE html><html><body>",
    "docx": b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
}
LINE = f"BT /F1 12 Tf 50 700 Td ({PROSE}) Tj ET\n".encode("cp1252")
NUMBERS = (
    b"-1",
    b"0",
    b"1e38",
    b"99999999999",
    b"0.00000001",
    b"-2147483648",
    b"4294967296",
    b"1.#INF",
    b"--5",
    b"",
)
P = f"<w:p><w:r><w:t>{PROSE}</w:t></w:r></w:p>"


@dataclass(frozen=True)
class Originals:
    """Ordinary papers to harm: their files by format."""

    papers: Sequence[Paper]

    @cached_property
    def files(self) -> Mapping[str, list[bytes]]:
        return {
            form: [document.content for document in self.papers if document.format == form]
            for form in FORMATS
        }

    def one(self, chance: Random, form: str) -> bytes:
        return chance.choice(self.files[form])

    def text(self, chance: Random, form: str = "txt") -> list[str]:
        """Return the lines of one paper that is text, with their ends."""
        return self.one(chance, form).decode().splitlines(keepends=True)


@dataclass(frozen=True)
class Made:
    """The format that a hostile file pretends to have, and its bytes."""

    form: str
    content: bytes


Way = Callable[[Random, Originals], Made]


def flipped(chance: Random, originals: Originals) -> Made:
    """Bits turned over, few or many."""
    form = chance.choice(FORMATS)
    made = bytearray(originals.one(chance, form))
    for _ in range(chance.choice((1, 3, 20, 300, 5_000))):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return Made(form, bytes(made))


def cut(chance: Random, originals: Originals) -> Made:
    """A file that ends too early, or begins too late."""
    form = chance.choice(FORMATS)
    content = originals.one(chance, form)
    place = chance.randrange(1, len(content))
    return Made(form, content[:place] if chance.random() < 0.7 else content[place:])


def spliced(chance: Random, originals: Originals) -> Made:
    """The first part of one file and the last part of another."""
    form, other = chance.choice(FORMATS), chance.choice(FORMATS)
    first, last = originals.one(chance, form), originals.one(chance, chance.choice((form, other)))
    return Made(form, first[: chance.randrange(len(first))] + last[chance.randrange(len(last)) :])


def chained(chance: Random, originals: Originals) -> Made:
    """Two whole files one behind the other."""
    form, other = chance.choice(FORMATS), chance.choice(FORMATS)
    return Made(form, originals.one(chance, form) + originals.one(chance, other))


def pieced(chance: Random, originals: Originals) -> Made:
    """A piece repeated, left out or overwritten."""
    form = chance.choice(FORMATS)
    content = originals.one(chance, form)
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.randrange(1, 20_000))
    piece = content[start:end]
    filling = chance.choice(
        (piece * 20, b"", b"\x00" * len(piece), b"\xff" * len(piece), chance.randbytes(len(piece)))
    )
    return Made(form, content[:start] + filling + content[end:])


def misnamed(chance: Random, originals: Originals) -> Made:
    """A file under the ending of another format."""
    form, other = chance.sample(FORMATS, 2)
    return Made(form, originals.one(chance, other))


def noise(chance: Random, originals: Originals) -> Made:
    """Bytes by chance behind the beginning that a format has."""
    form = chance.choice(FORMATS)
    return Made(form, MAGIC[form] + chance.randbytes(chance.choice((10, 1_000, 100_000))))


def places(chance: Random, originals: Originals) -> Made:
    """The table of places damaged: wrong numbers, a wrong start, a circle of earlier tables, or
    none at all.
    """
    content = originals.one(chance, "pdf")
    table = content.rfind(b"xref")
    match chance.randrange(5):
        case 0:
            tail = re.sub(
                rb"\b\d{10}\b",
                lambda m: b"%010d" % chance.randrange(len(content)),
                content[table - 20_000 :],
            )
            content = content[:-20_000] + tail if len(content) > 20_000 else tail
        case 1:
            start = chance.choice((0, -5, 10**18, chance.randrange(len(content))))
            content = re.sub(rb"startxref\s+\d+", b"startxref\n%d" % start, content)
        case 2:
            content = content.replace(
                b"/Root", b"/Prev %d/Root" % chance.choice((table, 0, len(content), 10**12))
            )
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


def swollen_page(chance: Random, originals: Originals) -> Made:
    """Contents that are small packed and large unpacked, packed several times over, or all white
    space.
    """
    unit = chance.choice(
        (
            LINE,
            b"0 0 m 9 9 l S\n",
            b"q ",
            b" ",
            b"(" * 9,
            b"[",
            b"<<",
            b"q 1 0 0 1 1 1 cm\n",
            b"/X Do\n",
        )
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


def zip_numbers(chance: Random, originals: Originals) -> Made:
    """An archive whose headers tell other sizes, places, methods, checks, names and numbers of
    parts.
    """
    made = bytearray(originals.one(chance, "docx"))
    headers = [
        (match.start(), match[0])
        for match in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", made)
    ]
    for _ in range(chance.choice((1, 3, 20))):
        place, kind = chance.choice(headers)
        field = chance.randrange(4, {b"PK\x03\x04": 30, b"PK\x01\x02": 46}.get(kind, 22) - 4)
        value = chance.choice(
            (0, 1, 8, 0xFFFF, 0xFFFFFFFF, 0x7FFFFFFF, len(made), chance.randrange(len(made)))
        )
        struct.pack_into(
            *chance.choice(
                (("<I", made, place + field, value), ("<H", made, place + field, value & 0xFFFF))
            )
        )
    return Made("docx", bytes(made))


def bombs(chance: Random, originals: Originals) -> Made:
    """Parts that are small packed and large unpacked."""
    unit = chance.choice((" ", "<w:p/>", P, "<w:br/>", "<w:r><w:t>. </w:t></w:r>", "<!-- x -->"))
    size = chance.choice((1_900_000, 8_000_000, 40_000_000))
    body = unit * (size // len(unit))
    if chance.random() < 0.3:
        return Made(
            "docx",
            docx_of(P, parts={"word/styles.xml": f"<a>{body}</a>", "word/media/a.bin": body}),
        )
    return Made("docx", docx_of(P + (f"<w:p>{body}</w:p>" if unit.startswith("<w:r>") else body)))


def xml_nested(chance: Random, originals: Originals) -> Made:
    """Elements within elements: tables in cells, text boxes in runs, changes in changes."""
    names = chance.choice(
        (("tbl", "tr", "tc"), ("sdt", "sdtContent"), ("p", "r", "pict", "txbxContent"), ("ins",))
    )
    depth = chance.choice((20, 80, 240, 1_000, 60_000)) // len(names) + 1
    opened = "".join(f"<w:{name}>" for name in names) + chance.choice(("", P))
    closed = "".join(f"</w:{name}>" for name in reversed(names))
    return Made("docx", docx_of(P + opened * depth + closed * depth + P))


def xml_entities(chance: Random, originals: Originals) -> Made:
    """Document types with entities that swell, point to files, or call themselves."""
    swelling = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    text = chance.choice((
        f'<!ENTITY a0 "hahaha">{swelling}', '<!ENTITY a9 SYSTEM "file:///etc/passwd">', '<!ENTITY a9 "&a9;">',
        '<!ENTITY % b SYSTEM "http://127.0.0.1:9/x"> %b;', "",
    ))  # fmt: skip
    body = f"<w:p><w:r><w:t>{PROSE} {'&a9;' * chance.choice((0, 1, 9))}</w:t></w:r></w:p>"
    head = f"<!DOCTYPE w [{text}]>"
    if chance.random() < 0.5:
        return Made("docx", docx_of(body, head))
    return Made(
        "docx",
        docx_of(
            P, parts={"word/styles.xml": f"{head}<w:styles xmlns:w='{WORD}'>{body}</w:styles>"}
        ),
    )


def nested(chance: Random, originals: Originals) -> Made:
    """Elements within elements, up to a hundred thousand deep."""
    tags = chance.choice(
        (
            ("table", "tr", "td"),
            ("ul", "li"),
            ("ol", "li"),
            ("div",),
            ("svg", "b"),
            ("form", "select"),
        )
    )
    depth = chance.choice((50, 300, 900, 5_000, 100_000)) // len(tags) + 1
    text = chance.choice(("x", PROSE, ""))
    opened = "".join(f"<{tag}>" for tag in tags) + text
    closed = "".join(f"</{tag}>" for tag in reversed(tags)) * chance.choice((0, 1))
    body = f"<p>{PROSE}</p>{opened * depth}<p>{PROSE}</p>{closed * depth}<p>{PROSE}</p>"
    return Made("html", f"<!DOCTYPE html><meta charset=utf-8><body>{body}".encode())


def docx_of(body: str, head: str = "", parts: Mapping[str, str] | None = None) -> bytes:
    """Return a Word file with this inside its body; `head` stands before the document, `parts` are
    further ones.
    """
    document = f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:document xmlns:w="{WORD}" xmlns:r="{_OFFICE}">'
    members = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": f"{document}<w:body>{body}</w:body></w:document>",
    }
    return zipped({name: text.encode() for name, text in (members | dict(parts or {})).items()})


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return an archive of members by their names."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(
                zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED
            )
    return packed.getvalue()


def pdf_with(
    streams: Sequence[bytes],
    dictionary: bytes = b"",
    page: bytes = b"",
    root: bytes = b"",
    more: Sequence[bytes] = (),
    font: bytes = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
) -> bytes:
    """Return a PDF of pages with these contents.

    Objects: 1 root, 2 tree, 3 font, 4 and on a page and its content each, then `more`.
    `dictionary`, `page` and `root` stand inside of the dictionaries of contents, pages and root.
    """
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(streams)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % root,
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(streams), kids),
    ]
    objects.append(font)
    for number, stream in enumerate(streams):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>"
            b"/XObject<</X %d 0 R>>>>%s>>" % (5 + 2 * number, 4 + 2 * len(streams), page)
        )
        objects.append(b"<</Length %d%s>>stream\n%s\nendstream" % (len(stream), dictionary, stream))
    return _numbered([*objects, *more])


def _numbered(objects: Sequence[bytes]) -> bytes:
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(
        made + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    )


WAYS: tuple[Way, ...] = (
    *(flipped, cut, spliced, chained, pieced, misnamed, noise),
    *(places, references, swollen_page, loops),
    *(zip_numbers, bombs, xml_nested, xml_entities, nested),
)


def write_hostile_files(folder: Path, seed: int, count: int) -> list[Path]:
    """Write them into a folder and return their paths; the ways take turns, each file is made by
    its own chance.
    """
    originals = Originals(papers(seed, 40))
    paths = []
    for number in range(count):
        way = WAYS[number % len(WAYS)]
        made = way(Random(f"{seed}/{number}/{way.__name__}"), originals)
        paths.append(folder / f"{number:04}-{way.__name__.replace('_', '-')}.{made.form}")
        paths[-1].write_bytes(made.content)
    return paths
