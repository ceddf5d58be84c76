"""Whether a file that is an archive may be unpacked: seen from its list of contents, before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from ingest.errors import Reason, Rejected
from prompts import say

MOST_MEMBERS = 5_000
MOST_BYTES = 300_000_000  # unpacked; a report with pictures has 50 MB, nearly as much packed
MOST_RATIO = 250  # unpacked to packed; text of the same rows again and again reaches some 60, an archive bomb 1,000
_SMALL = 2_000_000  # bytes up to which a member may be packed as tightly as it likes
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def open_archive(data: bytes, name: str) -> zipfile.ZipFile:
    """Return the archive that an office file is; `name` is its kind ("DOCX").

    Raises Rejected for files that are encrypted, no archives, or unpack into too much. What is read of a member is
    never more than the list of contents says.
    """
    if data.startswith(_OLE):
        raise _old(data, name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Rejected(say("layout.damaged", name=name)) from error
    _check(archive.infolist(), name)
    return archive


def _old(data: bytes, name: str) -> Rejected:
    """Return the refusal of a compound file: what Office encrypts, and the formats before 2007."""
    if _ENCRYPTED in data:
        return Rejected(say("layout.encrypted", name=name), Reason.ENCRYPTED)
    return Rejected(say("layout.old_office", name=name), Reason.UNSUPPORTED)


def _check(members: Sequence[zipfile.ZipInfo], name: str) -> None:
    if any(member.flag_bits & 0x1 for member in members):
        raise Rejected(say("layout.encrypted", name=name), Reason.ENCRYPTED)
    if len(members) > MOST_MEMBERS:
        raise Rejected(say("layout.too_many_parts", name=name, most=MOST_MEMBERS), Reason.ARCHIVE)
    if sum(member.file_size for member in members) > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise Rejected(say("layout.too_large", name=name, most=most), Reason.ARCHIVE)
    if any(one.file_size > max(_SMALL, MOST_RATIO * one.compress_size) for one in members):
        raise Rejected(say("layout.packed_too_tightly", name=name), Reason.ARCHIVE)
    if len({member.filename for member in members}) < len(members):
        raise Rejected(say("layout.part_twice", name=name), Reason.DAMAGED)
