"""The embedding for a setting.

Settings: "" is the packaged encoder, "openai:MODEL@URL" an OpenAI-compatible endpoint (its key in
OPENAI_API_KEY).
"""

from __future__ import annotations

from vectorstore.embeddings import Embedding
from vectorstore.encoder import packaged_encoder
from vectorstore.endpoints import EndpointEmbedding


def embedding_for(setting: str | None) -> Embedding:
    """The embedding for a setting; raises EmbeddingUnavailable, ValueError for other settings.

    "" and None give the packaged encoder. "openai:MODEL@URL" gives an endpoint; without "@URL" it
    is OpenAI's own.
    """
    kind, _, location = (setting or "").partition(":")
    if not kind:
        return packaged_encoder()
    if kind == "openai" and location:
        model, _, url = location.partition("@")
        return EndpointEmbedding(model, url or None)
    raise ValueError(f"no embedding: {setting}")
