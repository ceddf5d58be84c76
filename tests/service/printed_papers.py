"""PDF files for the tests of page pictures: printed text, a turned page, a huge one, a locked and a damaged file."""

from __future__ import annotations

from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

A4 = (595.0, 842.0)
LINES = [
    "2.1.2.3 Radschnellweg Nord",
    "Der Radschnellweg verbindet Auental und Berg-",
    "heim auf zwölf Kilometern.",
    "Der Bau beginnt am 1. Mai 2026.",
    "Verkehr Verkehr",
]


def printed(path: Path, lines: list[str] = LINES, size: tuple[float, float] = A4, turned: int = 0) -> Path:
    """Print lines below each other, 30 points apart, beginning at (60, height - 100) in 14 points."""
    canvas = Canvas(str(path), pagesize=size, invariant=1)
    canvas.setPageRotation(turned)
    canvas.setFont("Helvetica", 14)
    for number, line in enumerate(lines):
        canvas.drawString(60, size[1] - 100 - 30 * number, line)
    canvas.showPage()
    canvas.drawString(60, 60, "Zweite Seite")
    canvas.save()
    return path


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
