"""Split lines in which a heading is glued to a sentence: where the title ends elsewhere, else where
one begins.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise

from ingest.readers.lexicon import SECTION_WORD
from ingest.readers.numbers import leading_number
from ingest.readers.words import any_of
from ingest.stream import Line

_FIRST_WORD = any_of("first")
# "Ausgangslage Der Kreis ...", "Ausbau der Radwege Begründung: Die Wege ...": text before and
# section word.
_SECTION = re.compile(
    rf"(?:(?P<before>[^.!?]{{5,140}}?)\s+)?(?P<word>{SECTION_WORD}:?)(?:\s+(?={_FIRST_WORD}\s)|$)"
)
_TITLE_THEN_SENTENCE = re.compile(rf"(?!{_FIRST_WORD}\s)([^.!?:;]{{3,110}}?)\s+(?={_FIRST_WORD}\s)")
# "Zuständig: Amt 66 | Laufzeit: 2026": labels that share a line
_NEXT_LABEL = re.compile(r"(?<=\S)\s+[|•·]\s+(?=[A-ZÄÖÜ][^:|•·]{1,40}:\s)")
_LEAST = 50  # characters of a numbered paragraph that may begin with a glued heading
_FURTHER = 3  # most words by which a title may be longer than its words that are printed elsewhere

# Parts of a number ("3.1": (3, 1)) → the words of each line with that number, and of all listed
# titles.
Titles = Mapping[tuple[int, ...], Sequence[Sequence[str]]]


def split_glued_headings(lines: Sequence[Line], titles: Iterable[str]) -> tuple[Line, ...]:
    """Return the lines, split where a heading and the text below it are printed as one line: "2.1
    Radverkehr Der Kreis baut ..." becomes two lines. Such a line begins with a numbered title, or
    with a section word ("Ausgangslage") that may have a title before it.

    Where a numbered title ends is known if it is printed elsewhere too: in another line with the
    same number, or in the table of contents (`titles`, whose numbers are not known here, so that
    each is compared with every number).
    """
    listed = [title.split() for title in titles]
    prints: dict[tuple[int, ...], list[Sequence[str]]] = defaultdict(lambda: list(listed))
    for line in lines:
        number = leading_number(line.text)
        if number:
            prints[number.parts].append(number.text_after.split())
    return tuple(
        chain.from_iterable(_split_line(lines, index, prints) for index in range(len(lines)))
    )


def _split_line(lines: Sequence[Line], index: int, prints: Titles) -> Iterator[Line]:
    """Yield the parts of line `index`, each a paragraph of its own: a heading and the text that is
    glued to it. A line without a glued heading is yielded whole.

    A heading is glued only to the first line of a paragraph of running text: not in a table, a list
    or a line that has the style of a heading.
    """
    line = lines[index]
    is_running_text = line.cell is None and not line.bullet and not line.style.level
    if not line.opens or not is_running_text:
        yield line
        return
    has_next_line = index + 1 < len(lines) and not lines[index + 1].opens  # of its paragraph
    cuts = _section_ends(line.text)
    cuts += [match.start() for match in _NEXT_LABEL.finditer(line.text)]
    if not cuts:
        title_end = _title_end(line.text, prints, has_next_line=has_next_line)
        if title_end:
            cuts.append(title_end)
    for start, end in pairwise([0, *sorted(cuts), len(line.text)]):
        text = line.text[start:end].strip(" |•·")
        # what is bold is the beginning of the whole line
        yield replace(line, text=text, lead=max(0, line.lead - start), opens=True)


def _section_ends(text: str) -> list[int]:
    """Return the offsets at which to cut a text around a section word that a sentence follows, or
    that ends the text; none if it has no such word.

    It is cut behind the word if a sentence follows ("Ausgangslage Der Kreis ..."). It is also cut
    before the word if a title stands there ("Ausbau der Radwege Begründung: Die Wege ...").
    """
    match = _SECTION.match(text)
    if match is None:
        return []
    cuts = []
    if match["before"]:
        cuts.append(match.start("word"))
    if match.end() < len(text):
        cuts.append(match.end("word"))
    return cuts


def _title_end(text: str, prints: Titles, *, has_next_line: bool) -> int | None:
    """Return the offset at which a numbered title ends within its paragraph, None if no sentence is
    glued to it. There is none in a short line, or in one that contains no end of a sentence and is
    the last of its paragraph.

    The title consists of the words that are printed with its number elsewhere too. If it is not
    printed elsewhere, or if a few more words stand before the first word of a sentence ("Der",
    "Im"), it goes up to this word.
    """
    number = leading_number(text)
    if number is None or len(number.text_after) < _LEAST:
        return None
    if not has_next_line and not re.search(r"[.!?](?:\s|$)", number.text_after):
        return None
    words = number.text_after.split()
    other_prints = [other for other in prints[number.parts] if other != words]
    shared = max((_count_shared(words, other) for other in other_prints), default=0)
    match = _TITLE_THEN_SENTENCE.match(number.text_after)
    before_sentence = 0
    if match:
        before_sentence = len(match[1].split())
    count = shared
    if not shared or shared < before_sentence <= shared + _FURTHER:
        count = before_sentence
    # a sentence begins behind the title
    if not 0 < count < len(words) or words[count][:1].islower():
        return None
    ends = [word.end() for word in re.finditer(r"\S+", number.text_after)]
    return len(text) - len(number.text_after) + ends[count - 1]


def _count_shared(words: Sequence[str], other_words: Sequence[str]) -> int:
    """Return how many words at the beginning two texts share; punctuation at the words does not
    matter. If the other text begins with all `words`, the result is 0: then the line is only a
    title, or its beginning, and nothing is glued to it.
    """
    for count, (word, other) in enumerate(zip(words, other_words, strict=False)):
        if word.strip(",.;:") != other.strip(",.;:"):
            return count
    if len(other_words) < len(words):
        return len(other_words)
    return 0
