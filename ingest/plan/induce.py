"""Induces the reading plan of a document from what repeats in it.

The idea is that of wrapper induction (Kushmerick 1997; RoadRunner, Crescenzi 2001): records are what recurs. Numbers of
one shape that recur, rise and look alike are a family; texts that recur with others behind them are labels; both bear
each other out. Numbers without labels are records only where their own word says so, or where the paper counts them.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from ingest.extractors.sheet_layout import Sheet
from ingest.extractors.sheets import SheetSearch
from ingest.layout.contents_lines import contents_lines
from ingest.layout.lines import Line, RawDocument, split_dash, spoken
from ingest.plan.form import Place, PlanEvidence, PlanFamily, PlanLabel, ReadingPlan
from ingest.plan.labels import induce_labels
from ingest.plan.numbers import Printed, counted, number_behind, printed_number, same_ref
from ingest.plan.statements import announces_records, stated_counts
from ingest.plan.terms import TELLING, meaning
from vectorstore.records import ItemKind

LEAST = 3  # records that make a family
_TOLD = 0.3  # share of the records that say what only records do
_OF_CODES = frozenset(("effect", "goal", "indicator"))  # tell as well where numbers have letters of their own
_BORNE_OUT = 0.5  # share of a family's records that labels have to follow
_LONGEST_NAME = 160  # characters of a title behind a label
_SET_OFF = 0.8  # share of headings with letters and number that are set off, from which they are records by themselves
_FILLED = 0.9  # share of the numbers from 1 to the highest that records in another order have
_RISING = 0.7  # share of the steps from record to record at which numbers rise
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
    r"^top$|tagesordnungspunkt|^punkt$|objekt$|gebäude$|standort$|liegenschaft$|risiko$|gefahr$|ortsteil$|gemeinde$|stadtteil$|raum$|fläche$",
    re.I,
)


@dataclass(slots=True)
class _Group:
    """Numbers of one form that lines begin with."""

    numbers: list[Printed] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)

    @property
    def refs(self) -> set[str]:
        return {same_ref(number.ref) for number in self.numbers}

    @property
    def label(self) -> str:
        """The shape of the numbers: literal where all begin with the same letters."""
        first = self.numbers[0]
        codes = {number.code for number in self.numbers}
        code = first.code if len(codes) == 1 else "{letters}" if first.code else ""
        return f"{first.word} {code}{first.gap}{first.shape}".strip()


def induce(raw: RawDocument) -> ReadingPlan:
    """Return the plan that a document's lines (furniture marked) bear out; an empty one where they bear out none."""
    labels = induce_labels(raw.lines)
    groups = _groups(raw.lines)
    search = SheetSearch(raw, labels)
    trials = [trial for group in groups if (trial := _trial(group, search)) is not None]
    families = _on_sheets(trials, search, raw)
    chosen = {family.label for family in families}
    covered = sum(trial.gain for trial in trials if trial.family.label in chosen)
    more = any(trial.set_off >= _SET_OFF and len(trial.sheets) > 2 * _rounds(labels) for trial in trials)
    telling = announces_records(raw) or any(one.field in TELLING for one in labels)
    if telling and _in_rounds(labels) and 2 * covered < len(search.hits) and not more:
        unnumbered = _unnumbered(labels)
        families = [unnumbered] if _are_titles(search.layout([unnumbered]).sheets) else families
    named = _named(search, labels)
    share = 1.2 if any(family.label for family in families) else 0.8
    if named is not None and len(search.layout([named]).sheets) > share * len(search.layout(families).sheets):
        families = [named]
    taken = {family.label for family in families}
    below = [sheet.start for sheet in search.layout(families).sheets]
    families += [
        _family(trial, raw, Place.HEADINGS)
        for trial in trials
        if _speaks_for_itself(trial, taken, raw) and not _stands_above(trial, below)
    ]
    if not any(family.kind in (ItemKind.MEASURE, ItemKind.PROJECT) for family in families):
        families += [family for group in _groups(raw.lines, dashed=True) if (family := _dashed(group, search))]
    if not families:
        families = _headed(search)
    return ReadingPlan(families=tuple(_with_themes(families, groups)), labels=labels)


