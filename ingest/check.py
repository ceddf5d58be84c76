"""The one check: what a reader claims becomes a record only as far as the paper prints it.

Every text stands verbatim on its page, else it falls, and with its title the record. A title is set off from running
text. A number stands beside its title, or near it and in order. A record without a number or a family that is like it
bears something out: a labelled field, or the paper's own list.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import get_args

from pydantic import ValidationError

from ingest.claims import TEXTS, Claim, ClaimedField, RecordKind
from ingest.keys import Keys, digits, plain_ref, shape_of
from ingest.plan.words import meaning
from ingest.verbatim import PrintedText, Span, folded, is_shortened
from vectorstore.records import Item, ItemKind, ItemStatus

CUT = " …"  # ends the title of a point that is a long sentence
NEAR = 400  # characters between a number and its title at most
_LONGEST = 590  # characters of a title
_LABEL_GAP = 120  # characters between a label and its text, as a rule
_LABEL_WORDS = 4  # words before a number or a title in the same block at most
_UNIT_WORDS = 14  # from which a unit may be a sentence, which is no name
_SLIPPED = 1  # pages by which a reader may be wrong, where nothing else has the title
_PART = re.compile(r"^[A-H]\.(?=[IVXL\d])")  # a part's letter, which stands above the number
_TOTAL = re.compile(r"(?:von|/)[ \t]*$")
_WORD_BEFORE = re.compile(r"^(?:(?:[A-ZÄÖÜ]?[a-zäöüß]{4,}|[A-ZÄÖÜ]{6,}|(?i:lfd|nr))[.:]*\s*)+(?=\S)")
_BESIDE = re.compile(r"[\W_]*(?:(?:von|/)\s*\d+[\W_]*)?(?:[^\W\d_]+[\W_]+){0,2}", re.UNICODE)
_ENDS = re.compile(r"\s*(?:$|[\n\t:.;,(\[|/–—-])")
_LEADER = re.compile(r"(?:\.{4,}|(?:\. ){4,})\s*\d*")  # in contents, from a title to its page
_SENTENCE = re.compile(r"[^\W\d_]{5,}[.!?]\s")


class Failing(StrEnum):
    """Why a claim, or a part of one, is not believed."""

    TITLE = "title"
    NUMBER = "number"
    TEXT = "text"
    ALONE = "alone"


@dataclass(frozen=True, slots=True)
class Fault:
    """What of a claim is not believed: why, the claim's name, the part, and the page it was claimed for."""

    failing: Failing
    record: str
    what: str
    page: int


@dataclass(slots=True)
class Standing:
    """A claim that stands: where title, number, fields and other texts do; `beside` says how sure its number is."""

    claim: Claim
    place: int  # among the claims
    title: Span
    number: Span | None = None
    beside: bool = False
    fields: list[tuple[ClaimedField, Span]] = field(default_factory=list)
    units: list[Span] = field(default_factory=list)
    texts: dict[str, Span] = field(default_factory=dict)

    @property
    def ref(self) -> str:
        """The number as it is compared, "" without one."""
        return plain_ref(bare_number(self.claim.number)) if self.number and self.claim.number else ""

    @property
    def begin(self) -> int:
        """Where its number or title begins."""
        return min(self.title.start, self.number.start) if self.number else self.title.start

    @property
    def spans(self) -> list[Span]:
        """All places of the record."""
        numbers = [self.number] if self.number else []
        return [self.title, *numbers, *(span for _, span in self.fields), *self.units, *self.texts.values()]

    def go_on(self, other: Standing) -> None:
        """Take what stands under the title where that is printed again, on the pages on which the record goes on."""
        known = {folded(said.label) for said, _ in self.fields}
        self.fields += [pair for pair in other.fields if folded(pair[0].label) not in known]
        self.fields.sort(key=lambda pair: pair[1])
        self.units = self.units or other.units
        self.texts = {**other.texts, **self.texts}


@dataclass(slots=True)
class Checked:
    """What stands of the claims, in the order of the paper, and what does not."""

    standing: list[Standing]
    faults: list[Fault]


