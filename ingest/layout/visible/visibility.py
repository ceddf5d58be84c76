"""Which texts of a page are hidden, and which are the text recognition of its picture."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from ingest.layout.visible.boxes import boxes_of, covered, meets
from ingest.layout.visible.doubt import doubtful_texts, is_tiny
from ingest.layout.visible.drawing import DrawnPage
from ingest.layout.visible.drawn import Box, Drawn, Kind, Mode
from ingest.layout.visible.unseen import unseen_texts

_OWN_LETTERS = 12  # visible ones from which a page has text of its own ...
_STAMP_LETTERS, _STAMP_SHARE = 100, 0.2  # ... but for a stamp or a page number beside much more recognised text
_OVER_PICTURE = 0.6  # share of a text's box over a picture


@dataclass(frozen=True, slots=True)
class Parts:
    """The texts of a page by their number in drawing order: how many there are, which are hidden, which recognised."""

    texts: int
    hidden: frozenset[int] = frozenset()
    recognised: frozenset[int] = frozenset()


def hidden_parts(page: DrawnPage) -> Parts:
    """Tell which texts of a page are not to be seen; those that recognise its picture are set apart.

    Unseen text over or under the picture of a scan is text recognition. Where a page prints text of its own, the
    picture is its background, and unseen text over it is hidden. Raises NotDrawn where a picture has too many texts.
    """
    texts = [one for one in page.objects if one.kind is Kind.TEXT]
    doubtful = doubtful_texts(page, texts)
    if not doubtful:
        return Parts(len(texts))
    lost = [one for one in doubtful if is_tiny(page, one) or not meets(_room(one), page.frame)]
    unpainted = [one for one in doubtful if _is_unpainted(one) and id(one) not in _ids(lost)]
    known = _ids([*unpainted, *lost])
    unseen = [*unpainted, *unseen_texts(page, texts, [one for one in doubtful if id(one) not in known])]
    gone = _ids([*unseen, *lost])
    own = [one for one in texts if id(one) not in gone]
    layer = _ids(_text_layer(page, unseen, own))
    return Parts(len(texts), _numbers(texts, gone - layer), _numbers(texts, layer))


def _ids(objects: Collection[Drawn]) -> set[int]:
    return set(map(id, objects))


def _numbers(texts: Sequence[Drawn], ids: set[int]) -> frozenset[int]:
    return frozenset(number for number, one in enumerate(texts) if id(one) in ids)


def _is_unpainted(text: Drawn) -> bool:
    return text.mode == Mode.INVISIBLE or (text.mode == Mode.FILL and text.alpha == 0)


def _room(text: Drawn) -> Box:
    """Return the box of a text, at least half its size wide and high: letters without outlines have no box."""
    left, bottom, right, top = text.box
    return left, bottom, max(right, left + text.em / 2), max(top, bottom + text.em / 2)


def _text_layer(page: DrawnPage, unseen: Sequence[Drawn], own: Sequence[Drawn]) -> list[Drawn]:
    """Return the unseen texts that say what a picture of the page shows; `own` are those to be seen."""
    pictures = [one for one in page.objects if one.kind is Kind.IMAGE]
    if not pictures or not unseen:
        return []
    order = {id(one): number for number, one in enumerate(page.objects)}
    numbers, boxes = np.array([order[id(one)] for one in pictures]), boxes_of(pictures)
    layer = []
    for text in unseen:
        by = boxes if _is_unpainted(text) else boxes[numbers > order[id(text)]]  # what is painted is covered later
        if covered(_room(text), by) >= _OVER_PICTURE:
            layer.append(text)
    return layer if layer and _is_mere_stamp(page, own, layer) else []


def _is_mere_stamp(page: DrawnPage, own: Sequence[Drawn], layer: Sequence[Drawn]) -> bool:
    letters, recognised = (sum(len("".join(said.split())) for said in page.texts(texts)) for texts in (own, layer))
    return letters < _OWN_LETTERS or (letters < _STAMP_LETTERS and letters <= _STAMP_SHARE * recognised)
