"""Names that a library keeps to itself: which of them the code uses, and the test that fails where
one changes.
"""

from __future__ import annotations

import ast

import pytest

from tests.imports import ROOMS, nodes
from tests.test_security_points import names_in

PUBLIC = {"_replace", "_asdict"}  # of named tuples, as documented
TYPES = {"_Element"}  # lxml's only class of elements, named in annotations alone
USED = {
    ("_admin_client", "_server", "_session"):
        "tests/vectorstore/test_vectors.py::test_a_request_to_a_server_ends_in_time",
    ("_identifier_to_system",): "tests/vectorstore/test_vectors.py::test_what_could_not_be_read_can_once_it_is_mended",
    ("_transport", "_mounts", "_pool", "_network_backend"):
        "tests/vectorstore/test_embeddings.py::test_whatever_is_wrong_with_a_reply_is_one_error_in_time",
    ("_forkserver", "_forkserver_pid"):
        "tests/vectorstore/test_processes.py::test_the_server_of_processes_is_started_once_and_ended",
    ("_current_part", "_files_to_close_on_error"):
        "tests/service/test_receiving.py::test_files_and_fields_come_in_however_they_are_cut",
}  # fmt: skip


def _is_private(name: object) -> bool:
    return isinstance(name, str) and name.startswith("_") and not name.startswith("__")


def _own_names() -> set[str]:
    """The private names that the code gives itself."""
    own = set[str]()
    for _, node in nodes():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            own.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            own.add(node.id)
        elif (
            isinstance(node, ast.Attribute)
            and isinstance(node.ctx, ast.Store)
            and ast.unparse(node.value) == "self"
        ):
            own.add(node.attr)
    return own


def _names_of_others() -> set[str]:
    found = set[str]()
    for _, node in nodes():
        if isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif (
            isinstance(node, ast.Call)
            and ast.unparse(node.func) == "getattr"
            and isinstance(node.args[1], ast.Constant)
        ):
            found.add(str(node.args[1].value))
        elif (
            isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] not in ROOMS
        ):
            found |= {*(node.module or "").split("."), *(alias.name for alias in node.names)}
    return {name for name in found if _is_private(name)} - _own_names()


def test_every_private_name_of_a_library_has_its_test() -> None:
    assert (
        _names_of_others() - PUBLIC - TYPES
        == {name for names in USED for name in names} - _own_names()
    )


@pytest.mark.parametrize("test", USED.values())
def test_the_test_of_a_private_name_exists(test: str) -> None:
    path, _, name = test.partition("::")
    assert name in names_in(path)
