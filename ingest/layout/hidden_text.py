"""Hidden texts of a PDF page, and the texts that are the recognition (OCR layer) of its picture.

A page is rendered with and without its doubtful texts: a text whose removal changes nothing is
invisible (coloured as its background, covered, clipped, transparent, on a hidden layer). Where
small pictures are not clear, large ones are compared. Dark letters of a usual size on bare paper
are never doubtful, so that ordinary pages need no rendering.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.layout.pdf_objects import (
    FILL,
    INVISIBLE,
    Bounds,
    DrawnPage,
    PageObject,
    difference,
)
from vectorstore.language import remove_spaces

Boxes = npt.NDArray[np.float64]  # a row each: left, bottom, right, top
Flags = npt.NDArray[np.bool_]
_MAX_PAIRS = 20_000_000  # pairs of boxes that are compared; ordinary pages have fewer
_MIN_EM = 3.0  # points; smaller print is unreadable
_DARK = 150.0  # luminance up to which letters stand out from white paper
_OVERLAP = 0.5  # share of the smaller box from which two boxes overlap
_SAME_COLOUR = 10  # of 255: smaller differences of a colour are not visible, even on a good screen
# share of its ink from which a text is visible: white letters crossed by a line show less
_VISIBLE_SHARE = 0.2
# share of a changed box from which its text is surely visible; a line through it changes 0.06
_CLEAR = 0.12
# pixels per point, and of a picture, at most
_COARSE = (1.0, 1_200_000)
_FINE = (4.0, 5_000_000)
# groups of texts, each of which is removed from a picture of its own: a picture takes time
_MAX_GROUPS = 12
_SHIFT = 0.4  # of the letter size: the most by which a second printing is off the first
_OWN_LETTERS = 12  # visible letters from which a page has text of its own ...
# ... unless so few beside recognised text are a stamp or page number
_STAMP_LETTERS = 100
_STAMP_SHARE = 0.2
_OVER_PICTURE = 0.6  # share of a text's box over a picture


class HiddenTexts(NamedTuple):
    """The texts of a page that are hidden, and those of a text recognition."""

    hidden: frozenset[PageObject] = frozenset()
    recognised: frozenset[PageObject] = frozenset()


def find_hidden_texts(page: DrawnPage) -> HiddenTexts:
    """Return the hidden texts of a page, and the texts that are the text recognition of its
    picture.

    Hidden are texts that are too small, outside the page or invisible. Invisible text over or under
    a picture is text recognition. But if the page has more visible text than a stamp or page
    number, that text is hidden too. Raises PageNotExaminable for too many texts.
    """
    doubtful = _find_doubtful(page)
    unreadable = {
        text
        for text in doubtful
        if _is_tiny(text) or not _intersects(_padded_box(text), page.frame)
    }
    readable = [text for text in doubtful if text not in unreadable]
    invisible = [text for text in readable if _is_unpainted(text)]
    invisible += _find_invisible(page, [text for text in readable if not _is_unpainted(text)])
    not_visible = unreadable.union(invisible)
    text_layer = _find_text_layer(
        page, invisible, [text for text in page.texts if text not in not_visible]
    )
    return HiddenTexts(frozenset(not_visible - text_layer), frozenset(text_layer))


# Doubtful texts


def _find_doubtful(page: DrawnPage) -> list[PageObject]:
    """Return the texts that may be invisible: unusual texts, texts without area, texts that overlap
    other texts, and texts that a drawing reaches into, which may cover them. Spaces are left out.
    """
    boxes = _stack_boxes(page.texts)
    flags = np.array(
        [_is_unusual(text, page.frame) or not text.has_area for text in page.texts], dtype=np.bool_
    )
    flags |= _flag_overlapping(boxes) | _flag_touched(boxes, _stack_boxes(page.drawings))
    blanks = _find_blank(page)
    return [
        text
        for text, is_doubtful in zip(page.texts, flags, strict=True)
        if is_doubtful and text not in blanks
    ]


def _is_unusual(text: PageObject, frame: Bounds) -> bool:
    """True if a text is small, light, not wholly on the page or not painted plainly."""
    red, green, blue = text.colour
    is_dark = 0.299 * red + 0.587 * green + 0.114 * blue <= _DARK
    is_inside = (
        frame[0] <= text.box[0]
        and frame[1] <= text.box[1]
        and text.box[2] <= frame[2]
        and text.box[3] <= frame[3]
    )
    is_plain = text.is_painted_plainly and text.mode == FILL and text.alpha == 255
    return not (is_plain and is_dark and is_inside and text.type_size >= _MIN_EM)


def _find_blank(page: DrawnPage) -> set[PageObject]:
    """Return the texts without area that are spaces.

    A text without area need not be a space: letters of a font without outlines have no area either.
    So such texts are read, which takes time. If none has a width and they are not many, they are
    taken for the spaces that word processors set between words, and are not read.
    """
    flat = [text for text in page.texts if not text.has_area]
    has_no_width = all(text.box[2] <= text.box[0] for text in flat)
    is_usual_count = len(flat) <= 3 * (len(page.texts) - len(flat))
    if has_no_width and is_usual_count:
        return set(flat)  # single spaces between words, as word processors set them
    return {
        text
        for text, printed in zip(flat, page.read_texts(flat), strict=True)
        if not printed.strip()
    }


def _is_tiny(text: PageObject) -> bool:
    """True if letters are too small to be read. Both their nominal size and their box must be
    small, as letters of Type 3 fonts may be larger than their nominal size.
    """
    thickness = min(text.box[3] - text.box[1], text.box[2] - text.box[0])
    return text.type_size < _MIN_EM and thickness < _MIN_EM


def _is_unpainted(text: PageObject) -> bool:
    return text.mode == INVISIBLE or (text.mode == FILL and text.alpha == 0)


# Invisible texts


def _find_invisible(page: DrawnPage, doubtful: Sequence[PageObject]) -> list[PageObject]:
    """Return the doubtful texts that are invisible.

    All doubtful texts are removed from a small picture of the page. A text is invisible if nothing
    changes in its place, and visible if much changes there. Large pictures decide about all others,
    such as changed texts that overlap, as the change may come from the other text, and texts that
    clip (modes above `INVISIBLE`), whose removal changes what others paint. Harmless texts are left
    out.
    """
    if not doubtful:
        return []
    scale = _choose_scale(page, *_COARSE)
    change = difference(page.render(scale), page.render(scale, doubtful))
    invisible, unclear = [], []
    for text, overlaps in zip(doubtful, _flag_overlapping(_stack_boxes(doubtful)), strict=True):
        changed = page.crop(text, scale, change)
        may_clip = text.mode > INVISIBLE
        is_clear = np.count_nonzero(changed > _SAME_COLOUR) >= _CLEAR * changed.size
        if changed.max(initial=0) <= 1 and text.mode < INVISIBLE:
            invisible.append(text)
        elif overlaps or may_clip or not is_clear:
            unclear.append(text)
    if unclear:
        invisible += _compare_in_groups(page, unclear)
    if invisible:
        return _drop_harmless(page, invisible)
    return []


def _choose_scale(page: DrawnPage, most: float, pixels: int) -> float:
    """Return the pixels per point for a picture of the page. It is `most`, or less if the picture
    would have more than `pixels` pixels: large pages would take too much time and memory.
    """
    left, bottom, right, top = page.frame
    return min(most, math.sqrt(pixels / max((right - left) * (top - bottom), 1.0)))


def _paint(text: PageObject) -> tuple[object, ...]:
    return text.mode, text.colour, text.alpha, round(text.type_size)


def _compare_in_groups(page: DrawnPage, unclear: Sequence[PageObject]) -> list[PageObject]:
    """Return those of the unclear texts that are invisible. Each group is removed from a large
    picture of the page; a text is invisible if the picture hardly changes in its place.
    """
    groups, scale = _group_by_paint(page, unclear), _choose_scale(page, *_FINE)
    whole = page.render(scale)
    # before ink recolours texts
    changes = [difference(whole, page.render(scale, group)) for group in groups]
    invisible = []
    for group, change in zip(groups, changes, strict=True):
        ink = page.render_ink_coverage(scale, set(group))
        for text in group:
            crops = [page.crop(text, scale, view) for view in (whole, change, ink)]
            if not _is_visible(text, *crops):
                invisible.append(text)
    return invisible


def _group_by_paint(page: DrawnPage, texts: Sequence[PageObject]) -> list[list[PageObject]]:
    """Return the texts in groups by paint and by the topmost drawing below them.

    A hidden text would seem visible if it were removed together with the text that hides it. Texts
    of one paint do not hide each other. All groups beyond the limit are merged, at this risk; no
    text is lost by it.
    """
    orders = np.array([drawn.order for drawn in page.drawings], dtype=np.int64)
    boxes = _stack_boxes(page.drawings)
    groups: dict[tuple[object, ...], list[PageObject]] = {}
    for text in texts:
        low, high = np.array(text.box[:2]), np.array(text.box[2:])
        intersecting = ((low < boxes[:, 2:]) & (boxes[:, :2] < high)).all(axis=1)
        below = orders[intersecting & (orders < text.order)]
        groups.setdefault((*_paint(text), int(below.max(initial=-1))), []).append(text)
    separate = list(groups.values())[: _MAX_GROUPS - 1]
    merged = list(chain.from_iterable(list(groups.values())[_MAX_GROUPS - 1 :]))
    return list(filter(None, [*separate, merged]))


def _is_visible(
    text: PageObject, picture: npt.NDArray[Any], change: npt.NDArray[Any], ink: npt.NDArray[Any]
) -> bool:
    """True if a text can be seen in the picture of its box: enough of its ink changes the picture,
    or it clips what is painted later.

    `picture` is the box in colours 0 to 255, `change` how much each pixel differs without the text
    (0 to 255), `ink` how much of each pixel the text covers (0 to 1). A text that clips paints
    nothing itself: it is seen if the colours inside and around its letters differ.
    """
    total_ink = float(ink.sum())
    if total_ink < 1.0:
        return bool((change > _SAME_COLOUR).any())
    if float(ink[change > np.maximum(_SAME_COLOUR * ink, 2.0)].sum()) >= _VISIBLE_SHARE * total_ink:
        return True
    if text.mode <= INVISIBLE:  # the modes above clip
        return False
    inner, outer = picture[ink > 0.9], picture[ink < 0.1]
    if not len(inner) or not len(outer):
        return False
    contrast = np.abs(inner.mean(axis=0) - outer.mean(axis=0))[:3].max()
    return bool(contrast > _SAME_COLOUR)


def _drop_harmless(page: DrawnPage, invisible: Sequence[PageObject]) -> list[PageObject]:
    """Return the invisible texts without the harmless ones, whose content readers see anyway or do
    not miss.

    Harmless are second printings of visible texts nearly on the same spot (bold, shadows). So is
    punctuation, unless it has the paint of an invisible word: then it is a part of hidden text. If
    there are too many texts to compare, all are returned.
    """
    if len(invisible) * len(page.texts) > _MAX_PAIRS:
        return list(invisible)
    hidden = set(invisible)
    visible = [text for text in page.texts if text not in hidden]
    boxes = _stack_boxes(visible)
    close_texts: dict[PageObject, list[PageObject]] = {}
    for text in invisible:
        is_close = (np.abs(boxes - text.box) <= _SHIFT * max(text.type_size, 1.0)).all(axis=1)
        close_texts[text] = [visible[n] for n in np.flatnonzero(is_close)]
    to_read = list(dict.fromkeys(chain(invisible, *close_texts.values())))
    contents = map(str.strip, page.read_texts(to_read))
    printed = dict(zip(to_read, contents, strict=True))

    def is_distinct(text: PageObject) -> bool:
        return all(printed[text] != printed[other] for other in close_texts[text])

    distinct = list(filter(is_distinct, invisible))
    paints_of_words = {_paint(text) for text in distinct if _has_word(printed[text])}
    return [text for text in distinct if _paint(text) in paints_of_words]


def _has_word(content: str) -> bool:
    return any(unicodedata.category(char)[0] not in "PSZ" for char in content)


def _find_text_layer(
    page: DrawnPage, invisible: Sequence[PageObject], visible: Sequence[PageObject]
) -> set[PageObject]:
    """Return the invisible texts that lie over or under a picture: its text recognition.

    A text that is not painted at all may lie over its picture. A painted text counts only if a
    picture drawn later covers it. Return none if more text is visible on the page than a stamp or
    page number: then the page is no mere scan.
    """
    orders, boxes = np.array([drawn.order for drawn in page.images]), _stack_boxes(page.images)
    text_layer = set[PageObject]()
    if not page.images:
        return text_layer
    for text in invisible:
        covers = boxes
        if not _is_unpainted(text):  # a painted text is below its picture
            covers = boxes[orders > text.order]
        if _covered_share(_padded_box(text), covers) >= _OVER_PICTURE:
            text_layer.add(text)
    if not text_layer:
        return text_layer
    letters, recognised_letters = (
        len(remove_spaces("".join(page.read_texts(group)))) for group in (visible, text_layer)
    )
    has_only_stamp = letters < _STAMP_LETTERS and letters <= _STAMP_SHARE * recognised_letters
    if letters < _OWN_LETTERS or has_only_stamp:
        return text_layer
    return set()


# Vectorised comparisons of boxes


def _stack_boxes(objects: Iterable[PageObject]) -> Boxes:
    return np.array([drawn.box for drawn in objects], dtype=np.float64).reshape(-1, 4)


def _padded_box(text: PageObject) -> Bounds:
    """Return the box of a text, made at least half its size wide and high. Letters without outlines
    have no box of their own.
    """
    left, bottom, right, top = text.box
    return (
        left,
        bottom,
        max(right, left + text.type_size / 2),
        max(top, bottom + text.type_size / 2),
    )


def _intersects(box: Bounds, other: Bounds) -> bool:
    return box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]


def _flag_touched(boxes: Boxes, others: Boxes) -> Flags:
    """Return for each box whether any of the others reaches into it. Just touching it, as an
    underline does, is not enough, so a tenth at each side of the box does not count. It is true for
    all boxes if they are too many to compare.
    """
    if len(boxes) * len(others) > _MAX_PAIRS:
        return np.ones(len(boxes), np.bool_)
    # a tenth of width and height, at most 2 points
    inset = 0.1 * np.minimum(boxes[:, 2:] - boxes[:, :2], 20.0)
    low, high = boxes[:, :2] + inset, boxes[:, 2:] - inset
    is_inside = (low[:, None] < others[None, :, 2:]) & (others[None, :, :2] < high[:, None])
    return np.asarray(np.any(is_inside.all(axis=2), axis=1), dtype=np.bool_)


def _flag_overlapping(boxes: Boxes) -> Flags:
    """Return for each box whether another box overlaps it, by `_OVERLAP` of the smaller of both. It
    is true for all boxes if they are too many to compare: then all are examined.
    """
    if len(boxes) ** 2 > _MAX_PAIRS:
        return np.ones(len(boxes), np.bool_)
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = np.clip(high - low, 0.0, None).prod(axis=2)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    # a box whose edges are in the wrong order has an area below zero, of which anything is more
    smaller = np.maximum(np.minimum(area[:, None], area[None, :]), 0.0)
    overlaps = shared > _OVERLAP * smaller
    np.fill_diagonal(overlaps, False)
    return np.asarray(overlaps.any(axis=1), dtype=np.bool_)


def _covered_share(box: Bounds, others: Boxes) -> float:
    """Return which share of a box is inside any of the others, 0 to 1. It is measured at 16 points
    of the box, as the others may overlap each other.
    """
    xs, ys = np.linspace(box[0], box[2], 10)[1:-1:2], np.linspace(box[1], box[3], 10)[1:-1:2]
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 1, 2)
    inside = (others[None, :, :2] <= points) & (points <= others[None, :, 2:])
    return float(np.mean(np.any(inside.all(axis=2), axis=1)))
