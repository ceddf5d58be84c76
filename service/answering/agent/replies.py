"""The replies of tools as JSON for the agent: with tokens for ids, without what it need not read.

All replies are JSON, so that no text of a document or question can be taken for an instruction.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from service.answering.agent.calls import EMPTY
from service.answering.agent.tokens import Call, TokenTable
from service.answering.composing.parts import shorten
from service.answering.tools import schemas
from service.answering.tools.read import full_text
from service.answering.verification.verbatim import remove_prompt_injections
from vectorstore.language import squash
from vectorstore.records import Catalogue

_LISTED = 60  # most items in the reply of `records`
_EXAMPLES = 12  # most items where it has groups
_PASSAGE = 200  # characters of the passage of a search, and of a short item, which is given whole
_HIDDEN = {  # fields of replies that the agent does not get
    "url",
    "length",
    "score",
    "archived",
    "document_title",
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
_PAGE = {"document_id", "page", "entries"}  # fields that only a page has
_IN_LISTS = {"document_id", "key", "ref", "title", "status"}


class ReplyWriter:
    """Writes the replies of one answer; `shown` counts their characters."""

    def __init__(self, catalogue: Catalogue, tokens: TokenTable) -> None:
        self.shown = 0
        self._catalogue = catalogue
        self._tokens = tokens
        # document id, key, passage; the passage "" stands for the whole item
        self._shown_passages: set[tuple[str, str, str]] = set()

    def write_call(self, call: Call) -> str:
        """Keep a call and return its reply as JSON for the agent. Lists and hits are shortened.

        The JSON has the token of the call only where a sentence can cite the call itself: for
        records, for changes, and for a search without hits. What others return is cited by the
        tokens of its items.
        """
        token = self._tokens.of_call(call)
        result = call.reply
        if isinstance(result, schemas.RecordsReply):
            return self.write({"token": token, "reply": self._shorten_list(result)})
        if isinstance(result, schemas.ChangesReply):
            return self.write({"token": token, "reply": result})
        if not isinstance(result, schemas.SearchReply):
            return self.write(result)
        named: dict[str, object] = {} if result.found else {"token": token, "found": False}
        return self.write(named | {"entries": [*map(self._shorten_hit, result.entries)]})

    def write(self, value: object) -> str:
        """A value as JSON for the agent, counted towards the limit of characters."""
        text = json.dumps(self.plain(value), ensure_ascii=False, separators=(",", ":"))
        self.shown += len(text)
        return text

    def plain(self, value: object) -> object:
        """A value of a reply, of any depth, as JSON data for the agent.

        Ids become tokens, and empty or hidden fields are left out. Prompt injections in texts of
        documents are removed, so that the model never reads them.
        """
        if isinstance(value, BaseModel):
            return self.plain(value.model_dump(mode="json"))
        if isinstance(value, list | tuple):
            return [self.plain(part) for part in value]
        if isinstance(value, str):
            return remove_prompt_injections(value)
        if isinstance(value, dict):
            return self._plain_object(value)
        return value

    def _plain_object(self, value: dict[str, Any]) -> dict[str, Any]:
        """An object of a reply as JSON data for the agent: its token, then the fields that are not
        hidden or empty.

        An object with a token needs no ids, which are left out. A whole item gets its text without
        repetitions. False is not empty: it says something, for example that nothing was found.
        """
        plain: dict[str, Any] = dict(self._tokens_of(value))
        hidden = _hidden_fields(value)
        if plain:
            hidden |= _REPLACED
        if value.keys() >= _WHOLE_ITEM:
            value = value | self._plain_texts(value)
        for name, part in value.items():
            is_empty = part is not False and part in EMPTY  # False says something, though it is 0
            if name not in hidden and not is_empty:
                plain[name] = self.plain(part)
        return plain

    def _plain_texts(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """The text and the fields of a whole item, without what would be said twice.

        The text loses its heading, which repeats number and title, unless the title is cut ("…").
        Fields that are in the text are left out. From now on the item counts as shown, so that hits
        need not repeat it.
        """
        self._shown_passages.add((value["document_id"], value["key"], ""))
        item = self._catalogue.item(value["document_id"], value["key"])
        text = value["text"]
        squashed = squash(text)
        fields = [field for field in value["fields"] if squash(field["text"]) not in squashed]
        if item is not None and not item.title.endswith("…"):
            text = text.removeprefix(item.heading).strip()
        return {"text": text, "fields": fields}

    def _tokens_of(self, value: Mapping[str, Any]) -> dict[str, str]:
        """The tokens of an object as fields for the agent; {} for an object that has none.

        Items, pages and documents have a "token". Which of these an object is, its fields show. An
        item that comes with the title of its document also has "paper", the token of this document.
        """
        documents = self._catalogue.documents
        item = self._catalogue.item(value.get("document_id", ""), value.get("key", ""))
        if item is not None:
            tokens = {"token": self._tokens.of_item(item)}
            if "document_title" in value:
                tokens["paper"] = self._tokens.of_document(documents[item.document_id])
            return tokens
        if value.keys() >= _PAGE:
            keys = [(entry["document_id"], entry["key"]) for entry in value["entries"]]
            items = (self._catalogue.item(*key) for key in keys)
            on_page = (item for item in items if item is not None)
            return {"token": self._tokens.of_page(on_page, value["document_id"], value["page"])}
        if "publisher" in value and value["id"] in documents:
            return {"token": self._tokens.of_document(documents[value["id"]])}
        return {}

    def _shorten_list(self, reply: schemas.RecordsReply) -> dict[str, object]:
        """The reply of `records` for the agent, with its first entries only.

        If there are more, the last entry is "… 12" with their number. With groups, which say most
        already, few entries are enough; the largest groups come first. A completeness that is not
        known is "unknown", as null would be left out.
        """
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
        """A hit with a short passage: all text of a short item, else the beginning of the best
        passage.

        A passage that is only a label ("Kosten:") gets the line behind it. The passage is "" if the
        agent was shown it, or the whole item, before.
        """
        item = self._catalogue.item(entry.document_id, entry.key)
        text = full_text(item) if item is not None else ""
        passage = entry.passage
        if passage.endswith(":"):  # a label, whose value is behind it
            behind = text.partition(passage)[2].strip()
            passage = f"{passage} {behind.partition(chr(10))[0]}"
        passage = text if len(text) <= _PASSAGE else shorten(passage, _PASSAGE)
        ids = entry.document_id, entry.key
        if not self._shown_passages.isdisjoint({(*ids, ""), (*ids, passage)}):
            passage = ""
        else:
            self._shown_passages.add((*ids, passage))
        return entry.model_copy(update={"passage": passage})


def _hidden_fields(value: Mapping[str, Any]) -> set[str]:
    """The names of the fields of an object that the agent does not get, by what the object is.

    Of a document only `_OF_DOCUMENT` are shown, of anything else all but `_HIDDEN`, with the
    exceptions below.
    """
    if "publisher" in value:  # a document
        return value.keys() - _OF_DOCUMENT
    hidden = set(_HIDDEN)
    is_whole_item = value.keys() >= _WHOLE_ITEM
    is_pointer = value.keys() == schemas.ItemPointer.model_fields.keys()
    if is_pointer:  # parent, child or neighbour of another item
        hidden.add("kind")
    if is_whole_item:
        hidden |= {"passage", "previous", "next"}
    # a whole item's number, or a page's text
    if is_whole_item or isinstance(value.get("page"), dict):
        hidden.remove("page")
    if value.get("ref") == value.get("title"):  # an item without a number
        hidden.add("ref")
    return hidden
