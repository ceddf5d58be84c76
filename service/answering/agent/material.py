"""What an agent works with for one answer: the tools' replies as it is shown them, and what its tokens stand for.

All that it is shown is JSON: data under names, from which no paper and no question can break out. A token holds for one
answer: it is made of the question too.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from prompts import in_languages
from service.answering import wording
from service.answering.draft import Counted, Missing
from service.answering.query import Entry, Group, ToolError
from service.answering.tools import forms
from service.answering.tools.records import grouped
from service.answering.tools.tools import Tools
from service.answering.verifying.orders import without_orders
from service.answering.verifying.verbatim import squash
from service.changes import WORDS
from vectorstore.records import Document, Item

T = TypeVar("T", Item, Document)
FORMS: dict[str, type[forms.Arguments]] = {
    name: getattr(forms, f"{name.title()}Arguments") for name in ("search", "records", "read", "documents", "changes")
}
MOST = 60_000  # characters of all replies after which none is given, about 17,000 tokens
LISTED = 60  # entries of a list that are shown; the rest is counted
_EXAMPLES = 12  # the same where they are counted by groups
_WHOLE, _WHOLE_TEXT = 3, 12_000  # entries of the first search that are shown whole, and characters of them all
_LETTERS = 4  # of a token, at least
_LONGEST, _TOLD = 500, 60  # characters that are searched for at most, and those of it that are told
_HIDDEN = frozenset({"url", "evidence", "length", "score", "archived", "superseded", "document_title"})
_IN_LISTS = {"document_id", "key", "ref", "title", "status"}
_BESIDE = ("key", "ref", "title", "status")  # of what stands above, below and beside an entry
_GROUPED = {Group.THEME: "Themenfelder", Group.GOAL: "Ziele", Group.UNIT: "Einheiten", Group.PLACE: "Orte"}
_STEPS = {told["tool"]: told for told in in_languages("steps")}


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool with its reply."""

    asked: forms.Arguments
    reply: BaseModel


