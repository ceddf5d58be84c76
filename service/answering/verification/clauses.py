"""A text as clauses of words: which lists each word is of, which are content words, and who does what to whom.

The lists are data (`vectorstore/language/deciding.toml`): words that deny, plan, decide, limit, and classes of words
with their opposites. Who does what is read from prepositions, articles, voice and order, without a parser; where these
do not say it, a clause has no agent.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from service import wording
from vectorstore.analysis import fold
from vectorstore.language import word_list
from vectorstore.notation import CURRENCIES, MAGNITUDES, MONTHS, TABLE, UNITS, read_number_word
from vectorstore.quantities import Figures, Located, Number, figures, located
from vectorstore.records import ItemStatus

_WORD = re.compile(r"[^\W_]+(?:[-‐‑–.][^\W_]+)*[-‐‑]?|[,;:–()„“\"]")
_JOINT = re.compile(r"[-‐‑–.]")
_STEM, _REACH, _NOUN_REACH = 3, 8, 4  # letters of a verb's stem; words behind "und", and behind a number
_PREFIX = re.compile(
    r"(?:ab|an|auf|aus|bei|bereit|durch|ein|fest|her|hin|instand|mit|nach|um|unter|ver|vor|weiter|zuruck|zusammen|zu)?"
    r"(?:ge|zu)?(?P<stem>\w{3,})"
)
_ENDING = re.compile(r"(?:ungen|ung|enden|ende|end|eten|ete|est|ten|tet|te|en|em|er|es|et|e|n|t)$")
_INSEPARABLE = re.compile(r"be|emp|ent|er|ver|zer")
_INFINITIVE = re.compile(r"\bzu [a-zäöüß]+n\b(?! [A-ZÄÖÜ])|\b[a-zäöüß]+zu[a-zäöüß]+en\b")
_PARTICIPLE = re.compile(
    r"\w*ge\w+(?:t|en)|(?:\w*(?:be|er|ver|ent|zer|über|unter|wieder))\w+t|\w+iert"
    r"|(?:\w*(?:be|er|ver|ent|über|unter))\w*(?:nommen|geben|lassen|boten|schlossen|worfen|tragen|standen|rufen|halten"
    r"|sprochen|wiesen|schrieben|bunden|zogen|griffen|wonnen|troffen|hoben|fohlen|laufen|stiegen|kauft)"
)
_STATUS = re.compile(
    rf"(?i)(?<![\w-])({'|'.join(map(re.escape, sorted(wording.STATUS_WORDS, key=len, reverse=True)))})"
    r"(?:e[nrsm]?|n)?(?![\w-])"
)
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_GLUED = re.compile(r"(?<=[a-z]\.)(?=\d)")
_SEPARABLE = frozenset(
    ("ab", "an", "auf", "aus", "bereit", "durch", "ein", "fest", "fort", "her", "hin", "teil", "um", "vor", "weiter",
     "zu", "zurück", "zusammen")
)  # fmt: skip
_PASSIVE = ("wird", "werden", "wurde", "wurden", "worden", "würde", "würden")
_OBLIQUE = ("dem", "einem", "keinem", "diesem", "jedem", "einen", "keinen")  # articles that no subject has
_GENITIVE = ("des", "der", "eines", "einer", "dieser", "dieses", "seiner", "ihrer", "seines", "ihres")
_BY = ("durch", "von", "vom")
_MEASURES = {*UNITS, *CURRENCIES, *MAGNITUDES, *(f"{word[0].upper()}{word[1:]}" for word in TABLE["numbers"]["shares"])}
_NO_NOUN = re.compile(r".*(?:sam|ig|lich|isch|bar|los|end|ende|lang|weise|ert|elt|st)")


@cache
def word_lists() -> dict[str, Any]:
    """The lists by which sentences are compared with what they cite."""
    text = files("vectorstore.language").joinpath("deciding.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _strong_verbs() -> dict[str, str]:
    """The stem of the infinitive by each other stem of a strong verb: "schloss" is of "schliess"."""
    return {form: forms[0] for forms in map(str.split, word_lists()["strong_verbs"]["stems"]) for form in forms}


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a clause: as printed, its lists, and whether it is a noun."""

    text: str
    marks: frozenset[str]
    noun: bool

    @property
    def lower(self) -> str:
        """The word in lower case."""
        return self.text.lower()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Nouns in a row with the preposition, or "genitive", and the article before them."""

    nouns: tuple[str, ...]
    link: str = ""
    article: str = ""
    joined: bool = False  # to the one before by "und"


@dataclass(frozen=True)
class Clause:
    """A part of a sentence: its words, what they mark it as, and its noun phrases."""

    text: str
    tokens: tuple[Token, ...]
    marks: frozenset[str]
    inherited: tuple[str, ...] = field(default=())  # the agent of the clause before, for one without a subject

    def has(self, *lists: str) -> bool:
        """True if it has a word of any of these lists."""
        return not self.marks.isdisjoint(lists)

    @cached_property
    def figures(self) -> Figures:
        """Its numbers, dates and codes, as German prints them."""
        return figures(plain(self.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its words, as verbs have them."""
        return frozenset(filter(None, (verb_stem(token.text) for token in self.tokens)))

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The stems of its words that are no nouns, and of no function."""
        around = zip((None, *self.tokens), self.tokens, (*self.tokens[1:], None), strict=False)
        words = (
            token.text
            for before, token, behind in around
            if token.text[0].isalpha()
            and not (token.noun or is_function_word(token.lower) or is_measure(token.text))
            and not _is_adjective(before, token, behind)
        )
        return frozenset(filter(None, map(verb_stem, words)))

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """Its noun phrases in order; nouns behind "und" or a comma share the link of those before."""
        return tuple(_phrases(self.tokens))

    @cached_property
    def is_passive(self) -> bool:
        """True if its subject is what something is done to."""
        if any(_PARTICIPLE.fullmatch(token.text) and token.text.islower() for token in self.tokens):
            return any(token.lower in _PASSIVE for token in self.tokens)
        return self.has("state") and bool(_INFINITIVE.search(self.text))

    @cached_property
    def subject(self) -> tuple[str, ...]:
        """The nouns of the first phrase without a preposition that can be a subject; () in an infinitive clause."""
        infinitive = _INFINITIVE.search(self.text) and not self.has("auxiliary", "wish", "state")
        if infinitive or self._is_relative or self._continues:
            return ()
        found: tuple[str, ...] = ()
        for phrase in self.phrases:
            singular = phrase.article == "den" and not phrase.nouns[0].endswith("n")
            if found and not phrase.joined:
                break
            if not (phrase.link or phrase.article in _OBLIQUE or singular or _is_time(phrase.nouns[0])):
                found += phrase.nouns
        return found

    @property
    def _is_relative(self) -> bool:
        """True if it begins with a pronoun that looks like an article: "das seit 2019 läuft"."""
        first, second = (*self.tokens[:2], None, None)[:2]
        if first is None or second is None or first.text not in ("der", "die", "das", "welche", "welcher", "welches"):
            return False
        again = is_listed(second.lower, word_lists()["articles"]["words"])
        return again or not (second.noun or second.text.endswith(("e", "en", "er", "es", "em")))

    @property
    def _continues(self) -> bool:
        """True if it begins with "und" and a verb, so that its subject is that of the clause before."""
        first = self.tokens[:2]
        return (
            len(first) == 2
            and first[0].lower in ("und", "sowie", "oder")
            and bool(self.verbs)
            and (first[1].text.islower() and not is_listed(first[1].lower, word_lists()["articles"]["words"]))
        )

    @cached_property
    def agent(self) -> tuple[str, ...]:
        """The nouns of who does it; () where nothing says so."""
        if self.is_passive:
            by = (phrase.nouns for phrase in self.phrases if phrase.link in _BY)
            return next((nouns for nouns in by if is_actor(nouns)), ())
        named = self.subject or (() if self._is_relative else self.inherited)
        return named if is_actor(named) else ()

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words and pairs of words in lower case, verbs also with their prefix."""
        return lower_words(self.text) | {token.lower for token in self.tokens}

    @cached_property
    def counted_nouns(self) -> tuple[tuple[Number, str], ...]:
        """Its numbers, each with the noun directly behind it, "" for none."""
        return tuple(
            (place.figure, _noun_behind(self.text, place))
            for place in located(self.text)
            if isinstance(place.figure, Number)
        )

    @property
    def statuses(self) -> Iterator[tuple[str, frozenset[ItemStatus]]]:
        """The status words in it, each with the statuses it may mean; what is wished for is none."""
        for match in _STATUS.finditer(self.text) if not (self.has("wish") and self.has("running")) else ():
            meant = wording.STATUS_WORDS[match[1].lower()]
            if meant == {ItemStatus.IDEA} and self.has("past") and not self.has("state"):
                continue  # "haben Ideen entwickelt"
            if self.has("running") and ItemStatus.IMPLEMENTED in meant:
                meant = frozenset((ItemStatus.IN_PROGRESS,))
            yield match[0].lower(), meant


