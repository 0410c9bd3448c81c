"""The site: built strictly from the pages, and served to this machine alone."""

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
import fasteners

from tools import pages, steps
from tools.steps import BUILD, ROOT, Problem

SITE = BUILD / "site"
STAMP = BUILD / "site.stamp"
SOURCES = ("docs/", "steps/", "final/", "tools/", "mkdocs.yml", "package-lock.json")

# GraphiQL and what it stands on, by the paths that they have in their npm packages.
GRAPHIQL = {
    "graphiql": ("graphiql.min.css", "graphiql.min.js"),
    "react": ("umd/react.production.min.js",),
    "react-dom": ("umd/react-dom.production.min.js",),
}


def build_site() -> Path:
    """Build the site strictly unless nothing has changed since; return its folder."""
    BUILD.mkdir(exist_ok=True)
    with fasteners.InterProcessLock(BUILD / "site.lock"):
        return _build()


def _build() -> Path:
    stamp = _stamp()
    if STAMP.exists() and STAMP.read_text(encoding="utf-8") == stamp:
        return SITE
    STAMP.unlink(missing_ok=True)
    pages.build()
    mkdocs = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    done = subprocess.run(mkdocs, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise Problem(f"The site could not be built:\n{done.stdout}{done.stderr}")
    _copy_graphiql()
    STAMP.write_text(stamp, encoding="utf-8")
    return SITE


def _stamp() -> str:
    digest = hashlib.sha256()
    for name in steps.files(ROOT):
        if name.startswith(SOURCES):
            digest.update(name.encode() + (ROOT / name).read_bytes())
    return digest.hexdigest()


def _copy_graphiql() -> None:
    for package, files in GRAPHIQL.items():
        folder = ROOT / "node_modules" / package
        if not folder.exists():
            raise Problem("node_modules is missing; `make run` and `make docs` install it.")
        manifest = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        for file in files:
            target = SITE / "assets" / "npm" / f"{package}@{manifest['version']}" / file
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(folder / file, target)


class Handler(SimpleHTTPRequestHandler):
    """Static files, the site's own page for what is not there, and no log."""

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        """Say nothing."""

    def end_headers(self) -> None:
        """Let a step on another port of this machine load GraphiQL, with its integrity hashes."""
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()

    def list_directory(self, path: object) -> None:
        """Show no folders."""
        self.send_error(404)

    def send_error(self, code: int, *arguments: object, **more: object) -> None:
        """Send the site's own page for an address that is not there."""
        body = (SITE / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """A server whose open connections do not keep the program alive."""

    daemon_threads = True


def serve(port: int) -> ThreadingHTTPServer:
    """Serve the site on 127.0.0.1 from a thread; raise Problem where the port is taken."""
    try:
        server = Server(("127.0.0.1", port), partial(Handler, directory=str(SITE)))
    except OSError:
        raise Problem(f"Port {port} is taken. Choose another: make docs PORT=8011") from None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@click.command("docs")
@click.option("--port", default=8001, type=click.IntRange(1, 65535), show_default=True)
@click.option("--build-only", is_flag=True, help="Build strictly, and serve nothing.")
def command(port: int, build_only: bool) -> None:
    """Build the site strictly and serve it until Ctrl-C."""
    folder = build_site()
    if build_only:
        click.echo(f"The site is in {folder}.")
        return
    serve(port)
    click.echo(f"Ready: http://127.0.0.1:{port}/")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("Stopped.")
