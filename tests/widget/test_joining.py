"""Modules joined to one: in the order of their imports, names apart, and nothing unknown let through."""

from __future__ import annotations

import pytest

from service.widget.joining import JoiningError, joined


def test_modules_come_before_who_needs_them_and_once() -> None:
    whole = joined(
        {
            "a.js": 'import { one as first } from "./b.js";\nimport { two } from "./words/c.js";\nuse(first, two);\n',
            "b.js": 'import { two } from "./words/c.js";\nexport const one = two + 1;\n',
            "words/c.js": "const inner = 1;\nexport const two = inner;\nexport async function* three() {}\n",
            "unused.js": "export const four = 4;\n",
        },
        "a.js",
    )
    assert whole.count("return { two, three };") == 1
    assert whole.index("const two = inner") < whole.index("const one = two + 1") < whole.index("use(first, two)")
    assert "const { one: first } = m1;" in whole
    assert "const { two } = m0;" in whole
    assert "four" not in whole


def test_what_the_entry_exports_stays_exported() -> None:
    whole = joined({"a.js": 'import { X } from "./b.js";\nexport { X };\n', "b.js": "export class X {}\n"}, "a.js")
    assert whole.endswith("export { X };\n")


@pytest.mark.parametrize(
    "source", ['import * as all from "./b.js";\n', 'import "./b.js";\n', "export default 1;\n", "export let x = 1;\n"]
)
def test_unknown_forms_are_refused(source: str) -> None:
    with pytest.raises(JoiningError, match=r"a\.js"):
        joined({"a.js": source, "b.js": ""}, "a.js")


def test_circles_are_refused() -> None:
    sources = {"a.js": 'import { b } from "./b.js";\n', "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n'}
    with pytest.raises(JoiningError, match="circle"):
        joined(sources, "a.js")
