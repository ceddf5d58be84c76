"""The rules of Atom (RFC 4287, as the W3C's validator has them) over a whole feed."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_plus

from lxml import etree

ATOM, XHTML = "{http://www.w3.org/2005/Atom}", "{http://www.w3.org/1999/xhtml}"
RFC_3339 = re.compile(
    r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
)
ONCE = {"feed": ("id", "title", "updated"), "entry": ("id", "title", "updated", "content")}
AT_MOST_ONCE = ("generator", "icon", "logo", "rights", "subtitle", "published", "summary", "source")
KNOWN = {*ONCE["entry"], *AT_MOST_ONCE, "author", "contributor", "category", "link", "entry"}
ELEMENTS = {
    "div",
    "p",
    "h2",
    "strong",
    "blockquote",
}  # of XHTML, none of which a reader has to clean away


@dataclass(frozen=True)
class Entry:
    """What tests look at of an entry."""

    id: str
    title: str
    updated: str
    link: str
    category: str
    text: str


def checked(content: bytes, address: str) -> list[Entry]:
    """Return a feed's entries; raises AssertionError, or XMLSyntaxError where it is not well
    formed.
    """
    feed = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    assert feed.tag == f"{ATOM}feed" and content.startswith(b"<?xml")
    _check(feed, "feed")
    itself = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert list(map(unquote_plus, itself)) == [unquote_plus(address)]
    entries = feed.findall(f"{ATOM}entry")
    for entry in entries:
        _check(entry, "entry")
    ids = [_text(element, "id") for element in (feed, *entries)]
    assert len(set(ids)) == len(ids), "ids are unique"
    assert feed.find(f"{ATOM}author") is not None or all(
        entry.find(f"{ATOM}author") is not None for entry in entries
    )
    moments = [_text(entry, "updated") for entry in entries]
    assert moments == sorted(moments, reverse=True) and _text(feed, "updated") >= max(
        moments, default=""
    )
    return [_entry(entry) for entry in entries]


def _check(element: Any, name: str) -> None:
    children = [child.tag.removeprefix(ATOM) for child in element]
    assert set(children) <= KNOWN, children
    counts = Counter(children)
    assert {child: counts[child] for child in ONCE[name]} == dict.fromkeys(ONCE[name], 1)
    assert all(counts[child] <= 1 for child in AT_MOST_ONCE)
    assert re.fullmatch(
        r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", _text(element, "id")
    ), "an absolute IRI"
    assert RFC_3339.fullmatch(_text(element, "updated"))
    assert _text(element, "title").strip()
    links = element.findall(f"{ATOM}link")
    kinds = [(link.get("rel"), link.get("type"), link.get("hreflang")) for link in links]
    assert len(set(kinds)) == len(kinds), "one alternate of each type and language"
    assert all(link.get("href").startswith(("http://", "https://", "/")) for link in links)
    assert not any(re.search(r"[^!-~]", link.get("href")) for link in links), "IRIs are URIs here"
    for author in element.findall(f"{ATOM}author"):
        assert [child.tag for child in author] == [f"{ATOM}name"] and (author[0].text or "").strip()
    assert all(category.get("term") for category in element.findall(f"{ATOM}category"))
    for content in element.findall(f"{ATOM}content"):
        assert content.get("type") == "xhtml" and [child.tag for child in content] == [
            f"{XHTML}div"
        ]
        assert {part.tag for part in content.iter() if part is not content} <= {
            XHTML + tag for tag in ELEMENTS
        }


def _entry(entry: Any) -> Entry:
    (link,) = [
        link.get("href") for link in entry.findall(f"{ATOM}link") if link.get("rel") == "alternate"
    ]
    category, text = (
        entry.find(f"{ATOM}category").get("term"),
        "".join(entry.find(f"{ATOM}content").itertext()),
    )
    return Entry(
        _text(entry, "id"), _text(entry, "title"), _text(entry, "updated"), link, category, text
    )


def _text(element: Any, name: str) -> str:
    return element.findtext(f"{ATOM}{name}") or ""
