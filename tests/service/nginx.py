"""Debian's nginx with the file of docs/nginx, on free ports of loopback, in front of whatever
listens on a port.
"""

from __future__ import annotations

import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.machine import where
from tests.processes import REPOSITORY, free_port
from tests.service.mail_server import self_signed

SITE = REPOSITORY / "docs" / "nginx" / "strategielotse.conf"
SEVERAL = SITE.with_name("several.conf")  # in front of two services
MAIN = """
daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log warn;
events {{ worker_connections 256; }}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
    server {{ listen 127.0.0.1:{bare}; access_log off; location / {{ proxy_pass http://127.0.0.1:{port}; }} }}
    server {{ listen 127.0.0.1:{taken_off}; access_log off; proxy_set_header Host $http_host;
        location /lotse/ {{ proxy_pass http://127.0.0.1:{port}/; }} }}
    server {{ listen 127.0.0.1:{passed_on}; access_log off; proxy_set_header Host $http_host;
        location /lotse/ {{ proxy_pass http://127.0.0.1:{port}; }} }}
}}
"""


@dataclass(frozen=True)
class Nginx:
    """A running nginx: the ports of https, http, of a server that only passes on, as nginx does by
    itself, and of two that have the service below /lotse/: that path taken off, or passed on.
    """

    https: int
    http: int
    bare: int
    taken_off: int
    passed_on: int
    tls: ssl.SSLContext

    @property
    def url(self) -> str:
        """The site's address."""
        return f"https://127.0.0.1:{self.https}"


@contextmanager
def nginx(port: int, folder: Path, second: int | None = None) -> Iterator[Nginx]:
    """Run nginx in front of a port, or of two, until the block ends; its files lie in `folder`."""
    program = where("nginx")
    certificate = self_signed(folder)
    ports = (free_port() for _ in range(5))
    running = Nginx(*ports, tls=ssl.create_default_context(cafile=str(certificate)))
    (folder / "site.conf").write_text(_site(running, port, second, folder))
    ports_of_paths = {"taken_off": running.taken_off, "passed_on": running.passed_on}
    main = MAIN.format(folder=folder, bare=running.bare, port=port, **ports_of_paths)
    (folder / "nginx.conf").write_text(main)
    with (folder / "said").open("w") as statement:
        process = subprocess.Popen(
            [program, "-p", str(folder), "-c", "nginx.conf"], stderr=statement
        )
    try:
        _wait(process, running, folder)
        yield running
    finally:
        process.terminate()
        process.wait(timeout=20)


def _site(running: Nginx, port: int, second: int | None, folder: Path) -> str:
    """The documented file with the ports, files and the name of this machine."""
    site = (SEVERAL if second else SITE).read_text()
    here = {
        f"server lotse-{number}:8000": f"server 127.0.0.1:{item}"
        for number, item in ((1, port), (2, second))
    }
    listens = "    listen {0};\n    listen [::]:{0};\n"
    changes = {
        **(here if second else {"server 127.0.0.1:8000;": f"server 127.0.0.1:{port};"}),
        listens.format("80"): f"    listen 127.0.0.1:{running.http};\n",
        listens.format("443 ssl http2"): f"    listen 127.0.0.1:{running.https} ssl http2;\n",
        "server_name lotse.example.org;": "server_name 127.0.0.1;",
        "/etc/ssl/lotse.example.org/fullchain.pem": str(folder / "certificate.pem"),
        "/etc/ssl/lotse.example.org/privkey.pem": str(folder / "key.pem"),
        "/var/log/nginx/error.log": str(folder / "site-error.log"),
        "client_header_timeout 10s;": "client_header_timeout 4s;",
    }
    for documented, ours in changes.items():
        assert documented in site, documented
        site = site.replace(documented, ours)
    return site


def _wait(process: subprocess.Popen[bytes], running: Nginx, folder: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(
                f"nginx ended with {process.returncode}:\n{(folder / 'said').read_text()}"
            )
        with socket.socket() as probe:
            probe.settimeout(5)
            if probe.connect_ex(("127.0.0.1", running.https)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx did not listen in time")