def checked(claims: Iterable[Claim], paper: PrintedText) -> Checked:
    """Hold claims against the paper."""
    faults: list[Fault] = []
    titled = (_titled(claim, place, paper, faults) for place, claim in enumerate(claims))
    standing = [one for one in titled if one is not None]
    standing = _apart(sorted(standing, key=lambda one: one.title.start), faults)
    _in_order(standing, faults)
    for where in ("sheet", "row", "contents"):
        _filled([one for one in standing if one.claim.where == where], paper, faults)
    return Checked(_borne_out(standing, paper, faults), faults)


def borne_out(items: Sequence[Item], paper: PrintedText, keys: Keys) -> tuple[list[Item], dict[str, str]]:
    """Return the items of a reader as far as they stand, and the new keys of those whose number does not, by the old.

    A record that does not stand is a section; one whose number does not is called by its title.
    """
    records = [one for one in items if one.kind.value in get_args(RecordKind) and one.status is not ItemStatus.ARCHIVED]
    said = [(one, claim) for one in records if (claim := claim_of(one, paper)) is not None]
    found = checked((claim for _, claim in said), paper)
    stands = {said[one.place][0].key for one in found.standing}
    bare = [said[one.place][0] for one in found.standing if one.number is None and said[one.place][1].number]
    named = {one.key: keys.make(one.title) for one in bare if one.title in one.heading}  # a goal's may stand below
    items = [replace(one, ref=one.title, family=None) if one.key in named else one for one in items]
    fallen = {one.key for one in records} - stands
    items = [replace(one, kind=ItemKind.SECTION, family=None) if one.key in fallen else one for one in items]
    return rekeyed(items, named), named


def rekeyed(items: Iterable[Item], keys: Mapping[str, str]) -> list[Item]:
    """Return items with new keys, given by the old ones, for themselves and for what they stand under."""
    return [
        replace(one, key=keys.get(one.key, one.key), parent=keys.get(one.parent or "", one.parent)) for one in items
    ]


def claim_of(item: Item, paper: PrintedText) -> Claim | None:
    """Return what a reader says with a record, without what is too long for a claim; None for one without a title."""
    number, bare = item.ref.partition("~")[0], _PART.sub("", item.ref)
    if item.ref == item.title or not item.heading:
        number = ""
    elif item.heading.startswith(bare):
        number = bare.partition("~")[0]
    told = {
        "kind": item.kind.value,
        "number": number or None,
        "title": _in_heading(item, number),
        "page": paper.page_of(item.start) or 1,
        "where": "row" if item.table_row and item.body == item.table_row else "sheet",
        "parent": item.goal.title if item.goal else None,
        "fields": [{"label": one.label, "text": one.text} for one in item.fields],
        "units": item.responsible,
        "partners": item.cooperation,
        "period": item.period,
        "cost": item.cost,
        "priority": item.priority,
    }
    try:
        return Claim.model_validate(told)
    except ValidationError as error:
        long = {str(one["loc"][0]) for one in error.errors()} - {"title"}
        claim = {name: value for name, value in told.items() if name not in long}
        return Claim.model_validate(claim) if item.title and long else None


def _in_heading(item: Item, number: str) -> str:
    """Return the title of a record with what its heading has behind it, but for its number."""
    _, title, behind = item.heading.split("\n")[0].partition(item.title or "\0")
    ends = behind.rstrip(" )]").endswith(number or "-")  # "Jobticket (M 12)"
    whole = item.title if not title or ends else f"{item.title}{behind}"
    return whole if len(whole) <= _LONGEST else whole[:_LONGEST].rsplit(" ", 1)[0] + CUT


def _apart(standing: Sequence[Standing], faults: list[Fault]) -> list[Standing]:
    """Leave out titles that share their place with another: one beside its number stands, else the longest or a row."""
    kept: list[Standing] = []
    for one in sorted(
        standing, key=lambda one: (not one.beside, one.title.start - one.title.end, one.claim.where != "row")
    ):
        if any(one.title.start < other.title.end and other.title.start < one.title.end for other in kept):
            faults.append(Fault(Failing.TITLE, name_of(one.claim), one.claim.title, one.claim.page))
        else:
            kept.append(one)
    return sorted(kept, key=lambda one: one.title.start)


