"""What a term means, in the papers' own words: explaining sentences, long forms of abbreviations, lines of a glossary.

Where no paper explains it, what they say of it answers, as for any other question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.answering import wording
from service.answering.composing import extract
from service.answering.context import Context
from service.answering.draft import Draft, Fragment, Proof, Sentence, answered, sentence
from service.answering.evidence.passages import first_words
from service.answering.understanding.document_names import words_of
from service.models import AnswerMode
from vectorstore.records import Item, ItemKind

_ENDING = r"(?:e[nrs]?|n|s|es)?"
_FRONT = r"(?:(?:Ein|Eine|Der|Die|Das|Den|Unter|Mit|Als|A|An|The)\s+)?(?:(?:dem|der|den|einer|einem|Begriff)\s+)*"
_QUOTE = r"[„“\"'»«”]?"
_IS = (
    r"(?:ist|sind)\s+(?:(?:dabei|also|somit|hier)\s+)?(?:ein|eine|der|die|das|alle)\b|bezeichnet|bezeichnen|bedeutet|"
    r"bedeuten|steht für|stehen für|umfasst|umfassen|beschreibt|meint|versteht man|wird .{0,60}verstanden|"
    r"(?:is|are)\s+(?:a|an|the)\b|means|stands for|describes|refers to"
)
_MOST = 2
_SHORT = 130
_COMPOUND = 8  # letters of one word that may be a long form
_LONG = 420
_INITIALS = re.compile(r"[A-ZÄÖÜ]")


@dataclass(frozen=True, slots=True)
class Explained:
    """A sentence that explains a term; `rank` says how plainly, the plainest first, `long` is the long form found."""

    rank: int
    item: Item
    quote: str
    long: str = ""


def compose(context: Context) -> Draft:
    """The plainest explanations, of different records; what the papers say of the term where none explains it."""
    found = sorted(_explained(context, context.query.term), key=lambda one: one.rank) if context.query.term else []
    chosen: list[Explained] = []
    for one in found:
        further = not (one.long and chosen) and all(one.item != other.item for other in chosen)
        if len(chosen) < _MOST and one.rank <= found[0].rank + 1 and further:
            chosen.append(one)
    if not chosen:
        return extract.compose(replace(context, found=tuple(one for one in context.found if _says(context, one.item))))
    return answered(*(_told(context, one) for one in chosen), mode=AnswerMode.EXTRACTIVE)


def _says(context: Context, item: Item) -> bool:
    """False for a heading without text: it uses a term and does not explain it."""
    return bool(item.body) or item.kind is not ItemKind.SECTION or bool(context.corpus.catalogue.children(item))


def _told(context: Context, one: Explained) -> Sentence:
    """The long form, or that it stands in a draft or motion, then the explanation with the record that it is from."""
    undecided = wording.undecided(context.corpus.document(one.item), context.language)
    lead = f"{context.query.term} {context.say('steht für', 'stands for')} {one.long}: " if one.long else ""
    lead = lead or (f"{wording.beginning(undecided)}: " if undecided else "")
    where = "" if one.item.ref == "Titel" else f" ({wording.beginning(wording.full_name(one.item, context.language))})"
    return sentence(lead, Fragment(one.quote, (Proof(one.item, one.quote),)), where)


def _explained(context: Context, term: str) -> Iterator[Explained]:
    """Every sentence that explains the term, with how plainly it does."""
    forms, corpus = _Forms(term), context.corpus
    wanted, allowed = " ".join(words_of(term)), set(context.query.documents)
    for row, item in enumerate(corpus.catalogue.items):
        if item.document_id not in allowed or wanted not in corpus.folded[row]:
            continue
        sentences = [said for _, said in corpus.sentences(item)]
        for place, said in enumerate(sentences):
            rank, long = forms.rank(said)
            if rank is None:
                continue
            after = sentences[place + 1] if len(said) < _SHORT and place + 1 < len(sentences) else ""
            quote = (
                f"{said} {after}"
                if after and " ".join(f"{said} {after}".split()) in " ".join(item.body.split())
                else said
            )
            yield Explained(rank, item, first_words(quote, _LONG), long)


class _Forms:
    """The forms in which a text explains one term."""

    def __init__(self, term: str) -> None:
        parts = [re.escape(part) + (_ENDING if part.islower() or len(part) > 4 else "") for part in term.split()]
        name = rf"{_QUOTE}(?<![\w-]){'[ ]+'.join(parts)}(?![\w-]){_QUOTE}"
        flags = 0 if _is_abbreviation(term) else re.IGNORECASE
        self._is = re.compile(rf"^\W*{_FRONT}{name}(?:\s+\([^)]*\))?\s+(?:{_IS})", flags)
        self._glossary = re.compile(rf"^\W*{name}\s*(?:\([^)]*\)\s*)?[:–=]\s+\S", flags)
        self._apposed = re.compile(rf"{name},\s+(?:also|das heißt|d\.\s?h\.|ein|eine|einer|einem|i\.e\.)\s", flags)
        self._bracketed = re.compile(rf"(?P<before>(?:[\w/&-]+[ ]+){{1,8}})\({_QUOTE}{re.escape(term)}{_QUOTE}\)")
        self._inside = re.compile(rf"\((?P<inside>[^()]{{4,90}}?),\s+(?:kurz:?\s+)?{re.escape(term)}\)")
        self._called = re.compile(rf"\b(?:so\s?genannte[nrsm]?|so-called|bezeichnet als|genannt)\s+{name}", flags)
        self._opened = re.compile(rf"(?<![\w-]){re.escape(term)}\s+\((?P<inside>[^)]{{4,90}})\)")
        self._abbreviation = term if _is_abbreviation(term) else ""

    def rank(self, said: str) -> tuple[int | None, str]:
        """How plainly a sentence explains the term, 0 first, None where it does not; and the long form in it."""
        long = self._long(said) if self._abbreviation else ""
        if long:
            return 0, long
        for rank, form in ((1, self._is), (1, self._glossary), (2, self._called), (3, self._apposed)):
            if form.search(said):
                return rank, ""
        return None, ""

    def _long(self, said: str) -> str:
        """The long form beside the abbreviation, where its letters are the beginnings of words."""
        before = self._bracketed.search(said)
        if before is not None:
            words = before["before"].split()
            for start in range(len(words) - 1, -1, -1):
                if _spells(self._abbreviation, words[start:]):
                    return " ".join(words[start:])
        for form in (self._inside, self._opened):
            beside = form.search(said)
            if beside is not None and _spells(self._abbreviation, beside["inside"].split()):
                return beside["inside"]
        return ""


def _is_abbreviation(term: str) -> bool:
    """True for a short word of mostly capital letters: "IRR", "KSM", "ÖPNV", "SDGs"."""
    return " " not in term and len(_INITIALS.findall(term)) >= 2 and len(term) <= 10 and term[:2].isupper()


def _spells(abbreviation: str, words: list[str]) -> bool:
    """True where the capitals of an abbreviation stand in the words in their order, the first one at the beginning."""
    letters = [letter.lower() for letter in _INITIALS.findall(abbreviation)]
    text = " ".join(words).lower()
    if not words or not letters or not text.startswith(letters[0]):
        return False
    starts = "".join(part[:1] for word in words for part in re.split(r"[-/]", word)).lower()
    place = 0
    for letter in letters:
        found = text.find(letter, place)
        if found < 0:
            return False
        place = found + 1
    if len(words) == 1:
        return len(text) >= _COMPOUND
    return sum(letter in starts for letter in letters) * 2 >= len(letters) and len(words) <= len(letters) + 3
