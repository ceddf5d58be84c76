"""Word files with a document type, however its part is encoded and called: refused, as nobody needs one."""

from __future__ import annotations

import io
import zipfile

import pytest
from docx import Document

from ingest.errors import Reason, Rejected
from ingest.layout.docx import read_docx
from ingest.limits import ReadingLimits
from tests.ingest.papers import PROSE

MAIN = "word/document.xml"


def paper(encoding: str, name: str) -> bytes:
    """Return a Word file whose main part has a document type, this encoding and this name."""
    made = io.BytesIO()
    document = Document()
    document.add_paragraph(PROSE)
    document.save(made)
    written = io.BytesIO()
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(written, "w") as target:
        for one in source.namelist():
            content = source.read(one)
            if one == MAIN:
                text = content.decode().partition("?>")[2]
                said = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE w [<!ENTITY x "y">]>{text}'
                content = said.encode({"UCS-4": "utf-32-be"}.get(encoding, encoding))
            elif one in ("[Content_Types].xml", "_rels/.rels"):
                content = content.replace(MAIN.encode(), name.encode())
            elif one == "word/_rels/document.xml.rels":
                one = f"word/_rels/{name.partition('/')[2]}.rels"
            target.writestr(name if one == MAIN else one, content)
    return written.getvalue()


@pytest.mark.parametrize("name", [MAIN, "word/document.bin", "word/media.png"])
@pytest.mark.parametrize("encoding", ["UTF-8", "UTF-16", "UCS-4", "cp037"])
def test_a_document_type_is_refused(encoding: str, name: str) -> None:
    with pytest.raises(Rejected) as told:
        read_docx(paper(encoding, name), ReadingLimits())
    if told.value.code is not Reason.DAMAGED:  # an encoding that the reader of XML does not know
        assert told.value.code is Reason.ARCHIVE
    else:
        assert encoding in ("cp037", "UCS-4")
