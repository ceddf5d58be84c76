"""What an agent works with for one answer: the tools' replies as it is shown them, and what its tokens stand for.

All that it is shown is JSON: data under names, from which no paper and no question can break out. A token holds for one
answer: it is made of the question too.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar, get_origin

from pydantic import BaseModel, ValidationError

from prompts import filled, in_languages
from service import wording
from service.answering.draft import Counted, Missing
from service.answering.query import Entry, Group, ToolError
from service.answering.tools import Tools, forms
from service.answering.tools.records import grouped
from service.answering.verification.verbatim import squash, without_orders
from service.changes import WORDS
from vectorstore.records import Document, Item

T = TypeVar("T", Item, Document)
FORMS: dict[str, type[forms.Arguments]] = {
    name: getattr(forms, f"{name.title()}Arguments") for name in ("search", "records", "read", "documents", "changes")
}
MOST = 60_000  # characters of all replies after which none is given, about 17,000 tokens
_LISTED, _EXAMPLES = 60, 12  # entries of a list that are shown, and where they are counted by groups
_WHOLE, _WHOLE_TEXT = 3, 12_000  # entries of the first search that are shown whole, and characters of them all
_LETTERS = 4  # of a token, at least
_LONGEST, _TOLD = 500, 60  # characters that are searched for at most, and those of it that are told
_EMPTY: tuple[object, ...] = (None, "", [], {})
_HIDDEN = {"url", "evidence", "length", "score", "archived", "superseded", "document_title", "families", "as_printed"}
_NAMES = ("document_id", "key", "id")  # for which a token stands
_IN_LISTS = {"document_id", "key", "ref", "title", "status"}
_GROUPED = {Group.THEME: "Themenfelder", Group.GOAL: "Ziele", Group.UNIT: "Einheiten", Group.PLACE: "Orte"}
_WRONG = "de/model/agent_wrong"
_STEPS = {told["tool"]: told for told in in_languages("steps")}


def _status(name: str) -> str:
    """A status by its German word."""
    meant = sorted(wording.STATUS_WORDS.get(name.strip().lower(), ()))
    return meant[0].value if meant else name


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool with its reply."""

    asked: forms.Arguments
    reply: BaseModel


