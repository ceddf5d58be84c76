"""How many mails may go out in all, whoever sends them: the office's mailbox is not flooded by many clients at once."""

from __future__ import annotations

from collections import deque

HOUR = 3600.0


class HourlyQuota:
    """At most `most` turns within any hour; 0: any number. `now` is in seconds."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Take a turn; return 0 where there was one, else the seconds until there is."""
        while self._taken and self._taken[0] <= now - HOUR:
            self._taken.popleft()
        if self._most and len(self._taken) >= self._most:
            return self._taken[0] + HOUR - now
        if self._most:
            self._taken.append(now)
        return 0.0

    def give_back(self, then: float) -> None:
        """Return the turn that was taken at `then`, where nothing came of it."""
        if then in self._taken:
            self._taken.remove(then)
