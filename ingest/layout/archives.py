"""Files of office programs are archives of parts: opened only where their sizes are bounded and no
part has a document type.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

from ingest.errors import Reason, Rejected
from prompts import say

MOST_MEMBERS = 5_000
# unpacked size at most; a report with pictures has 50 MB, packed hardly less
MOST_BYTES = 300_000_000
# unpacked to packed size at most; repetitive text reaches some 60, an archive bomb 1,000
MOST_RATIO = 250
_MIN_CHECKED = 2_000_000  # bytes: the ratio of smaller members is not checked
# what libraries raise for damaged parts
PART_ERRORS = (
    etree.LxmlError,
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,
    OSError,
    EOFError,
)
# the first bytes of Office files from before 2007
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DOCTYPE = b"<!DOCTYPE"


def open_archive(data: bytes, name: str) -> zipfile.ZipFile:
    """Open a file as an archive; `name` is the name of its format for messages ("DOCX").

    Raises Rejected for files that are damaged or encrypted, for Office files from before 2007, and
    for archive bombs. Encrypted Office files are no archives: they are in the container of the old
    format (`_COMPOUND_FILE`), which names a part `_ENCRYPTED`. The sizes listed in the archive can
    be trusted for the limits, as no more of a member is read than is listed. A name must not come
    twice, because programs differ in which of the two members they read.
    """
    if data.startswith(_COMPOUND_FILE):
        if _ENCRYPTED in data:
            raise Rejected(say("layout.encrypted", name=name), Reason.ENCRYPTED)
        raise Rejected(say("layout.old_office", name=name), Reason.UNSUPPORTED)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Rejected(say("layout.damaged", name=name)) from error
    members = archive.infolist()
    if any(member.flag_bits & 0x1 for member in members):
        raise Rejected(say("layout.encrypted", name=name), Reason.ENCRYPTED)
    if len(members) > MOST_MEMBERS:
        raise Rejected(say("layout.too_many_parts", name=name, most=MOST_MEMBERS), Reason.ARCHIVE)
    if sum(member.file_size for member in members) > MOST_BYTES:
        raise Rejected(
            say("layout.too_large", name=name, most=MOST_BYTES // 1_000_000), Reason.ARCHIVE
        )
    if any(map(_is_packed_too_tightly, members)):
        raise Rejected(say("layout.packed_too_tightly", name=name), Reason.ARCHIVE)
    if len({member.filename for member in members}) < len(members):
        raise Rejected(say("layout.part_twice", name=name), Reason.DAMAGED)
    return archive


def reject_document_types(archive: zipfile.ZipFile, name: str) -> None:
    """Raise Rejected if a markup file in an archive declares a document type. The entities of a
    document type could read files or grow without limit. Zero bytes are left out of the search, so
    that a declaration in UTF-16 is found too.
    """
    for member in archive.namelist():
        is_markup = member.lower().endswith((".xml", ".rels"))
        if is_markup and _DOCTYPE in archive.read(member).replace(b"\0", b""):
            raise Rejected(say("layout.document_type", name=name), Reason.ARCHIVE)


def _is_packed_too_tightly(member: zipfile.ZipInfo) -> bool:
    return member.file_size > max(_MIN_CHECKED, MOST_RATIO * member.compress_size)
