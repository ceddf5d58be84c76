"""Who waits behind many others for an answer: a new network's turn comes first."""

from __future__ import annotations

import asyncio
from collections import Counter

import httpx2 as httpx
from starlette.testclient import TestClient

from service.web.http import Turns

CLIENTS = 60
OF_CLIENT = 5


def test_a_new_network_is_answered_before_the_queue_of_sixty(client: TestClient) -> None:
    answered: list[str] = []

    async def ask(address: str, number: int) -> None:
        transport = httpx.ASGITransport(client.app, client=(address, 1000))
        async with httpx.AsyncClient(transport=transport, base_url="http://lotse.example") as http:
            body = {"question": f"Welche Projekte gibt es zum Radverkehr, Nummer {number}?"}
            assert (await http.post("/api/v1/chat", json=body)).status_code == 200
        answered.append(address)

    async def flood() -> None:
        networks = [f"10.1.{number}.1" for number in range(CLIENTS)]
        tasks = [
            asyncio.create_task(ask(network, number))
            for number in range(OF_CLIENT)
            for network in networks
        ]
        while len(answered) < CLIENTS:
            await asyncio.sleep(0.01)
        await ask("10.9.9.9", 0)
        await asyncio.gather(*tasks)

    asyncio.run(flood())
    assert answered.index("10.9.9.9") < CLIENTS * OF_CLIENT * 2 / 3, "not behind all of them"
    assert len(answered) == CLIENTS * OF_CLIENT + 1


def test_turns_are_shared_out_and_bounded() -> None:
    running, most, order = Counter[str](), Counter[str](), list[str]()

    async def work(turns: Turns, name: str) -> None:
        async with turns.turn(name):
            running[name] += 1
            most[name] = max(most[name], running[name])
            order.append(name)
            await asyncio.sleep(0)
            running[name] -= 1

    async def all_at_once(of_one: int) -> None:
        turns = Turns(2, of_one)
        await asyncio.gather(*(work(turns, name) for name in "aaaaaabb"))

    asyncio.run(all_at_once(2))
    assert most["a"] == 2
    assert order.index("b") < 4, "before the other four of a"
    most.clear()
    asyncio.run(all_at_once(1))
    assert max(most.values()) == 1
