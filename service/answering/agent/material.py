"""The agent's material for one answer: what its calls of the tools replied, and the items that it
read.

The agent knows items, documents, pages and calls by tokens only, which are valid for one answer:
they are a digest of the question, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from pydantic import BaseModel, ValidationError

from prompts import fill
from service.answering.agent.calls import CallReader
from service.answering.agent.counts import count_of
from service.answering.agent.replies import ReplyWriter
from service.answering.agent.tokens import Call, TokenTable, items_by_id
from service.answering.draft import Count
from service.answering.query import ToolError
from service.answering.tools import schemas
from service.answering.tools.read import FITTING_TEXT, fitting_text
from service.answering.tools.toolbox import Tools
from vectorstore.records import Item, ItemAddress

# characters of all replies after which the agent gets no more tools, about 17,000 tokens
MOST_MATERIAL = 60_000
_FIRST = 7  # items of the first search
_WHOLE = 3  # those of them with all text
_WHOLE_TEXT = 3_600  # characters of these together
_FAULTS = 3  # most wrong fields that an error names
_DOCUMENTS = 12  # documents that the first message names
_LONGEST = 500  # most characters of a search text
_FIRST_PART_ONLY = ("parent", "children", "responsible", "municipalities", "conflicts", "corrected")
_WRONG = "de/model/agent_wrong"


class Material:
    """The tool calls of one answer and their replies; `documents` are the ids to which tools are
    limited, () for all.

    `tokens` has items, documents, pages and calls; `read` are the items that the agent read,
    `best_hits` the best one of each of its searches. `salt` makes the tokens differ from answer to
    answer.
    """

    def __init__(
        self, tools: Tools, question: str, salt: str, documents: Sequence[str] = ()
    ) -> None:
        self.tools = tools
        self.catalogue = tools.corpus.catalogue
        self.tokens = TokenTable(salt)
        self.calls = CallReader(tools.corpus, self.tokens, tuple(documents))
        self.read: dict[ItemAddress, Item] = {}
        self.best_hits: dict[ItemAddress, Item] = {}
        self._writer = ReplyWriter(self.catalogue, self.tokens)
        self._question = question
        self._scope = tuple(documents)

    @property
    def is_full(self) -> bool:
        """True if the replies have reached the limit of characters."""
        return self._writer.shown > MOST_MATERIAL

    def first_search(self, text: str, language: str) -> dict[str, str]:
        """Three texts for the first message, by the names of their places in the prompt, each of
        them JSON.

        "papiere" are the documents, those with hits first. "eintraege" are the best hits as whole
        items with their text, and "suche" the other hits.
        """
        searched = text[:_LONGEST].strip() or "?"  # a search needs some text
        arguments = schemas.SearchArguments(text=searched, documents=self._scope, limit=_FIRST)
        reply = self.tools.search(arguments, language)
        whole_items = self._read_best(reply.entries[:_WHOLE])
        whole_ids = {(entry.document_id, entry.key) for entry in whole_items}
        remaining = [
            entry for entry in reply.entries if (entry.document_id, entry.key) not in whole_ids
        ]
        further = reply.model_copy(update={"entries": tuple(remaining)})
        best_documents = {entry.document_id for entry in reply.entries}
        return {
            "papiere": self._writer.write(self._summarize_documents(best_documents)),
            "suche": self._writer.write_call(Call(arguments, further)),
            "eintraege": self._writer.write(whole_items),
        }

    def _summarize_documents(self, first: set[str]) -> list[object]:
        """The documents in scope for the first message, those with the ids `first` first.

        They come without counts and pages, to be short. If some are left out, the last entry is "…
        12" with their number.
        """
        arguments = schemas.DocumentsArguments(documents=self._scope)
        documents = list(self.tools.documents(arguments).documents)
        documents.sort(key=lambda document: document.id not in first)
        summaries: list[object] = [
            document.model_copy(update={"counts": {}, "pages": None})
            for document in documents[:_DOCUMENTS]
        ]
        if len(documents) > len(summaries):
            summaries.append(f"… {len(documents) - len(summaries)}")
        return summaries

    def _read_best(self, entries: Iterable[schemas.ItemEntry]) -> list[schemas.WholeEntry]:
        """The items of hits with their text, as many as have room together.

        Of a long text only the passages that fit the question are given. An item that has no room
        is left out, but a shorter one behind it may still fit. The size is that of the JSON that
        the agent gets.
        """
        whole_items: list[schemas.WholeEntry] = []
        size = 0
        for entry in entries:
            arguments = schemas.ReadArguments(document=entry.document_id, keys=(entry.key,))
            item = self._shorten(self.tools.read(arguments).entries[0])
            own_size = len(json.dumps(self._writer.plain(item), ensure_ascii=False))
            if size + own_size <= _WHOLE_TEXT:
                whole_items.append(item)
                size += own_size
        return whole_items

    def _shorten(self, entry: schemas.WholeEntry) -> schemas.WholeEntry:
        """An item as it is; of a long text only the passages that fit the question, without its
        fields.
        """
        item = self.catalogue.item(entry.document_id, entry.key)
        if item is None or len(entry.text) <= FITTING_TEXT:
            return entry
        text = fitting_text(item, self._question, self.tools.corpus)
        return entry.model_copy(update={"text": text, "fields": ()})

    def run(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Carry out a tool call of the model; returns the reply, or an error of one line, as JSON.

        A `read` of items in several documents is carried out by document; the replies are joined.
        """
        tool = getattr(self.tools, name)
        try:
            replies = [Call(call, tool(call)) for call in self.calls.read(name, arguments)]
        except ValidationError as error:
            wrong = (fault["loc"] for fault in error.errors()[:_FAULTS])
            fields = dict.fromkeys(str(place[0]) if place else name for place in wrong)
            return self._writer.write({"error": fill(_WRONG, felder=", ".join(fields))})
        except ToolError as error:
            return self._writer.write({"error": str(error)})
        kept = [Call(call.arguments, self._keep(call)) for call in replies]
        if name == "read" and len(kept) > 1:
            entries = list(chain.from_iterable(getattr(call.reply, "entries", ()) for call in kept))
            return self._writer.write({"entries": entries})
        return self._writer.write_call(kept[0])

    def _keep(self, call: Call) -> BaseModel:
        """Remember what a call read, and return its reply with each item cut to the part that the
        agent gets.

        Of a search only the best hit is remembered.
        """
        reply = call.reply
        if isinstance(reply, schemas.SearchReply) and reply.found:
            self.best_hits |= items_by_id(reply.entries[:1], self.catalogue)
        if not isinstance(reply, schemas.ReadReply):
            return reply
        self.read |= items_by_id(reply.entries, self.catalogue)
        is_single = (
            len(reply.entries) + len(reply.unread) == 1
        )  # else it is read from the beginning
        offset = getattr(call.arguments, "offset", 0) if is_single else 0
        parts = tuple(_cut_item(entry, offset) for entry in reply.entries)
        return reply.model_copy(update={"entries": parts})

    def find_count(self, token: str, sentence: str) -> Count | None:
        """The count of a call for a sentence that cites its token; None for a call that counts
        nothing.
        """
        return count_of(self.tokens.get(token, Call), sentence, self.catalogue)


def _cut_item(entry: schemas.WholeEntry, offset: int) -> schemas.WholeEntry:
    """The part of an item from an offset that the agent gets, with the offset of the next one.

    Parent, children and other fields (`_FIRST_PART_ONLY`) come with the first part alone.
    """
    fields = schemas.WholeEntry.model_fields
    end = offset + FITTING_TEXT
    part: dict[str, Any] = {"text": entry.text[:FITTING_TEXT]}
    part["next_offset"] = end if end < entry.length else None
    if offset:
        part |= {name: fields[name].default for name in _FIRST_PART_ONLY}
    return entry.model_copy(update=part)
