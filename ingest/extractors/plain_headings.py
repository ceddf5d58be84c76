"""Headings without numbers: front matter, labelled sections, what follows the numbered chapters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from ingest.blocks import Block, BlockKind
from ingest.extractors.numbered_headings import Head
from ingest.plan.numbering import Style, leading_number
from ingest.plan.section_words import SECTION_WORDS, is_section_label

_LABEL = re.compile(r"^[A-ZÄÖÜ][^.!?:\t]{1,48}:$")
_ENDED = re.compile(r"[.!?…;,]['\"“”»)]*$")
_WORDS = re.compile(rf"^(?:{SECTION_WORDS}):?$")
_PARAGRAPH_SIGN = re.compile(r"^§+\s?\d+[a-z]?\s+\S")
_BACK_MATTER = re.compile(
    rf"^(?:{SECTION_WORDS}|Anlagen?|Anhang|Archiv|Impressum|Projektlisten?|Maßnahmenlisten?|Glossar|Literatur\w*|"
    r"Quellen\w*|Abkürzungsverzeichnis|Kontakt|Ansprechpartner\w*|Schlusswort)\b(?!.*[.!?]$)"
)
LONGEST = 90  # characters of an unnumbered heading
_INNER_END = re.compile(r"[a-zäöüß)\]“]{2}[.!?]\s+[A-ZÄÖÜ„]")
_OPEN_END = re.compile(
    r"(?:,|\b(?:der|die|das|des|dem|den|ein|eine|einer|eines|einem|einen|und|oder|sowie|für|mit|in|im|von|vom|zu|zum|zur|"
    r"auf|aus|bei|beim|durch|über|unter|an|am|als|wie|dass|per|pro|je)(?:\s+[a-zäöüß-]+(?:e|er|es|en|em))?)$"
)
_DATED = re.compile(r"\d{1,2}\.\d{1,2}\.\d{4}")
_OPENS = re.compile(r"^[\"'„“»(\[§]*[^\W_]")
_ABOVE = 0.6  # points that a heading has to be larger than those with numbers to end them where they go on
_NO_LEVEL = 9  # behind the levels that a file's own headings have
_STATUTE = 3  # paragraphs with their sign that make a statute
_PICTURES = r"Abb(?:\.|ildung)|Tab(?:\.|elle)|Bild|Foto|Grafik|Karte|Diagramm"
_CAPTION = re.compile(rf"^(?:{_PICTURES}|Quellen?|Anlage|Seite|Stand|Hinweis)\b[^a-zäöü]*(?:\d|:|$)")
_PICTURE = re.compile(rf"^(?:{_PICTURES})\b[^a-zäöü]*\d")
_CLAUSE = re.compile(r",\s(?:dass|so\s?dass|damit|weil|wenn|obwohl)\b")
_QUOTES = (("„", '“”"'), ("(", ")"))
_SIGNS = " •·"  # bullets of the next line that stuck to this one
_FIGURES = re.compile(r"\d[.,]*\s?%|\d{1,2}\.\s?\d{1,2}\.\s?\d{4}|\d,\d|[|=\t]")
_COLUMNS = re.compile(r"\S\s{2,}\S.*\S\s{2,}\S")
_TITLE_ENDED = re.compile(r"[.!…;,:][\]'\"“”»)]*$")
_TITLE_OPENS = re.compile(r"^[\"'„“»(]*[A-ZÄÖÜ0-9§]")


def add_plain_heads(blocks: Sequence[Block], heads: dict[int, Head], titles: set[str]) -> None:
    """Add unnumbered headings: in front of the first number, and behind it only where it is certain.

    `titles` are those of the table of contents, case folded.
    """
    first = min(heads, default=len(blocks))
    numbered = {i: head for i, head in heads.items() if head.number is not None}
    statute = not heads or sum(_PARAGRAPH_SIGN.match(block.text) is not None for block in blocks) >= _STATUTE
    lettered = bool(heads) and all(one.number and one.number.style is Style.LETTER for one in heads.values())
    largest = max((blocks[i].size for i in heads if blocks[i].size), default=0.0)
    for index, block in enumerate(blocks):
        if block.kind is not BlockKind.TEXT or index in heads or (index == 0 and not _WORDS.match(block.text)):
            continue
        bare = block.text.rstrip(":")
        if statute and _PARAGRAPH_SIGN.match(block.text) and len(block.text) <= LONGEST:
            heads[index] = Head(1, bare)
        elif index < first and _LABEL.match(block.text) and len(block.text.split()) <= 5:
            heads[index] = Head(1, bare, label=True)
        elif index < first and _is_front_heading(blocks, index):
            opens_list = index + 1 < len(blocks) and leading_number(blocks[index + 1].text) is not None
            heads[index] = Head(1, bare, lists=opens_list and index + 1 not in heads)
        elif index > first and lettered and bare.casefold() in titles and not _BACK_MATTER.match(bare):
            heads[index] = Head(2, bare, below=True)
        elif index > first and _ends_numbers(block, titles, largest + _ABOVE * _goes_on(numbered, index)):
            inside = _inside_chapter(numbered, index)
            heads[index] = Head(1, bare) if inside is None else Head(inside + 1, bare, below=True)
    _rank(blocks, heads)


def _rank(blocks: Sequence[Block], heads: Mapping[int, Head]) -> None:
    """Rank headings without numbers by the levels that the file gives them, else by sizes that several have."""
    plain = [i for i, head in heads.items() if head.number is None and not (head.label or head.below or head.resolves)]
    sizes = Counter(round(blocks[i].size) for i in plain)
    told = any(blocks[i].level for i in plain)
    for index in plain:
        block = blocks[index]
        size = round(block.size)
        if told:
            heads[index].rank = (block.level or _NO_LEVEL,)
        elif size and sizes[size] > 1:
            heads[index].rank = (-size,)


def is_caption(text: str) -> bool:
    """Whether a line names a picture or table, or says where something is from."""
    return _CAPTION.match(text) is not None


def reads_like_title(block: Block) -> bool:
    """Whether a line may be a heading by its words: letters, no figures, no sentence, no caption."""
    text = block.text
    letters = sum(map(str.isalpha, text))
    if letters < 3 or len(text) > LONGEST or 2 * letters < len("".join(text.split())) or not _TITLE_OPENS.match(text):
        return False
    if block.level:
        return True
    if leading_number(text) is not None or is_half_sentence(text) or _TITLE_ENDED.search(text.rstrip(_SIGNS)):
        return False
    return not (is_caption(text) or _FIGURES.search(text) or _COLUMNS.search(text))


def is_half_sentence(text: str) -> bool:
    """Whether a line breaks off: a sentence ends inside it, a word waits for its noun, a quotation is not closed."""
    if _INNER_END.search(text) or _OPEN_END.search(text) or _CLAUSE.search(text):
        return True
    return any(text.count(opened) > sum(map(text.count, closed)) for opened, closed in _QUOTES)


def _is_front_heading(blocks: Sequence[Block], index: int) -> bool:
    """Whether a short line in front of all numbers is a heading, by what stands around it."""
    block = blocks[index]
    text = block.text
    if _WORDS.match(text) or block.level:
        return True
    if not 3 <= len(text) <= LONGEST or _ENDED.search(text) or text.endswith(":"):
        return False
    if _DATED.search(text) or is_half_sentence(text) or is_caption(text):
        return False
    following = blocks[index + 1] if index + 1 < len(blocks) else None
    if following is None or following.kind in (BlockKind.CONTENTS, BlockKind.HEAD_ROW):
        return False
    if not (text[0].isupper() or text[0] in '„“"'):
        return False
    previous = blocks[index - 1]
    if block.bold and not following.bold and not previous.bold and index > 1:
        return True
    after_end = bool(re.search(r"[.!?:\d]['\"“”»)]*$", previous.text)) or previous.kind is not BlockKind.TEXT
    prose = len(following.text) > 150 or (bool(re.search(r"[.!?:]$", following.text)) and len(following.text) > 40)
    return (prose and (after_end or len(text) < 40)) or (leading_number(following.text) is not None and after_end)


def _inside_chapter(numbered: Mapping[int, Head], index: int) -> int | None:
    """Return the level of the numbered heading before a place whose chapter goes on behind it; None where none does."""
    before = numbered.get(max((i for i in numbered if i < index), default=-1))
    after = numbered.get(min((i for i in numbered if i > index), default=-1))
    if before is None or after is None or before.number is None or after.number is None:
        return None
    same = after.number.depth > 1 and before.number.parts[0] == after.number.parts[0]
    return before.level if same and not before.resolves else None


def _goes_on(numbered: Mapping[int, Head], index: int) -> bool:
    """Whether decimal chapters go on behind a place as if nothing had ended them."""
    before = numbered.get(max((i for i in numbered if i < index), default=-1))
    after = numbered.get(min((i for i in numbered if i > index), default=-1))
    if before is None or after is None or before.number is None or after.number is None:
        return False
    steps = after.number.parts[0] - before.number.parts[0]
    return before.number.depth > 1 and after.number.style is Style.DECIMAL and steps in (0, 1)


def _ends_numbers(block: Block, titles: set[str], largest: float) -> bool:
    """Whether an unnumbered heading ends the numbered chapters."""
    if _PICTURE.match(block.text):
        return False
    if block.level == 1:
        return True
    if len(block.text) > LONGEST or _ENDED.search(block.text) or not _OPENS.match(block.text):
        return False
    if block.text.rstrip(":").casefold() in titles or _BACK_MATTER.match(block.text) or is_section_label(block.text):
        return True
    return block.bold and bool(largest) and block.size >= largest - 0.2 and reads_like_title(block)
