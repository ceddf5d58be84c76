"""Split lines in which a heading is glued to the sentence after it.

The title ends where it ends when printed elsewhere, else where a sentence begins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from ingest.readers.lexicon import SECTION_WORDS
from ingest.readers.numbers import leading_number
from ingest.stream import Line

_FIRST_WORD = (  # words that begin sentences
    r"(?:Der|Die|Das|Den|Dem|Ein|Eine|Einer|Im|In|Für|Mit|Zur|Zum|Auf|Auch|Wir|Als|Bei|Beim|Durch|Um|Neben|Es|Alle|"
    r"Jeder|Jede|Jedes|Unser|Unsere|Dieser|Diese|Dieses|Seit|Nach|Von|Zu|Am|An|Aus|Ziel)"
)
_SECTION = re.compile(rf"^(?:([^.!?]{{5,140}}?)\s+)?((?:{SECTION_WORDS}):?)(?:\s+(?={_FIRST_WORD}\s)|$)")
_TITLE_THEN_SENTENCE = re.compile(rf"^(?!{_FIRST_WORD}\s)([^.!?:;]{{3,110}}?)\s+(?={_FIRST_WORD}\s)")
_LEAST = 50  # characters of a numbered paragraph that may begin with a glued heading
_FURTHER = 3  # most words by which a title may be longer than what other prints share with it

Titles = Mapping[tuple[int, ...], Sequence[Sequence[str]]]  # parts of a number → words of each title with that number


def split_glued_headings(lines: Sequence[Line], titles: Iterable[str]) -> tuple[Line, ...]:
    """Return the lines, split after a section word or numbered title that begins them; `titles` are in the contents."""
    listed = [title.split() for title in titles]
    prints: dict[tuple[int, ...], list[Sequence[str]]] = defaultdict(lambda: list(listed))
    for line in lines:
        if number := leading_number(line.text):
            prints[number.parts].append(number.text_after.split())
    return tuple(part for index, line in enumerate(lines) for part in _split_line(lines, index, line, prints))


def _split_line(lines: Sequence[Line], index: int, line: Line, prints: Titles) -> Iterator[Line]:
    """Yield line `index` in parts, whole where nothing is glued."""
    following = lines[index + 1] if index + 1 < len(lines) else None
    before = lines[index - 1] if index else None
    if before is not None and _is_whole_title(before, line, prints):
        line = replace(line, opens=True)
    if not line.opens or line.cell is not None or line.bullet or line.style.level:
        yield line
        return
    continues = following is not None and not following.opens
    cuts = _section_ends(line.text) or _title_end(line.text, continues, prints)
    for start, end in zip([0, *cuts], [*cuts, len(line.text)], strict=True):
        yield replace(line, text=line.text[start:end].strip(), opens=True)


def _is_whole_title(line: Line, following: Line, prints: Titles) -> bool:
    """True if a line is a whole title that is printed elsewhere too, though the next line continues its paragraph."""
    number = leading_number(line.text) if line.opens and not following.opens else None
    return number is not None and sum(words == number.text_after.split() for words in prints[number.parts]) > 1


def _section_ends(text: str) -> list[int]:
    """Return the offsets at which the text before a section word and that word end; none if nothing is glued."""
    match = _SECTION.match(text)
    if match is None or (match.end() == len(text) and match[1] is None):
        return []
    return ([match.start(2)] if match[1] else []) + ([match.end(2)] if match.end() < len(text) else [])


def _title_end(text: str, continues: bool, prints: Titles) -> list[int]:
    """Return the offset at which a numbered title ends within a longer paragraph, [] if nothing is glued to it."""
    number = leading_number(text)
    if (
        number is None
        or len(number.text_after) < _LEAST
        or not (continues or re.search(r"[.!?](?:\s|$)", number.text_after))
    ):
        return []
    words = number.text_after.split()
    shared = max((_count_shared(words, other) for other in prints[number.parts] if other != words), default=0)
    match = _TITLE_THEN_SENTENCE.match(number.text_after)
    before_sentence = len(match[1].split()) if match else 0
    is_longer_title = not shared or shared < before_sentence <= shared + _FURTHER
    count = before_sentence if is_longer_title else shared
    if not 0 < count < len(words):
        return []
    ends = [word.end() for word in re.finditer(r"\S+", number.text_after)]
    return [len(text) - len(number.text_after) + ends[count - 1]]


def _count_shared(words: Sequence[str], other_words: Sequence[str]) -> int:
    """Return the number of first words that two texts share, 0 if the other text contains all `words`."""
    pairs = zip(words, other_words, strict=False)
    count = sum(1 for _ in takewhile(lambda pair: pair[0].strip(",.;:") == pair[1].strip(",.;:"), pairs))
    return count if count < len(words) else 0
