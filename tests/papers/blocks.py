"""What a paper is made of before any format: headings, paragraphs, grids and page breaks, each knowing its record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Style = Literal["title", "subtitle", "body", "label", "bullet", "small", "caption", "hint", "strong", "mark", "item"]
Form = Literal["portrait", "landscape", "rotated", "columns"]
Look = Literal["ruled", "boxes", "lines", "bare", "grey"]
Heads = Literal["colour", "bar", "small", "centred", "light", "black"]
Side = Literal["left", "centre", "right"]


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph of sentences; `**…**` is bold. A `mark` is a dot ("green") or a ball ("half") without text."""

    sentences: tuple[str, ...]
    style: Style = "body"
    owner: int | None = None

    @property
    def text(self) -> str:
        """Return the sentences as one line."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 (chapter) to 4."""

    text: str
    level: int = 1
    owner: int | None = None
    spaced: bool = False


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label with its values: `run_in` "Kosten: 5 Euro", `own_line` the label above, values as bullets where many."""

    label: str
    values: tuple[str, ...]
    form: Literal["run_in", "own_line"] = "run_in"
    owner: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a grid with its paragraphs, over `across` columns and `down` rows.

    A `bar` is filled with the colour of the paper, as in a schedule; formats without colours print a square. The text
    of a `turned` cell runs upwards.
    """

    paras: tuple[Para, ...] = ()
    fill: bool = False
    across: int = 1
    down: int = 1
    bar: bool = False
    turned: bool = False

    @property
    def text(self) -> str:
        """Return the text of all paragraphs as one line."""
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


@dataclass(frozen=True, slots=True)
class Entry:
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
class RunningHead:
    """The head of this and the following pages."""

    text: str


@dataclass(frozen=True, slots=True)
class MarginNote:
    """A few words in the margin beside what follows."""

    text: str
    owner: int | None = None


@dataclass(frozen=True, slots=True)
class Footnote:
    """A note at the foot of the page, called by its number."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with a caption; `values` are its bars with what stands below them."""

    caption: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a web page holds but never shows; other formats leave it out."""

    text: str


@dataclass(frozen=True, slots=True)
class Keep:
    """Blocks that stay on one page where they fit."""

    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Folded:
    """What a web page folds away below a title, or shows as a card; other formats leave it out."""

    number: str
    title: str
    blocks: tuple[Block, ...]
    form: Literal["details", "card"] = "details"


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


Block = (
    Para
    | Heading
    | Labelled
    | Grid
    | Break
    | Contents
    | RunningHead
    | MarginNote
    | Footnote
    | Figure
    | Hidden
    | Keep
    | Folded
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A paper ready to be set. Printed page numbers are the page less `offset`; `foot` may hold {n} and {m}."""

    title: str
    head: str
    foot: str
    blocks: tuple[Block, ...]
    damage: frozenset[str] = frozenset()
    face: Literal["sans", "serif", "vera"] = "sans"
    accent: str = "#1F4E79"
    offset: int = 0
    form: Form = "portrait"
    line_numbers: bool = False
    page_marks: Literal["form_feed", "marks", "none"] = "form_feed"
    heads: Heads = "colour"
    geometry: Geometry = Geometry()
