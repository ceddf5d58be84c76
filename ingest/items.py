"""The builder: makes the items of a document (keys, parents, bodies, fields) and its chunks from
accepted claims.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import filterfalse
from string import ascii_lowercase

from ingest.chunks import cut_chunks
from ingest.families import find_families, open_proposals
from ingest.keys import RECORDS, Keys, page_number_at
from ingest.readers.claims import Claim, Claims, Span
from ingest.readers.headings import introduction_of
from ingest.readers.kinds import is_generic_goal
from ingest.readers.titles import normalize_title, shorten
from ingest.rows import RowMerger, field_of, status_from, values_of
from ingest.tree import OPENING, Node, Tree, claim_start, ref_title
from ingest.values.item_values import add_values
from ingest.values.statements import complete_by_fields
from vectorstore.language import collapse_spaces, fold_ref
from vectorstore.records import (
    Document,
    Item,
    ItemKind,
    ItemStatus,
    ParsedDocument,
    RefTitle,
)

_MIN_BULLETED = 0.6  # share of the goals with bullets from which the bullets are measures
_OPENING_LENGTH = 2_000  # characters: the beginning of a document
_OPENING_PARAGRAPHS = 10
_MAX_TITLE_LENGTH = 600  # characters of a goal's sentence that is its title
_MAX_HEADING = 120  # characters of the heading that a file begins with
_FORM_LEVEL = 90  # heading level from which headings without text become items too: parts of a form


def build_document(
    document: Document, claims: Claims, contents: Sequence[Span] = ()
) -> ParsedDocument:
    """Return the items of a document that its claims support, with their chunks.

    `contents` are spans of the text that belong to no item: tables of contents. Every other
    character is in one chunk. If any item has labelled fields, the text of a goal or section counts
    as its description, as the field "description" of a record does.

    First the items are made and put in order, again after sections were added for text without one.
    Then values, proposals and families are read from them.
    """
    records = [complete_by_fields(claim) for claim in claims.records]
    tree, keys = Tree(document, records, contents), Keys()
    heading_items = _distinguish_equal_refs(_NodeItems(tree, keys).build())
    items, listings = RowMerger(tree, keys, heading_items).merge()
    if any(item.fields for item in items):
        items = [
            replace(item, description=item.description or _body_of_text(item)) for item in items
        ]
    items = _add_bullets(tree, keys, items)
    items, passages = tree.place_text(sorted(items, key=_reading_order), keys)
    items.sort(key=_reading_order)
    items = [replace(item, order=order) for order, item in enumerate(items)]
    items = add_values(items, document, tree.spans, _opening_text(tree))
    document = replace(document, proposed=open_proposals(document.proposed, items))
    reasons = {claim_start(claim): claim.reason for claim in records if claim.head}
    items, families = find_families(items, document, listings, claims.totals, contents, reasons)
    chunks = cut_chunks(document.id, document.text, passages)
    return ParsedDocument(
        document=replace(document, families=families), items=tuple(items), chunks=chunks
    )


def _opening_text(tree: Tree) -> str:
    """Return the beginning of a document, in which lists of municipalities are looked for: some
    paragraphs before the first heading.
    """
    ends = [span.end for span in tree.opening[:_OPENING_PARAGRAPHS]]
    return tree.text[: min(max(ends, default=_OPENING_LENGTH), _OPENING_LENGTH)]


def _reading_order(item: Item) -> tuple[bool, int, bool]:
    """Return a sort key: archived items last, else in the order of the text, a heading before the
    bullets below it.
    """
    return item.status is ItemStatus.ARCHIVED, item.start, item.heading == ""


class _NodeItems:
    """Makes the items of the headings of a tree, in text order, and sets the keys of its nodes."""

    def __init__(self, tree: Tree, keys: Keys) -> None:
        self._tree, self._text, self._keys = tree, tree.text, keys
        self._items_by_key: dict[str, Item] = {}

    def build(self) -> list[Item]:
        """Return the items of the headings; text before the first heading is a section.

        An entry of a table of contents below which texts stand gets no item. Its node gets the key
        of the first item with the same title, to which these texts then belong.
        """
        spans, title = self._tree.opening, self._opening_title()
        items: list[Item] = []
        body = self._join_texts(spans)
        if body:
            key = self._keys.make(OPENING)
            items.append(
                self._tree.make_item(
                    key, OPENING, ItemKind.SECTION, title, spans, heading="", body=body
                )
            )
        headings = [node for node in self._tree.nodes if not node.is_contents_entry]
        items += filter(None, map(self._node_item, headings))
        titles = {normalize_title(item.title): item.key for item in reversed(items)}
        for node in self._tree.nodes:
            if node.is_contents_entry:
                node.key = titles.get(normalize_title(node.claim.title), "")
        return items

    def _opening_title(self) -> str:
        """Return the title of the section before the first heading.

        It is the title of the document. In a file without pages it is the first paragraph, if more
        text follows and the paragraph looks like a heading: short, and no sentence.
        """
        document, spans = self._tree.document, self._tree.opening
        if document.pages or len(spans) < 2:
            return document.title
        heading = self._text[spans[0].start : spans[0].end]
        is_sentence = heading.endswith((".", "!", "?", ":", ",", ";")) or "\n" in heading
        if is_sentence or len(heading) > _MAX_HEADING:
            return document.title
        return heading

    def _node_item(self, node: Node) -> Item | None:
        """Return the item of a heading, and store the item's key in the node.

        None for a status heading ("Projekte in Planung"), whose status the records directly below
        get, and for a bare section (see `_is_bare`). An introduction has its first word as ref
        ("Vorwort"), anything else without a number its title. A goal whose heading says nothing
        ("Strategisches Ziel 2") has its first paragraph as title.
        """
        claim = node.claim
        head = claim.head or Span(0, 0)
        kind = ItemKind(claim.kind)
        spans = self._own_spans(node)
        if node.is_group or (kind is ItemKind.SECTION and self._is_bare(node)):
            return None
        ref, title = claim.number or claim.title, claim.title
        if kind is ItemKind.SECTION and not claim.number:
            ref = introduction_of(title) or title
        if kind is ItemKind.GOAL and is_generic_goal(title) and spans:
            title = collapse_spaces(self._text[slice(*spans[0])])[:_MAX_TITLE_LENGTH]
        ancestors = list(node.ancestors())
        status = status_heading = None
        if kind in RECORDS and node.above is not None and node.above.is_group:
            group = node.above
            status = status_from(group.claim.status or group.claim.title)
            status_heading = self._heading_of(group)
        item = self._tree.make_item(
            self._keys.make(ref),
            ref,
            kind,
            title,
            [head, *spans],
            start=node.start,
            heading=self._text[slice(*head)],
            body=self._join_texts(spans),
            parent=next((ancestor.key for ancestor in ancestors if ancestor.key), None),
            path=tuple(self._heading_of(ancestor) for ancestor in reversed(ancestors)),
            theme=self._find_above(ancestors, ItemKind.THEME),
            goal=self._find_above(ancestors, ItemKind.GOAL),
            status=status,
            status_heading=status_heading,
        )
        node.key = item.key
        self._items_by_key[item.key] = item = self._with_fields(item, claim)
        return item

    def _own_spans(self, node: Node) -> list[Span]:
        """Return the spans of the text below a heading, without the heading itself."""
        head = node.claim.head or Span(0, 0)
        parts: list[Span] = []
        for span in node.spans:
            parts += _subtract(span, head)
        return [part for part in parts if self._text[slice(*part)].strip()]

    def _is_bare(self, node: Node) -> bool:
        """True for a section without text and number, if all headings below it are bare too.

        The headings of a form (from level `_FORM_LEVEL` on) are never bare: they become items even
        without text.
        """
        claim = node.claim
        if claim.kind != "section" or claim.number or claim.level >= _FORM_LEVEL:
            return False
        return not self._own_spans(node) and all(map(self._is_bare, node.children))

    def _join_texts(self, spans: Sequence[Span]) -> str:
        texts = [self._text[slice(*span)].strip() for span in spans]
        return "\n\n".join(filter(None, texts))

    def _heading_of(self, node: Node) -> str:
        return collapse_spaces(self._text[slice(*node.claim.head or (0, 0))])

    def _find_above(self, ancestors: Sequence[Node], kind: ItemKind) -> RefTitle | None:
        """Return number and title of the nearest ancestor of a kind that has an item, None without
        one.

        `ancestors` are the headings above a heading, the nearest first.
        """
        node = next(
            (ancestor for ancestor in ancestors if ancestor.claim.kind == kind and ancestor.key),
            None,
        )
        if node:
            return ref_title(self._items_by_key.get(node.key))
        return None

    def _with_fields(self, item: Item, claim: Claim) -> Item:
        """Return the item with the fields, the values and the reader of its claim.

        A section is returned as it is. A goal without fields only gets the reader. The status and
        theme that the headings above give win over those that the claim states; the theme that a
        sheet names itself has no number.
        """
        if item.kind is ItemKind.SECTION:
            return item
        fields = []
        for field in claim.fields:
            page = item.page
            if field.span:
                page = page_number_at(self._tree.document, field.span.start) or page
            if field.text:
                fields.append(field_of(field, page))
        if item.kind is ItemKind.GOAL and not fields:
            return replace(item, read_by=claim.source)
        named_theme = None
        if claim.parent and claim.where == "sheet":
            named_theme = RefTitle("", claim.parent)
        values = values_of(claim)
        values["status"] = item.status or values["status"]
        values["theme"] = item.theme or named_theme
        return replace(item, fields=tuple(fields), read_by=claim.source, **values)


def _distinguish_equal_refs(items: Sequence[Item]) -> list[Item]:
    """Return items; records with the same number but different titles get letters.

    Two records "1.1" get the refs "1.1~a" and "1.1~b". If all items with a number have the same
    title, they keep their refs.
    """
    groups: dict[str, list[Item]] = defaultdict(list)
    titles: dict[str, set[str]] = defaultdict(set)
    for item in items:
        titles[fold_ref(item.ref)].add(normalize_title(item.title))
        if item.kind in RECORDS and item.ref != item.title:
            groups[fold_ref(item.ref)].append(item)
    refs: dict[str, str] = {}
    for ref, group in groups.items():
        if len(group) > 1 and len(titles[ref]) > 1:
            for index, item in enumerate(group):
                refs[item.key] = f"{item.ref}~{_letters_of(index)}"
    return [replace(item, ref=refs.get(item.key, item.ref)) for item in items]


def _letters_of(index: int) -> str:
    """Return the letters for an index from 0: "a" to "z", then "aa", "ab"."""
    before, last = divmod(index, len(ascii_lowercase))
    if before:
        return _letters_of(before - 1) + ascii_lowercase[last]
    return ascii_lowercase[last]


def _add_bullets(tree: Tree, keys: Keys, items: Sequence[Item]) -> list[Item]:
    """Return the items, followed by a measure for each bullet below a goal.

    Some documents have goals with lists of measures, and nothing else that is a record. So the
    items are returned as they are if there are records, or if too few of the goals have bullets.
    Bullets that become measures are no longer part of the text of their goal.
    """
    goals = {item.key: item for item in items if item.kind is ItemKind.GOAL and item.heading}
    nodes = [node for node in tree.nodes if node.key in goals and not node.is_contents_entry]

    def is_bullet(span: Span) -> bool:
        return _bullet_text(tree.text, span) != ""

    bulleted = [node for node in nodes if any(map(is_bullet, node.spans))]
    has_records = any(item.kind in RECORDS for item in items)
    if not goals or has_records or len(bulleted) < _MIN_BULLETED * len(goals):
        return list(items)
    measures: list[Item] = []
    for node in nodes:
        tree.spans[node.key] = list(filterfalse(is_bullet, tree.spans[node.key]))
        measures += _bullet_items(tree, keys, node, goals[node.key])
    for key, goal in goals.items():
        paragraphs = [text for text in goal.body.split("\n\n") if not text.startswith("- ")]
        goals[key] = replace(goal, body="\n\n".join(paragraphs))
    return [*(goals.get(item.key, item) for item in items), *measures]


def _bullet_items(tree: Tree, keys: Keys, node: Node, goal: Item) -> Iterator[Item]:
    """Yield a measure for each bullet under a goal, numbered on from the goal: "2.1", "2.2" under
    "2".

    A line that ends in ":" is a subheading: it is part of the path of the bullets behind it.
    """
    subheading: tuple[str, ...] = ()
    count = 0
    for span in node.spans:
        text, body = tree.text[slice(*span)].strip(), _bullet_text(tree.text, span)
        if not body:
            if text.endswith(":"):
                subheading = (text,)
            continue
        count += 1
        ref, start = f"{goal.ref}.{count}", tree.text.index(body, span.start)
        yield tree.make_item(
            keys.make(ref),
            ref,
            ItemKind.MEASURE,
            shorten(body),
            [Span(start, start + len(body))],
            heading="",
            body=body,
            parent=goal.key,
            path=(*goal.path, collapse_spaces(goal.heading), *subheading),
            theme=goal.theme,
            goal=ref_title(goal),
            read_by=goal.read_by,
        )


def _bullet_text(text: str, span: Span) -> str:
    """Return the text of a paragraph that is a list point, "" for any other paragraph."""
    paragraph = text[slice(*span)].strip()
    if paragraph.startswith("- "):
        return paragraph.removeprefix("- ")
    return ""


def _subtract(span: Span, head: Span) -> list[Span]:
    """Return the parts of a span outside of a heading."""
    before = Span(span.start, min(span.end, head.start))
    behind = Span(max(span.start, head.end), span.end)
    return [part for part in (before, behind) if part.start < part.end]


def _body_of_text(item: Item) -> str | None:
    """Return the body of a goal or section, which is its description.

    None for other items, for the text before the first heading, and for an empty body.
    """
    is_text = item.kind in (ItemKind.GOAL, ItemKind.SECTION) and item.ref != OPENING
    if is_text:
        return item.body or None
    return None