def bare_number(number: str | None) -> str:
    """Return a number without the words before it: "Maßnahme 07" is "07", "M 12" stays."""
    return _WORD_BEFORE.sub("", (number or "").strip()).strip(" .:") or (number or "")


def name_of(claim: Claim) -> str:
    """Return how a claim is told."""
    return f"{claim.number} {claim.title}" if claim.number else claim.title


def is_bullet(title: Span, paper: PrintedText) -> bool:
    """Tell whether a text begins a point of a list."""
    block = paper.block(title.start)
    return paper.text[block.start : title.start].strip(" \t") in ("-", "–", "•", "*")


def _titled(claim: Claim, place: int, paper: PrintedText, faults: list[Fault]) -> Standing | None:
    """Return where the title of a claim stands, with its number; None where it does not."""
    near = (paper.pages(claim.page), paper.pages(claim.page - _SLIPPED, claim.page + _SLIPPED))
    places = next((found for one in near if (found := _titles(claim, paper, one))), [])
    if not places or _is_sample(claim.title):
        faults.append(Fault(Failing.TITLE, name_of(claim), claim.title, claim.page))
        return None
    if not claim.number:
        return Standing(claim, place, places[0])
    numbered = [(_number(bare_number(claim.number), title, paper), title) for title in places]
    (number, beside), title = next((one for one in numbered if one[0][1]), None) or next(
        (one for one in numbered if one[0][0]), numbered[0]
    )
    if number is None:
        faults.append(Fault(Failing.NUMBER, name_of(claim), claim.number, claim.page))
    return Standing(claim, place, title, number, beside)


def _is_sample(title: str) -> bool:
    """Tell whether a title only says that one stands here, as on a sheet shown as an example: "Titel der Maßnahme"."""
    return len(title.split()) > 1 and meaning(title) == "title"


def _titles(claim: Claim, paper: PrintedText, within: Span) -> list[Span]:
    if is_shortened(claim.title):
        return []
    found = list(paper.all(claim.title.removesuffix(CUT), within))
    set_off = [one for one in found if _set_off(claim, one, paper)]
    return set_off or [one for one in found if _behind_code(claim, one, paper) is not None]


def _behind_code(claim: Claim, title: Span, paper: PrintedText) -> Span | None:
    """Return the code of letters ("K-3", "KR") that sets off a title in a running paragraph, right before it."""
    number = bare_number(claim.number)
    if not re.search(r"[^\W\d_]", number) or not re.search(r"\d|[^\W\d_]{2}", number):
        return None
    codes = _shaped(number, paper, Span(max(paper.block(title.start).start, title.start - NEAR), title.start))
    code = next((one for one in codes if not paper.text[one.end : title.start].strip(" \t\n.:–-")), None)
    if code is None or plain_ref(paper.text[code.start : code.end]) != plain_ref(number):
        return None
    ends = claim.where == "row" or _ENDS.match(paper.text[title.end : paper.block(title.start).end])
    return code if ends and number == number.upper() else None


def _set_off(claim: Claim, title: Span, paper: PrintedText) -> bool:
    """Tell whether a title stands apart: behind number and label at most, before an end, a sign or another label."""
    block = paper.block(title.start)
    line = max(block.start, paper.text.rfind("\n", block.start, title.start) + 1)
    before = _LEADER.split(paper.text[max(line, paper.text.rfind("\t", line, title.start) + 1) : title.start])[-1]
    after = paper.text[title.end : block.end]
    labels = [folded(one.label) for one in claim.fields if one.label]
    begins = len(before.split()) <= _LABEL_WORDS and not _SENTENCE.search(before)
    point = claim.title.endswith(CUT) and (
        len(claim.title) > _LONGEST // 2 or claim.kind == "resolution" or is_bullet(title, paper)
    )
    numbered = claim.number and after.strip().startswith(claim.number)
    ends = point or numbered or _ENDS.match(after) is not None or paper.text[title.end - 1] in ".!?"
    return begins and (ends or any(folded(after[:200]).startswith(one) for one in labels))


