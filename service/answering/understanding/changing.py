"""Questions on what changed from one paper of a series to the next: that they are, and which changes they ask for.

Such a question speaks of an earlier paper or of both ("seit dem letzten Bericht", "der alte und der neue"), or of what
is new or gone in the newest, and of a change. A change alone ("Wie hat sich der Verbrauch verändert?") is none.
"""

from __future__ import annotations

import re

from service.changes.matching import ChangeKind

_PAPER = (
    r"(?:\w*(?:bericht|report|papier|ausgabe|fassung|version|strategie|konzept|programm|leitbild)(?:s|es|en|e)?"
    r"|documents?|papers?|editions?|mal)"
)
_EARLIER = (
    r"(?:letzte|vorige|vorherige|vorhergehende|vorangegangene|frühere|bisherige|alte|erste|last|previous|earlier|old)"
    r"[nmrs]?"
)
_NEWER = r"(?:neue|neueste|aktuelle|jüngste|jetzige|new|latest|current)[nmrs]?"
_BESIDE = rf"(?:\s+(?!und\b)[\w-]+){{0,2}}\s+{_PAPER}"
_BEFORE = re.compile(
    rf"(?i)\b(?:{_EARLIER}{_BESIDE}|{_EARLIER}\s+{_PAPER}|vor(?:jahres|gänger)?(?:bericht|report|fassung|version)\w*"
    rf"|(?<=\bzu )(?:19|20)\d\d(?=.*\b{_PAPER})|(?<=\bgegenüber )(?:19|20)\d\d(?=.*\b{_PAPER})"
    rf"|vorgänger\w*|{_PAPER}\s+(?:von|aus|of|from)?\s*(?:19|20)\d\d)\b"
)
_SINCE = re.compile(
    r"(?i)\b(?:seit(?:dem)?|gegenüber|(?:im\s+)?(?:vergleich|unterschied)\s+(?:zu[mr]?|mit)|verglichen\s+mit|als|zu[mr]?|"
    r"vom|von|zwischen|aus|since|compared|than|from|between|wie)\b"
)
_LATER = re.compile(rf"(?i)\b{_NEWER}(?:{_BESIDE}|\s+{_PAPER})\b")
_BOTH = re.compile(
    rf"(?i)\b(?:beiden?\s+{_PAPER}|{_EARLIER}\W+(?:\w+\W+){{0,5}}?{_NEWER}\b|{_NEWER}\W+(?:\w+\W+){{0,5}}?{_EARLIER})\b"
)
_KINDS = {
    ChangeKind.NEW: r"neu|neue[snr]?\s+(?:projekte|maßnahmen|vorhaben|ziele)|hinzu\w*|dazu(?:ge)?k\w+|"
    r"aufgenommen|new|added",
    ChangeKind.FINISHED: r"abgeschlossen\w*|umgesetzt\w*|fertig\w*|erledigt\w*|vollendet|beendet|"
    r"finished|completed|implemented",
    ChangeKind.STATUS: r"status\w*|ander\w+\s+stand",
    ChangeKind.DROPPED: r"weggefallen|wegfallen|entfallen|gestrichen\w*|verschwunden|nicht\s+mehr|herausgenommen|"
    r"fehl(?:t|en)|aufgegeben|dropped|removed|gone|missing",
    ChangeKind.MOVED: r"verschoben\w*|umnummeriert\w*|gewandert|umgezogen|andere[nrms]?\s+(?:handlungsfeld|stelle|"
    r"thema|nummer|themenfeld)|moved|renumbered",
}
_OF_KIND = {kind: re.compile(rf"(?i)\b(?:{words})\b") for kind, words in _KINDS.items()}
_ANY = re.compile(
    r"(?i)\b(?:ge|ver)?änder\w*|\b(?:neuerung|veränderung|änderung|fortschritt|unterschied|neuigkeit)\w*|\banders\b|"
    r"\bunterscheid\w*|\bgetan\b|\bpassiert\b|\bentwickelt\b|\bchange[sd]?\b|\bdifferen\w+|\bprogress\b"
)
_OF_PAPERS = re.compile(
    r"(?i)\b(?:neuerung|änderung|veränderung)\w*|\bgeändert\b|\bhinzu\w*|\bnicht\s+mehr\b|\bchanged\b"
)
_WHAT_IS_NEW = re.compile(
    rf"(?i)\b(?:was|welche\s+\w+)\b(?:\s+\w+){{0,2}}?\s+(?:neu|new)\s+(?:im|in|am)\b.*{_PAPER}|what(?:'s| is) new in\b"
)
_ANOTHER_STATUS = re.compile(r"(?i)\bandere[nmrs]?\s+(?:status|stand)\b|\banother\s+status\b")
_BARE_NEW = re.compile(rf"(?i)\b(?:neu|new)\s+(?:im|in)\s+(?:the\s+|dem\s+|der\s+)?(?:{_NEWER}\s+)?{_PAPER}\W*$")


def asks_changes(question: str) -> bool:
    """True where it is asked what changed from one paper to the next."""
    if _BOTH.search(question) and re.search(rf"(?i)\b{_PAPER}\b", question):
        return _change(question)
    before = _BEFORE.search(question)
    if before is not None:
        bare = re.match(r"(?i)\s*(?:\w+\s+)?(?:änderung|veränderung|neuerung|fortschritt|unterschied)", question)
        return _change(question[: before.start()] + question[before.end() :]) and (
            bare is not None or _SINCE.search(question, 0, before.start()) is not None
        )
    later = _LATER.search(question) is not None or _BARE_NEW.search(question) is not None
    if _WHAT_IS_NEW.search(question) and _BARE_NEW.search(question):
        return True
    return later and (_OF_PAPERS.search(question) or _ANOTHER_STATUS.search(question)) is not None


def changes_asked(question: str) -> tuple[ChangeKind, ...]:
    """The kinds of changes that a question asks for, all that changed where it names none."""
    kinds = tuple(kind for kind, words in _OF_KIND.items() if words.search(question))
    if ChangeKind.STATUS in kinds and ChangeKind.FINISHED not in kinds:
        kinds = (ChangeKind.FINISHED, *kinds)
    changed = tuple(kind for kind in ChangeKind if kind is not ChangeKind.UNCHANGED)
    return tuple(kind for kind in changed if kind in kinds) or changed


def _change(text: str) -> bool:
    return _ANY.search(text) is not None or any(words.search(text) for words in _OF_KIND.values())
