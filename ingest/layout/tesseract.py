"""Pages read from their picture by Tesseract, where that program and its German are found.

The program gets grey pixels that were drawn here, never what a file contains, and has limits of its own of time and
output; its memory is limited as ours is.
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
from pathlib import Path
from threading import Timer
from typing import IO, Any, NamedTuple

from ingest.stream import Box

if sys.platform.startswith("linux"):
    import resource

NAME, LANGUAGE = "tesseract", "deu"
SECONDS = 60.0  # of one page, whatever its picture is; a page of text takes 3 to 4
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "TESSDATA_PREFIX")
_DPI, _POINTS = 300.0, 72.0
_MOST_PIXELS = 12_000_000  # A4 has 8.7 million at that resolution; pages larger than this are drawn smaller
_MOST_BYTES = 4_000_000  # of what the program may say of a page
_WORD = re.compile(  # its line; left, top, width, height; confidence; text
    r"5\t((?:\d{1,6}\t){4})\d+\t(\d{1,6})\t(\d{1,6})\t(\d{1,6})\t(\d{1,6})\t(\d{1,3}(?:\.\d+)?)\t\s*(\S(?:.*\S)?)\s*"
)
_DIE_WITH_PARENT, _KILL = 1, 9  # PR_SET_PDEATHSIG, SIGKILL
_C = CDLL(None) if sys.platform.startswith("linux") else None


class PictureToken(NamedTuple):
    """A word of a picture, its box in points from the top left of the page as it is looked at, and 0 to 100."""

    text: str
    box: Box
    confidence: float


def find_program() -> Path | None:
    """Return where Tesseract is, None where it or its German is not installed."""
    path = shutil.which(NAME)
    return Path(path) if path and LANGUAGE in _languages(path) else None


@lru_cache(maxsize=4)
def _languages(program: str) -> frozenset[str]:
    with suppress(OSError, subprocess.SubprocessError):
        listing = subprocess.run([program, "--list-langs"], capture_output=True, timeout=SECONDS, check=True)
        return frozenset(listing.stdout.decode(errors="replace").split())
    return frozenset()


def read_picture(page: Any, program: Path) -> list[list[PictureToken]]:
    """Return the lines of a page as it is looked at, none where the program fails or takes too much."""
    width, height = page.get_size()
    if not (width > 0 and height > 0):
        return []
    scale = min(_DPI / _POINTS, (_MOST_PIXELS / (width * height)) ** 0.5)
    pixels = page.render(scale=scale, grayscale=True, draw_annots=False, may_draw_forms=False).to_numpy()
    pixels = pixels.reshape(pixels.shape[:2])
    if pixels.min() == pixels.max():
        return []
    with tempfile.TemporaryFile() as picture:
        picture.write(b"P5 %d %d 255\n" % (pixels.shape[1], pixels.shape[0]))
        picture.write(pixels.tobytes())
        picture.seek(0)
        rows = _run(program, picture, round(scale * _POINTS))
    lines = (list(tokens) for _, tokens in groupby(_tokens(rows, scale), key=lambda found: found[0]))
    return [[token for _, token in line] for line in lines]


def _run(program: Path, picture: IO[bytes], dpi: int) -> list[str]:
    """Return the rows of the program's TSV."""
    command = [str(program), "stdin", "stdout", "-l", LANGUAGE, "--dpi", str(dpi), "--psm", "3", "tsv"]
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | {"OMP_THREAD_LIMIT": "1"}
    with subprocess.Popen(
        command,
        stdin=picture,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        preexec_fn=_restrict if _C else None,
    ) as process:
        timer = Timer(SECONDS, process.kill)
        timer.start()
        output = process.stdout.read(_MOST_BYTES + 1) if process.stdout is not None else b""
        if len(output) > _MOST_BYTES:
            process.kill()
        is_read = process.wait() == 0
        timer.cancel()
        timer.join()
    return output.decode(errors="replace").splitlines() if is_read else []


def _restrict() -> None:
    """Have the program end with this process, and after so much time."""
    if _C is not None:
        _C.prctl(_DIE_WITH_PARENT, _KILL)
        resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))


def _tokens(rows: Sequence[str], scale: float) -> Iterator[tuple[str, PictureToken]]:
    """Yield the words of a TSV in reading order, each with what names its line."""
    for result in filter(None, map(_WORD.fullmatch, rows)):
        left, top, width, height = (int(number) / scale for number in result.group(2, 3, 4, 5))
        yield result[1], PictureToken(result[7], Box(left, top, left + width, top + height), float(result[6]))