def _headed(search: SheetSearch) -> list[PlanFamily]:
    """Return the family of headings without numbers of which most have labels that only records have."""
    family = PlanFamily(label="", kind=ItemKind.MEASURE, place=Place.HEADINGS)
    sheets = search.layout([family]).sheets
    if not _are_titles(sheets):
        return []
    told = PlanEvidence(what="Überschriften gleicher Art, die meisten mit Angaben", count=len(sheets))
    return [family.model_copy(update={"evidence": (told,)})]


def _are_titles(sheets: Sequence[Sheet]) -> bool:
    """Tell whether what stands above rounds of labels reads like titles: short, no sentences, each another."""
    titles = [sheet.title for sheet in sheets]
    short = [title for title in titles if len(title) <= _LONGEST_NAME and not title.endswith((".", ":", ";"))]
    numbers = [number for title in titles if (number := printed_number(title))]
    if sum(numbers_none(number.word) for number in numbers) > 0.5 * len(titles):
        return False
    return bool(titles) and len(short) >= 0.8 * len(titles) and len(set(titles)) >= 0.8 * len(titles)


def _named(search: SheetSearch, labels: Sequence[PlanLabel]) -> PlanFamily | None:
    """Return the family of records whose titles stand behind a label; None where what stands there are no titles."""
    family = PlanFamily(label="", kind=ItemKind.MEASURE, place=Place.LABELS)
    sheets = search.layout([family]).sheets
    others = [one for one in labels if one.evidence and one.evidence[0].count >= _BORNE_OUT * len(sheets)]
    if len(sheets) < LEAST or len(others) < LEAST or not _are_titles(sheets):
        return None
    label = next(one for one in labels if one.field == "title")
    shapes = Counter(number.label for sheet in sheets if (number := printed_number(sheet.ref)))
    told = PlanEvidence(what=f"Titel hinter der Angabe „{label.label}“", count=len(sheets))
    kind = next((kind for kind, words in _WORDS if words.search(label.label)), ItemKind.MEASURE)
    shape = shapes.most_common(1)[0][0] if shapes else ""
    return family.model_copy(update={"label": shape, "kind": kind, "evidence": (told,)})


def _dashed(group: _Group, search: SheetSearch) -> PlanFamily | None:
    """Return the family of numbers behind bullets; None where they do not rise or are bare digits."""
    first = group.numbers[0]
    if not (first.code or first.word or len(first.parts) > 1):
        return None
    kind = _kind_by_word(group.numbers[0]) or ItemKind.MEASURE
    told = PlanEvidence(what=f"Nummern der Form „{group.label}“ in Aufzählungen", count=len(group.refs))
    family = PlanFamily(label=group.label, kind=kind, place=Place.BULLETS, evidence=(told,))
    sheets = search.layout([family]).sheets
    return family if len(sheets) >= LEAST and (_rises(sheets) or _fills(sheets)) else None


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
            group = groups[number.form]
            group.numbers.append(number)
            group.pages.append(line.page + 1)
    return [group for group in _same_words(groups.values()) if len(group.refs) >= LEAST]


def _same_words(groups: Iterable[_Group]) -> list[_Group]:
    """Join forms whose label words are one word, short or long: "Maßn. 4" and "Maßnahme 5"."""
    kept: list[_Group] = []
    for group in sorted(groups, key=lambda one: -len(one.numbers[0].word)):
        first = group.numbers[0]
        same = next((one for one in kept if first.word and _abbreviates(first, one.numbers[0])), None)
        same = same or next((one for one in kept if _are_letters(one, group) or _are_letters(group, one)), None)
        if same is None:
            kept.append(group)
        else:
            same.numbers = sorted([*same.numbers, *group.numbers], key=lambda one: one.shape == "{roman}")
            same.pages += group.pages
    return kept


def _are_letters(group: _Group, other: _Group) -> bool:
    """Tell whether what looks Roman in one group are letters of another: C, D and I among A to K."""
    first, second = group.numbers[0], other.numbers[0]
    if first.word != second.word or (first.shape, second.shape) != ("{letters}", "{roman}"):
        return False
    return all(len(ref) == 1 for ref in group.refs | other.refs)


def _abbreviates(short: Printed, long: Printed) -> bool:
    stem = short.word.casefold().rstrip(".")
    return len(stem) >= 4 and long.word.casefold().startswith(stem) and short.form[1:] == long.form[1:]


