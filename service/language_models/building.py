"""From the setting to the chat model, its name and who processes what it is asked: the only file that builds one.

"openai:NAME@URL" is any OpenAI-compatible endpoint (Ollama, vLLM, llama.cpp, hosted; its key in OPENAI_API_KEY), any
other setting what LangChain's `init_chat_model` takes ("mistralai:NAME", with that maker's package and key).
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any, Protocol
from urllib.parse import urlsplit

from prompts import fill
from service.language_models.errors import Failure, ModelUnavailable
from service.record_models import Notice
from service.settings import MODEL
from vectorstore.endpoints import HEAD_BYTES, UnusableReply, endpoint_client

_OPENAI = "openai"  # whose protocol names the reason why a reply ended
_NO_KEY = "none"  # endpoints of one's own ask for none, and the client wants one
_TOKEN = 3.5  # characters of German that one token holds, where the endpoint does not count
_LONGEST, _EVENTS = 16, 2  # characters and events of a token: who sends more than that was not asked for it
_TOKEN_BYTES, _EVENT_BYTES = 64, 1024  # at most: what a token takes in a reply at once, and as an event of a stream
MOST_CALLS, MOST_ARGUMENTS = 32, 20_000  # of a reply: calls of tools, and characters of the arguments of all


@dataclass(frozen=True, slots=True)
class ModelName:
    """A setting taken apart."""

    maker: str
    name: str
    url: str | None

    @property
    def host(self) -> str:
        """Who processes what is asked: the endpoint's address, else the maker."""
        return (urlsplit(self.url).hostname or self.url) if self.url else self.maker


def model_name(setting: str) -> ModelName:
    """The parts of a setting; raises ValueError where it is none."""
    match = MODEL.fullmatch(setting.strip())
    if match is None:
        raise ValueError("no model: MAKER:NAME or openai:NAME@URL")
    return ModelName(match["maker"], match["name"], match["url"])


def model_notice(code: str, language: str, name: str, host: str) -> Notice:
    """The notice with this code, "model_words" or "model_asked", on a model of a host."""
    return Notice(code=code, text=fill(f"{language}/{code}", modell=name, ort=host))


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What a model said, and how many tokens it read and wrote."""

    text: str
    read: int
    written: int


class ChatModel(Protocol):
    """A model that can be asked; `chat` is LangChain's."""

    @property
    def chat(self) -> Any:
        """LangChain's chat model."""

    def reply(self, instruction: str, asked: str, seconds: float) -> ModelReply:
        """What the model says; raises ModelUnavailable for whatever fails, or after so many seconds."""


class LangChainModel:
    """Any chat model that LangChain builds; its answer is read as it comes, so that the time limit holds."""

    def __init__(self, setting: str, *, tokens: int, seconds: float) -> None:
        parts = model_name(setting)
        self.chat = _build_model(parts, tokens, seconds)
        self._reports_its_end = parts.maker == _OPENAI
        self._tokens = tokens

    def reply(self, instruction: str, asked: str, seconds: float) -> ModelReply:
        """See `ChatModel.reply`; raises ModelUnavailable also where its end is missing."""
        text, usage, until, finished = "", dict[str, int](), time.monotonic() + seconds, not self._reports_its_end
        try:
            for number, piece in enumerate(self.chat.stream([("system", instruction), ("human", asked)])):
                finished = finished or bool(piece.response_metadata.get("finish_reason"))
                text += piece.text if isinstance(piece.text, str) else str(piece.content)
                usage |= piece.usage_metadata or {}
                too_long = len(text) > _LONGEST * self._tokens or number > _EVENTS * self._tokens
                if too_long or piece.tool_call_chunks:  # no tool was offered
                    raise ModelUnavailable(Failure.BROKEN)
                if time.monotonic() > until:
                    raise ModelUnavailable(Failure.SLOW)
        except ModelUnavailable:
            raise
        except Exception as error:  # every client library has its own
            raise ModelUnavailable(failure_of(error)) from error
        if not finished:
            raise ModelUnavailable(Failure.BROKEN)
        read = usage.get("input_tokens") or tokens_of(instruction + asked)
        return ModelReply(text, read, usage.get("output_tokens") or tokens_of(text))


def _build_model(parts: ModelName, tokens: int, seconds: float) -> Any:
    """LangChain's chat model; tracing stays off, and nothing is tried again behind our back."""
    os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    try:
        init = import_module("langchain.chat_models").init_chat_model
        options: dict[str, Any] = {"temperature": 0, "max_tokens": tokens, "timeout": seconds, "max_retries": 0}
        if parts.maker == _OPENAI:
            options |= {"api_key": os.environ.get("OPENAI_API_KEY") or _NO_KEY, "use_responses_api": False}
            check = partial(check_reply, HEAD_BYTES + _TOKEN_BYTES * tokens)
            client = endpoint_client(HEAD_BYTES + _EVENT_BYTES * tokens, check)
            options |= {"stream_usage": True, "http_client": client}
        if parts.url:
            options["base_url"] = parts.url
        return init(parts.name, model_provider=parts.maker, **options)
    except ImportError as error:
        raise ModelUnavailable(Failure.NOT_INSTALLED) from error
    except Exception as error:
        raise ModelUnavailable(Failure.MISCONFIGURED) from error


def check_reply(most_bytes: int, content: bytes) -> None:
    """Raise UnusableReply where a reply is longer than a model writes, or calls more than an agent carries out.

    It is looked at before anything is made of it: the objects of many calls cost a thousand times their text.
    """
    try:
        choices = json.loads(content)["choices"] if len(content) <= most_bytes else []
        messages = [choice["message"] for choice in choices]
        calls = [call for message in messages for call in message.get("tool_calls") or []]
        parts = [
            part
            for message in messages
            if isinstance(content_parts := message.get("content"), list)
            for part in content_parts
        ]
        arguments = sum(len(str(call["function"]["arguments"])) for call in calls)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UnusableReply from error
    if len(choices) != 1 or max(len(calls), len(parts)) > MOST_CALLS or arguments > MOST_ARGUMENTS:
        raise UnusableReply


def tokens_of(text: str) -> int:
    """About how many tokens a text has, where the endpoint does not count."""
    return int(len(text) / _TOKEN)


def failure_of(error: Exception) -> Failure:
    """What kind of failure an error of a client library is, by its status or its name."""
    if isinstance(error.__cause__, UnusableReply):
        return Failure.BROKEN
    status = getattr(error, "status_code", None)
    if status == 429:
        return Failure.REFUSED_FOR_NOW
    if status in (401, 403):
        return Failure.NO_ACCESS
    if "timeout" in type(error).__name__.lower():
        return Failure.SLOW
    if "connect" in type(error).__name__.lower():
        return Failure.UNREACHABLE
    return Failure.BROKEN
