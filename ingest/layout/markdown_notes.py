"""Footnotes of Markdown files: "[^1]" is a mark, and "[^1]: text" the note, which belongs to its
place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.layout.html_notes import NOTE_ROLE

# a note, the lines that directly follow it, and behind an empty line those that are indented
_DEFINITION = re.compile(
    r"^ {0,3}\[\^(?P<label>[^\]\s]{1,40})\]:[ \t]*"
    r"(?P<text>.*(?:\n(?! {0,3}\[\^)[ \t]*\S.*|\n+(?: {4}|\t).*\S)*)",
    re.MULTILINE,
)
_REFERENCE = re.compile(r"\[\^([^\]\s]{1,40})\](?!:)")


def split_notes(page: str) -> tuple[str, dict[str, str]]:
    """Return the text of a page without its notes, and the text of each note by its label."""
    notes = {note["label"]: note["text"] for note in _DEFINITION.finditer(page)}
    return _DEFINITION.sub("", page), notes


def number_labels(content: str) -> dict[str, int]:
    """Return a number for each label of a note that has both a mark and a text in a file. The
    numbers follow the order of the first marks. A mark without a text is counted but left out, so
    the numbers may have gaps.
    """
    defined = {note["label"] for note in _DEFINITION.finditer(content)}
    labels = dict.fromkeys(_REFERENCE.findall(content))
    return {label: number for number, label in enumerate(labels, 1) if label in defined}


def mark_notes(text: str, numbers: Mapping[str, int]) -> str:
    """Return a text with links to the notes in place of their marks ("[^1]"). `numbers` are the
    numbers of the notes by label; a mark without a number stays text.
    """

    def link(match: re.Match[str]) -> str:
        number = numbers.get(match[1])
        if number is None:
            return match[0]
        return f'<sup><a href="#fn-{number}">{number}</a></sup>'

    return _REFERENCE.sub(link, text)


def wrap_note(number: int, rendered: str) -> str:
    """Return a note as an element that its marks lead to."""
    return f'<div id="fn-{number}" role="{NOTE_ROLE}">{rendered}</div>'
