"""Induces the reading plan of a document from what repeats in it.

The idea is that of wrapper induction (Kushmerick 1997; RoadRunner, Crescenzi 2001): records are what recurs. Numbers of
one shape that recur, rise and look alike are a family; texts that recur with others behind them are labels; both bear
each other out. Numbers without labels are records only where their own word says so, or where the paper counts them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ingest.extractors.paper import Sheet
from ingest.extractors.sheets import SheetSearch
from ingest.layout.contents_lines import contents_lines
from ingest.layout.lines import Line, RawDocument, split_dash, spoken
from ingest.plan.form import Place, PlanEvidence, PlanFamily, PlanLabel, ReadingPlan
from ingest.plan.labels import induce_labels
from ingest.plan.numbers import Printed, counted, number_behind, printed_number, same_ref
from ingest.plan.words import TELLING, announces_records, meaning, stated_counts, told_by_values
from prompts import say
from vectorstore.records import ItemKind

LEAST = 3  # records that make a family
_TOLD = 0.3  # share of the records that say what only records do
_OF_CODES = frozenset(("effect", "goal", "indicator"))  # tell as well where numbers have letters of their own
_BORNE_OUT = 0.5  # share of a family's records that labels have to follow
_LONGEST_NAME = 160  # characters of a title behind a label
_SET_OFF = 0.8  # share of headings with letters and number that are set off, from which they are records by themselves
_FILLED = 0.9  # share of the numbers from 1 to the highest that records in another order have
_RISING = 0.7  # share of the steps from record to record at which numbers rise
_MOSTLY = 0.8  # of what stands above rounds of labels that reads like titles
_RECORDS = (ItemKind.MEASURE, ItemKind.PROJECT)
_WORDS: tuple[tuple[ItemKind, re.Pattern[str]], ...] = (
    (
        ItemKind.THEME,
        re.compile(r"handlungsfeld|themenfeld|aktionsfeld|themenbereich|schwerpunkt|^teil$|^hf$|^tf$", re.I),
    ),
    (ItemKind.THESIS, re.compile(r"leits[aä]tz|leitlinie|^these", re.I)),
    (ItemKind.PRINCIPLE, re.compile(r"prinzip$|grundsatz$", re.I)),
    (ItemKind.GOAL, re.compile(r"ziel$", re.I)),
    (ItemKind.PROJECT, re.compile(r"projekt$", re.I)),
    (ItemKind.MEASURE, re.compile(r"maßn|vorhaben$|aktion$|baustein$|aktivität$", re.I)),
)
_NEVER = re.compile(  # what every paper numbers and no list of records means
    r"indikator|kennzahl|tabelle$|tab$|abbildung|abb$|karte$|foto$|grafik|diagramm|anlage$|anhang|kapitel$|abschnitt$|"
    r"artikel$|frage$|schritt$|phase$|produkt$|konto$|quelle$|folie$|seite$|fußnote|szenario|variante|stufe$|beispiel$|"
    r"^top$|tagesordnungspunkt|^punkt$|objekt$|gebäude$|standort$|liegenschaft$|risiko$|gefahr$|ortsteil$|gemeinde$|"
    r"stadtteil$|raum$|fläche$",
    re.I,
)


@dataclass(slots=True)
class _Group:
    """Numbers of one form that lines begin with."""

    numbers: list[Printed] = field(default_factory=list)

    @property
    def first(self) -> Printed:
        return self.numbers[0]

    @property
    def refs(self) -> set[str]:
        return {same_ref(number.ref) for number in self.numbers}

    @property
    def kind(self) -> ItemKind | None:
        """What the word before the numbers calls them."""
        found = next((kind for kind, pattern in _WORDS if pattern.search(self.first.word or self.first.code)), None)
        return None if found is ItemKind.THEME and len(self.first.parts) > 1 else found

    @property
    def label(self) -> str:
        """The shape of the numbers: literal where all begin with the same letters."""
        codes = {number.code for number in self.numbers}
        code = self.first.code if len(codes) == 1 else "{letters}" if self.first.code else ""
        return f"{self.first.word} {code}{self.first.gap}{self.first.shape}".strip()


@dataclass(slots=True)
class _Trial:
    """A group of numbers tried as a family: its records."""

    group: _Group
    family: PlanFamily
    sheets: list[Sheet]

    @property
    def set_off(self) -> float:
        """Share of the records whose heading is set off from the text."""
        return sum(sheet.set_off for sheet in self.sheets) / max(1, len(self.sheets))

    @property
    def gain(self) -> int:
        """How many labels lie on the records, each once a record."""
        return _gain(self.sheets)

    @property
    def borne_out(self) -> bool:
        """Whether the records share labels: two that half of them have."""
        counts = Counter(label for sheet in self.sheets for label in {hit.label for hit in sheet.labels.values()})
        return sum(count >= _BORNE_OUT * len(self.sheets) for count in counts.values()) >= 2

    @property
    def tells(self) -> bool:
        """Whether records say what only records do: who, until when, at what cost, how far."""
        if self.group.kind is not None:
            return True
        fields = TELLING | _OF_CODES if self.group.first.code else TELLING
        told = sum(any(meaning(hit.label) in fields for hit in sheet.labels.values()) for sheet in self.sheets)
        return told >= _TOLD * len(self.sheets)


def _gain(sheets: Sequence[Sheet]) -> int:
    return sum(len({hit.label for hit in sheet.labels.values()}) for sheet in sheets)


def induce(raw: RawDocument) -> ReadingPlan:
    """Return the plan that a document's lines (furniture marked) bear out; an empty one where they bear out none."""
    labels = induce_labels(raw.lines)
    return _Inducer(raw, labels).plan()


