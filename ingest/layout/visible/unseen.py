"""Which texts change nothing in a picture of their page, or next to nothing: they are not to be seen.

Texts in doubt are left out of a second picture, and both are compared: that finds letters of the colour of what lies
under them, covered, clipped and transparent ones, and hidden layers alike. What is not clear from small pictures is
looked at in large ones, where the share of a text's ink that is to be seen decides.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Collection, Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.layout.visible.boxes import MAX_PAIRS, boxes_of, meeting, overlapping
from ingest.layout.visible.drawing import DrawnPage, Pixels, Shades, difference
from ingest.layout.visible.drawn import Box, Drawn, Kind, Mode

Ink = npt.NDArray[np.float32]
_NEAR = 10  # of 255: colours no further apart are the same to the eye, also on a good screen
_SEEN = 0.2  # share of its ink from which a text is to be seen: a line that crosses white letters shows less
_CLEAR = 0.12  # share of a box that changes with its text where there is no doubt; a line through it changes 0.06
_COARSE, _FINE = 1_200_000, 5_000_000  # pixels of a picture, at most
_COARSE_SCALE, _FINE_SCALE = 1.0, 4.0  # pixels per point, at most
_MAX_ROUNDS = 12  # pictures in which texts that lie over each other are left out one kind at a time
_SHIFT = 0.4  # of the size of letters: a second printing lies no further from the first


def unseen_texts(page: DrawnPage, texts: Sequence[Drawn], doubtful: Sequence[Drawn]) -> list[Drawn]:
    """Return those of the texts in doubt that are not to be seen; `texts` are all of the page."""
    if not doubtful:
        return []
    scale = _scale(page.frame, _COARSE_SCALE, _COARSE)
    change = difference(page.pixels(scale, page.frame), page.pixels(scale, page.frame, doubtful))
    stacked = _stacked(doubtful)
    unseen, unclear = [], []
    for one, over_another in zip(doubtful, stacked, strict=True):
        within = _cut(page, one, scale, page.frame, change)
        if within.max(initial=0) <= 1 and one.mode < Mode.INVISIBLE:
            unseen.append(one)
        elif over_another or one.mode > Mode.INVISIBLE or np.count_nonzero(within > _NEAR) < _CLEAR * within.size:
            unclear.append(one)
    if unclear:
        unseen += _looked_at_closely(page, unclear, any(stacked))
    return _that_hide(page, unseen, texts) if unseen else []


def _scale(region: Box, most: float, pixels: int) -> float:
    area = max((region[2] - region[0]) * (region[3] - region[1]), 1.0)
    return min(most, math.sqrt(pixels / area))


def _cut(page: DrawnPage, text: Drawn, scale: float, region: Box, out_of: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return the part of a picture of `region` that shows the box of a text."""
    left, top, right, bottom = page.to_pixels(text.box, scale, region)
    return out_of[top:bottom, left:right]


def _stacked(texts: Sequence[Drawn]) -> list[bool]:
    """Tell of each text whether it lies over or under another one that is painted in another way."""
    if len(texts) ** 2 > MAX_PAIRS:
        return [True] * len(texts)
    paints: dict[tuple[object, ...], int] = {}
    kinds = np.array([paints.setdefault(_paint(one), len(paints)) for one in texts])
    apart = overlapping(boxes_of(texts)) & (kinds[:, None] != kinds[None, :])
    return [bool(one) for one in apart.any(axis=1)]


def _paint(text: Drawn) -> tuple[object, ...]:
    return text.mode, text.colour, text.alpha, round(text.em)


def _looked_at_closely(page: DrawnPage, texts: Sequence[Drawn], apart: bool) -> list[Drawn]:
    """Return the texts of whose ink too little is to be seen; where they are stacked, one kind at a time."""
    region = _region(page, texts)
    scale = _scale(region, _FINE_SCALE, _FINE)
    rounds = _rounds(page, texts) if apart else [texts]
    whole = page.pixels(scale, region)
    changes = [difference(whole, page.pixels(scale, region, one)) for one in rounds]
    unseen = []
    for group, change in zip(rounds, changes, strict=True):
        ink = page.glyphs(scale, region, group)
        for text in group:
            parts = (_cut(page, text, scale, region, picture) for picture in (whole, change, ink))
            if not _is_seen(text, *parts):
                unseen.append(text)
    return unseen


