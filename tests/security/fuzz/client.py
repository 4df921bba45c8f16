"""A client that sends what it is told to, well formed or not, and waits for what comes back."""

import contextlib
import http.client
import select
import socket
import time
from dataclasses import dataclass

from tests.security.fuzz.requests import Request

HANGS_AFTER = 10.0
"""Seconds without an answer to a request that was sent whole."""
_PATIENCE = 30.0
"""The server gives 10 s to a body that does not come: the client waits longer before it calls that a hang."""


_PAUSE = 0.3
"""Seconds after which a client that sent something odd ends its part: aiohttp then closes without a word."""


@dataclass(frozen=True)
class Outcome:
    """What became of a request."""

    status: int | None
    """None: the connection was closed without an answer."""
    seconds: float
    """From the last byte sent to the last one received."""
    hung: bool = False


class Client:
    """One connection after the other, kept as long as the server keeps it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def close(self) -> None:
        """Drop the connection."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.close()
        self._socket = None

    def send(self, request: Request) -> Outcome:
        """Send it, on a connection of its own unless it is sound, and wait for its answer.

        A connection that was kept and that the server has just closed is no answer: as any client, try a new one.
        """
        if not request.sound:
            self.close()
        kept = self._socket is not None
        outcome = self._send(request)
        return self._send(request) if kept and outcome.status is None and not outcome.hung else outcome

    def _send(self, request: Request) -> Outcome:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=_PATIENCE)
        with contextlib.suppress(OSError):  # refused before its end: the answer may be there all the same
            self._socket.sendall(request.head + request.body)
            if not request.sound and request.ends and not select.select([self._socket], [], [], _PAUSE)[0]:
                self._socket.shutdown(socket.SHUT_WR)  # it waits for more: there is none
        started = time.perf_counter()
        status, stays, hung = self._answer(self._socket, request.method)
        seconds = time.perf_counter() - started
        if not request.sound or not stays:
            self.close()
        return Outcome(status, seconds, hung or (request.ends and seconds > HANGS_AFTER))

    def _answer(self, connection: socket.socket, method: str) -> tuple[int | None, bool, bool]:
        """Status, whether the connection stays open, whether nothing came in time."""
        response = http.client.HTTPResponse(connection, method=method)
        try:
            response.begin()
            response.read()
        except TimeoutError:
            return None, False, True
        except (OSError, http.client.HTTPException):
            return response.status if isinstance(response.status, int) else None, False, False
        finally:
            response.close()
        return response.status, not response.will_close, False
