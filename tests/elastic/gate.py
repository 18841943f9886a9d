"""A gate of TLS and credentials before a real search server, as forces put one there."""

import http.client
import ipaddress
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_HOPS: Final = frozenset(("connection", "transfer-encoding", "content-length"))


@contextmanager
def open_gate(server: str, folder: Path, authorization: str) -> Iterator[tuple[str, Path]]:
    """Give the address of a gate that lets in who sends that header, and its certificate."""
    certificate, key = make_certificate(folder)
    gate = ThreadingHTTPServer(("127.0.0.1", 0), _make_handler(server, authorization))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    gate.socket = context.wrap_socket(gate.socket, server_side=True, do_handshake_on_connect=False)
    gate.daemon_threads = True
    thread = threading.Thread(target=gate.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"https://127.0.0.1:{gate.server_address[1]}", certificate
    finally:
        gate.shutdown()
        gate.server_close()
        thread.join()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate for 127.0.0.1 that signs itself, and its key; return their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "search.example.com")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "gate.pem", folder / "gate.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )  # fmt: skip
    return certificate, private


def _make_handler(server: str, authorization: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.headers.get("authorization") != authorization:
                self._answer(401, [("X-Elastic-Product", "Elasticsearch")], b"{}")
                return
            upstream = http.client.HTTPConnection(urlsplit(server).netloc, timeout=60)
            kept = {name: value for name, value in self.headers.items() if name.lower() != "authorization"}
            upstream.request(self.command, self.path, body, kept)
            answer = upstream.getresponse()
            self._answer(answer.status, answer.getheaders(), answer.read())
            upstream.close()

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any  # noqa: N815 -- the names that http.server asks for

        def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
            self.send_response(status)
            for name, value in headers:
                if name.lower() not in _HOPS:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    return Handler
