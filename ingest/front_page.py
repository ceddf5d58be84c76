"""What a document shows first: its title page, its ends, running headers and metadata; and the words papers use."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
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
    """A piece of the paper's front: its text, PDF page from 1 (None without pages), size in points, Markdown level."""

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

    def is_large(self, passage: Passage, times: float = _LARGER) -> bool:
        """Whether a passage is set as a title is: larger than the text, or as the first heading of a Markdown file."""
        return passage.level == 1 or (self.body_size > 0 and passage.size >= times * self.body_size)


def front_page(raw: RawDocument, blocks: Sequence[Block]) -> FrontPage:
    """Return what a document whose furniture is marked shows first."""
    paged = raw.page_count > 0
    passages = [_passage(block, paged) for block in blocks if block.kind is not BlockKind.CONTENTS]
    sizes: Counter[float] = Counter()
    for line in raw.lines:
        sizes[round(line.size, 1)] += len(line.text)
    return FrontPage(
        tuple(_first(blocks, paged)),
        (*passages[:_EDGES], *passages[max(_EDGES, len(passages) - _EDGES) :]),
        tuple(_headers(raw)),
        {key.lstrip("/").casefold(): value for key, value in raw.properties.items()},
        sizes.most_common(1)[0][0] if sizes else 0.0,
        "\n".join(passage.text for passage in passages),
    )


def _passage(block: Block, paged: bool) -> Passage:
    page = block.marks[0][1] + 1 if paged and block.marks else None
    return Passage(block.text.strip(), page, block.size, block.level)


def _first(blocks: Sequence[Block], paged: bool) -> Iterator[Passage]:
    """Yield the passages of the first page that has any, those before the contents."""
    before = takewhile(lambda block: block.kind is not BlockKind.CONTENTS, blocks[:_FIRST])
    shown = [(block.kind, _passage(block, paged)) for block in before]
    on_it = takewhile(lambda pair: pair[1].page == shown[0][1].page, shown)
    return (one for kind, one in on_it if kind is not BlockKind.ASIDE)


def _headers(raw: RawDocument) -> Iterator[Passage]:
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
    phrases = {cue for cue in cues if " " in cue or not cue.rstrip("*").isalpha()}
    return any(cue in folded if cue in phrases else any(holds_cue(word, cue) for word in words) for cue in cues)
