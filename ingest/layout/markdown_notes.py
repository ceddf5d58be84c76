"""Footnotes of Markdown files: "[^1]" is a mark, and "[^1]: text" the note, which belongs to its
place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ingest.layout.html_notes import NOTE_ROLE

_DEFINITION = re.compile(r" {0,3}\[\^(?P<label>[^\]\s]{1,40})\]:[ \t]*(?P<text>.*)")
_REFERENCE = re.compile(r"\[\^([^\]\s]{1,40})\](?!:)")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_INDENTED = re.compile(r" {4}|\t")


def split_notes(page: str) -> tuple[str, dict[str, str]]:
    """Return the text of a page without its notes, and the text of each note by its label.

    A note begins with a line such as "[^1]: text". The lines that directly follow belong to it;
    after an empty line only indented lines do. In a block of code such a line is text, so the
    fences of these blocks are counted.
    """
    if "[^" not in page:
        return page, {}
    kept = list[str]()
    texts = dict[str, list[str]]()
    label = ""  # of the note that the line may continue
    is_code = False
    for line in page.split("\n"):
        definition = _DEFINITION.fullmatch(line)
        is_blank = not line.strip()
        is_below_text = bool(label) and bool(texts[label][-1])
        if definition is not None and not is_code:
            label = definition["label"]
            texts[label] = [definition["text"]]
        elif label and (_INDENTED.match(line) or (is_below_text and not is_blank)):
            texts[label].append(line.strip())
        elif label and is_blank:
            texts[label].append("")
            kept.append("")
        else:
            label = ""
            is_code ^= _FENCE.match(line) is not None
            kept.append(line)
    return "\n".join(kept), {name: "\n".join(part) for name, part in texts.items()}


def number_labels(content: str) -> dict[str, int]:
    """Return a number for each label of a note that has both a mark and a text in a file. The
    numbers follow the order of the first marks. A mark without a text is counted but left out, so
    the numbers may have gaps.
    """
    definitions = filter(None, map(_DEFINITION.fullmatch, content.split("\n")))
    defined = {definition["label"] for definition in definitions}
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
