"""Which elements of a web page are hidden, page furniture (navigation, header, footer, forms), or
its main text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files

from lxml import etree

MIN_POINTS = 3.0  # smaller print is unreadable
# elements and roles by what their text is
_ELEMENTS: dict[str, list[str]] = tomllib.loads(
    files("ingest.layout").joinpath("html_elements.toml").read_text(encoding="utf-8")
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}
NO_TEXT_TAGS = _ELEMENTS["no_text"]
BLOCKS = {*_ELEMENTS["blocks"], *HEADINGS}
_CLOSED_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE
)
_UNSEEN_STYLE = re.compile(
    r"opacity\s*:\s*(?:0++(?:\.0++)?|\.0++)\s*(?:[;!]|$)|(?<![-\w])color\s*:\s*transparent",
    re.IGNORECASE,
)
# "font-size: 1.5em"
_SIZE = re.compile(r"font-size\s*:\s*(\d*\.?\d+)([a-z]*|%)", re.IGNORECASE)
_POINTS = {"px": 0.75, "pt": 1.0, "em": 12.0, "rem": 12.0, "%": 0.12, "": 0.75}
_OTHER_POINTS = 6.0  # of units such as "vw" or "ex", roughly
_WHITE_COLOUR = re.compile(
    r"(?<![-\w])color\s*[:=]\s*+(?:white\b|#fff(?:fff)?\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))",
    re.IGNORECASE,
)
_STRUCK_TAGS = {"del", "s", "strike"}
_STRUCK_STYLE = re.compile(r"text-decoration[\w-]*\s*:[^;{}]*line-through", re.IGNORECASE)
_STRUCK_CLASS = re.compile(r"line-through|strike-?through", re.IGNORECASE)
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"(?P<selectors>[^{}]+)\{(?P<style>[^{}]*)\}")
_SELECTOR = re.compile(r"[\w-]*\.[\w-]+|[\w-]+")  # "del", ".weg", "p.weg"; not "#a .weg"


class PageRegions:
    """Tells which elements of a page are hidden, furniture or main text (`main`, empty if not
    known). On a `styled` page, which may have dark backgrounds, white letters count as visible.
    """

    def __init__(self, root: etree._Element, styled: bool) -> None:
        self._styled = styled
        self.main = _find_main(root)
        self._title = self._find_outer_title(root)
        self._panels: set[str] = set()  # ids of what a control opens
        self._tabs: set[str] = set()  # ids of controls
        self._find_controls(root)
        self._struck = set(_find_struck_selectors(root))

    def is_hidden(self, element: etree._Element) -> bool:
        """True if an element is invisible with all its content.

        An element that is closed when the page is loaded is not hidden if a control of the page
        opens it, as a tab opens its panel and a button a dialog: readers can see it then. White
        letters are hidden only on pages without backgrounds (not `styled`). A size in percent or
        `em` is taken for a part of 12 points.
        """
        tag, style = get_tag(element), element.get("style", "")
        if tag in NO_TEXT_TAGS or tag in _ELEMENTS["hidden"] or _UNSEEN_STYLE.search(style):
            return True
        if _is_closed(element) and not self._is_opened(element):
            return True
        if not self._styled and _WHITE_COLOUR.search(f"{style};color={element.get('color', '')}"):
            return True
        size = _SIZE.search(style)
        return (
            size is not None
            and float(size[1]) * _POINTS.get(size[2].lower(), _OTHER_POINTS) < MIN_POINTS
        )

    def is_struck(self, element: etree._Element, tag: str) -> bool:
        """True if the text of an element is struck out: by its tag, its style, the name of a class
        ("line-through"), or a rule for its tag or class in a style sheet of the page.
        """
        if tag in _STRUCK_TAGS or _STRUCK_STYLE.search(element.get("style", "")):
            return True
        names = element.get("class", "")
        if _STRUCK_CLASS.search(names):
            return True
        selectors = {tag}
        for name in names.split():
            selectors |= {f".{name}", f"{tag}.{name}"}
        return not self._struck.isdisjoint(selectors)

    def is_main(self, element: etree._Element) -> bool:
        """True if an element is main text even inside furniture."""
        return element in self.main or element is self._title

    def is_furniture(self, element: etree._Element, tag: str) -> bool:
        """True if an element belongs to the page's furniture: navigation, a form or button, a
        header or footer.

        There are exceptions. A form that contains text of the page is no furniture: some systems
        put the whole page into a form. Nor is a button that opens a part of the text or is in a
        heading. Nor is a header or footer within the main text, an article or a section. If the
        main text is not known, a header with the title of the page and without navigation or list
        is no furniture either.
        """
        role = element.get("role", "").strip().lower()
        if tag in _ELEMENTS["furniture"] or role in _ELEMENTS["furniture_roles"]:
            return True
        if tag == "form":
            return not _contains(element, *_ELEMENTS["text"])
        if tag == "button" or role == "button":  # a toggle of a part of the text is its heading
            is_toggle = not {"aria-expanded", "aria-controls"}.isdisjoint(element.keys())
            return not is_toggle and not _is_inside(element, *HEADINGS)
        if tag not in ("header", "footer") or self._is_in_main(element):
            return False
        if _is_inside(element, "main", "article", "section"):
            return False
        has_title = _contains(element, "h1") and not _contains(element, "nav", "ul")
        return tag == "footer" or bool(self.main) or not has_title

    def _is_in_main(self, element: etree._Element) -> bool:
        return any(outer in self.main for outer in element.iterancestors())

    def _find_controls(self, root: etree._Element) -> None:
        """Store the controls that a reader can see, and the ids of the elements that they open
        ("#ziele" in their attributes). Controls in hidden elements are skipped, as no reader can
        use them, unless an earlier control opens the element around them.
        """
        walker = etree.iterwalk(root, events=("start",))
        for _, element in walker:
            if self.is_hidden(element):
                walker.skip_subtree()
                continue
            names = [element.get(name, "") for name in _ELEMENTS["controlled"]]
            if element.get("role") == "tab" or element.get("aria-expanded") is not None:
                self._tabs.add(element.get("id", ""))
                names.append(element.get("href", ""))
            self._panels.update(" ".join(names).replace("#", " ").split())

    def _is_opened(self, element: etree._Element) -> bool:
        """True if a reader can open an element: by a control that names it, by the tab that is its
        label, or by a search in the page ("until-found").
        """
        label = element.get("aria-labelledby")
        return (
            element.get("id") in self._panels
            or (label in self._tabs and element.get("role") in ("tabpanel", "region"))
            or element.get("hidden", "").strip().lower() == "until-found"
        )

    def _find_outer_title(self, root: etree._Element) -> etree._Element | None:
        """Return the title of a page (`h1`) if it is outside the main text, where it would be
        furniture. Return None if the main text is not known, if there is not exactly one `h1`, or
        if it is in navigation: then it is not surely the title.
        """
        titles = list(root.iter("h1"))
        if not self.main or len(titles) != 1:
            return None
        title = titles[0]
        if _is_inside(title, "nav") or self._is_in_main(title):
            return None
        return title


def _find_struck_selectors(root: etree._Element) -> Iterator[str]:
    """Yield the selectors that a style sheet of the page strikes out. Only plain ones are told: a
    tag ("del"), a class (".weg") or both ("p.weg"). What the others mean depends on the elements
    around.
    """
    for sheet in root.iter("style"):
        source = sheet.text or ""
        for rule in _RULE.finditer(_CSS_COMMENT.sub("", source)):
            if _STRUCK_STYLE.search(rule["style"]):
                selectors = map(str.strip, rule["selectors"].split(","))
                yield from filter(_SELECTOR.fullmatch, selectors)


def _is_closed(element: etree._Element) -> bool:
    """True if an element is not shown as the page is loaded."""
    return (
        element.get("hidden") is not None
        or element.get("aria-hidden", "").strip().lower() == "true"
        or _CLOSED_STYLE.search(element.get("style", "")) is not None
        or (get_tag(element) == "dialog" and element.get("open") is None)
    )


def _is_inside(element: etree._Element, *tags: str) -> bool:
    return next(element.iterancestors(*tags), None) is not None


def _contains(element: etree._Element, *tags: str) -> bool:
    return next(element.iter(*tags), None) is not None


def _find_main(root: etree._Element) -> set[etree._Element]:
    """Return the elements that contain the main text of a page, none if they are not known.

    These are the elements marked as "main". Without any, they are the outermost articles. But these
    must contain half of the letters of the body, less the navigation, headers, footers and asides
    directly in it: a page with a few teasers as articles has its main text elsewhere.
    """
    marked = {
        inner for inner in root.iter(etree.Element) if "main" in (get_tag(inner), inner.get("role"))
    }
    if marked:
        return marked
    body = next(root.iter("body"), root)
    articles = {article for article in root.iter("article") if not _is_inside(article, "article")}
    outside = sum(map(_count_letters, body.iterchildren("nav", "header", "footer", "aside")))
    body_letters = _count_letters(body) - outside
    if articles and 2 * sum(map(_count_letters, articles)) >= body_letters > 0:
        return articles
    return set()


def _count_letters(element: etree._Element) -> int:
    return len("".join(str(element.xpath("string()")).split()))


def get_tag(element: etree._Element) -> str:
    """Return an element's name in lower case without namespace; "" for comments."""
    if isinstance(element.tag, str):
        return element.tag.rpartition("}")[2].rpartition(":")[2].lower()
    return ""


def is_aside(element: etree._Element) -> bool:
    """True if an element is an aside or a note."""
    return get_tag(element) == "aside" or element.get("role") in ("complementary", "note")
