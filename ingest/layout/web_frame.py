"""A web page parsed: what of it is not to be seen, and what is its frame and not its text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ingest.errors import Reason, Rejected
from ingest.layout.lines import clean_characters, squash
from prompts import say

MIN_POINTS = 3.0  # smaller print is not to be read
HEADINGS = {f"h{level}": level for level in range(1, 7)}
CODE = {"script", "style", "head", "title", "meta", "link"}  # no text of the page, seen or not
BLOCKS = {
    "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
    "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "header", "hgroup", "hr", "html",
    "label", "legend", "li", "listing", "main", "menu", "nav", "ol", "optgroup", "option", "output", "p", "plaintext",
    "pre", "search", "section", "select", "summary", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "tr",
    "ul", "xmp", *HEADINGS,
}  # fmt: skip
_UNSEEN = {
    "template", "noscript", "noembed", "noframes", "iframe", "object", "audio", "video", "canvas", "datalist", "rp",
    "desc", "metadata", "defs", "annotation", "annotation-xml",
}  # fmt: skip
_INLINE = {
    "a", "abbr", "b", "bdi", "bdo", "big", "br", "cite", "code", "col", "colgroup", "del", "dfn", "em", "font", "i",
    "img", "ins", "kbd", "mark", "q", "s", "samp", "script", "small", "span", "strike", "strong", "style", "sub", "sup",
    "template", "tt", "u", "var", "wbr",
}  # fmt: skip
KNOWN = (BLOCKS | _INLINE) - {"body", "html", "plaintext", "textarea", "xmp", "listing"}  # told apart from "<Ort>"
_INVISIBLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*(?:0++(?:\.0++)?|\.0++)\s*(?:[;!]|$)"
    r"|(?<![-\w])color\s*:\s*transparent",
    re.IGNORECASE,
)
_SIZE = re.compile(r"font-size\s*:\s*(\d*\.?\d+)(px|pt|em|rem|%)?", re.IGNORECASE)
_POINTS = {"px": 0.75, "pt": 1.0, "em": 12.0, "rem": 12.0, "%": 0.12, "": 0.75}
_WHITE = re.compile(
    r"(?<![-\w])color\s*[:=]\s*+(?:white\b|#fff(?:fff)?\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))", re.IGNORECASE
)
_GROUND = re.compile(r"background|bgcolor|stylesheet", re.IGNORECASE)
_BEARING = {"main", "article", "h1", "table"}
_FRAME = {"nav", "menu", "select", "textarea", "search", "output"}
_FRAME_ROLES = {"navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar"}
_DEEPEST = 1_000  # elements within elements; the library drops what is deeper than 2,048 without a word
_LINKED = 0.5  # share of an aside's letters in links from which it is a list of links


class Frame:
    """The frame of one page: navigation, head, foot, forms; what is left is its text."""

    def __init__(self, root: etree._Element, styled: bool) -> None:
        """Look for the main content; `styled` pages have style sheets, so that white letters may stand on colour."""
        self._styled = styled
        self._sizes = _sizes(root)
        self._body = next(root.iter("body"), root)
        self.main = self._main(root)
        self.title = self._outer_title(root)

    def unseen(self, element: etree._Element) -> bool:
        """Whether an element and all in it is not to be seen."""
        tag, style = tag_of(element), element.get("style", "")
        if tag in CODE or tag in _UNSEEN or element.get("hidden") is not None:
            return True
        if element.get("aria-hidden", "").strip().lower() == "true" or (
            tag == "dialog" and element.get("open") is None
        ):
            return True
        white = not self._styled and _WHITE.search(f"{style};color={element.get('color', '')}") is not None
        size = _SIZE.search(style)
        small = size is not None and float(size[1]) * _POINTS[(size[2] or "").lower()] < MIN_POINTS
        return white or small or _INVISIBLE.search(style) is not None

    def is_main(self, element: etree._Element) -> bool:
        """Whether the page's text begins with this element, though what is around it is frame."""
        return element in self.main or element is self.title

    def is_frame(self, element: etree._Element) -> bool:
        """Whether an element is a part of the page's frame."""
        tag, role = tag_of(element), element.get("role", "").strip().lower()
        if tag in _FRAME or role in _FRAME_ROLES:
            return True
        if tag == "button" or role == "button":  # those that unfold a part of the text are its heading
            unfolds = element.get("aria-expanded") is not None or element.get("aria-controls") is not None
            return not unfolds and next(element.iterancestors(*HEADINGS), None) is None
        if tag == "form":
            size = self._sizes[element]
            return not size.bearing and 2 * size.letters <= self._sizes[self._body].letters
        if tag in ("header", "footer"):
            return not self._is_sectioning(element) and not (tag == "header" and self._holds_the_title(element))
        return is_aside(element) and self._sizes[element].linked > _LINKED * self._sizes[element].letters

    def _main(self, root: etree._Element) -> set[etree._Element]:
        """Return the elements that hold the page's text; none where it is not marked."""
        named = [one for one in root.iter(etree.Element) if tag_of(one) == "main" or one.get("role") == "main"]
        if named:
            return set(named)
        articles = {one for one in root.iter("article") if next(one.iterancestors("article"), None) is None}
        letters = sum(self._sizes[one].letters for one in articles)
        outside = sum(self._sizes[one].letters for one in self._body.iterchildren("nav", "header", "footer", "aside"))
        return articles if 2 * letters >= self._sizes[self._body].letters - outside > 0 else set()

    def _outer_title(self, root: etree._Element) -> etree._Element | None:
        """Return the page's only first heading where it stands outside the main content."""
        first = list(root.iter("h1"))
        within = any(True for one in self.main for _ in one.iter("h1"))
        alone = len(first) == 1 and next(first[0].iterancestors("nav"), None) is None
        return first[0] if self.main and alone and not within else None

    def _is_sectioning(self, element: etree._Element) -> bool:
        around = element.iterancestors()
        return any(one in self.main or tag_of(one) in ("main", "article", "section") for one in around)

    def _holds_the_title(self, element: etree._Element) -> bool:
        """Whether a page's head is its title, and no navigation stands in it."""
        plain = not any(True for _ in element.iter("nav", "ul"))
        return not self.main and plain and any(True for _ in element.iter("h1"))


