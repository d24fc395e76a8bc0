"""A proxy in front of a real server that can fail as networks and overloaded servers do."""

import http.client
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import urlsplit

Answer = tuple[int, bytes]
Fault = Callable[[str, bytes], Answer | None]
"""(path with query, body of a request) → what to answer instead of asking the server; None to ask it."""

_PASSED = ("content-type", "accept", "authorization")


class Proxy:
    """Forwards to `url` from a loopback port; `fault` is asked first; `seen` are the headers of every request."""

    def __init__(self, url: str) -> None:
        self.fault: Fault = lambda path, body: None
        self.seen: list[dict[str, str]] = []
        self._target = urlsplit(url)
        self._server = self._listening(0)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def down(self) -> None:
        """Nobody listens any more."""
        self._server.shutdown()
        self._server.server_close()

    def up(self) -> None:
        """Listens again where it did before."""
        self._server = self._listening(self._server.server_port)

    def _listening(self, port: int) -> ThreadingHTTPServer:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                proxy.seen.append({name.lower(): value for name, value in self.headers.items()})
                status, answer = proxy.fault(self.path, body) or proxy._asked(self, body)
                self.send_response(status)
                self.send_header("content-type", "application/vnd.elasticsearch+json;compatible-with=9")
                self.send_header("x-elastic-product", "Elasticsearch")
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any

            def log_message(self, *given: object) -> None:
                """Says nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    def _asked(self, request: BaseHTTPRequestHandler, body: bytes) -> Answer:
        connection = http.client.HTTPConnection(self._target.hostname or "", self._target.port, timeout=60)
        try:
            headers = {name: request.headers[name] for name in _PASSED if request.headers.get(name)}
            connection.request(request.command, request.path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.down()
