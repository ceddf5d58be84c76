"""A follow-up put into its own words, so that it can be searched without the conversation around it.

Works from the newest turns only: the records that the last answer named, and the words of the last question.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import Query
from service.models import Turn
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item

_FEW_WORDS = 2
_COUNT = re.compile(r"(?i)\bwie ?viele?\b|\bhow many\b")
_MARKER = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question in its own words: `focus` are the records that the conversation is about, newest answer first.

    `own_words` is the follow-up itself, where `text` joins it to the question before.
    """

    text: str
    focus: tuple[Item, ...] = ()
    is_followup: bool = False
    own_words: str = ""
    among_focus: bool = False


def standalone(question: str, history: list[Turn], corpus: Corpus, bare: Query) -> Standalone:
    """The question with what it takes from the conversation; unchanged where it stands on its own.

    `bare` is the question understood without the conversation.
    """
    if not history or not _leans(question, bare):
        return Standalone(question)
    earlier = next((turn.content for turn in reversed(history) if turn.role == "user"), "")
    said = next((turn.content for turn in reversed(history) if turn.role == "assistant"), "")
    focus = named_records(said, corpus.catalogue) or named_records(earlier, corpus.catalogue)
    named = corpus.names.documents(question)
    if named.explicit or named.counties:
        return _about_others(question, earlier, [item for item in focus if item.document_id in named.ids], corpus)
    counts_them = bool(_COUNT.search(question)) and len(focus) > 1 and len(bare.topic) <= 1
    among = bool(_says("among", question)) or counts_them
    focus = _ordinal(question, focus)
    if focus:
        return Standalone(question, tuple(focus), True, "", among)
    return Standalone(f"{earlier} {question}", (), True, question)


_ORDINALS = (("erste", "first"), ("zweite", "second"), ("dritte", "third"), ("vierte", "fourth"), ("fünfte", "fifth"))


def _ordinal(question: str, focus: list[Item]) -> list[Item]:
    """The one that "das zweite" or "the last one" points to, of several records in focus."""
    kinds = Counter(item.kind for item in focus)
    alike = [item for item in focus if item.kind is kinds.most_common(1)[0][0]] if focus else []
    if re.search(r"(?i)\b(letzte[nrs]?|last)\b", question):
        return alike[-1:]
    for place, names in enumerate(_ORDINALS):
        if re.search(rf"(?i)\b(?:{'|'.join(names)})[nrs]?\b", question) and place < len(alike):
            return [alike[place]]
    return focus


def _about_others(question: str, earlier: str, focus: list[Item], corpus: Corpus) -> Standalone:
    """The earlier question asked again of the documents that the new one names."""
    kept = [word for word in earlier.split() if not corpus.names.counties_in(word)]
    plain = corpus.names.unnamed(" ".join(kept), corpus.names.documents(earlier))
    return Standalone(question if focus else f"{plain} {question}", tuple(focus), True)


def _leans(question: str, bare: Query) -> bool:
    """True where a question cannot be understood without what was said before."""
    if any(_says(cue, question) for cue in ("strong_opening", "clear_pointing", "asking_back")):
        return True
    if any(noun.plural for noun in bare.nouns) or bare.named:
        return False
    points = _says("pointing", question) or _says("opening", question)
    return not bare.topic or (len(bare.topic) <= _FEW_WORDS and points)


def _says(cue: str, question: str) -> bool:
    return lexicon.matches("phrases", f"followup.{cue}", question)


def named_records(text: str, catalogue: Catalogue) -> list[Item]:
    """The records that a text names by number and title, in the order in which it names them."""
    plain = _MARKER.sub("", text)
    found: list[tuple[int, int, Item]] = []
    for item in catalogue.items:
        by_title = plain.find(item.title) if len(item.title) > 8 else -1
        number = re.search(rf"(?<![\w.]){re.escape(item.ref)}(?![\w]|\.\d)", plain) if _tells(item.ref) else None
        if number and (by_title >= 0 or "." in item.ref):
            found.append((number.start(), -len(item.ref), item))
        elif by_title >= 0:
            found.append((by_title, -len(item.title), item))
    return [item for _, _, item in sorted(found, key=lambda entry: entry[:2])]


def _tells(ref: str) -> bool:
    return bool(re.fullmatch(r"[\dA-ZIVX]+(\.[\dIVX]+)+|\d{1,2}|[IVX]+", ref))
