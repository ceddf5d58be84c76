"""Parts of Word and OpenDocument files, which are archives."""

from __future__ import annotations

import io
import zipfile


def with_parts(content: bytes, parts: dict[str, bytes | None]) -> bytes:
    """Return an archive with other or further parts; None leaves one out. Of b"" a new one is
    made.
    """
    kept = {name: part for name, part in parts_of(content).items() if name not in parts}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (kept | parts).items():
            if part is not None:
                archive.writestr(name, part)
    return made.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    if not content:
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def replaced(content: bytes, name: str, old: str, new: str) -> bytes:
    """Return an archive with one text of a part replaced by another."""
    part = parts_of(content)[name]
    assert old.encode() in part
    return with_parts(content, {name: part.replace(old.encode(), new.encode())})


FOOTNOTES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"


def with_footnotes(content: bytes, footnotes: str) -> bytes:
    """Return a Word file with a part for footnotes."""
    relation = f'<Relationship Id="rId99" Type="{FOOTNOTES}" Target="footnotes.xml"/>'
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{KIND}"/>'
    end = "</Relationships>"
    content = replaced(content, "word/_rels/document.xml.rels", end, relation + end)
    content = replaced(content, "[Content_Types].xml", "</Types>", override + "</Types>")
    return with_parts(content, {"word/footnotes.xml": footnotes.encode()})
