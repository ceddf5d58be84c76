"""The widget's JavaScript modules as they are served: one by one below `/widget/`, and joined as
`/widget.js`; and its words in further languages, as JSON.

A website loads the joined file; who registers the element under another name imports the single
modules.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from posixpath import dirname, join, normpath

from prompts import FURTHER, widget_words
from service.web.pages import Asset, make_asset

ENTRY = "widget.js"
FOLDER = Path(str(files(__package__)))
_COMMENTS_AND_INDENTS = re.compile(r"(?m)^[ \t]*(?:/\*\*(?s:.*?)\*/\n|//.*\n)|^[ \t]+")
# import { el, on } from "./dom.js";
_IMPORT = re.compile(r'(?m)^import \{[^}]*\} from "([^"]+)";\n')
_EXPORT = re.compile(r"(?m)^export (?!\{)")  # of a declaration: export const el


@cache
def modules() -> dict[str, Asset]:
    """Return all scripts without comments and indentation, and the words in further languages, by
    their paths: "widget.js", "widget/element.js", "widget/languages/de.js",
    "widget/words/fr.json". They are read once.

    The entry, which registers the element, is only within the joined file: who registers it under
    another name must not load it.
    """
    sources = {
        path.relative_to(FOLDER).as_posix(): _COMMENTS_AND_INDENTS.sub("", path.read_text("utf-8"))
        for path in FOLDER.rglob("*.js")
    }
    scripts = {f"widget/{name}": text for name, text in sources.items() if name != ENTRY}
    scripts[ENTRY] = join_modules(sources, ENTRY)
    served = {name: make_asset(text.encode(), "text/javascript") for name, text in scripts.items()}
    for code in FURTHER:
        words = json.dumps(widget_words(code), ensure_ascii=False)
        served[f"widget/words/{code}.json"] = make_asset(words.encode(), "application/json")
    return served


def join_modules(sources: Mapping[str, str], entry: str) -> str:
    """Return the script of `entry` and all modules that it imports, as a single file.

    Modules come before those that import them. As no two have a name in common, imports are left
    out, and exports are plain declarations; what the entry names as exported stays so.
    """
    order = dict.fromkeys(_imports_first(sources, entry))
    script = "".join(sources[name] for name in order)
    return _EXPORT.sub("", _IMPORT.sub("", script))


def _imports_first(sources: Mapping[str, str], name: str) -> Iterator[str]:
    """Yield the names of a module's direct and indirect imports, deepest first, then that of the
    module.

    A module that several others import is yielded several times; the first time counts.
    """
    for path in _IMPORT.findall(sources[name]):
        yield from _imports_first(sources, normpath(join(dirname(name), path)))
    yield name
