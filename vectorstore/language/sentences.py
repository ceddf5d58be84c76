"""Splitting German text into sentences, given as spans of the text.

A sentence ends at . ! ? or … before white space, at an empty line, and before a bullet. A full stop
does not end one after an abbreviation, an ordinal number or a single letter, nor where the next
word goes on in lower case.
"""

from __future__ import annotations

import re
from itertools import pairwise

from vectorstore.language.word_lists import word_list

CANDIDATE = re.compile(
    r"""(?P<end>[.!?…]+[)\]"'“”»«’]*)(?=\s)     # the end of a sentence, perhaps
    |   \n[^\S\n]*\n                                 # an empty line ends one for sure
    |   \n(?=[^\S\n]*(?:[•▪◦‣●■–*-]|\d{1,2}[.)]|[a-z]\))[^\S\n]) # a bullet or number
    """,
    re.VERBOSE,
)
# the words to a full stop: "z. B", "24.12", "Plan"
BEFORE = re.compile(r"(?:[^\W_]+\.[ \u00a0\u202f]?)*[^\W_]+\Z")
# white space, opening marks, and the first letter of what follows
NEXT = re.compile(r"""\s+["'„“»«(\[]*(\w?)""")
ORDINAL = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\Z")  # the day of a date, 1 to 31
REACH = 40  # characters before a full stop in which abbreviations and numbers are looked for


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of a text as (start, end) offsets without outer white space, in order, none of
    them empty.
    """
    matches = CANDIDATE.finditer(text)
    ends = [match.end() for match in matches if match["end"] is None or _ends_here(text, match)]
    spans: list[tuple[int, int]] = []
    for start, end in pairwise((0, *ends, len(text))):
        part = text[start:end]
        sentence = part.strip()
        if sentence:
            first = start + len(part) - len(part.lstrip())
            spans.append((first, first + len(sentence)))
    return spans


def _ends_here(text: str, match: re.Match[str]) -> bool:
    """True if the punctuation of a match of `CANDIDATE` ends a sentence.

    It does not before a lower-case letter ("usw. und"). Otherwise "!", "?" and "…" do; a single
    full stop may belong to an abbreviation or a number, which `_continues` decides.
    """
    following = NEXT.match(text, match.end())
    next_char = following[1] if following else ""
    if next_char.islower():  # whatever the punctuation is
        return False
    # only a single full stop may be something else
    if match["end"][0] != "." or match["end"].startswith(".."):
        return True
    before = BEFORE.search(text[max(0, match.start() - REACH) : match.start()])
    return before is None or not _continues(before[0], next_char)


def _continues(before: str, next_char: str) -> bool:
    """True if a sentence goes on after a full stop; `before` are the words before the full stop.

    It goes on after an abbreviation ("Nr."), after a single letter ("z. B."), and after the day of
    a date, if a capital follows ("3. Mai", "24.12. Montag"). It does not after a ref ("5.5.2."),
    which has more parts than a day and month.
    """
    token = re.split(r"[ \u00a0\u202f]", before)[-1]
    groups = token.split(".")
    last = groups[-1]
    if last.isdigit():  # "24.12" may be a date, "5.5.2" is a ref
        return len(groups) < 3 and bool(ORDINAL.match(last)) and next_char.isupper()
    return len(last) == 1 or token.casefold() in word_list("abbreviations")
