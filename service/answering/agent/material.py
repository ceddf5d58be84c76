"""What an agent works with for one answer: the tools' replies as it is shown them, and what its tokens stand for.

All that it is shown is JSON: data under names, from which no document and no question can break out. Tokens are its
only names, of items, documents, pages and calls; they are valid for one answer: they are made of the question too.
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
from service.answering.draft import Counted, Missing
from service.answering.query import Entry, Group, ToolError
from service.answering.tools import Tools, forms
from service.answering.tools.records import count_groups
from service.answering.verification.verbatim import squash, without_orders
from service.changes import WORDS
from vectorstore.records import Document, Item

FORMS: dict[str, type[forms.Arguments]] = {
    name: getattr(forms, f"{name.title()}Arguments") for name in ("search", "records", "read", "documents", "changes")
}
MOST = 60_000  # characters of all replies after which none is given, about 17,000 tokens
_LISTED, _EXAMPLES = 60, 12  # entries of a list that are shown, and where they are counted by groups
_FIRST, _WHOLE, _WHOLE_TEXT = 8, 3, 5_500  # entries of the first search, those shown whole, and characters of these
_BEST_TEXT = 4_500  # characters of the best entry, where it is longer
_PASSAGE = 220  # characters of a passage of the first search
_DOCUMENTS = 12  # documents that the first message names
_LETTERS = 4  # of a token, at least
_LONGEST, _STEP_LENGTH = 500, 60  # characters that are searched for at most, and those of it that people are told
_NAMES = 20  # names and values of one argument
_EMPTY: tuple[object, ...] = (None, "", [], {}, 0)
_HIDDEN = {
    "url", "evidence", "length", "score", "archived", "superseded", "document_title", "families", "as_printed",
    "read_by", "document_status", "as_of", "path", "page",
}  # fmt: skip
_NAMED = {"document_id", "key", "id"}  # for which a token stands
_OF_DOCUMENT = {"title", "publisher", "kind", "status", "as_of", "valid_until", "series", "pages", "counts", "archived"}
_IN_LISTS = {"document_id", "key", "ref", "title", "status"}
_GROUPED = {Group.THEME: "Themenfelder", Group.GOAL: "Ziele", Group.UNIT: "Einheiten", Group.PLACE: "Orte"}
_WRONG, TOOLS, ARGUMENTS = "de/model/agent_wrong", "de/model/agent_tools", "de/model/agent_arguments"
_STEPS = {text["tool"]: text for text in in_languages("steps")}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool with its reply."""

    asked: forms.Arguments
    reply: BaseModel


@dataclass(frozen=True, slots=True)
class MaterialPage:
    """The entries on a page of a document."""

    items: tuple[Item, ...]


Thing = Item | Document | MaterialPage | Call


def offered_tools() -> dict[str, tuple[str, dict[str, Any]]]:
    """What the agent may call: by name what it does, and its arguments as a short JSON schema in German."""
    descriptions = load_words(ARGUMENTS)
    made = {}
    for name, form in FORMS.items():
        fields = {"tokens": _TEXTS, "page": _WHOLE_NUMBER, "offset": _WHOLE_NUMBER} if name == "read" else _fields(form)
        described = {
            field: schema | ({"description": text} if (text := descriptions.get(f"{name}_{field}", "")) else {})
            for field, schema in fields.items()
        }
        made[name] = load_words(TOOLS)[name], {"type": "object", "properties": described}
    return made


_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}}
_WHOLE_NUMBER: dict[str, Any] = {"type": "integer"}


def _fields(form: type[forms.Arguments]) -> dict[str, dict[str, Any]]:
    """The arguments of a tool with their types; values that are a closed list are named."""
    schema = form.model_json_schema()
    values = {f"#/$defs/{name}": item.get("enum", []) for name, item in schema.get("$defs", {}).items()}
    made: dict[str, dict[str, Any]] = {}
    for name, field in schema.get("properties", {}).items():
        listed = field.get("items", {})
        known = values.get(str(listed.get("$ref") or field.get("$ref")), [])
        text: dict[str, Any] = {"type": "integer"} if field.get("type") == "integer" else {"type": "string"}
        text |= {"enum": known} if known else {}
        made[name] = {"type": "array", "items": text} if listed else text
    return made


