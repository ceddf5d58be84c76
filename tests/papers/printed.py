"""What a written paper says by plain means, for checking the generator itself: bare text by page, squeezed."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path

import pypdf

LIGATURES = {"\ufb01": "fi", "\ufb02": "fl", "\ufb00": "ff"}


def squeezed(text: str) -> str:
    """Return the text without white space, hyphens, commas, bullets and bold marks, ligatures undone."""
    for ligature, plain in LIGATURES.items():
        text = text.replace(ligature, plain)
    return re.sub(r"[\s\-–\u00ad*#|•,\\]+|<br>", "", text).lower()


def pages(path: Path) -> list[str]:
    """Return the bare text of every page; one text where the format has no pages."""
    match path.suffix:
        case ".pdf":
            reader = pypdf.PdfReader(io.BytesIO(path.read_bytes()))
            return [page.extract_text() for page in reader.pages]
        case ".docx":
            from docx import Document
            from docx.oxml.ns import qn

            body = Document(str(path)).element.body
            return ["\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))]
        case ".html":
            text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            return [re.sub(r"<[^>]+>", " ", text).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")]
        case _:
            text = path.read_text(encoding="utf-8")
            marked = re.split(r"\n-- \d+ of \d+ --\n", text)
            return marked[:-1] if len(marked) > 1 else text.split("\f")


def stands(text: str, squeezed_pages: Sequence[str], columns: bool = False) -> bool:
    """Return whether a text stands on these pages, whole or cut in two by the end of a page.

    `columns`: plain text sets cells side by side, so that their lines alternate; there every word must stand, in one
    piece or in two.
    """
    whole, wanted = "".join(squeezed_pages), squeezed(text)
    if wanted in whole:
        return True
    if columns:
        return all(cut_in_two(squeezed(word), whole) for word in text.split())
    return cut_in_two(wanted, whole)


def cut_in_two(wanted: str, whole: str) -> bool:
    """Return whether a text stands in the whole, in one piece or in two."""
    start, end = longest(wanted, whole), longest(wanted[::-1], whole[::-1])
    return not wanted or (start > 0 and end > 0 and start + end >= len(wanted))


def longest(wanted: str, whole: str) -> int:
    """Return the length of the longest beginning of a text that stands somewhere in the whole."""
    low, high = 0, len(wanted)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if wanted[:middle] in whole else (low, middle - 1)
    return low
