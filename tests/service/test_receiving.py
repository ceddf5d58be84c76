"""Files off the wire: safe names, limits; half a form leaves nothing behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from prompts import say
from service.office.uploads import ReceivedForm, UploadLimits, receive
from service.office.uploads.receiving import LONGEST_NAME, safe_name
from service.records import ProblemError

KIND = "multipart/form-data; boundary=grenze"
LIMITS = UploadLimits(files=3, file_bytes=1000)
PDF = b"%PDF-1.7\nwas auch immer"


def form(*parts: tuple[str, str | None, bytes], end: bytes = b"--grenze--\r\n") -> bytes:
    """Return a form of parts: name, file name where it is a file, content."""
    made = b""
    for name, file, content in parts:
        filename = f'; filename="{file}"'.encode() if file is not None else b""
        made += (
            b'--grenze\r\nContent-Disposition: form-data; name="'
            + name.encode()
            + b'"'
            + filename
            + b"\r\n\r\n"
        )
        made += content + b"\r\n"
    return made + end


def received(folder: Path, body: bytes, kind: str = KIND, size: int = 7) -> ReceivedForm:
    """Receive a body that comes in small pieces."""

    async def stream() -> AsyncGenerator[bytes, None]:
        for place in range(0, len(body), size):
            yield body[place : place + size]

    return asyncio.run(receive(stream(), kind, folder, LIMITS))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Klimaplan 2026.pdf", "Klimaplan 2026"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Bericht.docx", "Bericht"),
        ("..", "dokument"),
        ("con.txt", "dokument"),
        ("a\0b\nc<script>.pdf", "a-b-c-script"),
        ("Grün – Straße.pdf", "Grün-Straße"),
        ("x" * 300 + ".pdf", "x" * LONGEST_NAME),
        ("中" * 120 + ".pdf", "中" * (LONGEST_NAME // 3)),
    ],
)
def test_names_are_made_safe(given: str, name: str) -> None:
    assert safe_name(given) == name


@given(st.text(max_size=200))
def test_no_name_leaves_its_folder(text: str) -> None:
    name = safe_name(text)
    assert (
        name
        and len(name.encode()) <= LONGEST_NAME
        and not set(name) & set("/\\\0\n:")
        and not name.startswith(".")
    )


@pytest.mark.parametrize("size", [1, 7, 100_000])
def test_files_and_fields_come_in_however_they_are_cut(tmp_path: Path, size: int) -> None:
    parts = (
        ("replaces", None, "süß".encode()),
        ("files", "a.pdf", PDF),
        ("files", "A.PDF", PDF),
        ("files", "", b""),
    )
    found = received(tmp_path, form(*parts), size=size)
    assert [path.name for path in found.files] == ["a.pdf", "A-2.pdf"]
    assert [path.read_bytes() for path in found.files] == [PDF, PDF]
    assert {path.stat().st_mode & 0o777 for path in found.files} == {0o600}
    assert (found.fields, found.refused) == ({"replaces": "süß"}, [])


def test_what_is_over_a_limit_or_no_document_is_refused_and_the_rest_taken(tmp_path: Path) -> None:
    given = {"gross.pdf": PDF + b"x" * 2000, "leer.pdf": b"", "gut.pdf": PDF, "viel.pdf": PDF}
    found = received(tmp_path, form(*(("f", name, content) for name, content in given.items())))
    assert [path.name for path in found.files] == ["gut.pdf"]
    assert received(tmp_path, form(("f", "tabelle.xlsx", PDF))).refused[0].told == say(
        "uploads.no_kind"
    )
    assert [(item.file, item.told) for item in found.refused] == [
        ("gross.pdf", say("uploads.too_large", most="1 kB")),
        ("leer.pdf", say("uploads.empty")),
        ("viel.pdf", say("uploads.too_many", most=3)),
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["gut.pdf"]


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (form(("f", "a.pdf", PDF), end=b""), KIND, "invalid-input"),
        (b"kein Formular", KIND, "invalid-input"),
        (b"", KIND, "invalid-input"),
        (b"x", "multipart/form-data", "not-multipart"),
    ],
)
def test_what_is_no_whole_form_is_a_problem(
    tmp_path: Path, body: bytes, kind: str, problem: str
) -> None:
    with pytest.raises(ProblemError) as text:
        received(tmp_path, body, kind)
    assert text.value.name == problem
