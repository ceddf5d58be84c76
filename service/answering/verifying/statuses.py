"""Words of a status: whether a sentence gives its records the status that they have, and no draft as decided."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache

from service.answering import wording
from vectorstore.records import Document, DocumentStatus, Item, ItemStatus

_CONDITION = r"(?:ohne(?: den)? Status|without status)"
_DENIED = re.compile(rf"(?i)(?<!\w)(?:nicht|kein\w*|nie|not|no|never|{_CONDITION})(?:\s[\w-]+)?\s\Z")
_CHOSEN = re.compile(rf"(?i){_CONDITION}\s\Z")
_WISH = re.compile(
    r"(?i)(?<!\w)(?:soll(?:en|te|ten)?|will|wollen|wollte[n]?|kann|können|muss|müssen|shall|should)(?!\w)"
)
_BECOME = re.compile(r"(?i)\s+(?:und\s+\w+\s+)?werden(?!\w)|\s+be(?!\w)")
_DECIDED = re.compile(r"(?i)(?<!\w)(?:beschlossen|verabschiedet|adopted|decided)(?:e[nrsm]?)?(?!\w)")
_UNDECIDED = (DocumentStatus.DRAFT, DocumentStatus.PROPOSED)


@cache
def _pattern() -> re.Pattern[str]:
    known = sorted(wording.STATUS_WORDS, key=len, reverse=True)
    return re.compile(rf"(?i)(?<![\w-])({'|'.join(map(re.escape, known))})(?:e[nrsm]?|n)?(?![\w-])")


def fit(text: str, items: Collection[Item], documents: Iterable[Document], proving: str) -> bool:
    """True where every status that a text says is that of a cited record or stands in what proves it.

    `proving` are quotes and computed words. A status that is denied must not be that of all cited records; one that
    records were chosen by ("ohne den Status umgesetzt") is no statement on them and must be computed.
    """
    own = [statuses_of(item) for item in items]
    for match in _pattern().finditer(text):
        if _is_wish(text, match):
            continue
        said = wording.STATUS_WORDS[match[1].lower()]
        denied = _denied(text, match)
        right = any(not said & one for one in own) if denied else any(said & one for one in own)
        right = right and not _CHOSEN.search(text, 0, match.start())
        if not right and not _stands(match, denied, proving):
            return False
    undecided = any(one.status in _UNDECIDED for one in documents)
    decided = [match for match in _DECIDED.finditer(text) if not _denied(text, match)]
    return not undecided or all(_stands(match, False, proving) for match in decided)


def said_in(text: str) -> list[tuple[str, frozenset[ItemStatus]]]:
    """The words of statuses in a text, in lower case, each with what it may mean; what shall become is none."""
    matches = (match for match in _pattern().finditer(text) if not _is_wish(text, match))
    return [(match[0].lower(), wording.STATUS_WORDS[match[1].lower()]) for match in matches]


def statuses_of(item: Item) -> frozenset[ItemStatus]:
    """The statuses that a document gives a record, those of its lists included."""
    told = {item.status} if item.status else set()
    for conflict in item.conflicts:
        if conflict.field == "status":
            told |= {ItemStatus(one) for one in (conflict.text, conflict.table) if one in set(ItemStatus)}
    return frozenset(told)


def _is_wish(text: str, match: re.Match[str]) -> bool:
    """True where a word of a status is what shall become: "soll umgesetzt werden" says no status."""
    clause = re.split(r"[,;:]\s", text[: match.start()])[-1]
    return _WISH.search(clause) is not None and _BECOME.match(text, match.end()) is not None


def _denied(text: str, match: re.Match[str]) -> bool:
    return _DENIED.search(text, 0, match.start()) is not None


def _stands(match: re.Match[str], denied: bool, proving: str) -> bool:
    """True where a word of a status stands in what proves it, denied there too where it is denied."""
    found = re.finditer(rf"(?i)(?<!\w){re.escape(match[0])}(?!\w)", proving)
    return any(_denied(proving, one) == denied for one in found)
