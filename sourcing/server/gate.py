"""Which requests are answered: to hosts that are allowed, and not to closed addresses. Plain ASGI.

A page elsewhere can let its own name lead to this machine (DNS rebinding). A browser then takes the
dashboard for a part of that page and lets it read everything, unless the name is refused here.
"""

import ipaddress
import re
from collections.abc import Callable, Iterable

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

VARIABLE = "SOURCING_HOSTS"
"""The environment variable that names more hosts, separated by commas."""
_CLOSED = "/_stcore/metrics"
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^\[\]:/@\s]+)(:[0-9]*)?", re.IGNORECASE)


class Gate:
    """Refuse requests for a foreign host, also those of the page's own connection.

    more: names beside localhost and the loopback addresses, asked for when they are needed. base:
    the server's base path (empty, or such as `/sources`).
    """

    def __init__(
        self, app: ASGIApp, more: Callable[[], Iterable[str]] = tuple, base: str = ""
    ) -> None:
        self.app = app
        self.more = more
        self.closed = f"{base}{_CLOSED}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what may be answered."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(given) != 1 or not self._is_allowed(given[0]):
            await self._refuse(400, _foreign(given), scope, receive, send)
        elif re.sub("/+", "/", scope["path"]).rstrip("/") == self.closed:
            await self._refuse(404, "There is nothing here.", scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def _is_allowed(self, header: str) -> bool:
        name = _named(header)
        return name is not None and (
            name == "localhost" or _is_loopback(name) or name in set(map(host_of, self.more()))
        )

    @staticmethod
    async def _refuse(status: int, text: str, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await receive()  # the request to connect
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            await PlainTextResponse(f"{text}\n", status)(scope, receive, send)


def host_of(setting: str) -> str | None:
    """The name that a setting allows, as a host or as a web address; None if it names none."""
    address = re.sub(r"^[a-z][a-z0-9+.-]*://", "", setting.strip(), flags=re.IGNORECASE)
    return _named(re.split("[/?#]", address)[0])


def _named(host: str) -> str | None:
    """The name of a host, without its port; None if it is none."""
    match = _HOST.fullmatch(host)
    return match[1].lower().removesuffix(".").strip("[]") or None if match else None


def listed_hosts(text: str | None) -> list[str]:
    """The hosts in the value of SOURCING_HOSTS."""
    return [host for host in re.split(r"[,;\s]+", text or "") if host]


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _foreign(given: list[str]) -> str:
    """The sentence for a request to a host that is not allowed."""
    if len(given) != 1:
        return "A request must name one host. Open the dashboard by its address."
    name = (_named(given[0]) or given[0])[:100]
    return (
        f"This dashboard does not answer to the name {name!r}, only to localhost and to names that "
        f"its administrator allows. If this is its name, start it with {VARIABLE}={name}, or make "
        "it the host of redirect_uri in [auth]."
    )