@dataclass(slots=True)
class _Trial:
    """A group of numbers tried as a family: its records, and how many different labels follow each."""

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
        return sum(self.rounds)

    @property
    def rounds(self) -> list[int]:
        """How many different labels each record has."""
        return [len({hit.label for hit in sheet.labels.values()}) for sheet in self.sheets]

    @property
    def borne_out(self) -> bool:
        """Whether the records share labels: two that half of them have, and two at least on half of them."""
        counts = Counter(label for sheet in self.sheets for label in {hit.label for hit in sheet.labels.values()})
        shared = sum(count >= _BORNE_OUT * len(self.sheets) for count in counts.values())
        return shared >= 2 and sum(count >= 2 for count in self.rounds) >= _BORNE_OUT * len(self.sheets)


def _trial(group: _Group, search: SheetSearch) -> _Trial | None:
    """Try a group as a family; None where its numbers do not rise."""
    first = group.numbers[0]
    if _kind_by_word(first) is ItemKind.THEME or numbers_none(first.word) or _NEVER.search(first.code):
        return None
    family = PlanFamily(label=group.label, kind=ItemKind.MEASURE, place=Place.SHEETS)
    sheets = search.layout([family]).sheets
    return _Trial(group, family, sheets) if len(sheets) >= LEAST and (_rises(sheets) or _fills(sheets)) else None


def numbers_none(word: str) -> bool:
    """Tell whether a word before numbers calls no records: what every paper numbers, or a label of sheets."""
    return _NEVER.search(word) is not None or meaning(word) not in (None, "ref", "title", "goal", "description")


def _on_sheets(trials: Sequence[_Trial], search: SheetSearch, raw: RawDocument) -> list[PlanFamily]:
    """Return the families whose records hold labels: first the one that holds most, then others that hold the rest."""
    kept: list[PlanFamily] = []
    announced = announces_records(raw)
    for trial in sorted(trials, key=lambda one: -one.gain):
        if not trial.borne_out or not (announced or _tells(trial)):
            continue
        family = _family(trial, raw, Place.SHEETS)
        before = _rounds_of(kept, search)
        after = _rounds_of([*kept, family], search)
        others = sum(count for label, count in after.items() if label != family.label)
        own = after.get(family.label, 0)
        if own >= 2 * LEAST and others >= 0.9 * sum(before.values()) and own >= _BORNE_OUT * trial.gain:
            kept.append(family)
    return kept


def _tells(trial: _Trial) -> bool:
    """Tell whether records say what only records do: who, until when, at what cost, how far.

    Bare digits have to most, which number chapters and indicators as well.
    """
    if _kind_by_word(trial.group.numbers[0]) is not None:
        return True
    fields = TELLING | _OF_CODES if trial.group.numbers[0].code else TELLING
    told = sum(any(meaning(hit.label) in fields for hit in sheet.labels.values()) for sheet in trial.sheets)
    return told >= _TOLD * len(trial.sheets)


def _rounds_of(families: Sequence[PlanFamily], search: SheetSearch) -> dict[str, int]:
    """Return how many labels lie on the records of each family where all are found together."""
    counts: dict[str, int] = defaultdict(int)
    for sheet in search.layout(families).sheets:
        counts[sheet.family] += len({hit.label for hit in sheet.labels.values()})
    return counts


def _family(trial: _Trial, raw: RawDocument, place: Place) -> PlanFamily:
    kind = _kind_by_word(trial.group.numbers[0])
    kind = ItemKind.MEASURE if kind in (None, ItemKind.THEME) else kind
    pages = list(dict.fromkeys(raw.lines[sheet.start].page + 1 for sheet in trial.sheets))[:5]
    told = PlanEvidence(
        what=f"Nummern der Form „{trial.family.label}“ vor Titeln", count=len(trial.sheets), pages=tuple(pages)
    )
    return PlanFamily(label=trial.family.label, kind=kind, place=place, evidence=(told,))


