"""The JSON in a language model's reply: a reply is text of a stranger, whatever it was asked for."""

from __future__ import annotations

import json
from typing import Any


def object_in(reply: str) -> Any:
    """What the object from the first brace to the last says, whatever stands around it; None where there is none.

    Raises ValueError where that is no JSON.
    """
    start, end = reply.find("{"), reply.rfind("}")
    try:
        return json.loads(reply[start : end + 1]) if 0 <= start < end else None
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
