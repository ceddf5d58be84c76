"""The agent's material for one answer: the tools' replies as JSON, and the items and documents
behind their tokens.

All replies are JSON, so that no text of a document or question can be taken for an instruction. The
agent knows items, documents, pages and calls by tokens only, which are valid for one answer: they
are a digest of the question, too.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError

from prompts import fill, in_languages, load_words
from service import wording
from service.answering.composing.passages import shorten
from service.answering.draft import Count
from service.answering.query import Entry, Group, ToolError
from service.answering.tools import Tools, schemas
from service.answering.tools.read import fitting_text, full_text
from service.answering.tools.records import count_groups
from service.answering.verification.verbatim import remove_prompt_injections
from service.records.changes import WORDS
from vectorstore.records import Document, Item, ItemKind
from vectorstore.text_forms import squash

FORMS: dict[str, type[schemas.Arguments]] = {
    name: getattr(schemas, f"{name.title()}Arguments")
    for name in ("search", "records", "read", "documents", "changes")
}
# characters of all replies after which the agent gets no more tools, about 17,000 tokens
MOST_CHARACTERS = 60_000
_LISTED, _EXAMPLES = 60, 12  # most items in the reply of `records`: without groups, with groups
_FIRST, _WHOLE, _WHOLE_TEXT = (
    7,
    3,
    3_600,
)  # items of the first search, those with all text, and characters of these
_FOUND = 6  # items of a further search, unless the agent asks for more
_FAULTS = 3  # most wrong fields that an error names
_BEST_TEXT = 3_000  # characters of an item, if it is longer
_PASSAGE = 200  # characters of the passage of a search, and of a short item, which is given whole
_DOCUMENTS = 12  # documents that the first message names
_LETTERS, _DIFFERENT = 4, 2  # of a token, and in how many at least two tokens differ
_LONGEST, _STEP_LENGTH = (
    500,
    60,
)  # most characters of a search text, and of its description for people
_NAMES = 20  # most arguments of a call, and values of one argument
_EMPTY: tuple[object, ...] = (None, "", [], {}, 0)
_HIDDEN = {  # fields of replies that the agent does not get
    "url",
    "evidence",
    "length",
    "score",
    "archived",
    "superseded",
    "document_title",
    "families",
    "as_printed",
    "read_by",
    "document_status",
    "as_of",
    "path",
    "page",
    "dates",
    "amounts",
}
_REPLACED = {"document_id", "key", "id"}  # fields that a token replaces
_OF_DOCUMENT = {
    "title",
    "publisher",
    "kind",
    "status",
    "as_of",
    "valid_until",
    "series",
    "pages",
    "counts",
    "archived",
}
_WHOLE_ITEM = {"text", "fields"}  # fields that only a whole item has
_FIRST_PART_ONLY = ("parent", "children", "responsible", "municipalities", "conflicts", "corrected")
_IN_LISTS = {"document_id", "key", "ref", "title", "status"}
_GROUPED = {
    Group.THEME: "Themenfelder, Kapitel, Handlungsfelder",  # as documents call them
    Group.GOAL: "Ziele",
    Group.UNIT: "Einheiten",
    Group.PLACE: "Orte",
}
_WRONG, TOOLS, ARGUMENTS = (
    "de/model/agent_wrong",
    "de/model/agent_tools",
    "de/model/agent_arguments",
)
_STEPS = {
    text["tool"]: text for text in in_languages("steps")
}  # by tool: the description of a call by language
_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_WHOLE_NUMBER: dict[str, Any] = {"type": "integer"}
_FIELDS_OF_READ = {"tokens": _TEXTS, "page": _WHOLE_NUMBER, "offset": _WHOLE_NUMBER}
_UNOFFERED = {"search": ("kinds", "limit")}  # arguments that are taken, but not offered


@dataclass(frozen=True, slots=True)
class Call:
    """A tool call: its arguments and its reply."""

    arguments: schemas.Arguments
    reply: BaseModel


@dataclass(frozen=True, slots=True)
class MaterialPage:
    """The items on a page of a document."""

    items: tuple[Item, ...]


Thing = Item | Document | MaterialPage | Call


def offered_tools() -> dict[str, tuple[str, dict[str, Any]]]:
    """The tools by name, each with a German description and a short JSON schema of arguments;
    `read` takes tokens.
    """
    descriptions, tools = load_words(ARGUMENTS), {}
    for name, form in FORMS.items():
        fields = _FIELDS_OF_READ if name == "read" else _fields(form)
        fields = {field: fields[field] for field in fields if field not in _UNOFFERED.get(name, ())}
        for field, schema in fields.items():
            if text := descriptions.get(f"{name}_{field}"):
                fields[field] = schema | {"description": text}
        tools[name] = load_words(TOOLS)[name], {"type": "object", "properties": fields}
    return tools


def _fields(form: type[schemas.Arguments]) -> dict[str, dict[str, Any]]:
    """The JSON schemas of a tool's arguments by name, without nesting; those of an enum list its
    values.
    """
    schema = form.model_json_schema()
    enums = {f"#/$defs/{name}": enum["enum"] for name, enum in schema.get("$defs", {}).items()}
    fields: dict[str, dict[str, Any]] = {}
    for name, field in schema.get("properties", {}).items():
        items = field.get("items", {})  # of a list
        choices = enums.get(items.get("$ref") or field.get("$ref"))
        schema_of_value: dict[str, Any] = (
            {"type": "integer"} if field.get("type") == "integer" else {"type": "string"}
        )
        schema_of_value |= {"enum": choices} if choices else {}
        fields[name] = {"type": "array", "items": schema_of_value} if items else schema_of_value
    return fields


class Material:
    """The tool calls of one answer and their replies; `documents` are the ids to which tools are
    limited, () for all.

    `things` maps tokens to items, documents, pages and calls; `read` are the items that were read,
    `best_hits` the best one of each search. `salt` makes the tokens differ from answer to answer.
    """

    def __init__(
        self, tools: Tools, question: str, salt: str, documents: Sequence[str] = ()
    ) -> None:
        self.tools, self.catalogue = tools, tools.corpus.catalogue
        self.things: dict[str, Thing] = {}
        self.read: dict[Entry, Item] = {}
        self.best_hits: dict[Entry, Item] = {}
        self._question = question
        self._salt, self._scope, self._shown, self._calls = salt, tuple(documents), 0, 0
        self._shown_passages: set[tuple[str, str, str]] = set()  # document id, key, passage

    @property
    def is_full(self) -> bool:
        """True if the replies have reached the limit of characters."""
        return self._shown > MOST_CHARACTERS

    def get(self, token: str, *kinds: type[Any]) -> Any:
        """The thing of a token, if it is of one of these classes, else None; None for an unknown
        token.
        """
        thing = self.things.get(token)
        return thing if isinstance(thing, kinds) else None

    def items_of(self, token: str) -> tuple[Item, ...]:
        """The item of a token, or the items on the page of a token; () for other tokens."""
        return _items(self.things.get(token))

    def first_search(self, text: str, language: str) -> dict[str, str]:
        """JSON texts for the first message: documents, those with hits first; the best hits in
        full; other hits.
        """
        arguments = schemas.SearchArguments(
            text=text[:_LONGEST].strip() or "?", documents=self._scope, limit=_FIRST
        )
        reply = self.tools.search(arguments, language)
        whole_items = self._read_best(reply.entries[:_WHOLE])
        whole_ids = {(entry.document_id, entry.key) for entry in whole_items}
        remaining = [
            entry for entry in reply.entries if (entry.document_id, entry.key) not in whole_ids
        ]
        best_documents = {entry.document_id for entry in reply.entries}
        all_documents = self.tools.documents().documents
        documents = [
            document for document in all_documents if not self._scope or document.id in self._scope
        ]
        listed = sorted(documents, key=lambda document: document.id not in best_documents)[
            :_DOCUMENTS
        ]
        summaries = [
            document.model_copy(update={"counts": {}, "pages": None}) for document in listed
        ]
        number_left: list[object] = (
            [f"… {len(documents) - len(listed)}"] if len(documents) > len(listed) else []
        )
        return {
            "papiere": self._json([*summaries, *number_left]),
            "suche": self._show(
                Call(arguments, reply), reply.model_copy(update={"entries": tuple(remaining)})
            ),
            "eintraege": self._json(whole_items),
        }

    def _read_best(self, entries: Iterable[schemas.ItemEntry]) -> list[schemas.WholeEntry]:
        """The items with all text, or the passages that fit, as many as are together within the
        limit.
        """
        whole_items: list[schemas.WholeEntry] = []
        size = 0
        for entry in entries:
            item = self._shorten(
                self.tools.read(
                    schemas.ReadArguments(document=entry.document_id, keys=(entry.key,))
                ).entries[0]
            )
            own_size = len(json.dumps(self._plain(item), ensure_ascii=False))
            if size + own_size <= _WHOLE_TEXT:
                whole_items.append(item)
                size += own_size
        return whole_items

    def _shorten(self, entry: schemas.WholeEntry) -> schemas.WholeEntry:
        """An item; of a long text the passages that fit the question."""
        item = self.catalogue.item(entry.document_id, entry.key)
        if item is None or len(entry.text) <= _BEST_TEXT:
            return entry
        text = fitting_text(item, self._question, self.tools.corpus, _BEST_TEXT)
        return entry.model_copy(update={"text": text, "fields": ()})

    def run(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Carry out a tool call (a `read` of several documents by several); returns reply or
        one-line error as JSON.
        """
        try:
            calls = map(self._limit_to_scope, self._parse_arguments(name, arguments))
            replies = [(call, getattr(self.tools, name)(call)) for call in calls]
        except ValidationError as error:
            fields = dict.fromkeys(
                str(fault["loc"][0]) if fault["loc"] else name for fault in error.errors()[:_FAULTS]
            )
            return self._json({"error": fill(_WRONG, felder=", ".join(fields))})
        except ToolError as error:
            return self._json({"error": str(error)})
        for index, (call, reply) in enumerate(replies):
            if isinstance(reply, schemas.ReadReply):
                self.read |= self._items_by_id(reply.entries)
                offset = getattr(call, "offset", 0)
                parts = (
                    _continue_item(entry, offset) if offset else self._shorten(entry)
                    for entry in reply.entries
                )
                replies[index] = call, reply.model_copy(update={"entries": tuple(parts)})
            if isinstance(reply, schemas.SearchReply) and reply.found:
                self.best_hits |= self._items_by_id(reply.entries[:1])
        if name == "read" and len(replies) > 1:
            return self._json(
                {"entries": [entry for _, reply in replies for entry in reply.entries]}
            )
        return self._show(Call(*replies[0]))

    def _parse_arguments(self, name: str, arguments: Mapping[str, Any]) -> list[schemas.Arguments]:
        """The calls that arguments mean, with ids or numbers for tokens, statuses for German words,
        lists as needed.
        """
        parsed: dict[str, Any] = {}
        for field, value in list(arguments.items())[:_NAMES]:
            values = list(value)[:_NAMES] if isinstance(value, list | tuple) else [value]
            if field in ("document", "documents"):
                values = [self._document_of(str(part)) for part in values if part]
            elif field == "status":
                values = [_status(str(part)) for part in values]
            elif isinstance(value, str) or _takes_list(name, field):
                values = [self._value_of(field, part) for part in values if part not in _EMPTY]
            parsed[field] = (
                values if _takes_list(name, field) or field == "tokens" else (values or [""])[0]
            )
        if name == "search":
            parsed.setdefault("limit", _FOUND)
        if name != "read":
            return [FORMS[name].model_validate(parsed)]
        return self._parse_read(parsed)

    def _parse_read(self, arguments: dict[str, Any]) -> list[schemas.Arguments]:
        """The calls of `read` that tokens, or a document with keys or a page, mean.

        With a page, that of the first item's document, else of the named one. Else the items, by
        document in one call each; without any, the keys in the named document.
        """
        page_and_offset = {
            field: arguments[field] for field in ("page", "offset") if arguments.get(field)
        }
        in_lists = [value for field in ("tokens", "keys") for value in arguments.get(field) or ()]
        tokens = [
            arguments.get("token"),
            arguments.get("document"),
            *in_lists,
        ]  # of whatever argument
        things = [self.things.get(str(token)) for token in tokens]
        keys: dict[str, list[str]] = {}  # of items, by document id
        for item in (value for thing in things for value in _items(thing)):
            keys.setdefault(item.document_id, []).append(item.key)
        documents = (thing.id for thing in things if isinstance(thing, Document))
        named_id = next(documents, self._document_of(str(arguments.get("document"))))
        if "page" in page_and_offset:
            document_id = next(iter(keys), named_id)
            return [
                schemas.ReadArguments.model_validate({"document": document_id, **page_and_offset})
            ]
        if not keys and named_id in self.catalogue.documents and arguments.get("keys"):
            keys[named_id] = [str(key) for key in arguments["keys"]]
        if not keys:
            raise ToolError(load_words(ARGUMENTS)["read_needs"])
        calls = (
            {"document": id_, "keys": own[:_NAMES], **page_and_offset} for id_, own in keys.items()
        )
        return [schemas.ReadArguments.model_validate(call) for call in calls]

    def _document_of(self, name: str) -> str:
        """The id of the document named by its token, by its id, or by the token of an item of
        it.
        """
        thing = self.things.get(name)
        return (
            thing.id
            if isinstance(thing, Document)
            else thing.document_id
            if isinstance(thing, Item)
            else name
        )

    def _value_of(self, field: str, value: Any) -> Any:
        """A value to filter by; for the token of a theme or goal its number."""
        item = self.get(str(value), Item)
        return item.ref if item is not None and field in ("theme", "goal") else value

    def find_count(self, token: str, sentence: str) -> Count | None:
        """The count of a call for a sentence that cites its token; None for a call that counts
        nothing.
        """
        match self.get(token, Call):
            case Call(reply=schemas.ChangesReply() as changes):
                counts = tuple((WORDS[kind], count) for kind, count in changes.counts.items())
                return Count(
                    len(changes.changes), (changes.before.title, changes.after.title), groups=counts
                )
            case Call(
                arguments=schemas.RecordsArguments() as conditions,
                reply=schemas.RecordsReply() as records,
            ):
                return self._count_records(conditions, records, sentence)
        return None

    def _count_records(
        self, arguments: schemas.RecordsArguments, reply: schemas.RecordsReply, sentence: str
    ) -> Count:
        """The count of `records` with words for what is counted; its items: those that the sentence
        names, else all.
        """
        group_by, catalogue = arguments.group_by, self.catalogue
        items = tuple(self._items_by_id(reply.entries).values())
        words = [*self._conditions(arguments), *(group.id for group in reply.groups)]
        words += [f"{len(reply.groups)} {_GROUPED[group_by]}"] if group_by in _GROUPED else []
        words += [
            head.title
            for item in items[:1]
            for head in (item.theme, item.goal)
            if head and head.ref in words
        ]
        counts_by_group = tuple((group.title, group.count) for group in reply.groups)
        named = [
            i
            for i in items
            if any(group.title in sentence for group in count_groups((i,), group_by, catalogue))
        ]
        head_ids = (
            (i.document_id, h.ref)
            for i in named
            for h in (i.theme, i.goal)
            if h and h.title in sentence
        )
        named_heads = filter(None, (catalogue.item(*name) for name in dict.fromkeys(head_ids)))
        return Count(
            reply.found,
            tuple(words),
            reply.complete,
            counts_by_group,
            (*named_heads, *named) or items,
        )

    def is_empty_search(self, token: str) -> bool:
        """True for the token of a search without hits."""
        call = self.get(token, Call)
        return (
            call is not None
            and isinstance(call.reply, schemas.SearchReply)
            and not call.reply.found
        )

    def describe_call(
        self, name: str, arguments: Mapping[str, Any], question: str, language: str
    ) -> str:
        """The description of a call for people who wait, of a search text without words that only
        the model knows.
        """
        corpus = self.tools.corpus
        lists = (
            value[:_NAMES] if isinstance(value, list | tuple) else [value]
            for value in arguments.values()
        )
        tokens = [str(value) for values in lists for value in values]
        thing = next((self.things[token] for token in tokens if token in self.things), None)
        if isinstance(thing, Document):
            subject = (
                f"{thing.title}, S. {page}" if (page := arguments.get("page")) else thing.title
            )
        elif items := _items(thing):
            subject = wording.name_item(items[0])
        else:
            words = str(arguments.get("text") or arguments.get("topic") or "").split()
            terms = {word: [part.whole for part in corpus.analyzer.words(word)] for word in words}
            known = (
                word for word in words if word in question or any(map(corpus.has_term, terms[word]))
            )
            subject = " ".join(known)[:_STEP_LENGTH]
        return (_STEPS[name].get(language) or _STEPS[name]["de"]).format(what=subject).strip(": ")

    def _limit_to_scope(self, call: schemas.Arguments) -> schemas.Arguments:
        """A call limited to the documents in scope; raises ToolError if it names others."""
        if not self._scope or isinstance(call, schemas.DocumentsArguments):
            return call
        named = (
            (call.document,)
            if isinstance(call, schemas.ReadArguments)
            else getattr(call, "documents", ())
        )
        if not set(named) <= set(self._scope):
            in_scope = (
                self.catalogue.documents[id_]
                for id_ in self._scope
                if id_ in self.catalogue.documents
            )
            tokens = ", ".join(self._token_of(document, document.id) for document in in_scope)
            raise ToolError(f"documents: {tokens}")
        return call if named else call.model_copy(update={"documents": self._scope})

    def _items_by_id(self, entries: Iterable[schemas.ItemEntry]) -> dict[Entry, Item]:
        ids = [(entry.document_id, entry.key) for entry in entries]
        return {item_id: item for item_id in ids if (item := self.catalogue.item(*item_id))}

    def _conditions(self, call: schemas.RecordsArguments) -> Iterator[str]:
        """The wordings of a call's conditions that a sentence may use."""
        texts = (call.topic, call.theme, call.goal, call.unit, call.place, call.since, call.until)
        yield from filter(None, texts)
        yield from (wording.status_word(status, "de") for status in call.status)
        yield from (wording.kind_noun(kind, "de", count) for kind in call.kinds for count in (1, 2))
        if ItemKind.THEME in call.kinds:
            yield _GROUPED[Group.THEME]
        yield from (self.catalogue.documents[document].title for document in call.documents)

    def _show(self, call: Call, reply: object = None) -> str:
        """Keep a call; return `reply`, else its own reply (of lists and searches shortened), as
        JSON; with its new token where a sentence can cite it: for a count or a search without hits.
        """
        token = f"A{self._calls}"
        self._calls += 1
        self.things[token] = call
        result = call.reply if reply is None else reply
        if isinstance(result, schemas.RecordsReply):
            return self._json({"token": token, "reply": self._shorten_list(result)})
        if isinstance(result, schemas.ChangesReply):
            return self._json({"token": token, "reply": result})
        if not isinstance(result, schemas.SearchReply):
            return self._json(result)
        named: dict[str, object] = {} if result.found else {"token": token, "found": False}
        return self._json(named | {"entries": [*map(self._shorten_hit, result.entries)]})

    def _shorten_list(self, reply: schemas.RecordsReply) -> dict[str, object]:
        """The reply of `records` with the first of its entries, and its largest groups first."""
        limit = _EXAMPLES if reply.groups else _LISTED
        entries: list[object] = [
            entry.model_dump(mode="json", include=_IN_LISTS) for entry in reply.entries[:limit]
        ]
        if len(reply.entries) > limit:
            entries.append(f"… {len(reply.entries) - limit}")
        return {
            "found": reply.found,
            "complete": "unknown" if reply.complete is None else reply.complete,
            "why": reply.why,
            "notices": reply.notices,
            "groups": sorted(reply.groups, key=lambda group: -group.count),
            "entries": entries,
        }

    def _shorten_hit(self, entry: schemas.ItemEntry) -> schemas.ItemEntry:
        """A hit with a short passage; of a short item all text; none that was shown before."""
        item = self.catalogue.item(entry.document_id, entry.key)
        text = full_text(self.catalogue, item) if item is not None else ""
        passage = entry.passage
        if passage.endswith(":"):  # a label, whose value is behind it
            passage = f"{passage} {text.partition(passage)[2].strip().partition(chr(10))[0]}"
        passage = text if len(text) <= _PASSAGE else shorten(passage, _PASSAGE)
        ids = entry.document_id, entry.key
        if not self._shown_passages.isdisjoint({(*ids, ""), (*ids, passage)}):
            passage = ""
        self._shown_passages.add((*ids, passage))
        return entry.model_copy(update={"passage": passage})

    def _json(self, value: object) -> str:
        """A value as JSON for the agent, counted towards the limit of characters."""
        text = json.dumps(self._plain(value), ensure_ascii=False, separators=(",", ":"))
        self._shown += len(text)
        return text

    def _plain(self, value: object) -> object:
        """A value as JSON data, with tokens for ids, without empty fields and prompt injections."""
        if isinstance(value, BaseModel):
            return self._plain(value.model_dump(mode="json"))
        if isinstance(value, list | tuple):
            return [self._plain(part) for part in value]
        if not isinstance(value, dict):
            return remove_prompt_injections(value) if isinstance(value, str) else value
        tokens = self._tokens(value)
        if value.keys() >= _WHOLE_ITEM:
            value = value | self._plain_texts(value)
        hidden = _hidden_fields(value) | (_REPLACED if tokens else set())
        return tokens | {
            name: self._plain(part)
            for name, part in value.items()
            if name not in hidden and (part is False or part not in _EMPTY)
        }

    def _plain_texts(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """The text of a whole item without the heading, which repeats number and title, and of its
        fields those that its text lacks.
        """
        self._shown_passages.add((value["document_id"], value["key"], ""))
        item = self.catalogue.item(value["document_id"], value["key"])
        text, squashed = value["text"], squash(value["text"])
        fields = [field for field in value["fields"] if squash(field["text"]) not in squashed]
        if item is not None and not item.title.endswith("…"):
            text = text.removeprefix(item.heading).strip()
        return {"text": text, "fields": fields}

    def _tokens(self, value: Mapping[str, Any]) -> dict[str, str]:
        """The token of an item (and of its document), a page or a document, as a field; {} for
        other values.
        """
        if item := self.catalogue.item(value.get("document_id", ""), value.get("key", "")):
            tokens = {"token": self._token_of(item, f"{item.document_id}\0{item.key}")}
            document = self.catalogue.documents[item.document_id]
            return tokens | (
                {"paper": self._token_of(document, document.id)}
                if "document_title" in value
                else {}
            )
        if {"document_id", "page", "entries"} <= value.keys():
            keys = [(entry["document_id"], entry["key"]) for entry in value["entries"]]
            page = MaterialPage(tuple(item for key in keys if (item := self.catalogue.item(*key))))
            return {"token": self._token_of(page, f"{value['document_id']}\0{value['page']}")}
        if "publisher" in value and value["id"] in self.catalogue.documents:
            return {"token": self._token_of(self.catalogue.documents[value["id"]], value["id"])}
        return {}

    def _token_of(self, thing: Thing, name: str) -> str:
        """Make and keep the token of a thing: four letters of a digest, unlike all others."""
        letters = base64.b32encode(sha256(f"{self._salt}\0{name}".encode()).digest()).decode()
        for start in range(len(letters) - _LETTERS):
            token = letters[start : start + _LETTERS]
            known = self.things.get(token)
            if known == thing or (known is None and not self._is_confusable(token)):
                break
        self.things[token] = thing
        return token

    def _is_confusable(self, token: str) -> bool:
        """True if a token differs from another one in a single character."""
        others = (other for other in self.things if len(other) == _LETTERS)
        return any(sum(map(str.__ne__, token, other)) < _DIFFERENT for other in others)


def _hidden_fields(value: Mapping[str, Any]) -> set[str]:
    """The fields of a reply, or of an object in it, that the agent does not get."""
    if "publisher" in value:  # a document
        return value.keys() - _OF_DOCUMENT
    hidden = set(_HIDDEN)
    if (
        value.keys() == schemas.ItemPointer.model_fields.keys()
    ):  # parent, child or neighbour of another item
        hidden.add("kind")
    if value.keys() >= _WHOLE_ITEM:
        hidden |= {"passage", "previous", "next"}
    if value.keys() >= _WHOLE_ITEM or isinstance(
        value.get("page"), dict
    ):  # a whole item's number, or a page's text
        hidden.remove("page")
    if value.get("ref") == value.get("title"):  # an item without a number
        hidden.add("ref")
    return hidden


def _continue_item(entry: schemas.WholeEntry, offset: int) -> schemas.WholeEntry:
    """A later part of an item from an offset: its text alone."""
    fields, end = schemas.WholeEntry.model_fields, offset + _BEST_TEXT
    part: dict[str, Any] = {name: fields[name].default for name in _FIRST_PART_ONLY}
    part |= {"text": entry.text[:_BEST_TEXT], "next_offset": end if end < entry.length else None}
    return entry.model_copy(update=part)


def _status(name: str) -> str:
    """The value of a status that is given as a German word; other names unchanged."""
    statuses = sorted(wording.STATUS_WORDS.get(name.strip().lower(), ()))
    return statuses[0].value if statuses else name


def _takes_list(tool: str, argument: str) -> bool:
    """True if a tool's argument is a list: `kinds` of `search`, but not `text`."""
    field = FORMS[tool].model_fields.get(argument)
    return field is not None and get_origin(field.annotation) is tuple


def _items(thing: Thing | None) -> tuple[Item, ...]:
    """The items of a thing: an item itself, or those on a page."""
    return (
        (thing,)
        if isinstance(thing, Item)
        else thing.items
        if isinstance(thing, MaterialPage)
        else ()
    )
