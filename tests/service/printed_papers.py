"""PDF files for the tests of page pictures: printed, locked, damaged, and of a few kilobytes that
draw too much.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.service.county import motion, report
from tests.sharing import copy_of
from vectorstore import EditionStore

A4 = (595.0, 842.0)
LINES = [
    "2.1.2.3 Radschnellweg Nord",
    "Der Radschnellweg verbindet Auental und Berg-",
    "heim auf zwölf Kilometern.",
    "Der Bau beginnt am 1. Mai 2026.",
    "Verkehr Verkehr",
]


def printed(
    path: Path, lines: list[str] = LINES, size: tuple[float, float] = A4, turned: int = 0
) -> Path:
    """Print lines below each other, 30 points apart, beginning at (60, height - 100) in 14
    points.
    """
    canvas = Canvas(str(path), pagesize=size, invariant=1)
    canvas.setPageRotation(turned)
    canvas.setFont("Helvetica", 14)
    for number, line in enumerate(lines):
        canvas.drawString(60, size[1] - 100 - 30 * number, line)
    canvas.showPage()
    canvas.drawString(60, 60, "Zweite Seite")
    canvas.save()
    return path


def publish_printed(data: Path) -> Path:
    """Publish report and motion, the report with an original, in a data folder of one's own;
    returns the folder.
    """

    def publish(folder: Path) -> None:
        originals = {"auenland-report": printed(folder.with_name("report.pdf"))}
        EditionStore(folder).publish([report(), motion()], originals=originals)

    return copy_of("printed county", publish, data)


def locked(path: Path) -> Path:
    """Print a page that nobody opens without the password."""
    canvas = Canvas(str(path), encrypt=StandardEncryption("geheim", "auch"))
    canvas.drawString(60, 60, "Geheim")
    canvas.save()
    return path


def damaged(path: Path) -> Path:
    """Print a page and lose most of the file."""
    path.write_bytes(printed(path).read_bytes()[:300])
    return path


TEXT = b"BT /T 14 Tf 60 742 Td (2.1.2.3 Radschnellweg Nord) Tj 0 -30 Td (Der Bau beginnt am 1. Mai 2026.) Tj ET\n"
FONT = b"/Font << /T << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"


def stream(entries: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def pdf(
    content: bytes, resources: bytes, others: Sequence[bytes] = (), size: tuple[float, float] = A4
) -> bytes:
    """Return a PDF of one page with readable text; `others` are its objects from number 5 on."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.1f %.1f] /Contents 4 0 R /Resources << %s %s >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page % (*size, FONT, resources),
        stream(b"", TEXT + content),
        *others,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        len(out),
    )
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


def nested_forms(levels: int = 12, each: int = 10) -> bytes:
    """Forms that each draw the next one ten times: 10^12 rectangles, all of them kept in memory by
    PDFium.
    """
    head = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]"
    forms = [
        stream(head + b" /Resources << /XObject << /F %d 0 R >> >>" % (6 + level), b"/F Do " * each)
        for level in range(levels)
    ]
    return pdf(b"/F Do", b"/XObject << /F 5 0 R >>", [*forms, stream(head, b"0 0 1 1 re f")])


def slow_shading(steps: int = 9_000) -> bytes:
    """A colour computed anew for every pixel by a program of thousands of steps: all of it time,
    none of it memory.
    """
    program = b"{ add " + b"sin cos " * (steps // 2) + b"dup dup }"
    entries = b"/FunctionType 4 /Domain [0 1 0 1] /Range [0 1 0 1 0 1] /Filter /FlateDecode"
    shading = b"/Shading << /S << /ShadingType 1 /ColorSpace /DeviceRGB /Function 5 0 R /Matrix [595 0 0 842 0 0] >> >>"
    return pdf(b"/S sh", shading, [stream(entries, zlib.compress(program, 9))])


def giant_image(side: int = 10_000) -> bytes:
    """A picture of 100 million white pixels, packed twice into a few kilobytes."""
    packed = zlib.compressobj(1)
    rows = (
        b"".join(packed.compress(b"\xff" * (3 * side * 100)) for _ in range(side // 100))
        + packed.flush()
    )
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceRGB /BitsPerComponent 8 " % (
        side, side)  # fmt: skip
    image = stream(entries + b"/Filter [/FlateDecode /FlateDecode]", zlib.compress(rows, 9))
    return pdf(b"q 595 0 0 842 0 0 cm /I Do Q", b"/XObject << /I 5 0 R >>", [image])


def swollen_contents(megabytes: int = 300) -> bytes:
    """A page whose few packed kilobytes are hundreds of megabytes of drawing orders."""
    packed = zlib.compressobj(1)
    orders = b"0 0 m 9 9 l S\n" * 74_898
    rows = b"".join(packed.compress(orders) for _ in range(megabytes)) + packed.flush()
    form = stream(
        b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Filter [/FlateDecode /FlateDecode]",
        zlib.compress(rows, 9),
    )
    return pdf(b"/F Do", b"/XObject << /F 5 0 R >>", [form])


def deep_patterns(levels: int = 12) -> bytes:
    """Tiles that are filled with smaller tiles, again and again."""
    patterns = []
    for level in range(levels):
        last = level == levels - 1
        inner = b"" if last else b"/Pattern << /P %d 0 R >>" % (6 + level)
        content = b"0 0 1 1 re f" if last else b"/Pattern cs /P scn 0 0 600 850 re f"
        entries = (
            b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 600 850] /XStep 3 /YStep 3 "
            b"/Matrix [.9 0 0 .9 1 1] /Resources << %s >>" % inner
        )
        patterns.append(stream(entries, content))
    return pdf(b"/Pattern cs /P scn 0 0 595 842 re f", b"/Pattern << /P 5 0 R >>", patterns)


def huge_page() -> bytes:
    """A page of 700,000 kilometres."""
    return pdf(b"0 0 100000 100000 re f", b"", size=(2e9, 2e9))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "nested-forms": nested_forms,
    "slow-shading": slow_shading,
    "giant-image": giant_image,
    "swollen-contents": swollen_contents,
    "deep-patterns": deep_patterns,
    "huge-page": huge_page,
}
