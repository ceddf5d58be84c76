"""The source of a web page: its encoding, its tree of elements, and what it says of itself."""

from __future__ import annotations

import re

from lxml import etree

from ingest.errors import Reason, Rejected
from ingest.layout.lines import clean_characters
from prompts import say

_META = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:-]{2,30})""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_:-]{2,30})""", re.IGNORECASE)
_TEXTUAL = re.compile(r"utf-?8|iso-?8859-?\d{1,2}|(?:windows|cp)-?125\d|latin-?\d|koi8-[ru]|macintosh", re.IGNORECASE)
_WESTERN = re.compile(r"iso-?8859-?1|latin-?1", re.IGNORECASE)  # what browsers take for windows-1252
_NAMES = {
    "author": ("author", "dc.creator", "dcterms.creator"),
    "date": ("date", "dc.date", "dcterms.issued", "dcterms.modified", "article:published_time", "last-modified"),
}


def decoded(data: bytes) -> str:
    """Decode a page as its byte order mark or itself says, else as UTF-8, else as Windows has it."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    if b"\x00" in data[:4096]:
        raise Rejected(say("layout.is_no_text"), Reason.DAMAGED)
    said = _META.search(data, 0, 4096) or _XML.search(data, 0, 400)
    name = said[1].decode() if said and _TEXTUAL.fullmatch(said[1].decode()) else "utf-8"
    for encoding in ("utf-8-sig", "cp1252" if _WESTERN.fullmatch(name) or name.lower() == "utf-8" else name):
        try:
            return data.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("cp1252", "replace")


def parsed(source: str) -> etree._Element:
    """Return the root of a page's elements; raises Rejected where there is none."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    try:
        root = etree.fromstring(source.replace("\x00", "").encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise Rejected(say("layout.damaged", name="HTML")) from error
    if root is None:
        raise Rejected(say("reading.no_text"), Reason.NO_TEXT)
    return root


def properties(root: etree._Element) -> dict[str, str]:
    """Return what the page says of itself."""
    titles = [*root.iter("title"), *root.iter("h1")]
    found = {"title": next((text for one in titles if (text := plain_text("".join(one.itertext())))), "")}
    metas = {(one.get("name") or one.get("property") or one.get("http-equiv") or "").lower(): one.get("content")
             for one in root.iter("meta")}  # fmt: skip
    for key, names in _NAMES.items():
        found[key] = next((text for name in names if (text := plain_text(metas.get(name) or ""))), "")
    found["language"] = (root.get("lang") or "").strip().lower()
    return {key: value[:500] for key, value in found.items() if value}


def plain_text(text: str) -> str:
    """Return clean text in one line."""
    return " ".join(clean_characters(text).split())
