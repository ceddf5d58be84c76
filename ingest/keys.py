"""Keys: refs made URL-safe and unique in their document."""

from __future__ import annotations

import re
import unicodedata

_TRANSLITERATION = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})


def url_safe(ref: str, otherwise: str = "Abschnitt") -> str:
    """Return a ref with letters, digits, dots and hyphens only; `otherwise` where none is left."""
    plain = unicodedata.normalize("NFKD", ref.translate(_TRANSLITERATION)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9.]+", "-", plain).strip("-.") or otherwise


class Keys:
    """Makes keys: the second "Umsetzung" becomes "Umsetzung~2"."""

    def __init__(self) -> None:
        self._used: set[str] = set()
        self._counts: dict[str, int] = {}

    def make(self, ref: str, first_suffix: bool = False) -> str:
        """Return the key of a ref; with `first_suffix` numbering starts at "~1"."""
        base = url_safe(ref)
        count = self._counts.get(base, 1)
        key = f"{base}~1" if first_suffix else base
        while key in self._used:
            count += 1
            key = f"{base}~{count}"
        self._used.add(key)
        self._counts[base] = count
        return key
