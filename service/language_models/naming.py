"""What a configured model is called, who processes what it is asked, and how people are told."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from prompts import filled
from service.record_models import Notice
from service.settings import MODEL


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
    return Notice(code=code, text=filled(f"{language}/{code}", modell=name, ort=host))