def _stands_above(trial: _Trial, below: Sequence[int]) -> bool:
    """Tell whether numbered headings only group records that were found: (nearly) each has some before the next."""
    if not below or _kind_by_word(trial.group.numbers[0]) not in (ItemKind.MEASURE, ItemKind.PROJECT):
        return False
    starts = [sheet.start for sheet in trial.sheets]
    ends = [*starts[1:], below[-1] + 1]
    holding = sum(any(start < one < end for one in below) for start, end in zip(starts, ends, strict=True))
    return holding >= _SET_OFF * len(starts)


def _speaks_for_itself(trial: _Trial, taken: set[str], raw: RawDocument) -> bool:
    """Tell whether numbers without labels are records: by their own word, or because the paper says how many."""
    if trial.family.label in taken or any(label.startswith(trial.family.label + ".") for label in taken):
        return False
    kind = _kind_by_word(trial.group.numbers[0])
    if kind is ItemKind.THEME:
        return False
    if kind is not None:
        return True
    codes = {number.code for number in trial.group.numbers}
    lettered = len(codes) > 1 or 0 < len(codes.pop()) <= 2  # longer words before numbers call other things as well
    coded = lettered and len(trial.sheets) > LEAST and trial.set_off >= _SET_OFF
    coded = coded and (not trial.borne_out or announces_records(raw) or _tells(trial))
    return not taken and (coded or len(trial.sheets) in stated_counts(spoken(raw)))


def _kind_by_word(number: Printed) -> ItemKind | None:
    found = next((kind for kind, pattern in _WORDS if pattern.search(number.word or number.code)), None)
    return None if found is ItemKind.THEME and len(number.parts) > 1 else found


def _rises(sheets: Sequence[Sheet]) -> bool:
    """Tell whether the numbers of records rise from each to the next, or begin anew."""
    values = [counted(sheet.ref, roman="{roman}" in sheet.family) for sheet in sheets]
    if not all(values):
        return True
    steps = [below[-1] > above[-1] or below[-1] <= 1 or below[:-1] != above[:-1] for above, below in pairwise(values)]
    return sum(steps) >= _RISING * len(steps)


def _fills(sheets: Sequence[Sheet]) -> bool:
    """Tell whether the numbers of records are a whole series in another order: sorted by urgency, by time."""
    values = [counted(sheet.ref, roman="{roman}" in sheet.family) for sheet in sheets]
    if not all(values) or len(set(values)) < len(values):
        return False
    highest: dict[tuple[int, ...], int] = defaultdict(int)
    for value in values:
        highest[value[:-1]] = max(highest[value[:-1]], value[-1])
    return len(values) >= _FILLED * sum(highest.values())


def _with_themes(families: list[PlanFamily], groups: Sequence[_Group]) -> list[PlanFamily]:
    """Add the families that group records: by their word, or because records' numbers begin with theirs."""
    if not families:
        return families
    taken = {family.label for family in families}
    themes = [group.label for group in groups if group.label not in taken and _groups_records(group, families)]
    above = themes[0] if themes else None
    records = [family if above is None else family.model_copy(update={"above": above}) for family in families]
    return [*(PlanFamily(label=label, kind=ItemKind.THEME, place=Place.HEADINGS) for label in themes), *records]


def _groups_records(group: _Group, families: Sequence[PlanFamily]) -> bool:
    if _kind_by_word(group.numbers[0]) is ItemKind.THEME:
        return True
    return any(family.label.startswith(f"{group.label}.") for family in families)


def _in_rounds(labels: Sequence[PlanLabel]) -> bool:
    """Tell whether labels recur as those of sheets do: at least three of a kind, two of them understood."""
    often = [label for label in labels if label.evidence and label.evidence[0].count >= LEAST]
    return len(often) >= 3 and sum(label.field is not None for label in often) >= 2


def _unnumbered(labels: Sequence[PlanLabel]) -> PlanFamily:
    names = ", ".join(f"„{label.label}“" for label in labels[:4])
    return PlanFamily(
        label="",
        kind=ItemKind.MEASURE,
        place=Place.SHEETS,
        evidence=(PlanEvidence(what=f"Angaben, die sich wiederholen: {names}", count=_rounds(labels)),),
    )


def _rounds(labels: Sequence[PlanLabel]) -> int:
    counts: Mapping[str, int] = {label.label: label.evidence[0].count for label in labels if label.evidence}
    return max(counts.values(), default=0)
