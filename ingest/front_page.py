"""What a document shows first: the passages of its title page, its running headers, its imprint, and their words."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import takewhile

from ingest.blocks import Block, BlockKind
from ingest.layout.lines import RawDocument

SHORT = 200  # characters of a passage that says something about the paper; longer ones are its prose
_FIRST = 14  # passages that a title page has at most
_EDGES = 60  # passages at either end of a paper among which an imprint is looked for
_LARGER = 1.15  # times the commonest size: a title's
_WORD = re.compile(r"[^\W\d_]+")
_ENDINGS = ("", "es", "s", "en", "n", "e")


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the paper's front: its text, its PDF page from 1, its size in points, its Markdown level.

    `page`, `size` and `level` are None, 0 and 0 where the file has none.
    """

    text: str
    page: int | None = None
    size: float = 0.0
    level: int = 0


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The first passages of a paper up to its contents, what stands at its ends, its running headers, its metadata.

    `body_size` is the commonest size of type, 0 where the file has none; `text` is what all passages say.
    """

    passages: tuple[Passage, ...]
    edges: tuple[Passage, ...]
    headers: tuple[Passage, ...]
    properties: dict[str, str]
    body_size: float
    text: str

    @property
    def short(self) -> tuple[Passage, ...]:
        """The passages before the first prose."""
        return tuple(takewhile(lambda one: len(one.text) <= SHORT, self.passages))

    def is_large(self, passage: Passage) -> bool:
        """Whether a passage is set as a title is: larger than the text, or as the first heading of a Markdown file."""
        return passage.level == 1 or (self.body_size > 0 and passage.size >= _LARGER * self.body_size)


def front_page(raw: RawDocument, blocks: Sequence[Block]) -> FrontPage:
    """Return what a document whose furniture is marked shows first."""
    paged = raw.page_count > 0
    passages = [_passage(block, paged) for block in blocks if block.kind is not BlockKind.CONTENTS]
    sizes: Counter[float] = Counter()
    for line in raw.lines:
        sizes[round(line.size, 1)] += len(line.text)
    return FrontPage(
        tuple(_first(blocks, paged)),
        tuple([*passages[:_EDGES], *passages[max(_EDGES, len(passages) - _EDGES) :]]),
        tuple(_headers(raw)),
        {
            str(key).lstrip("/").casefold(): str(value)
            for key, value in (getattr(raw, "properties", None) or {}).items()
        },
        sizes.most_common(1)[0][0] if sizes else 0.0,
        "\n".join(passage.text for passage in passages),
    )


def _passage(block: Block, paged: bool) -> Passage:
    page = block.marks[0][1] + 1 if paged and block.marks else None
    return Passage(block.text.strip(), page, block.size, block.level)


def _first(blocks: Sequence[Block], paged: bool) -> Iterable[Passage]:
    """Yield the passages before the contents, at most those of the first page that has any."""
    page: int | None = None
    for block in blocks[:_FIRST]:
        if block.kind is BlockKind.CONTENTS:
            return
        one = _passage(block, paged)
        page = page or one.page
        if one.page != page:
            return
        if block.kind is not BlockKind.ASIDE:
            yield one


def _headers(raw: RawDocument) -> Iterable[Passage]:
    """Yield each line that repeats as furniture once, the most frequent first, where it first stands."""
    counts: Counter[str] = Counter()
    first: dict[str, Passage] = {}
    for line in raw.lines:
        text = line.text.strip()
        if line.noise and len(words_of(text)) > 1 and not line.cells:
            counts[text] += 1
            first.setdefault(text, Passage(text, line.page + 1 if raw.page_count else None, line.size))
    return (first[text] for text, _ in counts.most_common())


@cache
def front_words() -> dict[str, dict[str, list[str]]]:
    """The words by which papers say what they are, by table and key; see front_words.toml."""
    return tomllib.loads(files("ingest").joinpath("front_words.toml").read_text(encoding="utf-8"))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, parts of hyphenated ones alone."""
    return [word.casefold() for word in _WORD.findall(text)]


def holds_cue(word: str, cue: str) -> bool:
    """Whether a word is what a cue says: its end but for endings, its beginning for "strategisch*"."""
    if cue.endswith("*"):
        return word.startswith(cue[:-1])
    return any(word.removesuffix(ending).endswith(cue) for ending in _ENDINGS)


def says(text: str, cues: Iterable[str]) -> bool:
    """Whether a text holds one of the cues: words with their compounds, phrases as they are."""
    folded, words = " ".join(text.casefold().split()), words_of(text)
    return any(
        cue in folded if " " in cue or not cue.rstrip("*").isalpha() else any(holds_cue(word, cue) for word in words)
        for cue in cues
    )