class _Inducer:
    """Finds the families of one document by its labels and the forms of its numbers."""

    def __init__(self, raw: RawDocument, labels: Sequence[PlanLabel]) -> None:
        self._raw, self._labels = raw, tuple(labels)
        self._search = SheetSearch(raw, labels)
        self._groups = _groups(raw.lines)
        self._trials = [trial for group in self._groups if (trial := self._trial(group)) is not None]
        self._announced = announces_records(raw)
        self._rounds = max((one.evidence[0].count for one in labels if one.evidence), default=0)

    def plan(self) -> ReadingPlan:
        """Return the plan: the families that labels bear out, then those that speak for themselves."""
        families = self._in_rounds(self._on_sheets())
        named = self._named()
        share = 1.2 if any(family.label for family in families) else 0.8
        if named is not None and len(self._sheets([named])) > share * len(self._sheets(families)):
            families = [named]
        taken, below = {family.label for family in families}, [sheet.start for sheet in self._sheets(families)]
        families += [
            self._family(trial, Place.HEADINGS)
            for trial in self._trials
            if self._speaks_for_itself(trial, taken) and not self._stands_above(trial, below)
        ]
        if not any(family.kind in _RECORDS for family in families):
            families += [one for group in _groups(self._raw.lines, dashed=True) if (one := self._dashed(group))]
        families = self._with_themes(families or self._headed())
        return ReadingPlan(families=tuple(families), labels=tuple(self._told_by_values(families)))

    def _told_by_values(self, families: Sequence[PlanFamily]) -> Iterator[PlanLabel]:
        """Yield the labels; what stands behind one on all sheets says what it means where its words do not."""
        values: dict[str, list[str]] = defaultdict(list)
        lines = self._raw.lines
        for sheet in self._sheets(families):
            for index, hit in sheet.labels.items():
                below = next((i for i in range(index + 1, min(index + 3, sheet.end)) if not lines[i].noise), None)
                beside = lines[below].text if below is not None and below not in sheet.labels else ""
                values[hit.label].append(hit.rest or beside)
        taken = {label.field for label in self._labels}
        for label in self._labels:
            told = told_by_values(values[label.label]) if label.field in (None, "state") else None
            fits = told is not None and told not in taken and (label.field is None or told == "status")
            yield label.model_copy(update={"field": told}) if fits else label

    def _sheets(self, families: Sequence[PlanFamily]) -> list[Sheet]:
        return self._search.layout(families).sheets

    def _trial(self, group: _Group) -> _Trial | None:
        """Try a group as a family; None where its numbers do not rise."""
        if group.kind is ItemKind.THEME or _numbers_none(group.first.word):
            return None
        family = PlanFamily(label=group.label, kind=ItemKind.MEASURE, place=Place.SHEETS)
        sheets = self._sheets([family])
        return _Trial(group, family, sheets) if _is_series(sheets) else None

    def _family(self, trial: _Trial, place: Place) -> PlanFamily:
        kind = trial.group.kind or ItemKind.MEASURE
        pages = list(dict.fromkeys(self._raw.lines[sheet.start].page + 1 for sheet in trial.sheets))[:5]
        what = say("plan.seen_numbers", label=trial.family.label)
        told = PlanEvidence(what=what, count=len(trial.sheets), pages=tuple(pages))
        return PlanFamily(label=trial.family.label, kind=kind, place=place, evidence=(told,))

    def _on_sheets(self) -> list[PlanFamily]:
        """Return the families whose records hold labels: first the one that holds most, then others with the rest."""
        kept: list[PlanFamily] = []
        for trial in sorted(self._trials, key=lambda one: -one.gain):
            if not trial.borne_out or not (self._announced or trial.tells):
                continue
            family = self._family(trial, Place.SHEETS)
            before, after = self._sheets(kept), self._sheets([*kept, family])
            own = replace(trial, sheets=[sheet for sheet in after if sheet.family == family.label])
            others = _gain(after) - own.gain
            tells = not kept or own.tells  # what it told alone may stand on the records of the others
            if tells and own.gain >= max(2 * LEAST, _BORNE_OUT * trial.gain) and others >= 0.9 * _gain(before):
                kept.append(family)
        return kept

    def _in_rounds(self, families: list[PlanFamily]) -> list[PlanFamily]:
        """Return the family of titles before rounds of labels where most labels lie on no numbered record."""
        labels, chosen = self._labels, {family.label for family in families}
        if len(labels) < LEAST or sum(one.field is not None for one in labels) < 2:
            return families
        covered = sum(trial.gain for trial in self._trials if trial.family.label in chosen)
        telling = self._announced or any(one.field in TELLING for one in labels)
        if not telling or 2 * covered >= len(self._search.hits):
            return families
        names = ", ".join(f"„{label.label}“" for label in labels[:4])
        told = PlanEvidence(what=say("plan.seen_labels", names=names), count=self._rounds)
        family = PlanFamily(label="", kind=ItemKind.MEASURE, place=Place.SHEETS, evidence=(told,))
        return [family] if _are_titles(self._sheets([family])) else families

    def _named(self) -> PlanFamily | None:
        """Return the family of records whose titles stand behind a label; None where what stands there is none."""
        family = PlanFamily(label="", kind=ItemKind.MEASURE, place=Place.LABELS)
        sheets = self._sheets([family])
        if len(sheets) < LEAST or not _are_titles(sheets):
            return None
        label = next(one.label for one in self._labels if one.field == "title")
        shapes = Counter(number.label for sheet in sheets if (number := printed_number(sheet.ref)))
        told = PlanEvidence(what=say("plan.seen_behind_label", label=label), count=len(sheets))
        kind = next((kind for kind, words in _WORDS if words.search(label)), ItemKind.MEASURE)
        shape = shapes.most_common(1)[0][0] if shapes else ""
        return family.model_copy(update={"label": shape, "kind": kind, "evidence": (told,)})

    def _dashed(self, group: _Group) -> PlanFamily | None:
        """Return the family of numbers behind bullets; None where they do not rise or are bare digits."""
        first = group.first
        if not (first.code or first.word or len(first.parts) > 1):
            return None
        told = PlanEvidence(what=say("plan.seen_in_bullets", label=group.label), count=len(group.refs))
        kind = group.kind or ItemKind.MEASURE
        family = PlanFamily(label=group.label, kind=kind, place=Place.BULLETS, evidence=(told,))
        return family if _is_series(self._sheets([family])) else None

    def _headed(self) -> list[PlanFamily]:
        """Return the family of headings without numbers of which most have labels that only records have."""
        family = PlanFamily(label="", kind=ItemKind.MEASURE, place=Place.HEADINGS)
        sheets = self._sheets([family])
        told = PlanEvidence(what=say("plan.seen_headings"), count=len(sheets))
        return [family.model_copy(update={"evidence": (told,)})] if _are_titles(sheets) else []

    def _speaks_for_itself(self, trial: _Trial, taken: set[str]) -> bool:
        """Tell whether numbers without labels are records: by their own word, or because the paper says how many."""
        label = trial.family.label
        if label in taken or any(one.startswith(f"{label}.") for one in taken):
            return False
        if trial.group.kind is not None:
            return True
        codes = {number.code for number in trial.group.numbers}
        lettered = len(codes) > 1 or 0 < len(codes.pop()) <= 2  # longer words before numbers call other things as well
        coded = lettered and trial.set_off >= _SET_OFF and (not trial.borne_out or self._announced or trial.tells)
        return not taken and (coded or len(trial.sheets) in stated_counts(spoken(self._raw)))

    def _stands_above(self, trial: _Trial, below: Sequence[int]) -> bool:
        """Tell whether numbered headings only group records that were found: (nearly) each has some before the next."""
        if not below or trial.group.kind not in _RECORDS:
            return False
        starts = [sheet.start for sheet in trial.sheets]
        spans = pairwise([*starts, below[-1] + 1])
        return sum(any(start < one < end for one in below) for start, end in spans) >= _SET_OFF * len(starts)

    def _with_themes(self, families: list[PlanFamily]) -> list[PlanFamily]:
        """Add the families that group records: by their word, or because records' numbers begin with theirs."""
        taken = {family.label for family in families}
        themes = [
            group.label
            for group in self._groups
            if families and group.label not in taken
            and (group.kind is ItemKind.THEME or any(one.startswith(f"{group.label}.") for one in taken))
        ]  # fmt: skip
        above = {"above": themes[0]} if themes else {}
        grouping = [PlanFamily(label=label, kind=ItemKind.THEME, place=Place.HEADINGS) for label in themes]
        return [*grouping, *(family.model_copy(update=above) for family in families)]


