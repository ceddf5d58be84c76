"""Whether a question leans on what was said before it, or stands alone though a conversation came before.

A question stands alone that brings a noun of its own and points to nothing. An article points only where its noun is
the matter of the records spoken of: "Wann fährt der Bus?" after the Rufbus, not "der Kreis" after anything.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import Query, Word
from vectorstore.records import Item

LEANS = 0.3  # probability from which a question in a conversation leans on it: most there do
_FEW_WORDS = 2
_TELLING = 0.5
_CLEAR = ("strong_opening", "clear_pointing", "asking_back", "elliptic")
_ADJECTIVES = r"(?:[a-zäöüß-]{3,}e[nrsm]?\s+){0,2}"
_ARTICLE = re.compile(r"(?i)(?P<comma>,\s+)?\b(?:der|die|das|den|dem|deren|dessen|im|am|beim|zum|zur|vom|the)\b\s*")
_ALONE = ("der", "die", "das", "den", "dem", "deren", "dessen")
_NOUN = re.compile(rf"{_ADJECTIVES}(?P<noun>[A-ZÄÖÜ0-9][\w.-]*)")
_NO_NOUNS = re.compile(
    r"schon|denn|jetzt|noch|eigentlich|genau|nochmal|alle|auch|dann|ist|sind|war|waren|wird|werden|hat|haben|kann|soll|"
    r"an|auf|aus|bei|für|in|mit|pro|von|vor|zu"
)
_ANY_WORD = re.compile(r"(?P<noun>[\w.-]+)")


def leans(question: str, bare: Query, focus: Collection[Item], corpus: Corpus) -> bool:
    """True where a question cannot be understood without what was said before; `focus` are the records spoken of."""
    if corpus.reader.read(question).sure["followup"]["yes"] >= LEANS or any(_says(cue, question) for cue in _CLEAR):
        return True
    if any(noun.plural for noun in bare.nouns) or bare.named:
        return False
    if not bare.topic:
        return True
    if sum(word.weight >= _TELLING for word in bare.topic) > _FEW_WORDS:
        return False
    nouns, held = _nouns(question, bare), _held(focus, corpus)
    if _says("pronoun", question) or _points(question, bare, held):
        return True
    telling = [word for word in nouns if word.weight >= _TELLING and not _is_held(word, held)]
    nameless = not nouns and _is_cased(question, bare)
    return nameless or (not telling and _says("opening", question))


def _says(cue: str, question: str) -> bool:
    return lexicon.matches("phrases", f"followup.{cue}", question)


def _is_cased(question: str, bare: Query) -> bool:
    """True where capitals tell the nouns: in German that is not all in small letters."""
    return bare.spoken == "de" and question != question.lower()


def _nouns(question: str, bare: Query) -> list[Word]:
    """The nouns of the topic; without capitals all its telling words."""
    if _is_cased(question, bare):
        return [word for word in bare.topic if word.text[0].isupper() or word.text[0].isdigit()]
    return [word for word in bare.topic if word.weight >= _TELLING]


def _points(question: str, bare: Query, held: Collection[str]) -> bool:
    """True where an article stands without a noun ("und der?"), or before one that is the matter spoken of."""
    words = {word.text: word for word in bare.topic}
    cased = _is_cased(question, bare)
    for article in _ARTICLE.finditer(question):
        behind = (_NOUN if cased else _ANY_WORD).match(question, article.end())
        if behind is None or (not cased and _NO_NOUNS.fullmatch(behind["noun"])):
            if not article["comma"] and article[0].strip().lower() in _ALONE:
                return True
        elif (word := words.get(behind["noun"])) is not None and _is_held(word, held):
            return True
    return False


def _held(focus: Collection[Item], corpus: Corpus) -> set[str]:
    """The terms of the records spoken of."""
    return {term for item in focus for term in corpus.terms[corpus.row(item)]}


def _is_held(word: Word, held: Collection[str]) -> bool:
    return word.terms[0] in held or any(all(term in held for term in entry) for entry in word.others)
