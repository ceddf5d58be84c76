"""Tells whether a conversation has personal data that must not leave the house: in one turn, split
over several, or put into the service's turns.

What the published documents print themselves (the telephone number of an office, the name of a
mayor) is not personal where the service says it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain, permutations

from service.masking.names import find_names
from service.masking.notation import (
    details_of,
    is_announced,
    is_announced_to_reader,
    is_personal,
    mask_details,
)

IsPublished = Callable[[str], bool]
ConversationTurn = tuple[bool, str]  # whether the user wrote it, and its text
LONGEST_TURN = 1_000  # characters of a turn that are looked at and sent
_EDGE = 80  # characters at the end of a turn and at the beginning of a later one that are joined
_MARK = re.compile(r"[\d@]")


def turns_to_send(
    question: str, turns: Sequence[ConversationTurn], is_published: IsPublished
) -> list[str] | None:
    """Return the turns of a conversation as they may be sent to an external model; None if nothing
    may be sent.

    Nothing may be sent if the user states or announces a personal detail, if the service announces
    one of the user, if a name in any text or a detail in one of the service is not published, or if
    a detail is split over texts. Published details of the service are masked all the same. Of long
    turns only the beginning is sent.
    """
    looked_at = [(by_user, _beginning_and_end(text)) for by_user, text in turns]
    of_user = [*(text for by_user, text in looked_at if by_user), question]
    of_service = [text for by_user, text in looked_at if not by_user]
    if any(is_personal(text) or is_announced(text) for text in of_user):
        return None
    if any(map(is_announced_to_reader, of_service)):
        return None
    details = chain.from_iterable(map(details_of, of_service))
    texts = (*of_user, *of_service, " ".join(of_user))
    names = chain.from_iterable(map(find_names, texts))
    if not all(map(is_published, chain(details, names))):
        return None
    masked = [text if by_user else mask_details(text) for by_user, text in looked_at]
    if _is_split([*masked, question]) or _is_split(of_user):
        return None
    return [text[:LONGEST_TURN] for text in masked]


def _is_split(texts: Sequence[str]) -> bool:
    """True if a personal detail is split over texts: over any two of them, or over several in a
    row.

    Somebody may give one half of a number in a turn and the other half later, with words between.
    So the texts are joined whole, then only their parts with numbers (`_numbers_of`), and then the
    end of each with the numbers of each other one.
    """
    if is_personal(" ".join(texts)) or is_personal(" ".join(map(_numbers_of, texts))):
        return True
    ends = [text.rstrip(" .,;:?!…")[-_EDGE:] for text in texts]
    beginnings = [_numbers_of(text)[:_EDGE] for text in texts]
    return any(
        is_personal(f"{ends[first]} {beginnings[second]}")
        for first, second in permutations(range(len(texts)), 2)
        if beginnings[second]
    )


def _beginning_and_end(text: str) -> str:
    """A turn as it is looked at: of a long one the part that is sent and a little more, and its
    end.

    The end may begin a detail that the next turn goes on with.
    """
    longest = LONGEST_TURN + _EDGE
    if len(text) <= longest + _EDGE:
        return text
    return f"{text[:longest]} {text[-_EDGE:]}"


def _numbers_of(text: str) -> str:
    """The words of a text from the first to the last one with a digit or an at sign; "" without
    any.

    These are where a detail can be that was begun in another text.
    """
    words = text.split()
    marked = [index for index, word in enumerate(words) if _MARK.search(word)]
    if not marked:
        return ""
    return " ".join(words[marked[0] : marked[-1] + 1])