def plain(text: str) -> str:
    """A text with the digits of formulas as digits, and a space behind "ca." before a number."""
    return _GLUED.sub(" ", text.translate(_SUBSCRIPTS))


@lru_cache(maxsize=16384)
def split_clauses(text: str, *, denied: bool = True) -> tuple[Clause, ...]:
    """The clauses of a text with their marks; with `denied` false without what "sondern" puts right."""
    found: list[Clause] = []
    for part, begins in _split(plain(text), denied):
        tokens = tuple(_tokens(part, begins))
        marks = _marks(part, tokens)
        if found and found[-1].has("ahead") and ("dass" in part.lower().split() or _INFINITIVE.search(part)):
            marks |= {"ahead"}
        inherited = (found[-1].agent or found[-1].subject or found[-1].inherited) if found else ()
        found.append(Clause(part, tokens, marks, inherited))
    return tuple(found)


def lower_words(text: str) -> frozenset[str]:
    """The words of a text in lower case, and every two that follow each other."""
    found = [word for word in _WORD.findall(text) if word[0].isalnum()]
    found = [word if word.isupper() and len(word) == 2 else word.lower() for word in found]
    return frozenset(found).union(map(" ".join, pairwise(found)))


def has_word_of(text_words: Iterable[str], *lists: str) -> bool:
    """True if any of the words, in lower case, is in one of these lists."""
    return any(not lists_of(word).isdisjoint(lists) for word in text_words)


