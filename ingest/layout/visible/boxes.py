"""Boxes on a page compared with each other, many at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ingest.layout.visible.drawn import Box, Drawn

Boxes = npt.NDArray[np.float64]  # a row each: left, bottom, right, top
Mask = npt.NDArray[np.bool_]
MAX_PAIRS = 20_000_000  # that are compared; a page with more is not an ordinary one
_OVERLAP = 0.5  # share of the smaller box from which two lie over each other


def boxes_of(objects: Sequence[Drawn]) -> Boxes:
    """Return the boxes of objects, a row each."""
    return np.array([one.box for one in objects], dtype=np.float64).reshape(-1, 4)


def meets(one: Box, other: Box) -> bool:
    """Whether two boxes share any place."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def meeting(box: Box, others: Boxes) -> Mask:
    """Tell which of the other boxes share any place with this one."""
    low, high = np.array(box[:2]), np.array(box[2:])
    return np.asarray(((low < others[:, 2:]) & (others[:, :2] < high)).all(axis=1), dtype=np.bool_)


def touched(boxes: Boxes, others: Boxes) -> Mask:
    """Tell which boxes share a place with any other; what only touches an edge, as underlines do, does not count."""
    inset = 0.1 * np.minimum(boxes[:, 2:] - boxes[:, :2], 20.0)
    low, high = boxes[:, :2] + inset, boxes[:, 2:] - inset
    found = (low[:, None] < others[None, :, 2:]) & (others[None, :, :2] < high[:, None])
    return np.asarray(np.any(found.all(axis=2), axis=1), dtype=np.bool_)


def overlapping(boxes: Boxes) -> Mask:
    """Tell for each two boxes whether they lie over each other for a good part."""
    low = np.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = np.clip(high - low, 0.0, None).prod(axis=2)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1)
    found = np.asarray(shared > _OVERLAP * np.maximum(np.minimum(area[:, None], area[None, :]), 1e-6), dtype=np.bool_)
    np.fill_diagonal(found, False)
    return found


def covered(box: Box, by: Boxes) -> float:
    """Return which share of 16 points of a box lies in any of the other boxes."""
    xs, ys = np.linspace(box[0], box[2], 10)[1:-1:2], np.linspace(box[1], box[3], 10)[1:-1:2]
    points = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 1, 2)
    inside = (by[None, :, :2] <= points) & (points <= by[None, :, 2:])
    return float(np.mean(np.any(inside.all(axis=2), axis=1)))
