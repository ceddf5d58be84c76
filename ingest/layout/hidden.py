"""Which texts of a page are not to be seen, and which are the text recognition of its picture.

Texts in doubt are left out of a second picture of the page, and both are compared: that finds letters of the colour of
what lies under them, covered, clipped and transparent ones, and hidden layers alike. What is not clear from small
pictures is looked at in large ones, where the share of a text's ink that is to be seen decides. Dark letters of a usual
size on bare paper are in no doubt, so that ordinary pages are never drawn.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

from ingest.layout.drawing import Box, Drawn, DrawnPage, Kind, Mode, difference

Boxes = npt.NDArray[np.float64]  # a row each: left, bottom, right, top
Flags = npt.NDArray[np.bool_]
_MAX_PAIRS = 20_000_000  # boxes that are compared; a page with more is not an ordinary one
_MIN_EM = 3.0  # points; smaller print is not to be read
_DARK = 150.0  # luminance up to which letters stand out from white paper
_OVERLAP = 0.5  # share of the smaller box from which two lie over each other
_SAME = 10  # of 255: colours no further apart are the same to the eye, also on a good screen
_SEEN = 0.2  # share of its ink from which a text is to be seen: a line that crosses white letters shows less
_CLEAR = 0.12  # share of a box that changes with its text where there is no doubt; a line through it changes 0.06
_COARSE, _FINE = (1.0, 1_200_000), (4.0, 5_000_000)  # pixels per point, and of a picture, at most
_MAX_ROUNDS = 12  # pictures in which texts that lie over each other are left out one kind at a time
_SHIFT = 0.4  # of the size of letters: a second printing lies no further from the first
_OWN_LETTERS = 12  # visible ones from which a page has text of its own ...
_STAMP_LETTERS, _STAMP_SHARE = 100, 0.2  # ... but for a stamp or a page number beside much more recognised text
_OVER_PICTURE = 0.6  # share of a text's box over a picture


@dataclass(frozen=True, slots=True)
class PageParts:
    """The texts of a page by their number in drawing order: how many there are, which are hidden, which recognised."""

    texts: int
    hidden: frozenset[int] = frozenset()
    recognised: frozenset[int] = frozenset()


def hidden_parts(page: DrawnPage) -> PageParts:
    """Return which texts of a page are not to be seen; those that recognise its picture are set apart.

    Unseen text over or under the picture of a scan is text recognition. Where a page prints text of its own, the
    picture is its background, and unseen text over it is hidden. Raises NotDrawn where a picture has too many texts.
    """
    texts = page.texts
    doubtful = _doubtful(page, texts)
    lost = {text for text in doubtful if _is_tiny(page, text) or not _meets(_space(text), page.frame)}
    unseen = [text for text in doubtful if _is_unpainted(text) and text not in lost]
    unseen += _unseen(page, texts, [text for text in doubtful if not _is_unpainted(text) and text not in lost])
    gone = lost.union(unseen)
    layer = _text_layer(page, unseen, [text for text in texts if text not in gone])
    hidden, recognised = (
        frozenset(n for n, text in enumerate(texts) if text in some) for some in (gone - layer, layer)
    )
    return PageParts(len(texts), hidden, recognised)


# What is in doubt


def _doubtful(page: DrawnPage, texts: Sequence[Drawn]) -> list[Drawn]:
    """Return the texts that may not be to be seen; of the others it is certain that they are."""
    boxes = _boxes(texts)
    doubt = np.array([_is_odd(text, page.frame) or not text.ink for text in texts], dtype=np.bool_)
    doubt |= _overlaid(boxes) | _touched(boxes, _boxes(drawn for drawn in page.objects if drawn.kind is not Kind.TEXT))
    blank = _blank(page, texts)
    return [text for text, odd in zip(texts, doubt, strict=True) if odd and text not in blank]


def _is_odd(text: Drawn, frame: Box) -> bool:
    red, green, blue = text.colour
    inside = frame[0] <= text.box[0] and frame[1] <= text.box[1] and text.box[2] <= frame[2] and text.box[3] <= frame[3]
    plain = text.steady and text.mode == Mode.FILL and text.alpha == 255 and inside and text.em >= _MIN_EM
    return not plain or 0.299 * red + 0.587 * green + 0.114 * blue > _DARK


def _blank(page: DrawnPage, texts: Sequence[Drawn]) -> set[Drawn]:
    """Return the texts without outlines that are spaces; those of a font without outlines are not."""
    flat = [text for text in texts if not text.ink]
    if all(text.box[2] <= text.box[0] for text in flat) and len(flat) <= 3 * (len(texts) - len(flat)):
        return set(flat)  # single spaces between words, as word processors set them
    return {text for text, printed in zip(flat, page.read_texts(flat), strict=True) if not printed.strip()}


def _is_tiny(page: DrawnPage, text: Drawn) -> bool:
    """True if letters are too small to be read; those of Type 3 fonts may be larger than their size says."""
    thickness = min(text.box[3] - text.box[1], text.box[2] - text.box[0])
    return text.em < _MIN_EM and thickness < _MIN_EM


def _is_unpainted(text: Drawn) -> bool:
    return text.mode == Mode.INVISIBLE or (text.mode == Mode.FILL and text.alpha == 0)


# What is not to be seen


def _unseen(page: DrawnPage, texts: Sequence[Drawn], doubtful: Sequence[Drawn]) -> list[Drawn]:
    """Return those of the texts in doubt that are not to be seen; `texts` are all of the page."""
    if not doubtful:
        return []
    scale = _scale(page, *_COARSE)
    change = difference(page.pixels(scale), page.pixels(scale, doubtful))
    unseen, unclear = [], []
    for text, over_another in zip(doubtful, _overlaid(_boxes(doubtful)), strict=True):
        within = page.cut(text, scale, change)
        if within.max(initial=0) <= 1 and text.mode < Mode.INVISIBLE:
            unseen.append(text)
        elif over_another or text.mode > Mode.INVISIBLE or np.count_nonzero(within > _SAME) < _CLEAR * within.size:
            unclear.append(text)
    if unclear:
        unseen += _find_unseen_closely(page, unclear)
    return _that_hide(page, unseen, texts) if unseen else []


def _scale(page: DrawnPage, most: float, pixels: int) -> float:
    left, bottom, right, top = page.frame
    return min(most, math.sqrt(pixels / max((right - left) * (top - bottom), 1.0)))


def _paint(text: Drawn) -> tuple[object, ...]:
    return text.mode, text.colour, text.alpha, round(text.em)


def _find_unseen_closely(page: DrawnPage, unclear: Sequence[Drawn]) -> list[Drawn]:
    """Return the texts that hardly change a large picture of the page when they are left out, a group at a time."""
    groups, scale = _groups_of(page, unclear), _scale(page, *_FINE)
    whole = page.pixels(scale)
    changes = [difference(whole, page.pixels(scale, group)) for group in groups]
    unseen = []
    for group, change in zip(groups, changes, strict=True):
        shown = (whole, change, page.glyphs(scale, set(group)))
        unseen += [text for text in group if not _is_seen(text, *(page.cut(text, scale, part) for part in shown))]
    return unseen


def _groups_of(page: DrawnPage, texts: Sequence[Drawn]) -> list[list[Drawn]]:
    """Group texts by how they are painted and on what, so that none is left out together with what hides it."""
    remaining = [drawn for drawn in page.objects if drawn.kind is not Kind.TEXT]
    orders, boxes = np.array([drawn.order for drawn in remaining], dtype=np.int64), _boxes(remaining)
    groups: dict[tuple[object, ...], list[Drawn]] = {}
    for text in texts:
        low, high = np.array(text.box[:2]), np.array(text.box[2:])
        meeting = ((low < boxes[:, 2:]) & (boxes[:, :2] < high)).all(axis=1)
        below = orders[meeting & (orders < text.order)]
        groups.setdefault((*_paint(text), int(below.max(initial=-1))), []).append(text)
    rounds = list(groups.values())
    remainder = list(chain.from_iterable(rounds[_MAX_ROUNDS - 1 :]))
    return [*rounds[: _MAX_ROUNDS - 1], *([remainder] if remainder else [])]


def _is_seen(text: Drawn, whole: npt.NDArray[Any], change: npt.NDArray[Any], ink: npt.NDArray[Any]) -> bool:
    total = float(ink.sum())
    if total < 1.0:
        return bool((change > _SAME).any())
    if float(ink[change > np.maximum(_SAME * ink, 2.0)].sum()) >= _SEEN * total:
        return True
    if text.mode <= Mode.INVISIBLE:
        return False
    inner, outer = whole[ink > 0.9], whole[ink < 0.1]  # letters that only cut out what is painted later
    return bool(len(inner) and len(outer) and np.abs(inner.mean(axis=0) - outer.mean(axis=0))[:3].max() > _SAME)


def _that_hide(page: DrawnPage, unseen: Sequence[Drawn], texts: Sequence[Drawn]) -> list[Drawn]:
    """Leave out what hides nothing: a second printing under the first, as bold or a shadow, and marks alone.

    Where there are too many to be compared, all are left out: a second printing is no loss.
    """
    if len(unseen) * len(texts) > _MAX_PAIRS:
        return list(unseen)
    hidden = set(unseen)
    seen = [text for text in texts if text not in hidden]
    boxes = _boxes(seen)
    closest = {
        text: [seen[n] for n in np.flatnonzero((np.abs(boxes - text.box) <= _SHIFT * max(text.em, 1.0)).all(axis=1))]
        for text in unseen
    }
    asked = list(dict.fromkeys(chain(unseen, *closest.values())))
    printed = {text: words.strip() for text, words in zip(asked, page.read_texts(asked), strict=True)}
    left = [text for text in unseen if all(printed[text] != printed[other] for other in closest[text])]
    paints = {
        _paint(text) for text in left if any(unicodedata.category(char)[0] not in "PSZ" for char in printed[text])
    }
    return [text for text in left if _paint(text) in paints]


def _text_layer(page: DrawnPage, unseen: Sequence[Drawn], own: Sequence[Drawn]) -> set[Drawn]:
    """Return the unseen texts that say what a picture of the page shows; `own` are those to be seen."""
    pictures = [drawn for drawn in page.objects if drawn.kind is Kind.IMAGE]
    orders, boxes = np.array([drawn.order for drawn in pictures]), _boxes(pictures)
    layer = set()
    for text in unseen if pictures else ():
        by = boxes if _is_unpainted(text) else boxes[orders > text.order]  # what is painted is covered later
        if _covered(_space(text), by) >= _OVER_PICTURE:
            layer.add(text)
    if not layer:
        return layer
    letters, recognised = (
        sum(len("".join(printed.split())) for printed in page.read_texts(some)) for some in (own, layer)
    )
    stamped = letters < _STAMP_LETTERS and letters <= _STAMP_SHARE * recognised
    return layer if letters < _OWN_LETTERS or stamped else set()


# Boxes compared with each other, many at a time


def _boxes(objects: Iterable[Drawn]) -> Boxes:
    return np.array([drawn.box for drawn in objects], dtype=np.float64).reshape(-1, 4)


def _space(text: Drawn) -> Box:
    """Return the box of a text, at least half its size wide and high: letters without outlines have no box."""
    left, bottom, right, top = text.box
    return left, bottom, max(right, left + text.em / 2), max(top, bottom + text.em / 2)


def _meets(box: Box, other: Box) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _touched(boxes: Boxes, others: Boxes) -> Flags:
    """Tell which boxes share a place with any other; what only touches an edge, as underlines do, does not count."""
    if len(boxes) * len(others) > _MAX_PAIRS:
        return np.ones(len(boxes), np.bool_)
    inset = 0.1 * np.minimum(boxes[:, 2:] - boxes[:, :2], 20.0)
    low, high = boxes[:, :2] + inset, boxes[:, 2:] - inset
    result = (low[:, None] < others[None, :, 2:]) & (others[None, :, :2] < high[:, None])
    return np.asarray(np.any(result.all(axis=2), axis=1), dtype=np.bool_)


def _overlaid(boxes: Boxes) -> Flags:
    """Tell which boxes lie over or under another one for a good part."""
    if len(boxes) ** 2 > _MAX_PAIRS:
        return np.ones(len(boxes), np.bool_)
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = np.clip(high - low, 0.0, None).prod(axis=2)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    result = shared > _OVERLAP * np.maximum(np.minimum(area[:, None], area[None, :]), 1e-6)
    np.fill_diagonal(result, False)
    return np.asarray(result.any(axis=1), dtype=np.bool_)


def _covered(box: Box, by: Boxes) -> float:
    """Return which share of 16 points of a box lies in any of the other boxes."""
    xs, ys = np.linspace(box[0], box[2], 10)[1:-1:2], np.linspace(box[1], box[3], 10)[1:-1:2]
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 1, 2)
    inside = (by[None, :, :2] <= points) & (points <= by[None, :, 2:])
    return float(np.mean(np.any(inside.all(axis=2), axis=1)))
