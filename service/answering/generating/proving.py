"""What bears out a sentence that a model wrote: passages of the items that it names, their words, their negations.

Numbers, dates, names and statuses are the verifier's, as for every draft; here stands what only free wording needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.answering import wording
from service.answering.corpus import Corpus
from service.answering.draft import Proof
from service.answering.evidence.passages import name_proof, row_proof
from service.answering.orders import is_order, without_orders
from vectorstore.analysis import Word, printed_words, same_root
from vectorstore.records import Field, Item, ItemStatus

BORNE = 0.5  # share of a sentence's words, by rarity, that the items it names must hold
_CLAUSE_BORNE = 0.25  # share of the words of each clause
_NO_NOUN = 0.5  # what another word than a noun counts of that: free wording changes verbs first
_PASSAGES = 3  # that prove a sentence, of one item
_ADDS = 0.2  # share of a sentence's words that a further passage must add
_NUMBER = 3.0  # what a number or an abbreviation weighs beside words, in choosing passages
_FRONT = 6  # letters from which a word in front of a longer one bears it out
_PART = 4  # letters from which a part of a compound bears it out
_NEGATED = re.compile(
    r"(?i)\b(?:nicht(?! nur\b)|kein(?:e[nmrs]?|erlei)?|nie(?:mals)?|niemand\w*|nirgend\w*|weder|ohne|not|no|never)\b"
)
_STANDING = re.compile(r"(?i)\b(?:noch )?nicht (?:beschlossen|bestätigt|verabschiedet)\w*")
_EITHER_WAY = re.compile(r"(?i)\b(?:statt|anstelle|anstatt|ohne|entf[aä]ll\w*|verzicht\w*|without|instead)\b")
_VERDICT = re.compile(r"(?i)^(?:ja|nein|noch nicht|yes|no|not yet)\b[\s,.:;–-]*")
_CLAUSES = re.compile(r"[,;:–]\s|\s[-–]\s|\b(?:aber|sondern|jedoch|obwohl|während|but|although)\b")
_OF_RECORDS = "Status Stand Papier Eintrag"
_EXACT = re.compile(r"\d+(?:[.,]\d+)*|\b[A-ZÄÖÜ]{2,}\w*")  # numbers and abbreviations
_ADDRESS = re.compile(r"\S*(?:://|www\.|[@<>{}|\\`]|\.(?:de|com|net|org|eu|example)\b)\S*")  # and what is no language
_ALIKE = 0.9  # share of the most that a clause holds of another, from which it says the same
_NOTHING = re.compile(r"(?i)\b(?:nein|nichts|niemand|no|nothing|nobody)\b")
_MARKS = '.,;:!?()"„“»«'
_LEAST_WORDS = 2  # telling words that a clause needs for its negation to be compared


@dataclass(frozen=True, slots=True)
class Borne:
    """How much of a sentence its items hold (0 to 1), and the passages of theirs that say it."""

    share: float
    proofs: tuple[Proof, ...]


class Bearer:
    """Looks for what bears out sentences; `corpus` holds the items."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus

    def borne(self, sentence: str, items: Sequence[Item]) -> Borne:
        """What the items hold of a sentence: nothing where a clause or an address in it is foreign to them."""
        said = _VERDICT.sub("", sentence)
        words = self._telling(said)
        held = frozenset().union(*(self._terms_of(item) for item in items))
        first, *clauses = _CLAUSES.split(said)
        is_verdict = said != sentence and len(self._telling(first)) == 1 and first.islower()  # "entschieden"
        foreign = any(self._is_foreign(clause, held) for clause in (clauses if is_verdict else (first, *clauses)))
        foreign = foreign or not _holds_addresses(said, items) or not (words or _EXACT.search(said))
        proofs = [proof for item in items for proof in self._passages(sentence, words, item)]
        return Borne(0.0 if foreign else self._share(said, held), tuple(proofs))

    def _is_foreign(self, clause: str, held: frozenset[str]) -> bool:
        """True for a clause of which hardly anything is held, and for a bare denial."""
        words = self._telling(clause)
        if not words:
            return _NOTHING.search(clause) is not None
        counted = any(letter.isdigit() for letter in clause)  # numbers are the verifier's
        if len(words) < _LEAST_WORDS and counted:
            return False
        return self._share(clause, held) < _CLAUSE_BORNE

    def _share(self, text: str, held: frozenset[str]) -> float:
        """The share of a text's telling words that terms hold; all of none."""
        words = self._telling(text)
        return _summed(words, held) / sum(words.values()) if words else 1.0

    def unheld(self, sentence: str, items: Sequence[Item]) -> list[str]:
        """The words of a sentence, as printed, that the items do not hold, in its order."""
        held = frozenset().union(*(self._terms_of(item) for item in items))
        found = (
            printed
            for printed in printed_words(_VERDICT.sub("", sentence))
            if any(not _holds(held, one) for one in self._corpus.analyzer.words(printed))
        )
        return list(dict.fromkeys(found))

    def turned(self, sentence: str, proofs: Iterable[Proof]) -> bool:
        """True where a sentence denies what its proofs say, or says what they deny; clauses are compared."""
        proofs = list(proofs)
        said = _VERDICT.sub("", sentence)
        clauses = [clause for proof in proofs for clause in _CLAUSES.split(proof.quote)]
        terms = [frozenset(self._corpus.analyzer.terms(clause)) for clause in clauses]
        for own in _CLAUSES.split(said):
            words, denied = self._telling(own), _denies(own)
            if len(words) < (1 if denied else _LEAST_WORDS) or not clauses:
                continue
            weights = [_summed(words, held) for held in terms]
            alike = [one for one, weight in zip(clauses, weights, strict=True) if weight >= _ALIKE * max(weights) > 0]
            if alike and not any(_EITHER_WAY.search(one) or _denies(one) == denied for one in alike):
                return not (denied and _is_open(proofs))
        return False

    def _passages(self, sentence: str, words: Mapping[Word, float], item: Item) -> list[Proof]:
        """The few passages of an item that hold most of a sentence; its name where none holds anything."""
        exact = set(_EXACT.findall(sentence))
        offered = [(proof, frozenset(self._corpus.analyzer.terms(proof.quote))) for proof in self._offered(item)]
        chosen: list[Proof] = []
        missing, left = set(exact), dict(words)
        total = sum(words.values()) + _NUMBER * len(exact)
        while offered and len(chosen) < _PASSAGES:
            worth = [
                _summed(left, held) + _NUMBER * len(missing.intersection(_EXACT.findall(proof.quote)))
                for proof, held in offered
            ]
            best = max(range(len(offered)), key=worth.__getitem__)
            least = min(_ADDS * total, _NUMBER / 2) if missing else _ADDS * total
            if worth[best] <= (least if chosen else 0.0):
                break
            proof, held = offered.pop(best)
            chosen.append(proof)
            left = {word: weight for word, weight in left.items() if not _holds(held, word)}
            missing -= set(_EXACT.findall(proof.quote))
        return chosen or [name_proof(item, self._corpus)]

    def _offered(self, item: Item) -> list[Proof]:
        """The passages of an item: sentences, fields that no sentence tells, its row of a list."""
        told = [text for _, text in self._corpus.sentences(item)]
        fields = [one.text for one in _fields_of(item) if one.text and not any(one.text in text for text in told)]
        row = row_proof(item)
        return [*(Proof(item, text) for text in (*told, *fields)), *([row] if row else [])]

    def _terms_of(self, item: Item) -> frozenset[str]:
        """The terms of an item with those of its fields, of the headings above it and of its document's title."""
        corpus = self._corpus
        above = [corpus.title_terms[corpus.row(one)] for one in corpus.ancestors(item)]
        fields = " ".join(f"{one.label} {one.text}" for one in _fields_of(item))
        document, status = corpus.document(item), wording.status(item.status, "de") if item.status else ""
        standing = wording.authority(document, "de")
        known = (
            f"{document.title} {document.publisher} {standing} {wording.kind(item.kind, 'de')} {_OF_RECORDS} {status}"
        )
        said = f"{known} {fields} {' '.join(item.responsible)}"
        row = corpus.row(item)
        kept = without_orders(item.body)
        own = corpus.terms[row] if kept == item.body else corpus.analyzer.terms(kept)
        return frozenset(own).union(corpus.title_terms[row], corpus.analyzer.terms(said), *above)

    def _telling(self, text: str) -> dict[Word, float]:
        """The words of a text that carry meaning with their weights; numbers are the verifier's."""
        found: dict[Word, float] = {}
        for printed in printed_words(text):
            share = 1.0 if printed[0].isupper() else _NO_NOUN
            for word in self._corpus.analyzer.words(printed):
                if not word.whole.isdigit():
                    found[word] = share * self._corpus.rarity(word.whole)
        return found


