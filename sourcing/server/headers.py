"""Headers by which browsers limit what a page may do, on every answer. Plain ASGI."""

import re
from collections.abc import Callable, Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAME = {
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"same-origin",
    b"permissions-policy": (
        b"accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        b"magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
}
_HOST = re.compile(r"[A-Za-z0-9.:\[\]_-]+")


class SecurityHeaders:
    """Add the headers, and let cookies travel over TLS only where the reader came by TLS.

    script_hashes: of the scripts inside pages that may run. by_tls: whether readers come by TLS
    even where the request itself does not show it, as behind a proxy.
    """

    def __init__(
        self,
        app: ASGIApp,
        script_hashes: Sequence[str] = (),
        by_tls: Callable[[], bool] = lambda: False,
    ) -> None:
        self.app = app
        self.script_hashes = script_hashes
        self.by_tls = by_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with the headers on answers."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        asked = dict(scope["headers"])
        own = _SAME | {
            b"content-security-policy": self._policy(asked.get(b"host", b"").decode("latin-1"))
        }

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(k, v) for k, v in message["headers"] if k.lower() not in own]
                if any(name.lower() == b"set-cookie" for name, _ in headers) and (
                    scope.get("scheme") == "https"
                    or asked.get(b"x-forwarded-proto", b"").strip().lower() == b"https"
                    or self.by_tls()
                ):
                    headers = [(name, _secured(name, value)) for name, value in headers]
                message = {**message, "headers": [*headers, *own.items()]}
            await send(message)

        await self.app(scope, receive, with_headers)

    def _policy(self, host: str) -> bytes:
        """The content security policy of an answer to a host.

        Styles stand inside Streamlit's pages, so they cannot be forbidden there; scripts can. Older
        browsers do not take the page's own WebSocket for a part of 'self'.
        """
        sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
        hashes = "".join(f" '{item}'" for item in self.script_hashes)
        return (
            f"default-src 'none'; script-src 'self'{hashes}; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'{sockets}; "
            "media-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'self'; "
            "form-action 'self'; frame-ancestors 'none'"
        ).encode()


def _secured(name: bytes, value: bytes) -> bytes:
    """The value of a header; a cookie that is set gets the attribute Secure."""
    attributes = [part.strip().lower() for part in value.split(b";")]
    if name.lower() != b"set-cookie" or b"secure" in attributes:
        return value
    return value + b"; Secure"
