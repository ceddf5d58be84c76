"""What a question points to in its conversation: whether it leans on what was said, and which records are named there.

A question stands alone that brings a noun of its own and points to nothing. An article points only where its noun is
the matter of the records spoken of: "Wann fährt der Bus?" after the Rufbus, not "der Kreis" after anything. Records
are named by number and title, in whole words, one kind of record at a time.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from service.answering import lexicon
from service.answering.corpus import Corpus
from service.answering.query import Query, Word
from service.answering.understanding.nouns import record_nouns
from service.answering.understanding.references import references
from vectorstore.catalogue import Catalogue
from vectorstore.records import Item, ItemKind

LEANS = 0.3  # probability from which a question in a conversation leans on it: most there do
_FEW_WORDS = 2
_TELLING = 0.5
_CLEAR = ("strong_opening", "clear_pointing", "asking_back")
_ADJECTIVES = r"(?:[a-zäöüß-]{3,}e[nrsm]?\s+){0,2}"
_ARTICLE = re.compile(r"(?i)(?P<comma>,\s+)?\b(?:der|die|das|den|dem|deren|dessen|im|am|beim|zum|zur|vom|the)\b\s*")
_ALONE = ("der", "die", "das", "den", "dem", "deren", "dessen")
_NOUN = re.compile(rf"{_ADJECTIVES}(?P<noun>[A-ZÄÖÜ0-9][\w.-]*)")
_NO_NOUNS = re.compile(
    r"schon|denn|jetzt|noch|eigentlich|genau|nochmal|alle|auch|dann|ist|sind|war|waren|wird|werden|hat|haben|kann|soll|"
    r"an|auf|aus|bei|für|in|mit|pro|von|vor|zu"
)
_ANY_WORD = re.compile(r"(?P<noun>[\w.-]+)")
_MARKER = re.compile(r"\[\d+\]")
_TELLS_ALONE = re.compile(r"\d+(\.\d+){2,}|[A-Z]\.[IVX]+(\.\d+)?")
_NUMBERED = re.compile(r"(?<![\w.])(\d{1,4})\s+(\w+)")
_NO_SUBJECT = (ItemKind.SECTION, ItemKind.THEME)
_LONG_TITLE = 8
_WELL_KNOWN = 3
_MOST_TITLED = 2
_RARE = 3.9


def leans(question: str, bare: Query, focus: Collection[Item], corpus: Corpus) -> bool:
    """True where a question cannot be understood without what was said before; `focus` are the records spoken of."""
    if corpus.reader.read(question).sure["followup"]["yes"] >= LEANS or any(says(cue, question) for cue in _CLEAR):
        return True
    if any(noun.plural for noun in bare.nouns) or bare.named:
        return False
    if not bare.topic:
        return True
    if sum(word.weight >= _TELLING for word in bare.topic) > _FEW_WORDS:
        return False
    nouns, held = _nouns(question, bare), _held(focus, corpus)
    if says("pronoun", question) or _points(question, bare, held):
        return True
    telling = [word for word in nouns if word.weight >= _TELLING and not _is_held(word, held)]
    nameless = not nouns and _is_cased(question, bare)
    return nameless or (not telling and says("opening", question))


def says(cue: str, question: str) -> bool:
    """True where a question has one of the cues of this name that tell a follow-up."""
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


def named_records(text: str, catalogue: Catalogue, wanted: tuple[ItemKind, ...] = ()) -> list[Item]:
    """The records that a text names, in the order in which it names them; all of one kind.

    `wanted` are the kinds that were asked for: these count where any is named, else the kind named first.
    """
    plain = _MARKER.sub("", text)
    found = sorted(_places(plain, catalogue), key=lambda entry: entry[:2])
    numbered = {item.title for _, _, item, by_number in found if by_number}
    items = [item for _, _, item, by_number in found if by_number or item.title not in numbered]
    kinds = Counter(item.kind for item in items if item.kind in wanted)
    kind = kinds.most_common(1)[0][0] if kinds else items[0].kind if items else None
    return [item for item in items if item.kind is kind]


def _places(text: str, catalogue: Catalogue) -> Iterator[tuple[int, int, Item, bool]]:
    """Place, length and record of every name, and whether its number stands there too."""
    numbers = set(references(text))
    for item in catalogue.items:
        if item.kind in _NO_SUBJECT:
            continue
        title = _whole(item.title, text)
        number = _whole(item.ref, text) if "." in item.ref else _beside(item, text)
        alone = item.ref in numbers and bool(_TELLS_ALONE.fullmatch(item.ref))
        if number >= 0 and (title >= 0 or alone):
            yield number, -len(item.ref), item, True
        elif title >= 0 and _is_name(item.title, catalogue):
            yield title, -len(item.title), item, False


def _whole(name: str, text: str) -> int:
    """The place of a name in whole words, or -1."""
    if not name or name not in text:
        return -1
    match = re.search(rf"(?<![\w-])(?<!\d\.){re.escape(name)}(?![\w-]|\.\d)", text)
    return match.start() if match else -1


def _beside(item: Item, text: str) -> int:
    """The place of a short number right before its title: "2 Gesund alt werden", "Punkt IV Die Mittel"; or -1."""
    if item.title not in text:
        return -1
    match = re.search(rf"(?<![\w.]){re.escape(item.ref)}[\s.:–„]{{1,4}}{re.escape(item.title)}(?!\w)", text)
    return match.start() if match else -1


def _is_name(title: str, catalogue: Catalogue) -> bool:
    """True for a title that means its record without a number: several words, or one that hardly any record has."""
    if len(title) <= _LONG_TITLE:
        return False
    return " " in title or sum(title in f"{one.title}\n{one.body}" for one in catalogue.items) <= _WELL_KNOWN


def claimed(text: str) -> int:
    """The greatest number of records that a text speaks of ("48 Projekte"); 0 for none."""
    found = [
        int(match[1])
        for match in _NUMBERED.finditer(_MARKER.sub("", text))
        if any(noun.plural and noun.kinds for noun in record_nouns(match[2]))
    ]
    return max(found, default=0)


def by_number(query: Query, corpus: Corpus) -> list[Item]:
    """The records whose numbers a question gives."""
    named = {ref for ref in query.refs if ref not in query.filters.units}
    items = [item for one in query.documents for item in corpus.catalogue.items_of(one)]
    return [item for item in items if item.ref in named and item.kind is not ItemKind.SECTION]


def by_title(query: Query, corpus: Corpus, focus: list[Item]) -> list[Item]:
    """The few records whose titles have all the telling nouns of a question; that in focus, where it speaks of them."""
    words = [word for word in query.topic if word.text[0].isupper() and word.weight >= _TELLING]
    terms = {word.terms[0] for word in words}
    if not any(corpus.rarity(term) >= _RARE for term in terms):
        return []
    chosen = [item for item in focus if terms <= corpus.title_terms[corpus.row(item)]]
    if any(terms <= corpus.terms[corpus.row(item)] for item in focus):
        return chosen if len(chosen) == 1 else []
    items = [item for one in query.documents for item in corpus.catalogue.items_of(one)]
    titled = [item for item in items if item.kind not in _NO_SUBJECT and terms <= corpus.title_terms[corpus.row(item)]]
    return titled if len(titled) <= _MOST_TITLED else []
