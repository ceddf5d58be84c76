"""The provider's keys: kept against whoever sends rubbish, fetched anew where a key is new or they are old."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from joserfc.jwk import RSAKey

from service.settings import Settings
from service.staff.oidc import KEYS_SECONDS, KNOWN_SECONDS, Accounts, ProviderAway, Refused
from tests.staff.provider import CLIENT, Provider
from tests.staff.test_accounts import ROLES


class Counted(Accounts):
    """Accounts by a clock that is set, that count how often keys are fetched."""

    def __init__(self, provider: Provider) -> None:
        known: dict[str, Any] = {"oidc_client_id": CLIENT, "oidc_roles": ROLES}
        self.now, self.fetched, self.fails = 0.0, 0, False
        super().__init__(Settings(staff_access="oidc", oidc_issuer=provider.issuer, **known), lambda: self.now)

    async def _fetched_keys(self, url: str) -> Any:
        self.fetched += 1
        if self.fails:
            raise ProviderAway("keys")
        return await super()._fetched_keys(url)

    def takes(self, token: str) -> bool:
        try:
            return anyio.run(self.ended, token) == ("", "s-1")
        except Refused:
            return False


def forged(provider: Provider, kid: str) -> str:
    own, provider.key = provider.key, RSAKey.generate_key(2048, {"kid": kid})
    try:
        return provider.ended(sid="s-1")
    finally:
        provider.key = own


def test_rubbish_fetches_no_keys(provider: Provider) -> None:
    accounts = Counted(provider)
    assert not accounts.takes("x") and not accounts.takes("ä.b.c") and accounts.fetched == 0
    assert accounts.takes(provider.ended(sid="s-1")) and accounts.fetched == 1
    known = forged(provider, str(provider.key.kid))
    assert not any(accounts.takes(one) for one in ("x", known, known)) and accounts.fetched == 1
    for number in range(3):
        assert not accounts.takes(forged(provider, f"fremd-{number}")) and accounts.fetched == 2
    accounts.now = KEYS_SECONDS
    assert not accounts.takes(forged(provider, "fremd")) and accounts.fetched == 3
    assert accounts.takes(provider.ended(sid="s-1")) and accounts.fetched == 3


def test_the_old_keys_are_kept_until_the_new_are_there(provider: Provider) -> None:
    accounts = Counted(provider)
    assert accounts.takes(provider.ended(sid="s-1"))
    accounts.fails = True
    with pytest.raises(ProviderAway):
        accounts.takes(forged(provider, "fremd"))
    assert accounts.takes(provider.ended(sid="s-1"))
    provider.key, accounts.fails = RSAKey.generate_key(2048, {"kid": "neu"}), False
    assert not accounts.takes(provider.ended(sid="s-1"))
    accounts.now = KEYS_SECONDS
    assert accounts.takes(provider.ended(sid="s-1"))


def test_a_new_key_of_the_same_name_is_known_after_an_hour(provider: Provider) -> None:
    accounts = Counted(provider)
    assert accounts.takes(provider.ended(sid="s-1"))
    provider.key = RSAKey.generate_key(2048, {"kid": str(provider.key.kid)})
    assert not accounts.takes(provider.ended(sid="s-1"))
    accounts.now = KNOWN_SECONDS
    assert accounts.takes(provider.ended(sid="s-1"))
