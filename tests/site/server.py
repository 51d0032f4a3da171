"""The built site, served on this machine as a public host serves it: compressed, in a folder."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HTML = Path(__file__).parents[2] / "_build" / "html"
TEXT = {".html", ".css", ".js", ".json", ".svg", ".xml", ".txt", ".ipynb", ".inv"}


@cache
def compressed(path: Path, changed: int) -> bytes:
    """The content of a file as it travels; `changed` keeps a new file from an old answer."""
    return gzip.compress(path.read_bytes(), mtime=0)


class Handler(SimpleHTTPRequestHandler):
    """Serves the site under ``/book``, because a published site often has a folder of its own."""

    protocol_version = "HTTP/1.1"

    def translate_path(self, path: str) -> str:
        inside = path.startswith("/book/")
        return super().translate_path(path.removeprefix("/book") if inside else "/nowhere")

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        asks = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (asks and path.suffix in TEXT and path.is_file()):
            super().do_GET()
            return
        body = compressed(path, path.stat().st_mtime_ns)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Say nothing: the tests report what matters."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing when a closed page drops its connection."""


@contextmanager
def serving(folder: Path = HTML) -> Iterator[str]:
    """The address of the served site, without a slash at the end."""
    with Server(("127.0.0.1", 0), partial(Handler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/book"
        server.shutdown()