def _numbers_none(word: str) -> bool:
    """Tell whether a word before numbers calls no records: what every paper numbers, or a label of sheets."""
    return _NEVER.search(word) is not None or meaning(word) not in (None, "ref", "title", "goal", "description")


def _are_titles(sheets: Sequence[Sheet]) -> bool:
    """Tell whether what stands above rounds of labels reads like titles: short, no sentences, each another."""
    titles = [sheet.title for sheet in sheets]
    short = {title for title in titles if len(title) <= _LONGEST_NAME}
    other = sum(_numbers_none(number.word) for title in titles if (number := printed_number(title)))
    return bool(titles) and len(short) >= _MOSTLY * len(titles) and other <= 0.5 * len(titles)


def _groups(lines: Sequence[Line], dashed: bool = False) -> list[_Group]:
    """Return the forms of number that three numbers have at least, behind bullets or not, contents left out."""
    contents = contents_lines(lines)
    groups: dict[tuple[str, bool, str, str], _Group] = defaultdict(_Group)
    for index, line in enumerate(lines):
        bare = split_dash(line.text)
        if line.noise or line.tabled or index in contents or dashed is not (line.bullet or bare is not None):
            continue
        number = printed_number(line.text if bare is None else bare)
        if number is None and not dashed and (line.bold or line.level):
            number = number_behind(line.text)
        if number is not None:
            groups[number.form].numbers.append(number)
    return [group for group in groups.values() if len(group.refs) >= LEAST]


def _is_series(sheets: Sequence[Sheet]) -> bool:
    """Tell whether the numbers of records rise from each to the next, begin anew, or fill a series in another order."""
    values = [counted(sheet.ref, roman="{roman}" in sheet.family) for sheet in sheets]
    if len(sheets) < LEAST or not all(values):
        return len(sheets) >= LEAST
    steps = [below[-1] > above[-1] or below[-1] <= 1 or below[:-1] != above[:-1] for above, below in pairwise(values)]
    highest: Counter[tuple[int, ...]] = Counter()
    for value in values:
        highest[value[:-1]] = max(highest[value[:-1]], value[-1])
    fills = len(set(values)) == len(values) and len(values) >= _FILLED * highest.total()
    return fills or sum(steps) >= _RISING * len(steps)
