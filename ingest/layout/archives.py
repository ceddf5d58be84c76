"""Whether a file that is an archive may be unpacked: seen from its list of contents, before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

from ingest.errors import Reason, Rejected

MOST_MEMBERS = 5_000
MOST_BYTES = 300_000_000  # unpacked; a report with pictures has 50 MB, nearly as much packed
MOST_RATIO = 250  # unpacked to packed; text of the same rows again and again reaches some 60, an archive bomb 1,000
_SMALL = 2_000_000  # bytes up to which a member may be packed as tightly as it likes
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DAMAGED = "Die {name}-Datei ist beschädigt und lässt sich nicht lesen."


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
        raise Rejected(_DAMAGED.format(name=name)) from error
    _check(archive.infolist(), name)
    return archive


def _old(data: bytes, name: str) -> Rejected:
    """Return the refusal of a compound file: what Office encrypts, and the formats before 2007."""
    if _ENCRYPTED in data:
        return Rejected(f"Die {name}-Datei ist mit einem Kennwort verschlüsselt.", Reason.ENCRYPTED)
    return Rejected(
        f"Die Datei hat ein älteres Office-Format (wie .doc); bitte als {name} speichern.", Reason.UNSUPPORTED
    )


def _check(members: Sequence[zipfile.ZipInfo], name: str) -> None:
    if any(member.flag_bits & 0x1 for member in members):
        raise Rejected(f"Die {name}-Datei ist mit einem Kennwort verschlüsselt.", Reason.ENCRYPTED)
    if len(members) > MOST_MEMBERS:
        raise Rejected(f"Die {name}-Datei besteht aus mehr als {MOST_MEMBERS} Teilen.", Reason.ARCHIVE)
    if sum(member.file_size for member in members) > MOST_BYTES:
        most = MOST_BYTES // 1_000_000
        raise Rejected(f"Die {name}-Datei ist ausgepackt größer als {most} MB.", Reason.ARCHIVE)
    if any(one.file_size > max(_SMALL, MOST_RATIO * one.compress_size) for one in members):
        raise Rejected(f"Die {name}-Datei ist so stark gepackt wie keine gewöhnliche Datei.", Reason.ARCHIVE)
    if len({member.filename for member in members}) < len(members):
        raise Rejected(f"Die {name}-Datei enthält denselben Teil mehrmals.", Reason.DAMAGED)
