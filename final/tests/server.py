"""The application as gunicorn serves it: a process of its own, and what that says."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from ports import free_port

COMMANDS = {
    "gunicorn": "gunicorn --bind 127.0.0.1:{port} manage:app",
    "flask": "flask --app manage run --port {port}",
}


class Server:
    """A server on a free port of this machine: gunicorn, or Flask's own for developers.

    It serves the code of this folder, or of another.
    """

    def __init__(self, database_url, folder, kind="gunicorn", code=None, **settings):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        self.log = Path(folder) / "server.log"
        command = [sys.executable, "-m", *COMMANDS[kind].format(port=port).split()]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                cwd=code,
                env={**os.environ, "DATABASE_URL": database_url, **settings},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        while self.ask("/livez")[0] != 200:
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.05)

    def ask(self, path, body=None, **headers):
        """Return the status, the headers and the text of an answer; status 0 without one."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **headers}
        request = urllib.request.Request(self.url + path, data, headers)  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=20) as response:  # noqa: S310
                return response.status, response.headers, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()
        except OSError:
            return 0, {}, ""

    def gql(self, query, token=None, headers=(), **variables):
        """Return `data` and the first error of an operation."""
        sent = dict(headers) | ({"Authorization": f"Bearer {token}"} if token else {})
        _, _, text = self.ask("/graphql", {"query": query, "variables": variables}, **sent)
        answer = json.loads(text)
        return answer.get("data"), next(iter(answer.get("errors", [])), None)

    def stop(self):
        """End it as a platform does; return each line that it logged."""
        self.process.terminate()
        self.process.wait(20)
        return self.log.read_text(encoding="utf-8").splitlines()