def _fields_of(item: Item) -> list[Field]:
    return [one for one in item.fields if not is_order(one.text)]


def _holds_addresses(sentence: str, items: Iterable[Item]) -> bool:
    """True where every address, and all markup, of a sentence stands in the items."""
    held = [part for item in items for part in (without_orders(item.body), *(one.text for one in _fields_of(item)))]
    return all(any(one.strip(_MARKS) in part for part in held) for one in _ADDRESS.findall(sentence))


def _summed(words: Mapping[Word, float], held: frozenset[str]) -> float:
    """The weight of the words that terms hold."""
    return sum(weight for word, weight in words.items() if _holds(held, word))


def _denies(clause: str) -> bool:
    """True where a clause is negated; that a paper is not decided is no negation of what it says."""
    return _NEGATED.search(_STANDING.sub("", clause)) is not None


def _holds(held: frozenset[str], word: Word) -> bool:
    """True where terms hold a word: whole, by its root, or in a part that is no mere ending."""
    if word.whole in held or any(part in held for part in word.parts if len(part) >= _PART):
        return True
    return any(same_root(word.whole, one) or _fronts(word.whole, one) for one in held)


def _fronts(one: str, other: str) -> bool:
    """True where one word stands in front of the other: "Glasfaser" and "Glasfaserausbaus"."""
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= _FRONT and longer.startswith(shorter)


def _is_open(proofs: Iterable[Proof]) -> bool:
    """True where a cited record is not begun, or its document not decided: "noch nicht" is borne out by that."""
    return any(one.item.status in (ItemStatus.IDEA, ItemStatus.PLANNED) for one in proofs)
