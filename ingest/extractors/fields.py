"""The fields of records on sheets: which lines belong to which label, and what the record says by them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.blocks import Block, BlockKind
from ingest.extractors.paper import Sheet, SheetLayout
from ingest.extractors.sections import Section
from ingest.extractors.tables import theme_of
from ingest.layout.lines import Line, RawDocument, Role, text_width
from ingest.plan.form import ReadingPlan
from ingest.plan.labels import LabelFinder, LabelHit
from ingest.plan.numbers import printed_number
from ingest.plan.words import is_term, meaning, status_of, told_by_values
from ingest.values.units import named_units, names_offices, units
from vectorstore.records import Field, Item, ItemStatus, RefTitle

_COLUMN = 40.0  # points between labels that stand in columns of their own
_ASIDE = 120.0  # points left of all labels where a column of text stands that none of them names
_LEADING = 1.6  # sizes between the lines of one heading
_LEFT = 15.0  # points that a text may begin left of its label
_OF_UNITS = ("responsible", "partners")
_ROOM = 1.0  # sizes that a line has room for behind the next word, where its end is one of a name
_ROOM_IN_TEXT = 8  # characters of it in plain text, which says less of how wide a line was set
_OPEN_END = re.compile(r"[-,/&]$|(?<!\w)(?:für|und|der|des|von|vom|im|am|z\.\s?B\.)$")
_TICKED = re.compile(r"(?:[✓✔✘☒☑■●⊠]|\[[xX]\]|(?<!\w)[xX](?!\w))\s*([^❏☐□○✓✔✘☒☑■●⊠\[\]]+)")
_BOXES = re.compile(r"[❏☐□○☒☑✘✔⊠]|\[[ xX]?\]")
_TICK = re.compile(r"^\s*(?:[✓✔✘☒☑⊠]|\[[xX]\])\s*(?=\w)")
_APART = re.compile(r"\s{3,}|\t|\n")  # between choices of which the empty boxes are lost
_KNOWN = re.compile(r"([A-ZÄÖÜ][^.!?:\t]{2,60}):(?:\s+|$)")
_LONGEST_THEME = 120  # characters of the name of a field of action
_SAID = ("status", "description", "state", "responsible", "cooperation", "period", "cost", "priority", "theme")
_FEW_ENDINGS, _MOST_ENDINGS = 3, 0.8  # headings with an ending, and share of them that name offices
_LONGEST_ENDING = 40  # characters of a text beside a title
_PROMPT = re.compile(r"^(?:[^?]{3,300}\?|\([^()]{3,120}\):?)(?=\s|$)")
_ALIKE = 0.5  # of the fields of one label that begin with the same question
_FEW = 3  # words of a state that names a status and tells nothing else
_VALUES = ("priority", "status")
_SENTENCE = re.compile(r"^[A-ZÄÖÜ„](?:\S+\s+){3,}\S+[.!?]$")
_BARS = re.compile(
    r"(?:(?<!\s)\s++)?(?:[|·;]|(?<=\s)/)\s*$"
)  # what parted one label with its text from the next on their line


def arrange(raw: RawDocument, layout: SheetLayout, plan: ReadingPlan) -> None:
    """Give the lines of a document their roles, and put those of each sheet into reading order."""
    for index in sorted(layout.headings):
        above = raw.lines[index - 1] if index - 1 in layout.headings else None
        goes_on = above is not None and _goes_on(above, raw.lines[index])
        raw.lines[index].role = Role.TITLE if goes_on else Role.HEADING
    labels = [(raw.lines[index], hit) for sheet in layout.sheets for index, hit in sheet.labels.items()]
    ordered: list[Line] = []
    place = 0
    for number, sheet in enumerate(layout.sheets):
        ordered.extend(raw.lines[place : sheet.start])
        ordered.extend(_sheet_lines(raw, sheet, number))
        place = sheet.end
    ordered.extend(raw.lines[place:])
    raw.lines[:] = ordered
    _mark_entries(ordered, {id(line): hit.label for line, hit in labels}, plan)


def _mark_entries(lines: Sequence[Line], labels: Mapping[int, str], plan: ReadingPlan) -> None:
    """Mark the lines with which a name begins in fields for units: the line above has room for its first word.

    How wide the lines of a field are is what they are on all sheets.
    """
    pairs: dict[str, list[tuple[Line, Line]]] = defaultdict(list)
    widths: dict[str, float] = defaultdict(float)
    label, bulleted = "", False
    for above, line in pairwise(line for line in lines if not line.noise):
        bulleted = (bulleted and id(above) not in labels) or line.bullet
        label = labels.get(id(above), label) if above.sheet == line.sheet else ""
        if above.sheet != line.sheet or line.role is not None or plan.field_of(label) not in _OF_UNITS:
            continue
        widths[label] = max(widths[label], _width(line))
        if above.role is None and not bulleted and (above.page, round(above.x / 3)) == (line.page, round(line.x / 3)):
            pairs[label].append((above, line))
    for name, many in pairs.items():
        for above, line in many:
            first = line.text.split()[0] if line.text.split() else ""
            room = widths[name] - _width(above) - (text_width(f" {first}", line.size) if line.size else len(first) + 1)
            if room > (_ROOM * line.size or _ROOM_IN_TEXT) and first[:1].isupper() and not _OPEN_END.search(above.text):
                line.role = Role.ENTRY


def _width(line: Line) -> float:
    """Return how wide a line is: in points, in characters in plain text."""
    return max(line.right - line.x, 0.0) if line.size else float(len(line.text))


def _goes_on(above: Line, line: Line) -> bool:
    """Tell whether a heading goes on from the line above it: set alike, just below it, without a number of its own."""
    alike = (above.page, above.size, above.bold) == (line.page, line.size, line.bold)
    return alike and 0 < above.y - line.y <= _LEADING * line.size and printed_number(line.text) is None


def _sheet_lines(raw: RawDocument, sheet: Sheet, number: int) -> list[Line]:
    """Return the lines of a sheet in order: heading, what stands before all labels, then label by label."""
    heading = [raw.lines[i] for i in sheet.heading]
    for place, line in enumerate(heading):
        line.role = Role.TITLE if place else Role.RECORD
    for index in sheet.labels:
        if index not in sheet.heading:
            raw.lines[index].role = Role.LABEL
    body = [raw.lines[i] for i in range(sheet.start, sheet.end) if i not in sheet.heading]
    for line in (*heading, *body):
        line.sheet = number
    return [*heading, *(_by_labels(body) if raw.positioned else body)]


def _by_labels(lines: Sequence[Line]) -> list[Line]:
    """Return lines in the order of the labels that they belong to; what belongs to none comes first."""
    labels = [line for line in lines if line.role is Role.LABEL]
    order = {id(label): place for place, label in enumerate(labels)}

    def owner(line: Line) -> int:
        found = line if line.role is Role.LABEL else _owner(line, labels)
        return order[id(found)] if found is not None else -1

    return sorted(lines, key=owner)


def _owner(line: Line, labels: Sequence[Line]) -> Line | None:
    """Return the label that a line belongs to: the nearest above in its column, else left of it, else the last before.

    What stands far left of all labels belongs to none.
    """
    own_page = [one for one in labels if one.page == line.page]
    if own_page and line.x < min(one.x for one in own_page) - _ASIDE:
        return None
    above = [one for one in own_page if one.y >= line.y - 0.4 * max(line.size, 1.0)]
    if not above:
        return next((one for one in reversed(labels) if one.page < line.page), None)
    edges: list[float] = []  # where columns of labels begin
    for x in sorted(one.x for one in own_page):
        if not edges or x - edges[-1] > _COLUMN:
            edges.append(x)
    edge = max((x for x in edges if x <= line.x + _LEFT), default=edges[0])
    own = [one for one in above if edge - 1 <= one.x < edge + _COLUMN] if line.x < edge + _COLUMN else []
    left = [one for one in above if one.x <= line.x + _LEFT]
    return min(own or left or above, key=lambda one: (one.y - line.y, line.x - one.x))


class SheetFields:
    """Reads the fields of sheets by the labels of a plan; `page_of` gives the PDF page of an offset."""

    def __init__(
        self,
        plan: ReadingPlan,
        page_of: Callable[[int], tuple[int | None, str | None]],
        sections: Sequence[Section] = (),
    ) -> None:
        self._plan, self._page_of = plan, page_of
        self._finder, self._labels = LabelFinder(plan.labels), {one.label for one in plan.labels}
        endings: dict[str | None, list[str]] = defaultdict(list)
        for one in sections:
            if one.given is not None and (ending := _ending(one)):
                endings[one.given.family].append(ending)
        self._endings = {family: _meaning_of_endings(found) for family, found in endings.items()}
        self._prompts: dict[str, str] = {}
        self._prompts = _prompts(
            field for one in sections if one.given for field in self._read(one.blocks, self._marked)[0]
        )

    def given_to(self, item: Item, section: Section) -> Item:
        """Return a record with the fields of its section and what they mean."""
        fields, before = self._read(section.blocks, self._marked)
        given = self._with(item, fields, before)
        ending = _ending(section)
        name = self._endings.get(item.family) if ending else None
        return self._completed(given, [Field("", ending.strip("()[]"), name)]) if name else given

    def told_of(self, item: Item, blocks: Sequence[Block]) -> Item:
        """Return a record that no plan knows with the fields of its blocks: lines that begin with a known label."""
        fields, _ = self._read(blocks, _told)
        return self._with(item, [replace(one, field=meaning(one.label)) for one in fields], "")

    def _completed(self, item: Item, fields: Sequence[Field]) -> Item:
        """Return a record with what further fields say where nothing else says it."""
        said = self._with(item, fields, "")
        return replace(item, **{name: getattr(item, name) or getattr(said, name) for name in _SAID})

    def _with(self, item: Item, fields: Sequence[Field], before: str) -> Item:
        said = {name: _joined(fields, name) for name in ("responsible", "partners", "period", "cost", "priority")}
        words, state = _joined(fields, "status"), _joined(fields, "state")
        who = named_units(said["responsible"] or "")
        partners = (*units(said["partners"] or ""), *who.taking_part)
        return replace(
            item,
            fields=tuple(fields),
            status=self._status(words) or (self._status(state) if len((state or "").split()) <= _FEW else None),
            description=_joined(fields, "description") or before or None,
            state=state,
            responsible=who.leading,
            cooperation=", ".join(partners) or None,
            period=said["period"],
            cost=said["cost"],
            theme=item.theme or _theme(_joined(fields, "theme")),
            priority=said["priority"],
        )

    def _read(self, blocks: Sequence[Block], hit_of: Callable[[Block], LabelHit | None]) -> tuple[list[Field], str]:
        """Return fields in reading order, and the text before the first label."""
        fields: list[Field] = []
        before: list[str] = []
        open_label: str | None = None
        for block in blocks:
            hit = hit_of(block) or (_rare(block, fields[-1]) if fields else None)
            if hit is not None:
                open_label = hit.label
                start = block.end - len(hit.rest)
                fields.append(self._field(hit.label, hit.rest, start))
            elif block.kind in (BlockKind.TEXT, BlockKind.BULLET, BlockKind.ROW):
                if open_label is None:
                    before.append(block.text)
                else:
                    last = fields[-1]
                    text = f"{last.text}\n\n{block.text}" if last.text else block.text
                    fields[-1] = self._field(last.label, text, last.start if last.text else block.start)
        asked = [_value_of(self._without_prompt(one)) for one in fields]
        return [one for one in asked if one.text.strip()], "\n\n".join(before)

    def _field(self, label: str, text: str, start: int) -> Field:
        known = self._plan.field_of(label) if label in self._labels else meaning(label)
        return Field(label, _BARS.sub("", text), known, self._page_of(start)[0], start)

    def _without_prompt(self, field: Field) -> Field:
        """Return a field without the question that all sheets print below its label; it may tell what is meant."""
        prompt = self._prompts.get(field.label, "")
        match = re.match(_loose(prompt), field.text) if prompt else None
        if match is None:
            return field
        meant = field.field or meaning(f"{field.label} {prompt}")
        return replace(field, text=field.text[match.end() :], field=meant, start=field.start + match.end())

    def _marked(self, block: Block) -> LabelHit | None:
        return self._finder.in_block(block.text) if block.role is Role.LABEL else None

    def _status(self, words: str | None) -> ItemStatus | None:
        if not words:
            return None
        return self._plan.status_of(words) or (status_of(words) if len(words) <= 60 else None)


def _value_of(field: Field) -> Field:
    """Return a field without the sentences behind a short value: "begonnen", then "Siehe auch Maßnahme 4."."""
    first, _, rest = field.text.partition("\n\n")
    short = len(first) <= _LONGEST_ENDING and not first.rstrip().endswith((".", ":"))
    if field.field not in _VALUES or not rest or not short:
        return field
    paragraphs = rest.split("\n\n")
    ended = all(_SENTENCE.match(one) or not any(map(str.isalpha, one)) for one in paragraphs)
    return replace(field, text=first) if ended else field


def _prompts(fields: Iterable[Field]) -> dict[str, str]:
    """Return by label the question or remark in brackets with which most of its fields begin: all sheets print it."""
    texts: dict[str, list[str]] = defaultdict(list)
    for one in fields:
        texts[one.label].append(" ".join(one.text.split()))
    found: dict[str, str] = {}
    for label, many in texts.items():
        asked = Counter(match[0] for text in many if (match := _PROMPT.match(text)))
        prompt, count = asked.most_common(1)[0] if asked else ("", 0)
        if count >= _FEW_ENDINGS and count >= _ALIKE * len(many):
            found[label] = prompt
    return found


def _loose(text: str) -> str:
    """Return a pattern for a text whatever its white space, and the white space behind it."""
    return r"\s*" + r"\s+".join(map(re.escape, text.split())) + r"\s*"


def _ending(section: Section) -> str:
    """Return what stands behind a title in brackets or beside it: "(MOR, SWM)", "mittelfristig"; "" for nothing."""
    heading, given = section.heading, section.given
    if heading is None or given is None or not given.title:
        return ""
    match = re.search(r"\s*".join(map(re.escape, "".join(given.title.split()))), heading.text)
    behind = heading.text[match.end() :].strip(" :|–—-") if match else ""
    first = section.blocks[0] if section.blocks else heading
    beside = first.text if first.role is None and len(first.text) <= _LONGEST_ENDING else ""
    return behind or beside


def _meaning_of_endings(endings: Sequence[str]) -> str | None:
    """Return the field that what stands behind the titles of one family is a value of; None of none."""
    named = sum(ending.startswith("(") and names_offices(ending.strip("()")) for ending in endings)
    if len(endings) > _FEW_ENDINGS and named >= _MOST_ENDINGS * len(endings):
        return "responsible"
    return told_by_values(endings)


def _rare(block: Block, above: Field) -> LabelHit | None:
    """The label that a block is, alone behind a list of names: one that too few sheets print to be in the plan."""
    label = block.text.rstrip(": ")
    alone = block.kind is BlockKind.TEXT and above.field in _OF_UNITS and bool(above.text.strip())
    known = meaning(label) if alone and is_term(label) else None
    return LabelHit(label, "") if known not in (None, *_OF_UNITS) else None


def _told(block: Block) -> LabelHit | None:
    """The label that a block begins with, where it is known what it means: "Sachstand:", "Stand: läuft"."""
    match = _KNOWN.match(block.text) if block.kind is BlockKind.TEXT else None
    return LabelHit(match[1], block.text[match.end() :]) if match and meaning(match[1]) else None


def _theme(text: str | None) -> RefTitle | None:
    """Return the field of action that a sheet names."""
    if not text or len(text) > _LONGEST_THEME:
        return None
    number, title = theme_of(" ".join(text.split()))
    return RefTitle(number, title)


def _joined(fields: Sequence[Field], name: str) -> str | None:
    """Return the text of the fields of one meaning; of boxes to be ticked only those that are."""
    texts = [ticked(field.text) for field in fields if field.field == name and field.text.strip()]
    return "\n\n".join(text for text in texts if text) or None


def ticked(text: str) -> str:
    """Return what is ticked where a text is a row of boxes, or of choices wide apart, else the text."""
    if len(_BOXES.findall(text)) >= 2:
        return ", ".join(match.strip(" ,;") for match in _TICKED.findall(text))
    choices = [choice for choice in _APART.split(text) if choice.strip()]
    chosen = [choice for choice in choices if _TICK.match(choice)]
    return ", ".join(_TICK.sub("", choice).strip() for choice in chosen) if chosen else text
