"""Status by theme as stacked bars: shares in percent for an SVG that keeps its letters at every width."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from service.staff.queries import CatalogueQuery
from service.staff.themes import theme_of, theme_value
from service.staff.words import NO_THEME, PLAN_STATUSES, shortened
from vectorstore.records import Item, ItemStatus

ROW_HEIGHT = 54
LABEL_HEIGHT = 20
LABEL_LENGTH = 42
ROOM_FOR_COUNT = 6.0  # percent of the width that a count needs to stand in its part


@dataclass(frozen=True, slots=True)
class Part:
    """One status of a bar; `x` and `width` in percent of the plot's width."""

    status: ItemStatus
    count: int
    x: float
    width: float
    address: str

    @property
    def labelled(self) -> bool:
        """Whether the count has room."""
        return self.width >= ROOM_FOR_COUNT


@dataclass(frozen=True, slots=True)
class Bar:
    """One theme; `y` of its label's baseline and of its bar in pixels, counts by status."""

    title: str
    short: str
    total: int
    label_y: int
    y: int
    parts: list[Part]
    counts: dict[ItemStatus, int]
    addresses: dict[ItemStatus, str]
    address: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All bars; `height` in pixels, `totals` by status, `without` counts records that have no status."""

    bars: list[Bar]
    height: int
    totals: dict[ItemStatus, int]
    total: int
    without: int


def chart_of(items: Iterable[Item], query: CatalogueQuery) -> Chart:
    """Count the records with a status (the archive aside) by theme, in the order of the themes' numbers."""
    items = list(items)
    counts: dict[tuple[str, str], Counter[ItemStatus]] = defaultdict(Counter)
    for item in items:
        if item.status in PLAN_STATUSES:
            theme = theme_of(item)
            counts[(f"{theme.ref} {theme.title}".strip(), theme_value(theme)) if theme else (NO_THEME, "")][
                item.status
            ] += 1
    longest = max((sum(one.values()) for one in counts.values()), default=1)
    ordered = sorted(counts.items(), key=lambda one: (one[0][0] == NO_THEME, one[0][0]))
    bars = [_bar(row, label, value, some, longest, query) for row, ((label, value), some) in enumerate(ordered)]
    totals: Counter[ItemStatus] = sum((one for one in counts.values()), Counter())
    total = sum(totals.values())
    return Chart(
        bars=bars,
        height=ROW_HEIGHT * len(bars),
        totals={status: totals[status] for status in PLAN_STATUSES},
        total=total,
        without=len(items) - total,
    )


def _bar(row: int, label: str, theme: str, counts: Counter[ItemStatus], longest: int, query: CatalogueQuery) -> Bar:
    top = row * ROW_HEIGHT
    chosen = {"theme": theme} if theme else {}
    addresses = {status: query.address(**chosen, status=status.value) for status in PLAN_STATUSES}
    parts, x = [], 0.0
    for status in PLAN_STATUSES:
        if counts[status]:
            width = 100 * counts[status] / longest
            parts.append(Part(status, counts[status], round(x, 3), round(width, 3), addresses[status]))
            x += width
    return Bar(
        title=label,
        short=shortened(label, LABEL_LENGTH),
        total=sum(counts.values()),
        label_y=top + LABEL_HEIGHT - 6,
        y=top + LABEL_HEIGHT,
        parts=parts,
        counts={status: counts[status] for status in PLAN_STATUSES},
        addresses=addresses,
        address=query.address(**chosen),
    )
