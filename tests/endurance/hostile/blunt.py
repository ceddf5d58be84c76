"""Damage that knows no format: bytes turned over, cut, left out, repeated, mixed, or under the wrong name."""

from __future__ import annotations

from random import Random

from tests.endurance.hostile.making import FORMATS, Made, Originals, Way

MAGIC = {
    "pdf": b"%PDF-1.7\n",
    "txt": b"\xff\xfe",
    "md": b"# ",
    "html": b"<!DOCTYPE html><html><body>",
    "docx": b"PK\x03\x04\x14\x00\x00\x00\x08\x00",
}


def flipped(chance: Random, originals: Originals) -> Made:
    """Bits turned over, few or many."""
    form = chance.choice(FORMATS)
    made = bytearray(originals.one(chance, form))
    for _ in range(chance.choice((1, 3, 20, 300, 5_000))):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return Made(form, bytes(made))


def cut(chance: Random, originals: Originals) -> Made:
    """A file that ends too early, or begins too late."""
    form = chance.choice(FORMATS)
    content = originals.one(chance, form)
    place = chance.randrange(1, len(content))
    return Made(form, content[:place] if chance.random() < 0.7 else content[place:])


def spliced(chance: Random, originals: Originals) -> Made:
    """The first part of one file and the last part of another."""
    form, other = chance.choice(FORMATS), chance.choice(FORMATS)
    first, last = originals.one(chance, form), originals.one(chance, chance.choice((form, other)))
    return Made(form, first[: chance.randrange(len(first))] + last[chance.randrange(len(last)) :])


def chained(chance: Random, originals: Originals) -> Made:
    """Two whole files one behind the other."""
    form, other = chance.choice(FORMATS), chance.choice(FORMATS)
    return Made(form, originals.one(chance, form) + originals.one(chance, other))


def pieced(chance: Random, originals: Originals) -> Made:
    """A piece repeated, left out or overwritten."""
    form = chance.choice(FORMATS)
    content = originals.one(chance, form)
    start = chance.randrange(len(content))
    end = min(len(content), start + chance.randrange(1, 20_000))
    piece = content[start:end]
    filling = chance.choice((piece * 20, b"", b"\x00" * len(piece), b"\xff" * len(piece), chance.randbytes(len(piece))))
    return Made(form, content[:start] + filling + content[end:])


def misnamed(chance: Random, originals: Originals) -> Made:
    """A file under the ending of another format."""
    form, other = chance.sample(FORMATS, 2)
    return Made(form, originals.one(chance, other))


def noise(chance: Random, originals: Originals) -> Made:
    """Bytes by chance behind the beginning that a format has."""
    form = chance.choice(FORMATS)
    return Made(form, MAGIC[form] + chance.randbytes(chance.choice((10, 1_000, 100_000))))


WAYS: tuple[Way, ...] = (flipped, cut, spliced, chained, pieced, misnamed, noise)