@lru_cache(maxsize=65536)
def lists_of(word: str) -> frozenset[str]:
    """The lists of `says` that have a word, or two words, in lower case."""
    return frozenset(name for name, listed in word_lists()["says"].items() if is_listed(word, listed))


@lru_cache(maxsize=65536)
def classes_of(word: str) -> frozenset[str]:
    """The classes of deciding words that a word, or two, in lower case, is of."""
    return frozenset(name for name, group in word_lists()["deciding"].items() if is_listed(word, group["says"]))


def is_listed(word: str, listed: Collection[str]) -> bool:
    """True if a list has a word, or two words, in lower case; "*" stands for any ending or beginning."""
    return any(
        word == entry
        or (entry[0] == entry[-1] == "*" and entry[1:-1] in word)
        or (entry[-1] == "*" and (" " in entry or " " not in word) and word.startswith(entry[:-1]))
        or (entry[0] == "*" and " " not in word and word.endswith(entry[1:]) and len(word) > len(entry))
        for entry in listed
    )


@lru_cache(maxsize=65536)
def is_function_word(lowered: str) -> bool:
    """True for words that only build sentences, and for those that sentences have of any item."""
    lists = word_lists()
    return fold(lowered) in word_list("stopwords") or any(
        is_listed(lowered, lists[name]["words"]) for name in ("prepositions", "adverbs", "articles", "generic")
    )


@lru_cache(maxsize=65536)
def is_measure(word: str) -> bool:
    """True for units, months and number words, which figures are read from."""
    return word in _MEASURES or word.lower() in MONTHS or read_number_word(word) is not None


