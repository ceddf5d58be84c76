"""Values that are stored as JSON for a document, beside the editions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from vectorstore import Texts


class StoredForm(BaseModel):
    """A value stored as JSON for a document, in `folder`; content that cannot be parsed counts as
    missing.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")
    folder: ClassVar[str]

    @classmethod
    def name_for(cls, document_id: str) -> str:
        """Return the name under which the value of a document is stored."""
        return f"{cls.folder}{document_id}.json"

    @classmethod
    def parse(cls, content: bytes | None) -> Self | None:
        """Return the value of stored JSON, None if it is missing or cannot be parsed."""
        try:
            if content is not None:
                return cls.model_validate_json(content)
            return None
        except ValidationError:
            return None

    @classmethod
    def load(cls, texts: Texts, document_id: str) -> Self | None:
        """Return the value of a document, None without one."""
        return cls.parse(texts.get(cls.name_for(document_id)))

    @classmethod
    def forget(cls, texts: Texts, ids: Iterable[str]) -> None:
        """Remove the values of documents; raises what `Texts.remove` raises."""
        for name in texts.all(cls.folder).keys() & {*map(cls.name_for, ids)}:
            texts.remove(name)

    @property
    def content(self) -> bytes:
        """The value as stored JSON, without defaults."""
        return self.model_dump_json(exclude_defaults=True, indent=1).encode()
