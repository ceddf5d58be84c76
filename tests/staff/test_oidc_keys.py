"""The provider's keys: kept against whoever sends rubbish, fetched anew where a key is new or they are old."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from service.settings import Settings
from service.staff.accounts import KEYS_SECONDS, KNOWN_SECONDS, Accounts, Refused
from tests.staff.provider import CLIENT, Provider
from tests.staff.test_accounts import ROLES


class Timed(Accounts):
    """Accounts by a clock that is set."""

    def __init__(self, provider: Provider) -> None:
        known: dict[str, Any] = {"oidc_client_id": CLIENT, "oidc_roles": ROLES}
        self.now = 0.0
        super().__init__(Settings(staff_access="oidc", oidc_issuer=provider.issuer, **known), lambda: self.now)

    def takes(self, token: str) -> bool:
        try:
            return anyio.run(self.ended, token) == ("", "s-1")
        except (Refused, JoseError):
            return False


def forged(provider: Provider, kid: str) -> str:
    own, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": kid})
    try:
        return provider.ended(sid="s-1")
    finally:
        provider.key = own


@pytest.fixture
def accounts(provider: Provider) -> Timed:
    provider.keys_asked = 0
    return Timed(provider)


def test_rubbish_fetches_keys_seldom(accounts: Timed, provider: Provider) -> None:
    assert not accounts.takes("x") and not accounts.takes("ä.b.c") and provider.keys_asked == 0
    assert accounts.takes(provider.ended(sid="s-1")) and provider.keys_asked == 1
    for number in range(3):
        assert not accounts.takes(forged(provider, f"fremd-{number}")) and provider.keys_asked == 2
    accounts.now = KEYS_SECONDS
    assert not accounts.takes(forged(provider, "fremd")) and provider.keys_asked == 3
    assert accounts.takes(provider.ended(sid="s-1")) and provider.keys_asked == 3


def test_a_new_key_is_known_at_once_and_one_of_the_same_name_after_an_hour(accounts: Timed, provider: Provider) -> None:
    assert accounts.takes(provider.ended(sid="s-1"))
    provider.key = RSAKey.generate_key(2048, {"kid": "neu"})
    assert accounts.takes(provider.ended(sid="s-1"))
    provider.key = RSAKey.generate_key(2048, {"kid": "neu"})
    assert not accounts.takes(provider.ended(sid="s-1"))
    accounts.now = KNOWN_SECONDS
    assert accounts.takes(provider.ended(sid="s-1"))
