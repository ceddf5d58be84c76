"""Scans made for tests: printed pages as noisy pictures, and stand-ins for the program that reads
them.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.ingest.papers import Draw, at, pdf

HEADER = (
    "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"
)


WIDTH, HEIGHT = 595, 842


def scan(
    *pages: Draw,
    high: int = 200,
    dpi: int = 200,
    turned: int = 0,
    skew: float = 0.0,
    under: Draw | None = None,
) -> bytes:
    """Return a PDF with a picture of the upper part of each page, to be shown turned, with another
    text under it.
    """
    made = io.BytesIO()
    canvas = Canvas(made, invariant=1)
    size = (
        (high, WIDTH) if turned % 180 else (WIDTH, high)
    )  # of the sheet, which is turned to be read
    with pypdfium2.PdfDocument(pdf(*pages)) as printed:
        for page in printed:
            canvas.setPageSize((WIDTH, high))
            canvas.setPageRotation(turned)
            if under is not None:
                canvas.translate(0, high - HEIGHT)
                under(canvas)
                canvas.translate(0, HEIGHT - high)
            grey = page.render(
                scale=dpi / 72, crop=(0, HEIGHT - high, 0, 0), grayscale=True
            ).to_pil()
            picture = _with_noise(
                grey.rotate(skew, Image.Resampling.BICUBIC, fillcolor=255)
            ).rotate(turned, expand=True)
            packed = io.BytesIO()
            picture.save(packed, "JPEG", quality=80)
            canvas.drawImage(ImageReader(packed), 0, 0, *size)
            canvas.showPage()
    canvas.save()
    return made.getvalue()


def _with_noise(grey: Image.Image) -> Image.Image:
    noise = np.random.default_rng(7).normal(18, 6, (grey.height, grey.width))
    return Image.fromarray(
        (np.asarray(grey, dtype=np.float32) * 0.9 + noise).clip(0, 255).astype(np.uint8)
    )


def lines(*texts: str, size: float = 11, top: float = 760) -> Draw:
    return at(*((70, top - 18 * number, text, size) for number, text in enumerate(texts)))


def program(folder: Path, reading: str) -> Path:
    """Put a stand-in for Tesseract into a folder: it knows German, and reads a picture by a command
    of the shell.
    """
    path = folder / "tesseract"
    path.write_text(
        f'#!/bin/sh\n[ "$1" = --list-langs ] && echo deu && exit\n{reading}\n', encoding="utf-8"
    )
    path.chmod(0o755)
    return path


def tsv(*printed: tuple[int, Sequence[tuple[str, float]]]) -> str:
    """Return what the program says of lines on a page of 300 dpi: how high letters are, and words
    with confidences.
    """
    rows, top = [HEADER], 300
    for number, (height, line) in enumerate(printed, 1):
        left = 300
        for place, (text, confidence) in enumerate(line, 1):
            width = height * 2 * len(text) // 3
            rows.append(
                "\t".join(
                    map(
                        str, (5, 1, 1, 1, number, place, left, top, width, height, confidence, text)
                    )
                )
            )
            left += width + height // 2
        top += 3 * height
    return "\n".join(rows) + "\n"