def _number(number: str, title: Span, paper: PrintedText) -> tuple[Span | None, bool]:
    """Return where the number of a title stands, and whether beside it; a nearer one of its shape is another's."""
    within = Span(max(0, title.start - NEAR), min(len(paper.text), title.end + NEAR))
    same = [one for one in _shaped(number, paper, within) if one.end <= title.start or one.start >= title.end]
    mine = [one for one in same if plain_ref(paper.text[one.start : one.end]) == plain_ref(number)]
    block = paper.block(title.start)
    if "\t" in paper.text[block.start : block.end]:  # a row: its cells belong to one another
        cells = [one for one in same if block.start <= one.start and one.end <= block.end]
        same, mine = (cells, [one for one in mine if one in cells]) if cells else (same, mine)
        filling = next((one for one in mine if _cell(one, block, paper) == number), None)
        if filling is not None or (len(cells) == 1 and mine):
            return filling or mine[0], True
    for one in mine:
        if _BESIDE.fullmatch(_between(one, title, paper)):
            return one, True
    nearest = min(same, key=lambda one: len(_between(one, title, paper)), default=None)
    return (nearest, False) if nearest in mine else (None, False)


def _cell(number: Span, row: Span, paper: PrintedText) -> str:
    """Return what the cell of a row in which a number stands says without the words before it."""
    start = paper.text.rfind("\t", row.start, number.start) + 1 or row.start
    end = paper.text.find("\t", number.end, row.end)
    return bare_number(paper.text[start : end if end >= 0 else row.end].strip())


def _between(number: Span, title: Span, paper: PrintedText) -> str:
    first, second = sorted((number, title))
    return paper.text[first.end : second.start]


def _shaped(number: str, paper: PrintedText, within: Span) -> Iterator[Span]:
    """Yield what looks like a number of this shape: digits for digits, the same letters and signs; totals are none."""
    parts = re.split(r"(\d+)", "".join(number.split()))
    shape = r"\s*".join(r"\d+" if part.isdigit() else re.escape(part) for part in parts if part)
    pattern = rf"(?<![^\W_])(?<![^\W_][.,/-]){shape}(?![^\W_])(?![.,-]\d|-[^\W_])"
    for match in re.finditer(pattern, paper.text[within.start : within.end]):
        if not _TOTAL.search(paper.text[max(0, within.start + match.start() - 6) : within.start + match.start()]):
            yield Span(within.start + match.start(), within.start + match.end())


def _in_order(standing: Sequence[Standing], faults: list[Fault]) -> None:
    """Let numbers fall that do not stand beside their title and are not in order with those that do."""
    families: dict[tuple[str, str], list[Standing]] = defaultdict(list)
    for one in standing:
        if one.number is not None:
            families[one.claim.where, shape_of(one.ref)].append(one)
    for members in families.values():
        rising = {id(one) for one in _longest_rising(members)}
        for one in members:
            if not one.beside and id(one) not in rising:
                one.number = None
                faults.append(Fault(Failing.NUMBER, name_of(one.claim), one.claim.number or "", one.claim.page))


def _longest_rising(members: Sequence[Standing]) -> list[Standing]:
    """Return the longest series of members whose numbers rise."""
    ends: list[tuple[int, ...]] = []
    chains: list[list[Standing]] = []
    for one in members:
        value = digits(one.ref)
        place = bisect_left(ends, value)
        chain = [*(chains[place - 1] if place else []), one]
        ends[place : place + 1], chains[place : place + 1] = [value], [chain]
    return chains[-1] if chains else []


def _filled(standing: Sequence[Standing], paper: PrintedText, faults: list[Fault]) -> None:
    """Find the texts of records, each between the titles of its neighbours, on the side on which the paper has them."""
    sides = _sides(standing, paper)
    behind = bool(sides) and all(sides.values())
    rows = _running(standing, paper)
    for place, one in enumerate(standing):
        if place in rows:
            _fill(one, paper, rows[place], sides, faults)
            continue
        before = standing[place - 1].title.end if place else 0
        after = standing[place + 1].title.start if place + 1 < len(standing) else len(paper.text)
        page = paper.page_of(one.title.start)
        begin = paper.pages(page - 1, page).start if page and page > 1 else 0
        first = paper.block(one.title.start).start if behind else max(before, begin)
        _fill(one, paper, Span(max(before, first), max(after, one.title.end)), sides, faults)