def _region(page: DrawnPage, texts: Sequence[Drawn]) -> Box:
    """Return the part of the page that holds the texts."""
    boxes, frame = boxes_of(texts), page.frame
    low, high = boxes[:, :2].min(axis=0) - 1.0, boxes[:, 2:].max(axis=0) + 1.0
    left, bottom = max(float(low[0]), frame[0]), max(float(low[1]), frame[1])
    return left, bottom, max(min(float(high[0]), frame[2]), left + 1), max(min(float(high[1]), frame[3]), bottom + 1)


def _rounds(page: DrawnPage, texts: Sequence[Drawn]) -> list[list[Drawn]]:
    """Group texts by how they are painted and on what, so that none is left out together with what hides it."""
    order = {id(one): number for number, one in enumerate(page.objects)}
    others = [one for one in page.objects if one.kind is not Kind.TEXT]
    numbers, boxes = np.array([order[id(one)] for one in others], dtype=np.int64), boxes_of(others)
    groups: dict[tuple[object, ...], list[Drawn]] = {}
    for text in texts:
        below = numbers[meeting(text.box, boxes) & (numbers < order[id(text)])]
        groups.setdefault((*_paint(text), int(below.max(initial=-1))), []).append(text)
    rounds = list(groups.values())
    rest = list(chain.from_iterable(rounds[_MAX_ROUNDS - 1 :]))
    return [*rounds[: _MAX_ROUNDS - 1], *([rest] if rest else [])]


def _is_seen(text: Drawn, whole: Pixels, change: Shades, ink: Ink) -> bool:
    total = float(ink.sum())
    if total < 1.0:
        return bool((change > _NEAR).any())
    if float(ink[change > np.maximum(_NEAR * ink, 2.0)].sum()) >= _SEEN * total:
        return True
    return text.mode > Mode.INVISIBLE and _shines_through(whole, ink)


def _shines_through(whole: Pixels, ink: Ink) -> bool:
    """Whether letters that only cut out what is painted later differ from what is around them."""
    inner, outer = whole[ink > 0.9], whole[ink < 0.1]
    return bool(len(inner) and len(outer) and np.abs(inner.mean(axis=0) - outer.mean(axis=0))[:3].max() > _NEAR)


def _that_hide(page: DrawnPage, unseen: Sequence[Drawn], texts: Sequence[Drawn]) -> list[Drawn]:
    """Leave out what hides nothing: a second printing under the first, as bold or a shadow, and marks alone.

    Where there are too many to be compared, all are left out: a second printing is no loss.
    """
    if len(unseen) * len(texts) > MAX_PAIRS:
        return list(unseen)
    hidden = {id(one) for one in unseen}
    seen = [one for one in texts if id(one) not in hidden]
    near = _printed_twice(unseen, seen)
    asked = list({id(one): one for group in (unseen, *near.values()) for one in group}.values())
    said = {id(one): text.strip() for one, text in zip(asked, page.texts(asked), strict=True)}
    left = [one for one in unseen if all(said[id(one)] != said[id(other)] for other in near[id(one)])]
    telling = {_paint(one) for one in left if any(map(_tells, said[id(one)]))}
    return [one for one in left if _paint(one) in telling]


def _printed_twice(unseen: Sequence[Drawn], seen: Collection[Drawn]) -> dict[int, list[Drawn]]:
    """Return for each unseen text the seen ones in its place."""
    listed, boxes = list(seen), boxes_of(list(seen))
    found = {}
    for one in unseen:
        same = (np.abs(boxes - np.array(one.box)) <= _SHIFT * max(one.em, 1.0)).all(axis=1)
        found[id(one)] = [listed[number] for number in np.flatnonzero(same)]
    return found


def _tells(char: str) -> bool:
    """Whether a character is more than a mark: a letter, a digit, or one that the font does not name."""
    return unicodedata.category(char)[0] not in "PSZ"
