"""Addresses that people do not write: where a sign-in leads on to, numbers that no table has, letters of nothing."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service.audit import AuditFilter
from service.staff.addresses import onward
from service.staff.administration import wanted


@pytest.mark.parametrize(
    "address",
    [
        "/staff/../documents",
        "/staff/..//evil.example/",
        "/staff/%2e%2e//evil.example/",
        "/staff/.%2E/healthz",
        "/staff/./sign-in?token=x",
        "/staff//evil.example",
        "/staff/..",
        "/staff/%5c%5cevil.example",
        "/staff/%73ign-in",
        "//evil.example/staff/",
    ],
)
def test_a_sign_in_leads_to_no_other_place(address: str) -> None:
    assert onward(address) == "/staff"


@pytest.mark.parametrize(
    "address",
    ["/staff", "/staff?q=a..b", "/staff/items/a/2.1~3?quote=..%2F", "/staff/catalogue/", "/staff/documents/a..b"],
)
def test_a_sign_in_leads_to_every_page_of_staff(address: str) -> None:
    assert onward(address) == address


@pytest.mark.parametrize(
    "path",
    [
        "/staff/decisions/{}/undo",
    ],
)
def test_a_number_that_no_table_has_is_no_fault(client: TestClient, path: str) -> None:
    token = {"Origin": "http://127.0.0.1"}
    assert client.post(path.format(1), headers=token).status_code not in (405, 500)
    for number in ("12345678901234567890123", "-1", "2147483648"):
        assert client.post(path.format(number), headers=token).status_code in (404, 422)


def test_a_letter_of_nothing_finds_nobody(client: TestClient) -> None:
    assert wanted("Ada\0 B", "publish\0") == AuditFilter("Ada B", "publish")
    for name in ("person", "action"):
        assert client.get(f"/staff/audit?{name}=A%00").status_code == 200
