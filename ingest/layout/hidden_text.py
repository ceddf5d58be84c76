"""Hidden texts of a PDF page, and the texts that are the recognition (OCR layer) of its picture.

A text is hidden if it is not painted, too small, or outside the page. Doubtful texts (light,
clipped, on a layer, reached by a drawing) are hidden if a picture of the page does not change where
they are removed. Dark letters on bare paper are never doubtful, so most pages need no picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ingest.layout.pdf_objects import FILL, INVISIBLE, Bounds, DrawnPage, PageObject
from vectorstore.language import remove_spaces

Boxes = npt.NDArray[np.float64]  # a row each: left, bottom, right, top
_MIN_EM = 3.0  # points; smaller print is unreadable
_DARK = 150.0  # luminance up to which letters stand out from white paper
_SAME_COLOUR = 10  # of 255: smaller differences of a colour are not visible, even on a good screen
# pixels per point, and of a picture, at most
_SCALE = 2.0
_MAX_PIXELS = 5_000_000
_SHIFT = 0.4  # of the letter size: the most by which a second printing is off the first
_INSET = 0.1  # of a text's box at each side: a drawing that reaches no further, as an underline
# most visible letters of a page that is a mere scan: a stamp or a page number
_OWN_LETTERS = 12
_STAMP_LETTERS = 100
_STAMP_SHARE = 0.2  # of the recognised letters


class HiddenTexts(NamedTuple):
    """The texts of a page that are hidden, and those of a text recognition."""

    hidden: frozenset[PageObject] = frozenset()
    recognised: frozenset[PageObject] = frozenset()


def find_hidden_texts(page: DrawnPage) -> HiddenTexts:
    """Return the hidden texts of a page, and the texts that are the text recognition of its
    picture.

    Invisible text over or under a picture is text recognition. But if the page has more visible
    text than a stamp or page number, that text is hidden too. Raises PageNotExaminable for too many
    texts.
    """
    unreadable = {text for text in page.texts if _is_unreadable(text, page.frame)}
    unpainted = [text for text in page.texts if text not in unreadable and _is_unpainted(text)]
    doubtful = _find_doubtful(page, unreadable.union(unpainted))
    unseen = _find_unseen(page, doubtful)
    hidden = unreadable.union(unpainted, unseen)
    visible = [text for text in page.texts if text not in hidden]
    harmful = _drop_harmless(page, [*unpainted, *unseen], visible)
    recognised = _find_text_layer(page, harmful, visible)
    return HiddenTexts(frozenset(unreadable.union(harmful) - recognised), frozenset(recognised))


def _is_unreadable(text: PageObject, frame: Bounds) -> bool:
    """True if a text is outside the page, or too small. Both its nominal size and its box must be
    small, as letters of Type 3 fonts may be larger than their nominal size.
    """
    left, bottom, right, top = _padded_box(text)
    if right <= frame[0] or frame[2] <= left or top <= frame[1] or frame[3] <= bottom:
        return True
    thickness = min(text.box[3] - text.box[1], text.box[2] - text.box[0])
    return text.type_size < _MIN_EM and thickness < _MIN_EM


def _is_unpainted(text: PageObject) -> bool:
    return text.mode == INVISIBLE or (text.mode == FILL and text.alpha == 0)


def _find_doubtful(page: DrawnPage, hidden: set[PageObject]) -> list[PageObject]:
    """Return the other texts that may be invisible: unusual texts, and texts that a drawing reaches
    into, which may cover them or have their colour. Texts that are only a clip are not among them,
    as what is painted through them shows them.
    """
    drawings = _stack_boxes(page.drawings)
    doubtful = []
    for text in page.texts:
        is_space = text.box[2] <= text.box[0]
        if is_space or text in hidden or text.mode > INVISIBLE:
            continue
        if _is_unusual(text, page.frame) or _is_reached(text.box, drawings):
            doubtful.append(text)
    return doubtful


def _is_unusual(text: PageObject, frame: Bounds) -> bool:
    """True if a text is light, not wholly on the page, without height, or not painted plainly."""
    red, green, blue = text.colour
    is_dark = 0.299 * red + 0.587 * green + 0.114 * blue <= _DARK
    left, bottom, right, top = text.box
    is_across = frame[0] <= left and right <= frame[2]
    is_inside = is_across and frame[1] <= bottom < top <= frame[3]
    is_plain = text.is_painted_plainly and text.mode == FILL and text.alpha == 255
    return not (is_plain and is_dark and is_inside)


def _is_reached(box: Bounds, drawings: Boxes) -> bool:
    """True if a drawing reaches into a box, further than an underline does."""
    low, high = np.array(box[:2]), np.array(box[2:])
    inset = _INSET * np.minimum(high - low, 20.0)  # 2 points at most, however long the text
    is_over = (low + inset < drawings[:, 2:]) & (drawings[:, :2] < high - inset)
    return bool(is_over.all(axis=1).any())


def _find_unseen(page: DrawnPage, doubtful: Sequence[PageObject]) -> list[PageObject]:
    """Return the doubtful texts without which the page looks the same."""
    if not doubtful:
        return []
    left, bottom, right, top = page.frame
    area = max((right - left) * (top - bottom), 1.0)
    scale = min(_SCALE, math.sqrt(_MAX_PIXELS / area))
    whole, without = page.render(scale), page.render(scale, doubtful)
    unseen = []
    for text in doubtful:
        before = page.crop(text, scale, whole).astype(np.int16)
        after = page.crop(text, scale, without)
        if np.abs(before - after).max(initial=0) <= _SAME_COLOUR:
            unseen.append(text)
    return unseen


def _drop_harmless(
    page: DrawnPage, unseen: Sequence[PageObject], visible: Sequence[PageObject]
) -> list[PageObject]:
    """Return the unseen texts without second printings of a visible text nearly on the same spot
    (bold, shadows), and without punctuation that has not the colour of an unseen word.
    """
    boxes = _stack_boxes(visible)
    kept = []
    for text, content in zip(unseen, page.read_texts(unseen), strict=True):
        is_close = (np.abs(boxes - text.box) <= _SHIFT * max(text.type_size, 1.0)).all(axis=1)
        twins = page.read_texts([visible[int(n)] for n in np.flatnonzero(is_close)])
        if content.strip() and content.strip() not in map(str.strip, twins):
            kept.append((text, content))
    colours = {text.colour for text, content in kept if any(map(str.isalnum, content))}
    return [text for text, _ in kept if text.colour in colours]


def _find_text_layer(
    page: DrawnPage, unseen: Sequence[PageObject], visible: Sequence[PageObject]
) -> set[PageObject]:
    """Return the unseen texts over or under a picture: its text recognition. None are returned if
    more text is visible on the page than a stamp or page number: then the page is no mere scan.

    A text that is not painted at all may lie over its picture. A painted text counts only if a
    picture drawn later covers it.
    """
    layer = set[PageObject]()
    for text in unseen:
        images = page.images
        if not _is_unpainted(text):
            images = [image for image in images if image.order > text.order]
        if any(_is_on(text, image) for image in images):
            layer.add(text)
    if not layer:
        return layer
    own = _count_letters(page, visible)
    recognised = _count_letters(page, layer)
    if own < max(_OWN_LETTERS, min(_STAMP_LETTERS, _STAMP_SHARE * recognised)):
        return layer
    return set()


def _is_on(text: PageObject, image: PageObject) -> bool:
    """True if the middle of a text is on a picture."""
    left, bottom, right, top = _padded_box(text)
    across, up = (left + right) / 2, (bottom + top) / 2
    box = image.box
    return box[0] <= across <= box[2] and box[1] <= up <= box[3]


def _count_letters(page: DrawnPage, texts: Iterable[PageObject]) -> int:
    return len(remove_spaces("".join(page.read_texts(list(texts)))))


def _stack_boxes(objects: Iterable[PageObject]) -> Boxes:
    return np.array([drawn.box for drawn in objects], dtype=np.float64).reshape(-1, 4)


def _padded_box(text: PageObject) -> Bounds:
    """Return the box of a text, made at least half its size wide and high. Letters without outlines
    have no box of their own.
    """
    left, bottom, right, top = text.box
    half = text.type_size / 2
    return left, bottom, max(right, left + half), max(top, bottom + half)
