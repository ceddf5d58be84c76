"""Labels of sheets: found where a plan names them, and induced from what recurs.

A label is a short text that many records repeat, with texts behind or below it that differ. Values repeat as well
("hoch", "laufend"), but fewer records share one, and they stand behind the same label each time.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.layout.lines import Line, split_dash
from ingest.plan.form import PlanEvidence, PlanLabel
from ingest.plan.words import meaning, meanings, normal

LEAST = 3  # times that an unknown label has to recur
_LONGEST, _MOST_WORDS, _IN_A_QUESTION = 64, 8, 11
_CELLS = 3  # texts on one row that are cells of a table rather than labels beside one another
_FEW = 5  # words of a label that is set like the text around it
_SHARE = 0.45  # of the sheets that repeat a label set like the text around it
_RARE = 0.12  # of the sheets that repeat a label at least, known or set off
_MARKED = 0.6  # of the places of a label that are set off as labels are
_NUMBERED = 2  # numbers that a plain label has before it at most
_INLINE = re.compile(
    r"^(?P<label>[^\W\d_a-zäöü][^:\t]{1,60}?|\([^:\t]{1,60}?|[a-zäöü][^:\t]{1,30}?)(?P<mark>\s?:(?!\d|//)|\?(?=\s|$)|\s\||\t|\s{3,})[\s|]*(?P<rest>.*)$",
    re.S,
)
_COUNTED = re.compile(r"^\d{1,2}[.)]\s+(?=[A-ZÄÖÜ])")  # labels of a sheet may be numbered: "3. Zuständigkeit"
_CAPITALS = re.compile(r"^(?P<label>[A-ZÄÖÜ][A-ZÄÖÜß /-]{3,40})\.\s+(?P<rest>\S.*)$", re.S)
_NUMBER_SIGN = re.compile(r"\bNr\.$")
_SENTENCE = re.compile(r"[.!;]\s*$|[.!?;,]\s+\S+\s+\S+\s+\S+")

_NUMBERS = re.compile(r"\d[\d.,]*")
_WORDS = re.compile(r"[^\W\d_]{4}")  # units are shorter
_AMOUNTS = frozenset(("cost", "funding", "period"))  # what records may give year by year


@dataclass(frozen=True, slots=True)
class LabelHit:
    """A label at the beginning of a line: as the plan words it, and the text behind it on the line."""

    label: str
    rest: str


class LabelFinder:
    """Finds the labels of a plan at the beginning of lines."""

    def __init__(self, labels: Iterable[PlanLabel]) -> None:
        self._labels = {normal(one.label): one.label for one in labels if not one.column}

    def on(self, line: Line) -> LabelHit | None:
        """Return the label that a line begins with, by its marks or because it is set in bold before plain text."""
        label = self._labels.get(normal(line.lead_text)) if line.lead else None
        return LabelHit(label, line.text[len(line.lead_text) :].lstrip(" |–")) if label else self.at(line.text)

    def in_block(self, text: str) -> LabelHit | None:
        """Return the label of a block that is known to begin with one, behind a bullet or not."""
        text = _COUNTED.sub("", text.removeprefix("- "))
        hit = self.at(text)
        if hit is None:
            starts = [printed for printed in self._labels.values() if text.casefold().startswith(printed.casefold())]
            longest = max(starts, key=len, default=None)
            hit = LabelHit(longest, text[len(longest) :].lstrip(" :|–")) if longest else None
        return hit

    def at(self, text: str) -> LabelHit | None:
        """Return the label that a line begins with: alone, or with a colon, question mark, tab or wide gap behind."""
        text = _COUNTED.sub("", text)
        alone = self._labels.get(normal(text)) if len(text) <= _LONGEST + 2 else None
        if alone is not None:
            return LabelHit(alone, "")
        match = _CAPITALS.match(text)
        names = [match["label"]] if match is not None else []
        if match is None and (match := _INLINE.match(text)) is not None:
            names = [_label_of(match), match["label"]]
        label = next((label for name in names if (label := self._labels.get(normal(name)))), None)
        return LabelHit(label, match["rest"]) if match is not None and label is not None else None


@dataclass(slots=True)
class _Candidate:
    """A text that may be a label: its lines, the numbers before it, and how often it is set off as labels are."""

    printed: str
    places: list[int]
    counts: set[str] = field(default_factory=set)
    colon: int = 0
    alone: int = 0
    bold: int = 0
    large: int = 0

    @property
    def marked(self) -> float:
        """Share of its places where a colon, weight or size marks it."""
        return max(self.bold, self.colon, self.large) / len(self.places)


def induce_labels(lines: Sequence[Line]) -> tuple[PlanLabel, ...]:
    """Return the labels that recur in a document, in the order of their first places."""
    candidates = _candidates(lines)
    known = [one for name, one in candidates.items() if meaning(name) and len(name.split()) <= _FEW and _set_off(one)]
    sheets = sorted((len(one.places) for one in known), reverse=True)[:3]
    typical = sheets[-1] if sheets else 0
    values = _values(candidates, lines) | _figures(candidates, lines)
    chosen = {name: one for name, one in candidates.items() if name not in values and _is_label(name, one, typical)}
    if len(chosen) < 2 and typical < LEAST:
        return ()
    fields = meanings([one.printed for one in chosen.values()])
    kept = [one for one in chosen.values() if not _begins_with(one.printed, chosen)]
    return tuple(
        PlanLabel(label=one.printed, field=fields[one.printed], evidence=(_evidence(one, lines),))
        for one in sorted(kept, key=lambda one: one.places[0])
    )


def _begins_with(printed: str, names: Container[str]) -> bool:
    """Tell whether a text is another label with what stands behind it."""
    match = _INLINE.match(printed)
    return match is not None and bool(match["rest"]) and normal(_label_of(match)) in names


def _candidates(lines: Sequence[Line]) -> dict[str, _Candidate]:
    found: dict[str, _Candidate] = {}
    rows = Counter((line.page, round(line.y / 2)) for line in lines if line.size and not line.noise)
    for index, line in enumerate(lines):
        if line.noise or line.tabled or split_dash(line.text) is not None:
            continue
        in_table = bool(line.size) and rows[line.page, round(line.y / 2)] >= _CELLS
        for printed, colon in _readings(line):
            name = normal(printed)
            plain = in_table and not (colon or line.bold)
            if plain or len(name) < 2 or not any(map(str.isalpha, name)):
                continue
            one = found.setdefault(name, _Candidate(printed.strip().rstrip(":"), []))
            one.places.append(index)
            one.counts.add(number[0] if (number := _COUNTED.match(line.text.strip())) else "")
            one.colon += colon
            one.alone += not colon or line.text.rstrip().endswith(":")
            one.bold += line.bold
            one.large += line.level > 0
    return {name: one for name, one in found.items() if len(one.places) >= 2 and not _is_point(one)}


def _is_point(one: _Candidate) -> bool:
    """Tell whether a text is a point of lists: numbers stand before it, one here and another there."""
    return len(one.counts) > _NUMBERED and one.marked < _MARKED


def _readings(line: Line) -> Iterable[tuple[str, bool]]:
    """Yield what of a line may be a label, and whether a colon says so."""
    text = _COUNTED.sub("", line.text.strip())
    if capitals := _CAPITALS.match(text):
        yield capitals["label"], True
    count, asks = len(text.split()), text.endswith("?")
    short = len(text) <= _LONGEST and count <= (_IN_A_QUESTION if asks else _MOST_WORDS) and not line.bullet
    abbreviated = count <= 2 and meaning(text) is not None
    if short and (not _SENTENCE.search(text) or _NUMBER_SIGN.search(text) or abbreviated):
        yield text, text.endswith((":", "?"))
    lead = line.lead_text.strip(" :|–")
    if lead and len(lead) <= _LONGEST and not _SENTENCE.search(lead):
        yield lead, True
    match = _INLINE.match(text)
    if match is None or not match["rest"] or _label_of(match).strip() == lead:
        return
    asked = match["mark"].startswith("?")
    if len(match["label"].split()) <= (_IN_A_QUESTION if asked else _MOST_WORDS) and (
        not match["label"][:1].islower() or (meaning(match["label"]) and not asked)
    ):
        yield _label_of(match), True


def _label_of(match: re.Match[str]) -> str:
    """Return the label of a line with its text behind it, the question mark kept."""
    return match["label"] + ("?" if match["mark"] == "?" else "")


def _set_off(one: _Candidate) -> bool:
    """Tell whether a text is set off as labels are: bold, as a heading, with a colon, or alone on its line."""
    return one.marked >= _MARKED or one.alone >= _MARKED * len(one.places)


def _is_label(name: str, one: _Candidate, typical: int) -> bool:
    count, capital = len(one.places), one.printed[:1].isupper()
    if not capital and one.colon < _MARKED * count:
        return False
    if one.marked >= _MARKED:
        worded = capital or meaning(name) is not None or not name.endswith("?")
        return worded and count >= max(2 if meaning(name) else LEAST, _RARE * typical)
    return capital and len(name.split()) <= _FEW and typical >= LEAST and count >= max(LEAST, _SHARE * typical)


def _values(candidates: Mapping[str, _Candidate], lines: Sequence[Line]) -> set[str]:
    """Return the texts that stand behind one label (nearly) each time, and share the place with others: its values."""
    before: dict[str, Counter[str]] = defaultdict(Counter)
    after: dict[str, set[str]] = defaultdict(set)
    names = {index: name for name, one in candidates.items() for index in one.places}
    for index, name in names.items():
        previous = next((i for i in (index - 1, index - 2) if i >= 0 and not lines[i].noise), None)
        if previous is not None:
            above = names.get(previous, "")
            before[name][above] += 1
            after[above].add(name)
    found = set()
    for name, counts in before.items():
        above, count = counts.most_common(1)[0]
        one = candidates[name]
        plain = one.bold + one.colon + one.large < 0.5 * len(one.places)
        if above and plain and len(after[above]) > 1 and count >= 0.8 * len(one.places):
            found.add(name)
    return found


def _figures(candidates: Mapping[str, _Candidate], lines: Sequence[Line]) -> set[str]:
    """Return the texts right of which (mostly) several figures stand: rows of a balance, which no record has."""
    beside: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for line in lines:
        if line.size and not line.noise:
            beside[line.page, round(line.y / 3)].append(line)

    def in_figures(index: int) -> bool:
        line, place = lines[index], round(lines[index].y / 3)
        row = [one for near in (place - 1, place, place + 1) for one in beside.get((line.page, near), ())]
        text = " ".join(one.text for one in row if one.x > line.x)
        return len(_NUMBERS.findall(text)) > 1 and not _WORDS.search(text)

    others = ((name, one) for name, one in candidates.items() if meaning(name) not in _AMOUNTS)
    return {name for name, one in others if sum(map(in_figures, one.places)) > 0.5 * len(one.places)}


def _evidence(one: _Candidate, lines: Sequence[Line]) -> PlanEvidence:
    pages = dict.fromkeys(lines[index].page + 1 for index in one.places)
    return PlanEvidence(what="Angabe, die wiederkehrt", count=len(one.places), pages=tuple(pages)[:5])