@lru_cache(maxsize=65536)
def verb_stem(printed: str) -> str:
    """The stem of a verb without prefix and ending: "eingeweiht" and "Einweihung" have one; "" for a short word."""
    folded: str = fold(printed).replace("ae", "a").replace("oe", "o").replace("ue", "u")
    strong, match = _strong_verbs(), _PREFIX.fullmatch(folded)
    stem: str = _ENDING.sub("", match["stem"]) if match is not None else ""
    if len(stem) < _STEM:
        stem = _ENDING.sub("", folded)
    if (prefix := _INSEPARABLE.match(stem)) and stem[prefix.end() :] in strong:
        stem = prefix[0] + strong[stem[prefix.end() :]]
    stem = strong.get(stem, stem)
    return stem if len(stem) >= _STEM and any(letter in stem for letter in "aeiouy") else ""


def _split(text: str, denied: bool) -> Iterator[tuple[str, bool]]:
    """The clauses of a text with whether each begins it: between commas and colons, and before "und" with a verb."""
    parts: list[list[str]] = [[]]
    printed = text.split()
    for place, word in enumerate(printed):
        behind = printed[place + 1 : place + _REACH] if word in ("und", "sowie", "oder", "and") else []
        if behind and parts[-1] and (_is_finite(behind) or _counts_twice(parts[-1], behind)):
            parts.append([])
        parts[-1].append(word)
        if word[-1] in ",;:" and not (word[:-1].isdigit() and printed[place + 1 :] and printed[place + 1][0].isdigit()):
            parts.append([])
    joined = [" ".join(part) for part in parts if part]
    yield from ((part, not place) for place, part in enumerate(joined if denied else _without_denied(joined)))


def _without_denied(parts: list[str]) -> Iterator[str]:
    """Clauses without what is denied for what follows "sondern": "nicht 2030, sondern 2040" as "2040"."""
    for place, part in enumerate(parts):
        following = parts[place + 1] if place + 1 < len(parts) else ""
        if following.lower().startswith("sondern") and " nicht " in f" {part} " and "nur" not in part.split():
            yield f"{part.partition('nicht')[0]}{following[7:]}".strip()
        elif not (part.lower().startswith("sondern") and place and " nicht " in f" {parts[place - 1]} ") or (
            "nur" in parts[place - 1].split()
        ):
            yield part


def _is_finite(printed: Sequence[str]) -> bool:
    """True if a text begins with a verb that is no participle of a verb behind it."""
    first, behind = printed[0], printed[1:2]
    if has_word_of((first.lower(),), "auxiliary", "passive", "wish"):
        return True
    if first in word_lists()["articles"]["words"]:  # a new subject with its verb: "und das Projekt pausiert"
        noun = next((place for place, word in enumerate(printed) if word[0].isupper()), len(printed))
        following = [word.strip(".,;:") for word in printed[noun + 1 :] if not word[0].isupper()][:1]
        return any(
            (word.islower() and word.endswith("t") and not is_function_word(word))
            or has_word_of((word,), "auxiliary", "wish")
            for word in following
        )
    verb = first.islower() and first.endswith(("t", "en")) and not is_function_word(first)
    adjective = first.endswith("en") and bool(behind) and behind[0][0].isupper()
    return (
        verb
        and not adjective
        and bool(behind)
        and not has_word_of((behind[0].lower().rstrip(".,;:"),), "auxiliary", "passive")
    )


def _counts_twice(first: Sequence[str], second: Sequence[str]) -> bool:
    """True if each of two texts has a figure with a noun behind it that is no month."""
    for text in (first, second):
        place = next((place for place, word in enumerate(text) if word[0].isdigit()), len(text))
        if not any(word[0].isupper() and word.lower().rstrip(",;:–.") not in MONTHS for word in text[place:]):
            return False
    return True


