"""Encrypted PDFs that open without a password are read like any other; those that ask for one are
rejected.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageStat
from pypdf import PdfReader, PdfWriter

from ingest import Rejected
from ingest.register import RegisterEntry
from service.web.pictures import NoPicture, PictureRequest
from service.web.pictures.drawing import page_picture
from tests.ingest.papers import layout_of, read_document
from tests.ingest.sheets import PLAIN, VISIBLE, sheet

WAYS = ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256")


def _encrypted(folder: Path, way: str, user: str) -> tuple[Path, Path]:
    """Return a plain paper and the same encrypted; nobody knows the owner's password."""
    plain = folder / "offen.pdf"
    plain.write_bytes(sheet(VISIBLE["white on a blue box"]))
    writer = PdfWriter(clone_from=PdfReader(plain))
    writer.encrypt(user, "nur-der-eigner", algorithm=way)
    target = folder / "verschluesselt.pdf"
    writer.write(target)
    return plain, target


@pytest.mark.parametrize("way", WAYS)
def test_what_opens_without_a_password_is_read_and_drawn(tmp_path: Path, way: str) -> None:
    plain, encrypted = _encrypted(tmp_path, way, "")
    assert PdfReader(encrypted).is_encrypted and PLAIN[0].encode() not in encrypted.read_bytes()
    item, other = (
        read_document(RegisterEntry("x", path, title="Radwege")) for path in (plain, encrypted)
    )
    assert other.document.text == item.document.text and PLAIN[0] in item.document.text
    assert (other.items, other.chunks) == (item.items, item.chunks)
    assert layout_of(encrypted.read_bytes()).unchecked == () and other.document.warnings == ()
    pictures = [
        page_picture(PictureRequest(str(path), 1, 400, PLAIN[0])) for path in (plain, encrypted)
    ]
    assert pictures[0] == pictures[1]
    assert ImageStat.Stat(Image.open(io.BytesIO(pictures[1])).convert("L")).extrema[0][0] < 100


@pytest.mark.parametrize("way", WAYS)
def test_what_asks_for_a_password_is_rejected(tmp_path: Path, way: str) -> None:
    _, encrypted = _encrypted(tmp_path, way, "geheim")
    with pytest.raises(Rejected) as caught:
        read_document(RegisterEntry("x", encrypted))
    assert caught.value.reason == "Die PDF-Datei ist mit einem Kennwort verschlüsselt."
    with pytest.raises(NoPicture):
        page_picture(PictureRequest(str(encrypted), 1, 400))
