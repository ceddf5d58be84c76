"""Headings that were fused with the text before or after them become blocks of their own again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ingest.blocks import Block, BlockKind
from ingest.plan.numbers import leading_number
from ingest.plan.words import SECTION_WORDS

SENTENCE_START = (
    r"(?:Der|Die|Das|Den|Dem|Ein|Eine|Einer|Im|In|Für|Mit|Zur|Zum|Auf|Auch|Wir|Als|Bei|Beim|Durch|Um|Neben|Es|Alle|"
    r"Jeder|Jede|Jedes|Unser|Unsere|Dieser|Diese|Dieses|Seit|Nach|Von|Zu|Am|An|Aus|Ziel)"
)
_WORD_FIRST = re.compile(rf"^((?:{SECTION_WORDS}):?)\s+(?={SENTENCE_START}\s)")
_WORD_INSIDE = re.compile(rf"^([^.!?]{{5,140}}?)\s+({SECTION_WORDS}):?(?:\s+(?={SENTENCE_START}\s)|$)")
_TITLE_THEN_SENTENCE = re.compile(
    rf"^(?!{SENTENCE_START}\s)([^.!?:;]{{3,110}}?)\s+(?={SENTENCE_START}\s[^.!?]*[a-zäöü])"
)
_LABEL = re.compile(r"^[A-ZÄÖÜ][^.!?:\t]{2,45}:$")
_INLINE_LABEL = re.compile(r"^([A-ZÄÖÜ][\w-]+(?: [\w-]+){0,2}:)\s+(?=\S)")
_SHEET_LABELS = 5  # different labels that make a paper a sheet
_SENTENCE = re.compile(r"[.!?]['\"“”»)]*(?:\s|$)")


def unfuse(blocks: list[Block], titles: Iterable[str]) -> list[Block]:
    """Split blocks at recurring labels, at section words, and behind numbered titles that run into a sentence.

    `titles` are headings known from a table of contents.
    """
    result = _split_sheet(_split_labels(blocks))
    result = [piece for block in result for piece in _split_section_word(block)]
    return _split_titles(result, [title.split() for title in titles])


def cut(block: Block, offset: int) -> tuple[Block, Block]:
    """Split a block's text at an offset; white space between the parts goes, pages stay right."""
    first, second = block.text[:offset].rstrip(), block.text[offset:]
    second_start = offset + len(second) - len(second.lstrip())
    page = max((mark for mark in block.marks if mark[0] <= second_start), default=block.marks[0])[1]
    later = [(inner - second_start, number) for inner, number in block.marks if inner > second_start]
    tail = Block(second.strip(), BlockKind.TEXT, block.bold, block.size, [(0, page), *later])
    head = Block(first, block.kind, block.bold, block.size, [mark for mark in block.marks if mark[0] < max(1, offset)])
    return head, tail


def _split_labels(blocks: list[Block]) -> list[Block]:
    """Split at labels that stand alone elsewhere at least three times ("Sachstand:")."""
    counts = Counter(b.text for b in blocks if b.kind is BlockKind.TEXT and _LABEL.match(b.text))
    labels = [re.escape(label) for label, count in counts.items() if count >= 3]
    if not labels:
        return blocks
    pattern = re.compile(rf"(?<!\S)(?:{'|'.join(labels)})(?!\S)")
    result: list[Block] = []
    for block in blocks:
        while block.kind is BlockKind.TEXT and block.text not in counts:
            match = pattern.search(block.text)
            if match is None:
                break
            if match.start():
                head, block = cut(block, match.start())
                result.append(head)
            if block.text in counts:
                break
            head, block = cut(block, match.end() - match.start())
            result.append(head)
        result.append(block)
    return result


def _split_sheet(blocks: list[Block]) -> list[Block]:
    """Split "Rechtsform: GmbH" where a paper is a sheet of such lines, without numbers or labels that stand alone."""
    texts = [block.text for block in blocks if block.kind is BlockKind.TEXT]
    labels = {match[1] for text in texts if (match := _INLINE_LABEL.match(text))}
    plain = not any(leading_number(text) for text in texts) and sum(bool(_LABEL.match(t)) for t in texts) < 2
    if not plain or len(labels) < _SHEET_LABELS:
        return blocks
    result: list[Block] = []
    for block in blocks:
        match = _INLINE_LABEL.match(block.text) if block.kind is BlockKind.TEXT else None
        result.extend(cut(block, match.end(1)) if match else [block])
    return result


def _split_section_word(block: Block) -> list[Block]:
    if block.kind is not BlockKind.TEXT or leading_number(block.text):
        return [block]
    match = _WORD_FIRST.match(block.text)
    if match:
        return list(cut(block, match.end(1)))
    match = _WORD_INSIDE.match(block.text)
    if not match:
        return [block]
    head, rest = cut(block, match.start(2))
    return [head, *cut(rest, match.end(2) - match.start(2))] if match.end() < len(block.text) else [head, rest]


def _split_titles(blocks: list[Block], known: list[list[str]]) -> list[Block]:
    numbered = [(leading_number(block.text), block) for block in blocks if block.kind is BlockKind.TEXT]
    worded: dict[tuple[int, ...], list[list[str]]] = {}
    for found, _ in numbered:
        if found:
            worded.setdefault(found.parts, []).append(found.rest.split())
    result: list[Block] = []
    for block in blocks:
        found = leading_number(block.text) if block.kind is BlockKind.TEXT else None
        if not found or not _SENTENCE.search(found.rest) or len(found.rest) < 50:
            result.append(block)
            continue
        others = [words for words in worded[found.parts] + known if words != found.rest.split()]
        length = _title_length(found.rest, others)
        result.extend(cut(block, len(block.text) - len(found.rest) + length) if length else [block])
    return result


def _title_length(text: str, others: list[list[str]]) -> int:
    """Return how many characters of a numbered block are its title, 0 where it has none."""
    words = text.split()
    shared = max((_common(words, other) for other in others), default=0)
    match = _TITLE_THEN_SENTENCE.match(text)
    grammar = len(match[1].split()) if match else 0
    follows_grammar = not shared or shared < grammar <= shared + 3
    count = grammar if follows_grammar else shared
    if not 0 < count < len(words):
        return 0
    ends = [word.end() for word in re.finditer(r"\S+", text)]
    return ends[count - 1]


def _common(words: list[str], others: list[str]) -> int:
    count = 0
    for word, other in zip(words, others, strict=False):
        if word.strip(",.;:") != other.strip(",.;:"):
            break
        count += 1
    return count if count < len(words) else 0