class Material:
    """The replies of one answer; `documents` are ids of the papers that may be looked at, () for all."""

    def __init__(self, tools: Tools, salt: str, documents: Sequence[str] = ()) -> None:
        self.tools, self.corpus = tools, tools.corpus
        self.items: dict[str, Item] = {}
        self.papers: dict[str, Document] = {}
        self.calls: dict[str, Call] = {}
        self.read: dict[Entry, Item] = {}
        self.found: dict[Entry, Item] = {}  # by searches of its own, the best of each
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
        whole = list(self._whole(found.entries[:_WHOLE]))
        return {"papiere": self._json(papers), "suche": self._kept(Call(asked, found)), "eintraege": self._json(whole)}

    def run(self, name: str, arguments: Mapping[str, Any]) -> str:
        """The reply to a call as the agent is shown it, or why there is none."""
        try:
            asked = self._in_scope(FORMS[name].model_validate(arguments))
            reply = getattr(self.tools, name)(asked)
        except ValidationError as error:
            told = (f"{'.'.join(map(str, one['loc'])) or name}: {one['msg']}" for one in error.errors()[:_WHOLE])
            return self._json({"error": "; ".join(told)})
        except ToolError as error:
            return self._json({"error": str(error)})
        if isinstance(reply, forms.ReadReply):
            self.read |= self._by_name(reply.entries)
        if isinstance(reply, forms.SearchReply) and reply.found:
            self.found |= self._by_name(reply.entries[:1])
        return self._kept(Call(asked, reply))

    def counted(self, token: str, said: str) -> Counted | None:
        """What was counted by a call for a sentence that tells it, None for a call that counts nothing."""
        call = self.calls.get(token)
        if call is not None and isinstance(call.reply, forms.ChangesReply):
            counts = tuple((WORDS[kind], count) for kind, count in call.reply.counts.items())
            return Counted(len(call.reply.changes), (call.reply.before.title, call.reply.after.title), True, counts)
        if call is None or not isinstance(call.asked, forms.RecordsArguments):
            return None
        reply, groups = call.reply, call.asked.group_by
        assert isinstance(reply, forms.RecordsReply)
        items = tuple(self._by_name(reply.entries).values())
        words = [*self._conditions(call.asked), *(one.id for one in reply.groups)]
        words += [f"{len(reply.groups)} {_GROUPED[groups]}"] if groups in _GROUPED else []
        words += [one.title for item in items[:1] for one in (item.theme, item.goal) if one and one.ref in words]
        numbers = tuple((one.title, one.count) for one in reply.groups)
        return Counted(reply.found, tuple(words), reply.complete, numbers, self._told_of(items, groups, said) or items)

    def _told_of(self, items: Sequence[Item], by: Group, said: str) -> tuple[Item, ...]:
        """The records of the groups that a sentence names, behind the theme or goal that is such a group."""
        catalogue = self.corpus.catalogue
        named = [one for one in items if any(group.title in said for group in grouped((one,), by, catalogue))]
        heads = {
            (one.document_id, of.ref): head
            for one in named
            for of in (one.theme, one.goal)
            if of and of.title in said and (head := catalogue.item(one.document_id, of.ref))
        }
        return (*heads.values(), *named)

    def missing(self, token: str) -> Missing | None:
        """The search that found nothing; None for another call."""
        call = self.calls.get(token)
        if call is None or not isinstance(call.asked, forms.SearchArguments):
            return None
        return None if getattr(call.reply, "found", True) else Missing(call.asked.text, call.asked.documents)

    def step(self, name: str, arguments: Mapping[str, Any], question: str, language: str) -> str:
        """What a call does, in words for who waits; of the agent's own words only those that are known."""
        keys, page = arguments.get("keys"), arguments.get("page")
        if document := self.corpus.catalogue.documents.get(str(arguments.get("document"))):
            item = self.corpus.catalogue.item(document.id, str(keys[0])) if isinstance(keys, list) and keys else None
            what = wording.named(item) if item else f"{document.title}{f', S. {page}' if page else ''}"
        else:
            said = str(arguments.get("text") or arguments.get("topic") or "").split()
            words = {one: self.corpus.analyzer.words(one) for one in said}
            knows = (
                one for one in said if one in question or any(self.corpus.knows(word.whole) for word in words[one])
            )
            what = " ".join(knows)[:_TOLD]
        return (_STEPS[name].get(language) or _STEPS[name]["de"]).format(what=what).strip(": ")

    def _in_scope(self, asked: forms.Arguments) -> forms.Arguments:
        """The call over the papers that may be looked at; raises ToolError for others."""
        if not self._scope or isinstance(asked, forms.DocumentsArguments):
            return asked
        named = (asked.document,) if isinstance(asked, forms.ReadArguments) else getattr(asked, "documents", ())
        if not set(named) <= set(self._scope):
            raise ToolError(f"documents: {', '.join(self._scope)}")
        return asked if named else asked.model_copy(update={"documents": self._scope})

    def _whole(self, entries: Sequence[forms.Entry]) -> Iterator[forms.WholeEntry]:
        """Entries as they can be read, best first, as long as there is room for them."""
        left = _WHOLE_TEXT
        for one in entries:
            for entry in self.tools.read(forms.ReadArguments(document=one.document_id, keys=(one.key,))).entries:
                if entry.length <= left:
                    left -= entry.length
                    yield entry

    def _by_name(self, entries: Sequence[forms.Entry]) -> dict[Entry, Item]:
        return {(one.document_id, one.key): item for one in entries if (item := self._item(one))}

    def _item(self, entry: forms.Pointer) -> Item | None:
        return self.corpus.catalogue.item(entry.document_id, entry.key)

    def _kept(self, call: Call) -> str:
        """A call under its token, as it is shown."""
        token = f"A{len(self.calls)}"
        self.calls[token] = call
        return self._json({"call": token, "reply": call.reply})

    def _conditions(self, asked: forms.Arguments) -> Iterator[str]:
        """The conditions of a call as they may be told."""
        assert isinstance(asked, forms.RecordsArguments)
        texts = (asked.topic, asked.theme, asked.goal, asked.unit, asked.place, asked.since, asked.until)
        yield from filter(None, texts)
        yield from (wording.status(one, "de") for one in asked.status)
        yield from (wording.kind(one, "de", count) for one in asked.kinds for count in (1, 2))
        yield from (self.corpus.catalogue.documents[one].title for one in asked.documents)

    def _json(self, value: object) -> str:
        said = json.dumps(self._told(value), ensure_ascii=False, separators=(",", ":"))
        self._shown += len(said)
        return said

    def _told(self, value: object) -> object:
        """A value as JSON has it: without what is empty, without what a paper says to machines, with tokens."""
        if isinstance(value, BaseModel):
            return self._shape(value)
        if isinstance(value, Mapping):
            return {str(name): self._told(one) for name, one in value.items() if one not in (None, "", (), [], {})}
        if isinstance(value, tuple | list):
            return [self._told(one) for one in value]
        return without_orders(str(value)) if isinstance(value, str | date) else value

    def _shape(self, value: BaseModel) -> object:
        """A form with its token; of what is beside an entry its name."""
        if isinstance(value, forms.RecordsReply):
            return self._list(value)
        names: Collection[str] = _BESIDE if type(value) is forms.Pointer else type(value).model_fields
        told = {name: getattr(value, name) for name in names if name not in _HIDDEN}
        if isinstance(value, forms.WholeEntry):
            told["fields"] = [one for one in value.fields if squash(one.text) not in squash(value.text)]
            del told["passage"]
        return self._told({**self._token(value), **told})

    def _list(self, reply: forms.RecordsReply) -> object:
        """A list: what it counts first, the largest group first, little of each entry, and how many more there are."""
        most = _EXAMPLES if reply.groups else LISTED
        entries = [{**self._token(one), **one.model_dump(include=_IN_LISTS)} for one in reply.entries[:most]]
        more = [f"… {len(reply.entries) - most}"] if len(reply.entries) > most else []
        told = {
            "found": reply.found,
            "complete": "unknown" if reply.complete is None else reply.complete,
            "why": reply.why,
            "notices": reply.notices,
            "groups": sorted(reply.groups, key=lambda one: -one.count),
            "entries": [*entries, *more],
        }
        return self._told(told)

    def _token(self, value: BaseModel) -> dict[str, str]:
        """The token of an entry or a paper; none for other things, and for entries that are not in force."""
        if isinstance(value, forms.Pointer) and (item := self._item(value)):
            return {"token": self._named(self.items, item, f"{item.document_id}\0{item.key}")}
        if isinstance(value, forms.Paper) and (paper := self.corpus.catalogue.documents.get(value.id)):
            return {"token": self._named(self.papers, paper, paper.id)}
        return {}

    def _named(self, known: dict[str, T], value: T, name: str) -> str:
        """The token of a thing, kept: so many letters that it is nothing else's."""
        said = base64.b32encode(sha256(f"{self._salt}\0{name}".encode()).digest()).decode()
        token = next(one for size in range(_LETTERS, len(said)) if known.get(one := said[:size], value) is value)
        known[token] = value
        return token