class Material:
    """The replies of one answer; `documents` are ids of the documents that may be looked at, () for all.

    `things` are what tokens stand for; `read` and `found` the entries that were read, and the best of each search.
    """

    def __init__(self, tools: Tools, salt: str, documents: Sequence[str] = ()) -> None:
        self.tools, self.catalogue = tools, tools.corpus.catalogue
        self.things: dict[str, Thing] = {}
        self.read: dict[Entry, Item] = {}
        self.found: dict[Entry, Item] = {}
        self._salt, self._scope, self._shown, self._calls = salt, tuple(documents), 0, 0

    @property
    def full(self) -> bool:
        """Whether enough was read."""
        return self._shown > MOST

    def get(self, token: str, *kinds: type[Any]) -> Any:
        """What a token stands for; None for another kind of thing, and for one that was never shown."""
        thing = self.things.get(token)
        return thing if isinstance(thing, kinds) else None

    def first(self, text: str, language: str) -> dict[str, str]:
        """The documents there are, the first search, which is made for a text, and its first entries whole."""
        asked = forms.SearchArguments(text=text[:_LONGEST].strip() or "?", documents=self._scope, limit=_FIRST)
        match = self.tools.search(asked, language)
        whole: list[forms.WholeEntry] = []
        for entry in match.entries[:_WHOLE]:
            read = self.tools.read(forms.ReadArguments(document=entry.document_id, keys=(entry.key,))).entries[0]
            if not whole and len(read.text) > _BEST_TEXT:
                read = read.model_copy(update={"text": read.text[:_BEST_TEXT], "next_offset": _BEST_TEXT, "fields": ()})
            if sum(len(json.dumps(self._plain(other), ensure_ascii=False)) for other in (*whole, read)) <= _WHOLE_TEXT:
                whole.append(read)
        shown = {(entry.document_id, entry.key) for entry in whole}
        remaining = [entry for entry in match.entries if (entry.document_id, entry.key) not in shown]
        short = [entry.model_copy(update={"passage": _cut(entry.passage)}) for entry in remaining]
        best = {entry.document_id for entry in match.entries}
        documents = [
            document for document in self.tools.documents().documents if not self._scope or document.id in self._scope
        ]
        named = sorted(documents, key=lambda document: document.id not in best)[:_DOCUMENTS]
        brief = [document.model_copy(update={"counts": {}, "pages": None}) for document in named]
        more: list[object] = [f"… {len(documents) - len(named)}"] if len(documents) > len(named) else []
        return {
            "papiere": self._json([*brief, *more]),
            "suche": self._show(Call(asked, match), {"entries": short, "found": match.found}),
            "eintraege": self._json(whole),
        }

    def run(self, name: str, arguments: Mapping[str, Any]) -> str:
        """The reply to a call as the agent is shown it, or one line on why there is none."""
        try:
            replies = [
                (asked, getattr(self.tools, name)(asked))
                for asked in map(self._in_scope, self._understood(name, arguments))
            ]
        except ValidationError as error:
            wrong = dict.fromkeys(str(item["loc"][0]) if item["loc"] else name for item in error.errors()[:_WHOLE])
            return self._json({"error": fill(_WRONG, felder=", ".join(wrong))})
        except ToolError as error:
            return self._json({"error": str(error)})
        for _, reply in replies:
            if isinstance(reply, forms.ReadReply):
                self.read |= self._by_name(reply.entries)
            if isinstance(reply, forms.SearchReply) and reply.found:
                self.found |= self._by_name(reply.entries[:1])
        if name == "read" and len(replies) > 1:
            return self._json({"entries": [entry for _, reply in replies for entry in reply.entries]})
        return self._show(Call(*replies[0]))

    def _understood(self, name: str, arguments: Mapping[str, Any]) -> list[forms.Arguments]:
        """The calls that arguments mean: lists for strings, ids for tokens, values for German words."""
        made: dict[str, Any] = {}
        for field, value in list(arguments.items())[:_NAMES]:
            several = list(value)[:_NAMES] if isinstance(value, list | tuple) else [value]
            if field in ("document", "documents"):
                several = [self._document_of(str(item)) for item in several if item]
            elif field == "status":
                several = [_status(str(item)) for item in several]
            elif isinstance(value, str) or _is_list(name, field):
                several = [self._value_of(field, item) for item in several if item not in _EMPTY]
            made[field] = several if _is_list(name, field) or field == "tokens" else (several or [""])[0]
        if name != "read":
            return [FORMS[name].model_validate(made)]
        return self._pointed(made)

    def _pointed(self, made: dict[str, Any]) -> list[forms.Arguments]:
        """The reads that tokens, or a document with keys or a page, mean: one for each document."""
        remaining = {field: made[field] for field in ("page", "offset") if made.get(field)}
        tokens = [made.get("token"), made.get("document"), *(made.get("tokens") or ()), *(made.get("keys") or ())]
        things = [self.things.get(str(token)) for token in tokens]
        keys: dict[str, list[str]] = {}
        for item in (value for thing in things for value in _items(thing)):
            keys.setdefault(item.document_id, []).append(item.key)
        document = next(
            (thing.id for thing in things if isinstance(thing, Document)), self._document_of(str(tokens[1]))
        )
        if "page" in remaining:
            document = next(iter(keys), document)
            return [forms.ReadArguments.model_validate({"document": document, **remaining})]
        if not keys and document in self.catalogue.documents and made.get("keys"):
            keys[document] = [str(key) for key in made["keys"]]
        if not keys:
            raise ToolError(load_words(ARGUMENTS)["read_needs"])
        return [
            forms.ReadArguments.model_validate({"document": d, "keys": k[:_NAMES], **remaining})
            for d, k in keys.items()
        ]

    def _document_of(self, name: str) -> str:
        """The id of a document that is named by its token, or by that of an item of it."""
        thing = self.things.get(name)
        return thing.id if isinstance(thing, Document) else thing.document_id if isinstance(thing, Item) else name

    def _value_of(self, field: str, value: Any) -> Any:
        """A value by which is filtered; of an item's token its number."""
        item = self.get(str(value), Item)
        return item.ref if item is not None and field in ("theme", "goal") else value

    def find_count(self, token: str, sentence: str) -> Counted | None:
        """What was counted by a call for a sentence that states it, None for a call that counts nothing."""
        call = self.get(token, Call)
        if call is not None and isinstance(call.reply, forms.ChangesReply):
            counts = tuple((WORDS[kind], count) for kind, count in call.reply.counts.items())
            return Counted(len(call.reply.changes), (call.reply.before.title, call.reply.after.title), True, counts)
        if call is None or not isinstance(call.asked, forms.RecordsArguments):
            return None
        reply, by = call.reply, call.asked.group_by
        assert isinstance(reply, forms.RecordsReply)
        items = tuple(self._by_name(reply.entries).values())
        words = [*self._conditions(call.asked), *(group.id for group in reply.groups)]
        words += [f"{len(reply.groups)} {_GROUPED[by]}"] if by in _GROUPED else []
        words += [head.title for item in items[:1] for head in (item.theme, item.goal) if head and head.ref in words]
        numbers = tuple((group.title, group.count) for group in reply.groups)
        named = [i for i in items if any(group.title in sentence for group in count_groups((i,), by, self.catalogue))]
        above = ((i.document_id, h.ref) for i in named for h in (i.theme, i.goal) if h and h.title in sentence)
        heads = filter(None, (self.catalogue.item(*name) for name in dict.fromkeys(above)))
        return Counted(reply.found, tuple(words), reply.complete, numbers, (*heads, *named) or items)

    def missing(self, token: str) -> Missing | None:
        """The search that found nothing; None for another call."""
        call = self.get(token, Call)
        if call is None or not isinstance(call.asked, forms.SearchArguments):
            return None
        return None if getattr(call.reply, "found", True) else Missing(call.asked.text, call.asked.documents)

    def step(self, name: str, arguments: Mapping[str, Any], question: str, language: str) -> str:
        """What a call does, in words for who waits; of the agent's own words only those that are known."""
        corpus, values = self.tools.corpus, [item for value in arguments.values() for item in _several(value)]
        thing = next((self.things[str(item)] for item in values if str(item) in self.things), None)
        items = _items(thing)
        if isinstance(thing, Document):
            what = f"{thing.title}, S. {page}" if (page := arguments.get("page")) else thing.title
        elif items:
            what = wording.name_item(items[0])
        else:
            searched = str(arguments.get("text") or arguments.get("topic") or "").split()
            words = {word: corpus.analyzer.words(word) for word in searched}
            known = (w for w in searched if w in question or any(corpus.knows(word.whole) for word in words[w]))
            what = " ".join(known)[:_STEP_LENGTH]
        return (_STEPS[name].get(language) or _STEPS[name]["de"]).format(what=what).strip(": ")

    def _in_scope(self, asked: forms.Arguments) -> forms.Arguments:
        """The call over the documents that may be looked at; raises ToolError for others."""
        if not self._scope or isinstance(asked, forms.DocumentsArguments):
            return asked
        named = (asked.document,) if isinstance(asked, forms.ReadArguments) else getattr(asked, "documents", ())
        if not set(named) <= set(self._scope):
            known = (self.catalogue.documents[item] for item in self._scope if item in self.catalogue.documents)
            raise ToolError(f"documents: {', '.join(self._name(document, document.id) for document in known)}")
        return asked if named else asked.model_copy(update={"documents": self._scope})

    def _by_name(self, entries: Iterable[forms.ItemEntry]) -> dict[Entry, Item]:
        names = [(entry.document_id, entry.key) for entry in entries]
        return {name: item for name in names if (item := self.catalogue.item(*name))}

    def _conditions(self, asked: forms.RecordsArguments) -> Iterator[str]:
        """The conditions of a call as they may be stated."""
        texts = (asked.topic, asked.theme, asked.goal, asked.unit, asked.place, asked.since, asked.until)
        yield from filter(None, texts)
        yield from (wording.status(status, "de") for status in asked.status)
        yield from (wording.kind(kind, "de", count) for kind in asked.kinds for count in (1, 2))
        yield from (self.catalogue.documents[document].title for document in asked.documents)

    def _show(self, call: Call, reply: object = None) -> str:
        """A call under its token, as it is shown; of a list what it counts first, and little of each entry."""
        token = f"A{self._calls}"
        self._calls += 1
        self.things[token] = call
        result = call.reply
        if isinstance(result, forms.RecordsReply):
            most = _EXAMPLES if result.groups else _LISTED
            entries: list[object] = [
                entry.model_dump(mode="json", include=_IN_LISTS) for entry in result.entries[:most]
            ]
            reply = {
                "found": result.found,
                "complete": "unknown" if result.complete is None else result.complete,
                "why": result.why,
                "notices": result.notices,
                "groups": sorted(result.groups, key=lambda group: -group.count),
                "entries": entries + ([f"… {len(result.entries) - most}"] if len(result.entries) > most else []),
            }
        return self._json({"token": token, "reply": result if reply is None else reply})

    def _json(self, value: object) -> str:
        text = json.dumps(self._plain(value), ensure_ascii=False, separators=(",", ":"))
        self._shown += len(text)
        return text

    def _plain(self, value: object) -> object:
        """A value as JSON has it: without what is empty, without what a document says to machines, with tokens."""
        if isinstance(value, BaseModel):
            return self._plain(value.model_dump(mode="json"))
        if isinstance(value, list | tuple):
            return [self._plain(item) for item in value]
        if not isinstance(value, dict):
            return without_orders(value) if isinstance(value, str) else value
        hidden = _HIDDEN
        if value.keys() == forms.ItemPointer.model_fields.keys():  # above, below or beside another entry
            hidden = _HIDDEN | {"kind"}
        if value.keys() >= {"text", "fields"}:  # a whole entry
            hidden = _HIDDEN | {"passage", "previous", "next"} - {"page"}
            text = squash(value["text"])
            value = value | {"fields": [field for field in value["fields"] if squash(field["text"]) not in text]}
        if "publisher" in value:
            value, hidden = (
                {name: item for name, item in value.items() if name in _OF_DOCUMENT} | {"id": value["id"]},
                {"id"},
            )
        if value.get("ref") == value.get("title"):
            hidden = hidden | {"ref"}
        hidden = hidden - {"page"} if isinstance(value.get("page"), dict) else hidden
        named = self._token(value)
        hidden = hidden | _NAMED if named else hidden
        return named | {
            name: self._plain(item) for name, item in value.items() if name not in hidden and item not in _EMPTY
        }

    def _token(self, value: Mapping[str, Any]) -> dict[str, str]:
        """The tokens of an entry, with that of its document, of a page or a document; none for other things."""
        if item := self.catalogue.item(value.get("document_id", ""), value.get("key", "")):
            made = {"token": self._name(item, f"{item.document_id}\0{item.key}")}
            document = self.catalogue.documents[item.document_id]
            return made | ({"paper": self._name(document, document.id)} if "document_title" in value else {})
        if {"document_id", "page", "entries"} <= value.keys():
            keys = [(entry["document_id"], entry["key"]) for entry in value["entries"]]
            page = MaterialPage(tuple(item for key in keys if (item := self.catalogue.item(*key))))
            return {"token": self._name(page, f"{value['document_id']}\0{value['page']}")}
        if "publisher" in value and (document_file := self.catalogue.documents.get(value["id"])):
            return {"token": self._name(document_file, document_file.id)}
        return {}

    def _name(self, thing: Thing, name: str) -> str:
        """The token of a thing, kept: so many letters of a digest that it is nothing else's."""
        letters = base64.b32encode(sha256(f"{self._salt}\0{name}".encode()).digest()).decode()
        sizes = range(_LETTERS, len(letters))
        token = next(letters[:size] for size in sizes if self.things.get(letters[:size], thing) == thing)
        self.things[token] = thing
        return token


def _status(name: str) -> str:
    """A status by its German word."""
    meant = sorted(wording.STATUS_WORDS.get(name.strip().lower(), ()))
    return meant[0].value if meant else name


def _is_list(name: str, field: str) -> bool:
    form = FORMS[name].model_fields.get(field)
    return form is not None and get_origin(form.annotation) is tuple


def _items(thing: Thing | None) -> tuple[Item, ...]:
    """The items that a thing is."""
    return (thing,) if isinstance(thing, Item) else thing.items if isinstance(thing, MaterialPage) else ()


def _several(value: Any) -> Sequence[Any]:
    return value[:_NAMES] if isinstance(value, list | tuple) else (value,)


def _cut(text: str) -> str:
    """The beginning of a passage, by whole words."""
    return text if len(text) <= _PASSAGE else f"{text[:_PASSAGE].rsplit(' ', 1)[0]} …"