class Material:
    """The replies of one answer; `documents` are ids of the papers that may be looked at, () for all.

    By their tokens it keeps entries, papers, calls, and pages (the entries on them); `read` and `found` are the entries
    that were read, and the best of each search.
    """

    def __init__(self, tools: Tools, salt: str, documents: Sequence[str] = ()) -> None:
        self.tools, self.catalogue = tools, tools.corpus.catalogue
        self.items: dict[str, Item] = {}
        self.papers: dict[str, Document] = {}
        self.calls: dict[str, Call] = {}
        self.pages: dict[str, tuple[Item, ...]] = {}
        self.read: dict[Entry, Item] = {}
        self.found: dict[Entry, Item] = {}
        self._salt, self._scope, self._shown = salt, tuple(documents), 0

    @property
    def full(self) -> bool:
        """Whether enough was read."""
        return self._shown > MOST

    def first(self, text: str, language: str) -> dict[str, str]:
        """The papers there are, the first search, which is made for a text, and its first entries whole."""
        asked = forms.SearchArguments(text=text[:_LONGEST].strip() or "?", documents=self._scope)
        found = self.tools.search(asked, language)
        papers = [one for one in self.tools.documents().papers if not self._scope or one.id in self._scope]
        whole: list[forms.WholeEntry] = []
        for one in found.entries[:_WHOLE]:
            (entry,) = self.tools.read(forms.ReadArguments(document=one.document_id, keys=(one.key,))).entries
            if sum(other.length for other in (*whole, entry)) <= _WHOLE_TEXT:
                whole.append(entry)
        shown = {(one.document_id, one.key) for one in whole}
        left = [
            one.model_copy(update={"passage": ""}) if (one.document_id, one.key) in shown else one
            for one in found.entries
        ]
        found = found.model_copy(update={"entries": tuple(left)})
        return {"papiere": self._json(papers), "suche": self._kept(Call(asked, found)), "eintraege": self._json(whole)}

    def run(self, name: str, arguments: Mapping[str, Any]) -> str:
        """The reply to a call as the agent is shown it, or why there is none."""
        try:
            asked = self._in_scope(FORMS[name].model_validate(self._by_tokens(name, arguments)))
            reply = getattr(self.tools, name)(asked)
        except ValidationError as error:
            wrong = dict.fromkeys(str(one["loc"][0]) if one["loc"] else name for one in error.errors()[:_WHOLE])
            return self._json({"error": filled(_WRONG, felder=", ".join(wrong))})
        except ToolError as error:
            return self._json({"error": str(error)})
        if isinstance(reply, forms.ReadReply):
            self.read |= self._by_name(reply.entries)
        if isinstance(reply, forms.SearchReply) and reply.found:
            self.found |= self._by_name(reply.entries[:1])
        return self._kept(Call(asked, reply))

    def _by_tokens(self, name: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments with a string for a list taken as one, and ids and keys in place of tokens."""
        fields = FORMS[name].model_fields
        lists = {one for one, field in fields.items() if get_origin(field.annotation) is tuple}
        made: dict[str, Any] = {}
        for one, value in arguments.items():
            value = [value] if one in lists and isinstance(value, str) and value else value
            names = value if isinstance(value, list | tuple) else [value]
            if one in ("document", "documents"):
                names = [self._document_of(str(each)) if each else each for each in names]
            elif one == "status":
                names = [_status(str(each)) for each in names]
            elif one == "keys":
                found = [self.items.get(str(each)) for each in names]
                made |= dict([("document", known.document_id) for known in found if known][:1])
                names = [known.key if known else each for known, each in zip(found, names, strict=True)]
            if one != "document" or "document" not in made:
                made[one] = names if isinstance(value, list | tuple) else names[0]
        item = self.items.get(str(arguments.get("document") or ""))
        return (
            made | {"keys": [item.key]}
            if name == "read" and item and not (made.get("keys") or made.get("page"))
            else made
        )

    def _document_of(self, name: str) -> str:
        """The id of a document that is named by its token, or by that of an item of it."""
        paper, item = self.papers.get(name), self.items.get(name)
        return paper.id if paper else item.document_id if item else name

    def counted(self, token: str, said: str) -> Counted | None:
        """What was counted by a call for a sentence that tells it, None for a call that counts nothing."""
        call = self.calls.get(token)
        if call is not None and isinstance(call.reply, forms.ChangesReply):
            counts = tuple((WORDS[kind], count) for kind, count in call.reply.counts.items())
            return Counted(len(call.reply.changes), (call.reply.before.title, call.reply.after.title), True, counts)
        if call is None or not isinstance(call.asked, forms.RecordsArguments):
            return None
        reply, by = call.reply, call.asked.group_by
        assert isinstance(reply, forms.RecordsReply)
        items = tuple(self._by_name(reply.entries).values())
        words = [*self._conditions(call.asked), *(one.id for one in reply.groups)]
        words += [f"{len(reply.groups)} {_GROUPED[by]}"] if by in _GROUPED else []
        words += [one.title for item in items[:1] for one in (item.theme, item.goal) if one and one.ref in words]
        numbers = tuple((one.title, one.count) for one in reply.groups)
        named = [one for one in items if any(group.title in said for group in grouped((one,), by, self.catalogue))]
        above = ((one.document_id, of.ref) for one in named for of in (one.theme, one.goal) if of and of.title in said)
        heads = filter(None, (self.catalogue.item(*name) for name in dict.fromkeys(above)))
        return Counted(reply.found, tuple(words), reply.complete, numbers, (*heads, *named) or items)

    def missing(self, token: str) -> Missing | None:
        """The search that found nothing; None for another call."""
        call = self.calls.get(token)
        if call is None or not isinstance(call.asked, forms.SearchArguments):
            return None
        return None if getattr(call.reply, "found", True) else Missing(call.asked.text, call.asked.documents)

    def step(self, name: str, arguments: Mapping[str, Any], question: str, language: str) -> str:
        """What a call does, in words for who waits; of the agent's own words only those that are known."""
        arguments, corpus = self._by_tokens(name, arguments), self.tools.corpus
        keys, page = arguments.get("keys"), arguments.get("page")
        if document := self.catalogue.documents.get(str(arguments.get("document"))):
            item = self.catalogue.item(document.id, str(keys[0])) if isinstance(keys, list) and keys else None
            what = wording.named(item) if item else f"{document.title}{f', S. {page}' if page else ''}"
        else:
            said = str(arguments.get("text") or arguments.get("topic") or "").split()
            words = {one: corpus.analyzer.words(one) for one in said}
            knows = (one for one in said if one in question or any(corpus.knows(word.whole) for word in words[one]))
            what = " ".join(knows)[:_TOLD]
        return (_STEPS[name].get(language) or _STEPS[name]["de"]).format(what=what).strip(": ")

    def _in_scope(self, asked: forms.Arguments) -> forms.Arguments:
        """The call over the papers that may be looked at; raises ToolError for others."""
        if not self._scope or isinstance(asked, forms.DocumentsArguments):
            return asked
        named = (asked.document,) if isinstance(asked, forms.ReadArguments) else getattr(asked, "documents", ())
        if not set(named) <= set(self._scope):
            papers = (self.catalogue.documents[one] for one in self._scope if one in self.catalogue.documents)
            raise ToolError(f"documents: {', '.join(self._named(self.papers, one, one.id) for one in papers)}")
        return asked if named else asked.model_copy(update={"documents": self._scope})

    def _by_name(self, entries: Iterable[forms.Entry]) -> dict[Entry, Item]:
        names = [(one.document_id, one.key) for one in entries]
        return {name: item for name in names if (item := self.catalogue.item(*name))}

    def _conditions(self, asked: forms.RecordsArguments) -> Iterator[str]:
        """The conditions of a call as they may be told."""
        texts = (asked.topic, asked.theme, asked.goal, asked.unit, asked.place, asked.since, asked.until)
        yield from filter(None, texts)
        yield from (wording.status(one, "de") for one in asked.status)
        yield from (wording.kind(one, "de", count) for one in asked.kinds for count in (1, 2))
        yield from (self.catalogue.documents[one].title for one in asked.documents)

    def _kept(self, call: Call) -> str:
        """A call under its token, as it is shown; of a list what it counts first, and little of each entry."""
        token, reply = f"A{len(self.calls)}", call.reply
        self.calls[token] = call
        if not isinstance(reply, forms.RecordsReply):
            return self._json({"call": token, "reply": reply})
        most = _EXAMPLES if reply.groups else _LISTED
        entries: list[object] = [one.model_dump(mode="json", include=_IN_LISTS) for one in reply.entries[:most]]
        told = {
            "found": reply.found,
            "complete": "unknown" if reply.complete is None else reply.complete,
            "why": reply.why,
            "notices": reply.notices,
            "groups": sorted(reply.groups, key=lambda one: -one.count),
            "entries": entries + ([f"… {len(reply.entries) - most}"] if len(reply.entries) > most else []),
        }
        return self._json({"call": token, "reply": told})

    def _json(self, value: object) -> str:
        said = json.dumps(self._told(value), ensure_ascii=False, separators=(",", ":"))
        self._shown += len(said)
        return said

    def _told(self, value: object) -> object:
        """A value as JSON has it: without what is empty, without what a paper says to machines, with tokens."""
        if isinstance(value, BaseModel):
            return self._told(value.model_dump(mode="json"))
        if isinstance(value, list | tuple):
            return [self._told(one) for one in value]
        if not isinstance(value, dict):
            return without_orders(value) if isinstance(value, str) else value
        hidden = _HIDDEN
        if value.keys() == forms.Pointer.model_fields.keys():  # above, below or beside another entry
            hidden = _HIDDEN | {"document_id", "kind"}
        if value.keys() >= {"text", "fields"}:  # a whole entry
            hidden = _HIDDEN | {"passage"}
            text = squash(value["text"])
            value = value | {"fields": [one for one in value["fields"] if squash(one["text"]) not in text]}
        told = {name: self._told(one) for name, one in value.items() if name not in hidden and one not in _EMPTY}
        if not (token := self._token(value)):
            return told
        if paper := self.catalogue.documents.get(str(told.get("document_id"))):
            token["paper"] = self._named(self.papers, paper, paper.id)
        return token | {name: one for name, one in told.items() if name not in _NAMES}

    def _token(self, value: Mapping[str, Any]) -> dict[str, str]:
        """The token of an entry or a paper; none for other things, and for entries that are not in force."""
        if item := self.catalogue.item(value.get("document_id", ""), value.get("key", "")):
            return {"token": self._named(self.items, item, f"{item.document_id}\0{item.key}")}
        if {"document_id", "page", "entries"} <= value.keys():
            keys = [(one["document_id"], one["key"]) for one in value["entries"]]
            token = self._letters(f"{value['document_id']}\0{value['page']}", lambda known: known not in self.pages)
            self.pages[token] = tuple(item for key in keys if (item := self.catalogue.item(*key)))
            return {"token": token}
        if "publisher" in value and (paper := self.catalogue.documents.get(value["id"])):
            return {"token": self._named(self.papers, paper, paper.id)}
        return {}

    def _named(self, known: dict[str, T], value: T, name: str) -> str:
        """The token of a thing, kept: so many letters that it is nothing else's."""
        token = self._letters(name, lambda one: known.get(one, value) is value)
        known[token] = value
        return token

    def _letters(self, name: str, free: Callable[[str], bool]) -> str:
        """So many letters of a name's digest that they are free."""
        said = base64.b32encode(sha256(f"{self._salt}\0{name}".encode()).digest()).decode()
        return next(said[:size] for size in range(_LETTERS, len(said)) if free(said[:size]))