def _running(standing: Sequence[Standing], paper: PrintedText) -> dict[int, Span]:
    """Return where the cells of rows stand that run on in one paragraph: behind the title, up to the next number."""
    found: dict[int, Span] = {}
    for place, one in enumerate(standing):
        if one.claim.where == "row" and _behind_code(one.claim, one.title, paper) is not None:
            end = paper.block(one.title.start).end
            behind = standing[place + 1].begin if place + 1 < len(standing) else end
            found[place] = Span(one.title.end, max(one.title.end, behind if behind < one.title.end + NEAR else end))
    return {place: within for place, within in found.items() if "\t" not in paper.text[within.start : within.end]}


def _sides(standing: Sequence[Standing], paper: PrintedText) -> dict[str, bool]:
    """Tell of labels whether they stand behind the titles.

    What lies between a record that has one and its neighbour that has not tells, else most pages with one record.
    """
    pages = Counter(paper.page_of(one.title.start) for one in standing)
    single = [one for one in standing if pages[paper.page_of(one.title.start)] == 1]
    between = list(_between_titles(standing, paper))
    found = {}
    for name, label in {folded(said.label): said.label for one in standing for said in one.claim.fields}.items():
        edges = [
            name in left
            for left, right, within in between
            if (name in left) != (name in right) and paper.first(label, within) is not None
        ]
        seen = [side for one in single for side in _on_page(label, one, paper)]
        for votes, whole in ((edges, len(edges)), (seen, len(single))):
            if (side := next((one for one in (False, True) if 3 * votes.count(one) > 2 * whole), None)) is not None:
                found[name] = side
                break
    return found


def _on_page(label: str, one: Standing, paper: PrintedText) -> set[bool]:
    """Tell whether the page of a record has a label behind its title, before it, or both."""
    return {span.start >= one.title.start for span in paper.all(label, paper.pages(paper.page_of(one.title.start)))}


def _between_titles(standing: Sequence[Standing], paper: PrintedText) -> Iterator[tuple[set[str], set[str], Span]]:
    """Yield the labels of each two neighbours and what stands between their titles; at the ends a page farther."""
    if not standing:
        return
    begin, end = (paper.page_of(one.title.start) for one in (standing[0], standing[-1]))
    labels = [set(), *({folded(said.label) for said in one.claim.fields} for one in standing), set()]
    starts = [paper.pages(max(1, begin - 1), begin).start if begin else 0, *(one.title.end for one in standing)]
    ends = [*(one.title.start for one in standing), paper.pages(end, end + 1).end if end else len(paper.text)]
    for place, (first, last) in enumerate(zip(starts, ends, strict=True)):
        yield labels[place], labels[place + 1], Span(first, max(first, last))


def _fill(one: Standing, paper: PrintedText, within: Span, sides: Mapping[str, bool], faults: list[Fault]) -> None:
    claim = one.claim
    for said in claim.fields:
        place = _text_of(said, one, paper, _on_side(one, within, sides.get(folded(said.label)))) if said.text else None
        if place is not None:
            one.fields.append((said, place))
    one.fields = _whole(one.fields)
    found = {folded(said.label) for said, _ in one.fields}
    for said in claim.fields:  # what is cut by the end of a page stands whole where that goes on
        if said.text and folded(said.label) not in found:
            faults.append(Fault(Failing.TEXT, name_of(claim), f"{said.label}: {said.text[:60]}", claim.page))
    for unit in claim.units:
        span = _nearest(unit, one, paper, within)
        if span is not None and (len(unit.split()) <= _UNIT_WORDS or "." not in unit):
            one.units.append(span)
        else:
            faults.append(Fault(Failing.TEXT, name_of(claim), unit[:60], claim.page))
    for name in TEXTS:
        text = getattr(claim, name)
        span = _nearest(text, one, paper, within) if text else None
        if span is not None:
            one.texts[name] = span
        elif text:
            faults.append(Fault(Failing.TEXT, name_of(claim), text[:60], claim.page))


