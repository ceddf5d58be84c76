"""Cards: drawn grids whose first cell has the number of a record, with its title beside, in one series."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from ingest.readers.numbers import Printed
from ingest.readers.simple.series import Series, rising, title_start
from ingest.readers.simple.titles import normalize_title
from ingest.stream import Line

_LEAST = 3  # cards of one series
_DISTINCT, _RISING = 0.8, 0.6  # shares of the titles that differ, and of the numbers that rise
_BODY = 4  # lines of a card
_LETTERS = 4  # of a title


@dataclass(frozen=True, slots=True)
class Card:
    """A record in a grid: its number and its line, the lines of the title and where it begins, first and last line."""

    number: Printed
    number_line: int
    title_lines: tuple[int, ...]
    title_start: int
    end: int


def find_cards(lines: Sequence[Line], series: Sequence[Series], apart: Collection[int]) -> list[Card]:
    """Return the cards of a document in order; `apart` are lines of tables and contents."""
    grids: dict[int, list[int]] = defaultdict(list)
    for place, line in enumerate(lines):
        if line.cell is not None and place not in apart:
            grids[line.cell.table].append(place)
    first = {places[0]: places for places in grids.values() if len(places) >= _BODY}
    found: list[Card] = []
    for own in series:
        members = [member for member in own.members if own.form[1] and member.line in first]
        chain = rising(members)
        cards = [
            card for member in chain
            if (card := _card(member.number, first[member.line], lines)) is not None
        ]  # fmt: skip
        titles = [_text(card, lines) for card in cards]
        distinct = len({normalize_title(title) for title in titles})
        if len(cards) >= max(_LEAST, _RISING * len(members)) and distinct >= _DISTINCT * len(cards):
            found += cards
    return sorted(_with_ends(found, lines), key=lambda card: card.number_line)


def _card(number: Printed, grid: Sequence[int], lines: Sequence[Line]) -> Card | None:
    place = grid[0]
    cell = lines[place].cell
    assert cell is not None
    if number.rest:
        title = [other for other in grid if lines[other].cell == cell]
        start = title_start(lines[place].text, number)
    else:
        beside = [lines[other].cell for other in grid[1:] if lines[other].cell != cell]
        if not beside or beside[0] is None or beside[0][:2] != cell[:2]:
            return None
        title, start = [other for other in grid if lines[other].cell == beside[0]], 0
    text = " ".join(lines[other].text for other in title)[start:]
    if sum(map(str.isalpha, text)) < _LETTERS or len(text) > 250 or text.endswith(":"):
        return None
    return Card(number, place, tuple(title), start, grid[-1] + 1)


def _text(card: Card, lines: Sequence[Line]) -> str:
    return " ".join(lines[place].text for place in card.title_lines)[card.title_start :]


def _with_ends(cards: Sequence[Card], lines: Sequence[Line]) -> Iterator[Card]:
    """Yield cards, each up to the next grid that is none, so that a card that goes on over a page is whole."""
    starts = sorted(card.number_line for card in cards)
    for card in cards:
        following = next((start for start in starts if start > card.number_line), len(lines))
        end = card.end
        while end < following and lines[end].cell is not None and lines[end].page <= lines[card.number_line].page + 1:
            end += 1
        yield Card(card.number, card.number_line, card.title_lines, card.title_start, end)