@dataclass(slots=True)
class _Size:
    """Letters within an element, those of them in links, and whether it holds what only a page's text has."""

    letters: int = 0
    linked: int = 0
    bearing: bool = False


def _sizes(root: etree._Element) -> dict[etree._Element, _Size]:
    """Return the sizes of all elements, in one go; raises Rejected for a tree too deep."""
    sizes: dict[etree._Element, _Size] = {}
    open_ones: list[_Size] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            open_ones.append(_Size(len(squash(element.text or "")), 0, element.tag in _BEARING))
            if len(open_ones) > _DEEPEST:
                raise Rejected(say("layout.too_deep"), Reason.TOO_DEEP)
            continue
        if event == "end":
            size = sizes[element] = open_ones.pop()
            if element.tag == "a":
                size.linked = size.letters
            if open_ones:
                open_ones[-1].letters += size.letters
                open_ones[-1].linked += size.linked
                open_ones[-1].bearing |= size.bearing
        if open_ones:
            open_ones[-1].letters += len(squash(element.tail or ""))
    return sizes


def tag_of(element: etree._Element) -> str:
    """Return an element's name in lower case without namespace; "" for comments and the like."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def is_aside(element: etree._Element) -> bool:
    """Whether an element stands beside the text."""
    return tag_of(element) == "aside" or element.get("role") in ("complementary", "note")


def is_styled(source: str) -> bool:
    """Whether a page has style sheets or grounds of colour, so that white letters may be seen on them."""
    return _GROUND.search(source) is not None


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