def _whole(fields: Sequence[tuple[ClaimedField, Span]]) -> list[tuple[ClaimedField, Span]]:
    """Return fields in order, without those of which another with the same label holds all: from the page before."""
    kept: list[tuple[ClaimedField, Span]] = []
    for said, span in sorted(fields, key=lambda pair: (pair[1].start, -pair[1].end)):
        same = (other for one, other in kept if folded(one.label) == folded(said.label))
        if not any(other.start <= span.start and span.end <= other.end for other in same):
            kept.append((said, span))
    return kept


def _on_side(one: Standing, within: Span, behind: bool | None) -> Span:
    """Return the part of a record's surroundings that lies on one side of its title, in the title's row at least."""
    if behind is None:
        return within
    return Span(min(one.title.start, within.end), within.end) if behind else Span(within.start, one.title.start)


def _text_of(said: ClaimedField, one: Standing, paper: PrintedText, within: Span) -> Span | None:
    """Return where the text of a field stands: behind its label, where the paper prints the label there."""
    row = paper.block(one.title.start)
    if one.claim.where == "row" and "\t" in paper.text[row.start : row.end]:
        return paper.first(said.text, row)
    labels = list(paper.all(said.label, within))
    if not labels and (one.claim.where == "sheet" or paper.first(said.label, Span(0, len(paper.text))) is None):
        return None
    spans = list(paper.all(said.text, within))

    def fit(span: Span) -> tuple[bool, int]:
        gap = min((span.start - label.end for label in labels if span.start >= label.end), default=_LABEL_GAP + 1)
        return gap > _LABEL_GAP, gap if gap <= _LABEL_GAP else abs(span.start - one.title.start)

    return min(spans, key=fit, default=None)


def _nearest(said: str, one: Standing, paper: PrintedText, within: Span) -> Span | None:
    """Return the place of a text in a record: in one of its fields, else nearest to the title."""
    spans = list(paper.all(said, within))
    inside = [span for span in spans if any(other.start <= span.start < other.end for _, other in one.fields)]
    return min(inside or spans, key=lambda span: abs(span.start - one.title.start), default=None)


def _runs_on(one: Standing, alike: Sequence[Standing]) -> bool:
    """Tell whether the number before or behind that of a record is that of another."""
    own, others = digits(one.ref), {digits(other.ref) for other in alike if other is not one}
    return bool(own) and any((*own[:-1], own[-1] + step) in others for step in (-1, 1))


def _borne_out(standing: Sequence[Standing], paper: PrintedText, faults: list[Fault]) -> list[Standing]:
    """Leave out records that have nothing their likes have: no field that stands, no place in the paper's lists,
    no number that goes on, and no point of a list below a record that stands."""
    listed = {folded(one.claim.title) for one in standing if one.claim.where != "sheet"}
    kinds = ("project", "measure")
    likes: dict[str, list[Standing]] = defaultdict(list)
    for one in standing:
        if one.claim.where == "sheet" and one.claim.kind in kinds:
            likes[shape_of(one.ref)].append(one)
    known = {folded(name) for one in standing for name in (one.claim.title, one.claim.number or "")}
    kept = []
    for one in standing:
        alike = likes[shape_of(one.ref)]
        usual = sum(bool(other.fields or other.units) for other in alike) > len(alike) / 2
        expected = one.claim.where == "sheet" and one.claim.kind in kinds and (usual or not one.ref)
        point = not one.ref and is_bullet(one.title, paper) and folded(one.claim.parent or "-") in known
        told = point or folded(one.claim.title) in listed or (one.beside and _runs_on(one, alike))
        if expected and not one.fields and not one.units and not told:
            faults.append(Fault(Failing.ALONE, name_of(one.claim), one.claim.title, one.claim.page))
        else:
            kept.append(one)
    return kept