def _tokens(text: str, begins: bool) -> Iterator[Token]:
    """The words of a clause; a verb whose prefix ends the clause once more with it: "nimmt … ab" as "abnimmt"."""
    verb = ""
    for place, word in enumerate(_WORD.findall(text.replace("\u00ad", ""))):
        lowered = word.lower()
        noun = word[0].isupper() or not (word[1:].islower() or word[1:] == "" or not word[0].isalpha())
        if noun and place == 0 and begins:
            noun = not (is_function_word(lowered) or _NO_NOUN.fullmatch(lowered)) or word.isupper()
            noun = noun and not (has_word_of((lowered,), "auxiliary", "wish") or _PARTICIPLE.fullmatch(lowered))
        noun = noun and not is_measure(word)
        yield Token(word, lists_of(lowered), noun)
        if verb and lowered in _SEPARABLE and text.rstrip(" .,;:").endswith(lowered):
            yield Token(lowered + verb, lists_of(lowered + verb), False)
        elif not noun and not verb and word[0].isalpha() and word.islower() and not is_function_word(lowered):
            verb = lowered


def _marks(text: str, tokens: Sequence[Token]) -> frozenset[str]:
    """The lists that the words of a clause are of; "perfect" if it ends with what was done."""
    marks = frozenset[str]().union(*(lists_of(word) for word in lower_words(text)), *(token.marks for token in tokens))
    if "affirmed" in marks:
        marks -= {"denied"}
    words = [token for token in tokens if token.text[0].isalnum()]
    if any(token.text.islower() and _PARTICIPLE.fullmatch(token.text) for token in words):
        marks |= {"participle"}
    last = [token.text for token in words[-2:]]
    done = last and _PARTICIPLE.fullmatch(last[-1]) and last[-1].islower() and last[0] != "zu"
    return marks | {"perfect"} if "auxiliary" in marks and done else marks


def _phrases(tokens: Sequence[Token]) -> Iterator[Phrase]:
    lists = word_lists()
    link = article = kept = ""
    nouns: list[str] = []
    joined = after = False
    for token in (*tokens, Token(".", frozenset(), False)):
        if token.noun:
            nouns.append(token.text)
            continue
        if nouns:
            yield Phrase(tuple(nouns), link, article, joined)
            kept, link, article, joined, nouns = link, "", "", False, []
            after = True
        else:
            after = False
        lowered = token.lower
        if is_listed(lowered, lists["prepositions"]["words"]):
            link, article, joined = lowered, "", False
        elif is_listed(lowered, lists["articles"]["words"]):
            article = lowered
            link = "genitive" if after and lowered in _GENITIVE else link
        elif after and lowered in ("und", "oder", "sowie", ","):
            link, joined = kept, True
        elif not token.text[0].isalpha() or lowered in MONTHS or token.marks & {"auxiliary", "wish", "passive"}:
            link, article, joined = "", "", False


def is_actor(nouns: Sequence[str]) -> bool:
    """True if nouns name somebody who acts: people, offices, companies, abbreviations."""
    return any(_is_actor(noun) for noun in nouns)


@lru_cache(maxsize=16384)
def _is_actor(noun: str) -> bool:
    listed, lowered = word_lists()["actors"]["words"], noun.lower()
    return is_listed(lowered, listed) or f"*{lowered}" in listed or (noun.isupper() and 1 < len(noun) < 8)


def _is_adjective(before: Token | None, token: Token, behind: Token | None) -> bool:
    """True for a word that is in the place of an adjective, or ends as one."""
    if token.text.endswith(("er", "es", "em")) or (token.text.endswith("e") and not token.text.endswith("te")):
        return True
    return token.text.endswith("en") and behind is not None and behind.noun and not (before is not None and before.noun)


def _is_time(noun: str) -> bool:
    return is_listed(noun.lower(), word_lists()["times"]["words"])


def _noun_behind(text: str, place: Located) -> str:
    tokens: list[str] = _WORD.findall(text[place.end : place.end + 80])
    for token in tokens[:_NOUN_REACH]:
        if token[0].isupper():
            return token
        articles = word_lists()["articles"]["words"]
        if not token[0].isalnum() or token in articles or not token.endswith(("e", "en", "er", "es", "em")):
            return ""
    return ""
