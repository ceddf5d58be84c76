"""Fonts and paragraph styles of the PDF papers."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import reportlab
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from tests.papers.blocks import Book

FACES = {"sans": ("Helvetica", "Helvetica-Bold"), "serif": ("Times-Roman", "Times-Bold"), "vera": ("Vera", "VeraBd")}
SIZES = {"sans": 9.5, "serif": 10.5, "vera": 8.5}
CELLS = {"hyphenationLang": "de_DE", "embeddedHyphenation": 1}  # narrow columns always break words


@cache
def vera() -> None:
    """Register the free font that comes with reportlab: embedded as a subset, with ligatures."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for name in ("Vera", "VeraBd", "VeraIt", "VeraBI"):
        pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
    pdfmetrics.registerFontFamily("Vera", normal="Vera", bold="VeraBd", italic="VeraIt", boldItalic="VeraBI")


def styles(book: Book) -> dict[str, ParagraphStyle]:
    vera()
    plain, bold = FACES[book.face]
    size = SIZES[book.face] * book.geometry.scale
    hyphens = {"hyphenationLang": "de_DE", "embeddedHyphenation": 1} if "hyphens" in book.damage else {}
    base = ParagraphStyle("body", fontName=plain, fontSize=size, leading=size * 1.32, spaceAfter=4, **hyphens)
    flush = {"alignment": TA_JUSTIFY} if book.face == "serif" else {}
    accent = HexColor(book.accent)
    marks = {"bulletFontName": "Symbol" if book.face == "serif" else plain}

    def style(name: str, **changes: object) -> ParagraphStyle:
        return ParagraphStyle(name, parent=base, **changes)

    heads = {
        f"h{level}": style(f"h{level}", fontName=bold, fontSize=points, leading=points * 1.25, textColor=accent,
                           spaceBefore=10, spaceAfter=5, keepWithNext=1)
        for level, points in enumerate((size + 7, size + 4, size + 2, size + 0.5), start=1)
    }  # fmt: skip
    match book.heads:
        case "bar":
            for name in ("h1", "h2"):
                heads[name] = style(
                    name,
                    fontName=bold,
                    fontSize=size + 2,
                    leading=(size + 2) * 1.3,
                    textColor=white,
                    backColor=accent,
                    borderPadding=(4, 5, 4, 5),
                    spaceBefore=14,
                    spaceAfter=12,
                    keepWithNext=1,
                )
        case "small":
            for name in ("h2", "h3", "h4"):
                heads[name] = style(name, fontName=bold, spaceBefore=8, spaceAfter=3, keepWithNext=1)
        case "centred":
            heads = {name: one.clone(name, alignment=TA_CENTER, textColor=black) for name, one in heads.items()}
        case "black":
            heads = {name: one.clone(name, textColor=black) for name, one in heads.items()}
        case "light":
            heads = {name: one.clone(name, fontName=plain) for name, one in heads.items()}
        case "colour":
            pass
    return heads | {
        "body": style("flush", **flush),
        "cell": style("cell", **CELLS),
        "title": style("title", fontName=bold, fontSize=24, leading=30, textColor=accent, spaceAfter=16),
        "subtitle": style("subtitle", fontSize=13, leading=18, spaceAfter=8),
        "label": style("label", fontName=bold, spaceBefore=3, spaceAfter=1, keepWithNext=1, **CELLS),
        "strong": style("strong", fontName=bold, **CELLS),
        "white": style("white", fontName=bold, textColor=white, **CELLS),
        "bullet": style("bullet", leftIndent=11, bulletIndent=2, spaceAfter=2, **marks),
        "small": style("small", fontSize=size - 2, leading=(size - 2) * 1.25),
        "hint": style("hint", fontSize=size - 1.5, leading=(size - 1.5) * 1.25, textColor=accent),
        "caption": style("caption", fontSize=size - 1, leading=(size - 1) * 1.3, spaceAfter=10),
        "entry": style("entry", spaceAfter=1),
    }
