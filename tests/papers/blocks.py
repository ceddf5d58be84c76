"""What a paper is made of before any format: headings, paragraphs, grids and page breaks, each knowing its record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Style = Literal["title", "subtitle", "body", "label", "bullet", "small", "caption", "hint", "strong", "mark", "item"]
Form = Literal["portrait", "landscape", "rotated", "columns"]
Look = Literal["ruled", "boxes", "lines", "bare", "grey"]
Heads = Literal["colour", "bar", "small", "centred", "light", "black"]
Side = Literal["left", "centre", "right"]
Face = Literal["sans", "serif", "vera"]
Marks = Literal["form_feed", "marks", "none"]
LIGHTS = {"green": "#2E8B57", "yellow": "#F2C037", "red": "#C0392B", "grey": "#9AA0A6"}
BALLS = {"empty": "○", "quarter": "◔", "half": "◑", "most": "◕", "full": "●"}


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph of sentences; `**…**` is bold. A `mark` is a light ("green") or a ball ("half") without text."""

    sentences: tuple[str, ...]
    style: Style = "body"
    owner: int | None = None

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (chapter) to 4, its letters `spaced` where the paper is damaged so."""

    text: str
    level: int = 1
    owner: int | None = None
    spaced: bool = False

    @property
    def printed(self) -> str:
        return " ".join(self.text) if self.spaced else self.text


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label with its values: in one line ("Kosten: 5 Euro"), or above them, values as bullets where many."""

    label: str
    values: tuple[str, ...]
    own_line: bool = False
    owner: int | None = None

    def paras(self) -> Iterator[Para]:
        """Yield it as paragraphs."""
        if not self.own_line:
            yield Para((f"**{self.label.rstrip(':')}:** {', '.join(self.values)}",), "body", self.owner)
            return
        yield Para((self.label,), "label", self.owner)
        if len(self.values) == 1 or self.values[0].endswith("."):
            yield Para(self.values, "body", self.owner)
        else:
            yield from (Para((value,), "bullet", self.owner) for value in self.values)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid, over `across` columns and `down` rows; the text of a `turned` one runs upwards.

    A `bar` is filled with the colour of the paper, as in a schedule; formats without colours print a square.
    """

    paras: tuple[Para, ...] = ()
    fill: bool = False
    across: int = 1
    down: int = 1
    bar: bool = False
    turned: bool = False

    @property
    def text(self) -> str:
        return " ".join(para.text for para in self.paras if para.style != "mark")


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: rows of cells (None where another cell reaches over), `widths` as shares of the line, `head` rows."""

    rows: tuple[tuple[Cell | None, ...], ...]
    widths: tuple[float, ...]
    head: int = 0
    look: Look = "ruled"


@dataclass(frozen=True, slots=True)
class Break:
    """A new page, from here on of this form."""

    form: Form | None = None


class Entry(NamedTuple):
    """A line of the contents: where its target stands is looked up, or off by `wrong` pages."""

    text: str
    owner: int
    level: int = 1
    wrong: int = 0


@dataclass(frozen=True, slots=True)
class Contents:
    """A printed table of contents with dot leaders."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """What stands outside the text.

    The `head` of this and the following pages, a few words in the `margin` beside what follows, a note at the `foot`
    called by its number, what a web page holds but never shows (`hidden`).
    """

    kind: Literal["head", "margin", "foot", "hidden"]
    text: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with a caption; `values` are its bars with what stands below them."""

    caption: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Keep:
    """Blocks that belong together: on one page where they fit, or folded away or on a card of a web page.

    Other formats leave out what a web page folds away or has as cards.
    """

    blocks: tuple[Block, ...]
    form: Literal["page", "details", "card"] = "page"
    number: str = ""
    title: str = ""


Block = Para | Heading | Labelled | Grid | Break | Contents | Note | Figure | Keep


@dataclass(frozen=True, slots=True)
class Geometry:
    """The margins of a PDF page in points, where head and foot stand, and the size of the letters as a share.

    The head stands `head_at` a side, with a rule below it where `ruled`; `by_turns` puts head and foot to the left on
    even pages.
    """

    left: float = 62.0
    right: float = 62.0
    top: float = 74.0
    bottom: float = 84.0
    head_at: Side = "left"
    foot_at: Side = "centre"
    ruled: bool = True
    by_turns: bool = False
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A paper ready to be set. Printed page numbers are the page less `offset`; `foot` may hold {n} and {m}."""

    title: str
    head: str
    foot: str
    blocks: tuple[Block, ...]
    damage: frozenset[str]
    face: Face
    accent: str
    offset: int
    form: Form
    line_numbers: bool
    page_marks: Marks
    heads: Heads
    geometry: Geometry


@dataclass(slots=True)
class Placed:
    """Where things came to stand: record → pages from 1 in order; `last` is None where the format has no pages."""

    pages: dict[int, set[int]] = field(default_factory=dict)
    last: int | None = None

    def put(self, owner: int | None, page: int) -> None:
        if owner is not None:
            self.pages.setdefault(owner, set()).add(page)

    def first(self, owner: int) -> int:
        return min(self.pages.get(owner, {0}))

    def sorted(self) -> dict[int, tuple[int, ...]]:
        return {owner: tuple(sorted(pages)) for owner, pages in self.pages.items()}
