"""Words of a PDF page that are no running text: water marks and the numbers of lines; and initials,
which are the beginning of a word.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.layout.pdf_words import INITIAL, PrintedWord
from ingest.layout.segments import bounding_box
from ingest.stream import Box
from vectorstore.language import fold_case, word_list

# times the usual type size: of a water mark across the page, and of one along the lines
_LARGE_MARK = 1.8
_HUGE_MARK = 3.0
_TILES = 3  # prints of a small water mark, along the lines over other words
_COVERED_WORDS = 3  # that a huge water mark along the lines is printed over
_OVERLAP = 0.3  # of the height of the lower box; boxes of two lines may overlap by less
_PALE = 150.0  # luminance from which letters are pale, of 255
_COUNTING_NUMBERS = 0.8  # share of the numbers in a margin that follow the one above
_LEAST_EACH = 12  # numbers of one page, from which they number each line
_LEAST_FIFTH = 3  # likewise, where each fifth line has one
_LEAST_LINES = 2  # of text from one such number to the next, as empty lines may count
_LOW_LINES = 0.15  # share of the lines that begin in lower case; in German prose it is some .4
_OTHER_WORDS = 2  # in the strip of the numbers
_COLUMN = 4.0  # points by which the edges of a column differ
_MOST_LETTERS = 3  # of an initial
_OPENING = '„“»›‚"('  # what may be before an initial
_INITIAL_GAP = 0.5  # of the size of an initial: the most between it and the text
_SAME_LINE = 0.3  # of the type size


def find_water_marks(words: Sequence[PrintedWord]) -> list[PrintedWord]:
    """Return the words that are printed across a page, or over its text, to mark it ("ENTWURF").

    Across are slanted words that are large, or pale and repeated. Labels of drawings are slanted
    too, but small. Along the lines pale words are water marks if they are huge and over others, or
    repeated and several of them over others.
    """
    size = _usual_size(words)
    pale = [word for word in words if _is_pale(word)]
    counts = Counter(word.text for word in pale)
    over_text = Counter(
        word.text for word in pale if counts[word.text] >= _TILES and _count_covered(word, words)
    )
    marks = list[PrintedWord]()
    for word in words:
        times = word.style.size / size
        if word.slanted:
            is_mark = times >= _LARGE_MARK or (_is_pale(word) and counts[word.text] >= _TILES)
        elif over_text[word.text] >= _TILES:
            is_mark = _is_pale(word)
        else:
            is_huge = times >= _HUGE_MARK and _is_pale(word)
            is_mark = is_huge and _count_covered(word, words) >= _COVERED_WORDS
        if is_mark:
            marks.append(word)
    return marks


def _usual_size(words: Iterable[PrintedWord]) -> float:
    """Return the type size of most letters that are not slanted."""
    letters: Counter[float] = Counter()
    for word in words:
        if not word.slanted:
            letters[word.style.size] += len(word.text)
    return max(letters, key=letters.__getitem__, default=1.0)


def _is_pale(word: PrintedWord) -> bool:
    colour = word.style.colour
    red, green, blue = colour >> 16, colour >> 8 & 0xFF, colour & 0xFF
    return word.faint or 0.299 * red + 0.587 * green + 0.114 * blue >= _PALE


def _count_covered(word: PrintedWord, words: Iterable[PrintedWord]) -> int:
    """Return over how many other words a word is printed."""
    return sum(other is not word and _overlaps(word.box, other.box) for other in words)


def _overlaps(box: Box, other: Box) -> bool:
    """True if two boxes overlap, in height by a good part of the lower one."""
    width = min(box.right, other.right) - max(box.left, other.left)
    height = min(box.bottom, other.bottom) - max(box.top, other.top)
    return width > 0 and height > _OVERLAP * min(box.bottom - box.top, other.bottom - other.top)


def find_line_numbers(words: Sequence[PrintedWord], margins: set[int]) -> list[PrintedWord]:
    """Return the numbers in a margin that count the lines of a page: all of them, or each fifth.

    Numbers with their left or right edge at one place are a column; there must be hardly any other
    word above, below or between them, as a margin is empty otherwise. `margins` are the places of
    such columns on the pages before, where fewer numbers are enough; those of this page are added.
    """
    columns: dict[int, list[PrintedWord]] = defaultdict(list)
    for word in words:
        if word.text.isdecimal() and not word.turn:
            # places of right edges count from 0 up, those of left edges from -1 down
            columns[round(word.box.right / _COLUMN)].append(word)
            columns[-round(word.box.left / _COLUMN) - 1].append(word)
    numbers = list[PrintedWord]()
    for place, column in columns.items():
        column.sort(key=lambda word: word.baseline)
        if _counts_lines(column, words, is_known=place in margins):
            margins.add(place)
            numbers += [word for word in column if word not in numbers]
    return numbers


def _counts_lines(
    column: Sequence[PrintedWord], words: Sequence[PrintedWord], *, is_known: bool
) -> bool:
    """True if the numbers of a column count lines: most follow the one above by 1 or by 5, and
    hardly another word is in their strip of the page.

    Where the column is not known (`is_known`) from earlier pages, the text beside it must prove it
    too: many numbers before lines that begin within a sentence, or multiples of 5 with lines
    between them.
    """
    values = [int(word.text[:9]) for word in column]
    steps = [below - above for above, below in pairwise(values)]
    least = _COUNTING_NUMBERS * len(steps)
    if is_known:
        counts = steps.count(1) + steps.count(5) >= least
    elif len(column) >= _LEAST_EACH and steps.count(1) >= least:
        counts = _is_before_sentences(column, words)
    else:
        are_fifths = len(column) >= _LEAST_FIFTH and not any(value % 5 for value in values)
        counts = are_fifths and steps.count(5) >= least and _spans_lines(column, words)
    if not counts:
        return False
    strip = bounding_box(word.box for word in column)
    inside = [word for word in words if word.box.left < strip.right and word.box.right > strip.left]
    return len(inside) - len(column) <= _OTHER_WORDS


def _is_before_sentences(column: Sequence[PrintedWord], words: Sequence[PrintedWord]) -> bool:
    """True if many lines beside the numbers of a column begin within a sentence, in lower case.
    Rows of a table, which may be numbered too, begin with a name.
    """
    firsts: dict[int, PrintedWord] = {}  # by the place of the line
    for word in sorted(words, key=lambda word: -word.box.left):
        if word not in column:
            firsts[round(word.baseline)] = word
    beside = [firsts[round(word.baseline)] for word in column if round(word.baseline) in firsts]
    return sum(word.text[0].islower() for word in beside) >= _LOW_LINES * len(beside) > 0


def _spans_lines(column: Sequence[PrintedWord], words: Sequence[PrintedWord]) -> bool:
    """True if there are up to five lines of text from each number of a column to the next."""
    baselines = {round(word.baseline) for word in words if word not in column}
    for above, below in pairwise(column):
        low, high = above.baseline + 1, below.baseline + 1
        lines = sum(low < baseline <= high for baseline in baselines)
        if not _LEAST_LINES <= lines <= 5:
            return False
    return True


def join_initials(words: Sequence[PrintedWord]) -> list[PrintedWord]:
    """Return the words with each initial, which is several lines high, at the beginning of the
    first line beside it. The lines beside it must reach down to its own baseline: a large letter
    above a text is no initial of it.
    """
    merged = list(words)
    size = _usual_size(words)
    for initial in words:
        is_large = initial.style.size >= INITIAL * size and not initial.turn
        letters = initial.text.lstrip(_OPENING)
        if not is_large or not letters.isalpha() or len(letters) > _MOST_LETTERS:
            continue
        beside = [word for word in merged if _is_beside(initial, word)]
        first = min(beside, key=lambda word: (round(word.baseline), word.box.left), default=None)
        lowest = max((word.baseline for word in beside), default=0.0)
        if first is None or initial.baseline - lowest > _SAME_LINE * first.style.size:
            continue
        text = _with_initial(initial.text, first.text)
        if text is not None:
            pieces = ((text.removesuffix(first.text), first.style), *first.pieces)
            merged[merged.index(first)] = first._replace(text=text, pieces=pieces)
            merged.remove(initial)
    return merged


def _is_beside(initial: PrintedWord, word: PrintedWord) -> bool:
    """True if a word is on one of the lines that begin beside an initial."""
    gap = word.box.left - initial.box.right
    size = word.style.size
    is_close = -0.1 * size <= gap <= _INITIAL_GAP * initial.style.size
    is_within = initial.box.top < word.baseline <= initial.baseline + _SAME_LINE * size
    return not word.turn and initial.style.size >= INITIAL * size and is_close and is_within


def _with_initial(initial: str, text: str) -> str | None:
    """Return the first word of a text with its initial, or both words where the initial is a word
    itself ("Die"). Return None for a letter beside a word in its own right, which is the mark of a
    part.
    """
    if len(initial) > 1 and fold_case(initial) in word_list("stopwords"):
        return f"{initial} {text}"
    if text[:1].islower() or (text.isupper() and text.isalpha()):
        return initial + text
    return None
