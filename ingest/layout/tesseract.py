"""Text recognition (OCR) of page pictures by Tesseract, where that program and its German data are
installed.

The program gets grey pixels rendered here, never bytes of a file. Its time and output are limited,
and its memory by the limit of this process, which it inherits.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from ctypes import CDLL
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from threading import Timer
from typing import IO, Any, NamedTuple

from ingest.stream import Box

if sys.platform.startswith("linux"):
    import resource

NAME = "tesseract"
LANGUAGE = "deu"
SECONDS = 60.0  # at most for one page; a page of text takes 3 to 4
LISTING_SECONDS = 5.0  # at most until it lists its languages, which takes some milliseconds
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "TESSDATA_PREFIX")
_DPI = 300.0
_POINTS = 72.0
_MAX_PIXELS = 12_000_000  # A4 has 8.7 million at that resolution; larger pages are rendered smaller
_MAX_BYTES = 4_000_000  # of the output for a page
# level 5 (a word); the numbers of page, block, paragraph and line; the number of the word; its box
# in pixels, its confidence and text
_TSV_WORD = re.compile(
    r"5\t(?P<line>(?:\d{1,6}\t){4})\d+\t"
    r"(?P<left>\d{1,6})\t(?P<top>\d{1,6})\t(?P<width>\d{1,6})\t(?P<height>\d{1,6})\t"
    r"(?P<confidence>\d{1,3}(?:\.\d+)?)\t\s*(?P<text>\S(?:.*\S)?)\s*"
)
_BOX = ("left", "top", "width", "height")
# PR_SET_PDEATHSIG, SIGKILL
_DIE_WITH_PARENT = 1
_KILL = 9
_LIBC = CDLL(None) if sys.platform.startswith("linux") else None


class PictureToken(NamedTuple):
    """A recognised word, its box in points from the top left of the page as shown, and its
    confidence, 0 to 100.
    """

    text: str
    box: Box
    confidence: float


def find_program() -> Path | None:
    """Return the path of Tesseract. Return None if it or its German data is not installed: scanned
    pages are not read then.
    """
    path = shutil.which(NAME)
    if path and LANGUAGE in _list_languages(path):
        return Path(path)
    return None


@lru_cache(maxsize=4)
def _list_languages(program: str) -> frozenset[str]:
    """Return the languages that Tesseract has data for, none if it cannot be asked. The program is
    asked once, as the answer is stored.
    """
    with suppress(OSError, subprocess.SubprocessError):
        listing = subprocess.run(
            [program, "--list-langs"], capture_output=True, timeout=LISTING_SECONDS, check=True
        )
        return frozenset(listing.stdout.decode(errors="replace").split())
    return frozenset()


def read_picture(page: Any, program: Path) -> list[list[PictureToken]]:
    """Return the lines of a page as shown, read from its picture. There are none if the page is
    blank, or if the program fails or exceeds its limits. The program gets the picture as a plain
    grey bitmap (PGM), and the resolution to know the sizes of letters.
    """
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        return []
    scale = min(_DPI / _POINTS, (_MAX_PIXELS / (width * height)) ** 0.5)
    pixels = page.render(
        scale=scale, grayscale=True, draw_annots=False, may_draw_forms=False
    ).to_numpy()
    pixels = pixels.reshape(pixels.shape[:2])
    if pixels.min() == pixels.max():
        return []
    with tempfile.TemporaryFile() as picture:
        picture.write(b"P5 %d %d 255\n" % (pixels.shape[1], pixels.shape[0]))
        picture.write(pixels.tobytes())
        picture.seek(0)
        rows = _run_program(program, picture, round(scale * _POINTS))
    lines = groupby(_parse_rows(rows, scale), key=itemgetter(0))
    return [list(map(itemgetter(1), line)) for _, line in lines]


def _run_program(program: Path, picture: IO[bytes], dpi: int) -> list[str]:
    """Return the rows of the program's output in TSV. There are none if the program fails, or if it
    is killed because it takes too long or writes too much.

    `--psm 3` lets it find columns and lines by itself. It gets only the variables of the
    environment that it needs, and may use one processor only.
    """
    options = ["-l", LANGUAGE, "--dpi", str(dpi), "--psm", "3"]
    command = [str(program), "stdin", "stdout", *options, "tsv"]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    environment["OMP_THREAD_LIMIT"] = "1"
    with subprocess.Popen(
        command,
        stdin=picture,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        preexec_fn=_limit_process if _LIBC else None,
    ) as process:
        timer = Timer(SECONDS, process.kill)
        timer.start()
        assert process.stdout is not None  # it is a pipe
        output = process.stdout.read(_MAX_BYTES + 1)
        if len(output) > _MAX_BYTES:
            process.kill()
        has_succeeded = process.wait() == 0
        timer.cancel()
        timer.join()
    if has_succeeded:
        return output.decode(errors="replace").splitlines()
    return []


def _limit_process() -> None:
    """In the child process: end it with its parent, and after `SECONDS` of processor time."""
    if _LIBC is not None:
        _LIBC.prctl(_DIE_WITH_PARENT, _KILL)
        resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))


def _parse_rows(rows: Sequence[str], scale: float) -> Iterator[tuple[str, PictureToken]]:
    """Yield each word of the TSV in reading order, with an identifier of its line. Rows that are no
    words (pages, blocks, lines) and rows with other than plain numbers are left out. Boxes are
    converted from pixels to points: `scale` is the number of pixels per point.
    """
    for match in filter(None, map(_TSV_WORD.fullmatch, rows)):
        left, top, width, height = (int(number) / scale for number in match.group(*_BOX))
        box = Box(left, top, left + width, top + height)
        yield match["line"], PictureToken(match["text"], box, float(match["confidence"]))
