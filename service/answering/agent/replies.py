"""The replies of tools as JSON for the agent: with tokens for ids, without what it need not read.

All replies are JSON, so that no text of a document or question can be taken for an instruction.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from service.answering.agent.calls import EMPTY
from service.answering.agent.tokens import Call, TokenTable
from service.answering.composing.parts import shorten
from service.answering.tools import schemas
from service.answering.tools.read import full_text
from service.answering.verification.verbatim import remove_prompt_injections
from service.records import FieldView, Notice
from vectorstore.language import squash
from vectorstore.records import Catalogue

_LISTED = 60  # most items in the reply of `records`
_EXAMPLES = 12  # most items where it has groups
_PASSAGE = 200  # characters of the passage of a search, and of a short item, which is given whole
_REPLACED = {"document_id", "key", "id"}  # fields that a token replaces
_OF_ITEM = {"document_title", "document_status", "as_of", "url", "score", "archived", "path"}
# fields of replies that the agent does not get
_HIDDEN: dict[type[BaseModel], set[str]] = {
    schemas.ItemPointer: {"kind"},
    schemas.ItemEntry: {*_OF_ITEM, "page"},
    schemas.WholeEntry: {*_OF_ITEM, "length", "dates", "amounts", "passage", "previous", "next"},
    schemas.PageText: {"document_title", "page", "length"},
    schemas.DocumentSummary: {"superseded", "families"},
    FieldView: {"page"},
    Notice: {"url"},
}


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
        records and for changes. What others return is cited by the tokens of its items.
        """
        token = self._tokens.of_call(call)
        result = call.reply
        if isinstance(result, schemas.RecordsReply):
            return self.write({"token": token, "reply": self._shorten_list(result)})
        if isinstance(result, schemas.ChangesReply):
            return self.write({"token": token, "reply": result})
        if not isinstance(result, schemas.SearchReply):
            return self.write(result)
        named: dict[str, object] = {} if result.found else {"found": False}
        return self.write(named | {"entries": [*map(self._shorten_hit, result.entries)]})

    def write(self, value: object) -> str:
        """A value as JSON for the agent, counted towards the limit of characters."""
        text = json.dumps(self.plain(value), ensure_ascii=False, separators=(",", ":"), default=str)
        self.shown += len(text)
        return text

    def plain(self, value: object) -> object:
        """A value of a reply, of any depth, as JSON data for the agent.

        Ids become tokens, and empty or hidden fields are left out. Prompt injections in texts of
        documents are removed, so that the model never reads them.
        """
        if isinstance(value, BaseModel):
            return self._plain_fields(value)
        if isinstance(value, list | tuple):
            return [self.plain(part) for part in value]
        if isinstance(value, str):
            return remove_prompt_injections(value)
        if isinstance(value, dict):
            return {name: self.plain(part) for name, part in value.items()}
        return value

    def _plain_fields(self, value: BaseModel) -> dict[str, object]:
        """An object of a reply as JSON data for the agent: its token, then the fields that are not
        hidden or empty.

        An object with a token needs no ids, which are left out. A whole item gets its text without
        repetitions, an item without a number only its title. False is not empty: it says
        something, for example that nothing was found.
        """
        tokens = self._tokens_of(value)
        hidden = _HIDDEN.get(type(value), set()) | (_REPLACED if tokens else set())
        fields = dict(value)
        if isinstance(value, schemas.WholeEntry):
            fields |= self._plain_texts(value)
        if fields.get("ref") == fields.get("title"):
            fields.pop("ref", None)
        plain: dict[str, object] = dict(tokens)
        for name, part in fields.items():
            data = self.plain(part)
            if name not in hidden and (data is False or data not in EMPTY):
                plain[name] = data
        return plain

    def _plain_texts(self, entry: schemas.WholeEntry) -> dict[str, Any]:
        """The text and the fields of a whole item, without what would be said twice.

        The text loses its heading, which repeats number and title, unless the title is cut ("…").
        Fields that are in the text are left out. From now on the item counts as shown, so that hits
        need not repeat it.
        """
        self._shown_passages.add((entry.document_id, entry.key, ""))
        item = self._catalogue.item(entry.document_id, entry.key)
        text = entry.text
        squashed = squash(text)
        fields = [field for field in entry.fields if squash(field.text) not in squashed]
        if item is not None and not item.title.endswith("…"):
            text = text.removeprefix(item.heading).strip()
        return {"text": text, "fields": fields}

    def _tokens_of(self, value: BaseModel) -> dict[str, str]:
        """The tokens of an object as fields for the agent; {} for an object that has none.

        Items, pages and documents have a "token". An item that comes with the title of its document
        also has "paper", the token of this document.
        """
        catalogue = self._catalogue
        match value:
            case schemas.ItemPointer():
                item = catalogue.item(value.document_id, value.key)
                if item is None:
                    return {}
                tokens = {"token": self._tokens.of_item(item)}
                if isinstance(value, schemas.ItemEntry):
                    document = catalogue.documents[item.document_id]
                    tokens["paper"] = self._tokens.of_document(document)
                return tokens
            case schemas.PageText():
                items = (catalogue.item(entry.document_id, entry.key) for entry in value.entries)
                on_page = (item for item in items if item is not None)
                return {"token": self._tokens.of_page(on_page, value.document_id, value.page)}
            case schemas.DocumentSummary() if value.id in catalogue.documents:
                return {"token": self._tokens.of_document(catalogue.documents[value.id])}
        return {}

    def _shorten_list(self, reply: schemas.RecordsReply) -> dict[str, object]:
        """The reply of `records` for the agent, with its first entries only.

        If there are more, the last entry is "… 12" with their number. With groups, which say most
        already, few entries are enough; the largest groups come first. A completeness that is not
        known is "unknown", as null would be left out.
        """
        limit = _EXAMPLES if reply.groups else _LISTED
        entries: list[object] = [
            schemas.ItemPointer.model_validate(dict(entry)) for entry in reply.entries[:limit]
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

        The passage is "" if the agent was shown it, or the whole item, before.
        """
        item = self._catalogue.item(entry.document_id, entry.key)
        text = full_text(item) if item is not None else ""
        passage = text if len(text) <= _PASSAGE else shorten(entry.passage, _PASSAGE)
        ids = entry.document_id, entry.key
        if not self._shown_passages.isdisjoint({(*ids, ""), (*ids, passage)}):
            passage = ""
        else:
            self._shown_passages.add((*ids, passage))
        return entry.model_copy(update={"passage": passage})
