"""From the setting to the embedding: the only file that builds one.

"" is the embedding that needs nothing; "openai:MODEL@URL" any OpenAI-compatible endpoint (its key in OPENAI_API_KEY);
"folder:/path" a local sentence-transformers model.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings

from vectorstore.embeddings import Embedding, ForeignEmbedding
from vectorstore.errors import EmbeddingUnavailable
from vectorstore.subword import SubwordEmbedding

_TEXTS = 100  # in one request
_MOST_BYTES = 10_000_000  # of its reply: 4,096 numbers of 24 characters for each text


def default_embedding() -> Embedding:
    """A new embedding that works without download and network."""
    return SubwordEmbedding()


def embedding_for(setting: str) -> Embedding:
    """The embedding that a setting names; raises EmbeddingUnavailable with what is missing."""
    kind, _, rest = setting.strip().partition(":")
    if not kind or kind == "default":
        return default_embedding()
    if kind == "openai" and rest:
        return ForeignEmbedding(f"openai:{rest}", _openai(*rest.partition("@")[::2]))
    if kind == "folder" and rest:
        return ForeignEmbedding(f"folder:{Path(rest).name}", _folder(Path(rest)))
    raise EmbeddingUnavailable(
        f"Die Einbettung „{setting}“ ist unbekannt. Möglich sind „default“, „openai:MODELL@URL“ und „folder:/pfad“."
    )


def _openai(model: str, url: str) -> Embeddings:
    from vectorstore.endpoints import endpoint_client

    built: Embeddings = _class("langchain_openai", "OpenAIEmbeddings", extra="openai")(
        model=model,
        base_url=url or None,
        api_key=os.environ.get("OPENAI_API_KEY") or "none",
        check_embedding_ctx_length=False,
        chunk_size=_TEXTS,
        http_client=endpoint_client(_MOST_BYTES),
    )
    return built


def _folder(path: Path) -> Embeddings:
    if not path.is_dir():
        raise EmbeddingUnavailable(f"Der Modellordner {path} fehlt.")
    model: Embeddings = _class("langchain_huggingface", "HuggingFaceEmbeddings", extra="local")(
        model_name=str(path), model_kwargs={"local_files_only": True}, encode_kwargs={"normalize_embeddings": True}
    )
    return model


def _class(module: str, name: str, *, extra: str) -> Any:
    try:
        return getattr(import_module(module), name)
    except ImportError as error:
        raise EmbeddingUnavailable(f"Für diese Einbettung fehlt ein Paket: pip install '.[{extra}]'.") from error
