"""What of a web page is to be seen, and what is its frame (navigation, head, foot, forms) and not its text."""

from __future__ import annotations

import re

from lxml import etree

from ingest.errors import Reason, Rejected
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
_BEARING = ("main", "article", "h1", "h2", "table")  # what a form holds that is (around) a page's text
_FRAME = {"nav", "menu", "select", "textarea", "search", "output"}
_FRAME_ROLES = {"navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar"}
_DEEPEST = 1_000  # elements within elements; the library drops what is deeper than 2,048 without a word


class Frame:
    """The frame of one page; what is left is its text. `main` are the elements marked as that text, if any."""

    def __init__(self, root: etree._Element, styled: bool) -> None:
        """Look for the main content; raises Rejected for a tree too deep."""
        _check_depth(root)
        self._styled = styled
        body = next(root.iter("body"), root)
        self.main = _main(root, body)
        self._title = self._outer_title(root)

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
        return element in self.main or element is self._title

    def is_frame(self, element: etree._Element, tag: str) -> bool:
        """Whether an element is a part of the page's frame."""
        role = element.get("role", "").strip().lower()
        if tag in _FRAME or role in _FRAME_ROLES:
            return True
        if tag == "form":
            return next(element.iter(*_BEARING), None) is None
        if tag == "button" or role == "button":  # those that unfold a part of the text are its heading
            unfolds = element.get("aria-expanded") is not None or element.get("aria-controls") is not None
            return not unfolds and next(element.iterancestors(*HEADINGS), None) is None
        if tag not in ("header", "footer"):
            return False
        sectioning = any(one in self.main for one in element.iterancestors()) or (
            next(element.iterancestors("main", "article", "section"), None) is not None
        )
        return not sectioning and not (tag == "header" and self._is_title(element))

    def _is_title(self, header: etree._Element) -> bool:
        """Whether a page's head is its title, and no navigation stands in it."""
        return (
            not self.main and next(header.iter("nav", "ul"), None) is None and next(header.iter("h1"), None) is not None
        )

    def _outer_title(self, root: etree._Element) -> etree._Element | None:
        """Return the page's only first heading where it stands outside the main content."""
        first = list(root.iter("h1"))
        if not self.main or len(first) != 1 or next(first[0].iterancestors("nav"), None) is not None:
            return None
        return first[0] if not any(one in self.main for one in first[0].iterancestors()) else None


def _main(root: etree._Element, body: etree._Element) -> set[etree._Element]:
    """Return the elements that hold the page's text; none where it is not marked."""
    if named := {one for one in root.iter(etree.Element) if tag_of(one) == "main" or one.get("role") == "main"}:
        return named
    articles = [one for one in root.iter("article") if next(one.iterancestors("article"), None) is None]
    outside = sum(map(_letters, body.iterchildren("nav", "header", "footer", "aside")))
    if articles and 2 * sum(map(_letters, articles)) >= _letters(body) - outside > 0:
        return set(articles)
    return set()


def _letters(element: etree._Element) -> int:
    return len("".join(str(element.xpath("string()")).split()))


def _check_depth(root: etree._Element) -> None:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _DEEPEST:
            raise Rejected(say("layout.too_deep"), Reason.TOO_DEEP)


def tag_of(element: etree._Element) -> str:
    """Return an element's name in lower case without namespace; "" for comments and the like."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""


def is_aside(element: etree._Element) -> bool:
    """Whether an element stands beside the text."""
    return tag_of(element) == "aside" or element.get("role") in ("complementary", "note")
