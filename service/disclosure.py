"""The mark of automatic texts for machines (AI Act, Art. 50): a header beside the answer, an address in its markup.

The header's name and its `mode` follow the Internet-Draft draft-abaris-aicdh, the address names a term of IPTC's list
of digital source types, which schema.org takes for `digitalSourceType`.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from service.models import GeneratedBy

HEADER = "AI-Disclosure"
_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_TYPES = {"automatic": "algorithmicMedia", "language_model": "trainedAlgorithmicMedia"}


def disclosed(made: GeneratedBy | None) -> Mapping[str, str]:
    """Return the header of an answer; None where it is on its way and whether a model words it is not known yet."""
    parts = ["mode=machine-generated"]
    if made is not None:
        parts.append(f"kind={made.kind}")
    if made is not None and made.model:
        parts.append(f'model="{quote(made.model, safe=" /:.@+")}"')
    return {HEADER: ", ".join(parts)}


def digital_source_type(made: GeneratedBy) -> str:
    """Return the address of IPTC's term for how a text came about."""
    return _SOURCE + _TYPES[made.kind]
