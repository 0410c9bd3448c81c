"""Who sends a page's requests: nobody, or a user of the step, who logs in when first named."""

import http.client
import json
import re
import socket
import time
from typing import Any

from tools import sample
from tools.steps import Problem

ENTER = """mutation ($username: String!, $password: String!) {
  entered: %s(input: {username: $username, password: $password}) { accessToken refreshToken }
}"""
TOKEN = re.compile(r'"(ACCESS|REFRESH)_TOKEN of ([\w-]+)"')
PATIENCE = 30  # seconds until a server takes connections


class Clients:
    """Those who ask one step's server; each user has the sample's password."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.known: dict[str, dict[str, str]] = {}

    def wait(self) -> None:
        """Return when the server takes connections; raise Problem where it never does."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise Problem("The step's server did not start.")

    def ask(self, query: str, variables: str, name: str) -> Any:
        """Send a request, its variables as JSON text, as a user or as nobody; return the answer."""
        headers = {"Content-Type": "application/json"}
        if name:
            headers["Authorization"] = f"Bearer {self.token(name, 'access')}"
        sent = TOKEN.sub(lambda said: json.dumps(self.token(said[2], said[1].lower())), variables)
        body = {"query": query} | ({"variables": json.loads(sent)} if sent else {})
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request("POST", "/graphql", json.dumps(body), headers)
        answer = json.load(connection.getresponse())
        connection.close()
        return answer

    def token(self, name: str, kind: str) -> str:
        """Return a user's "access" or "refresh" token; register the user where login fails."""
        if name not in self.known:
            self.known[name] = self._entered(name)
        return self.known[name][f"{kind}Token"]

    def _entered(self, name: str) -> dict[str, str]:
        variables = json.dumps({"username": name, "password": sample.PASSWORD})
        for mutation in ("login", "register"):
            answer = self.ask(ENTER % mutation, variables, "")
            entered: dict[str, str] | None = (answer.get("data") or {}).get("entered")
            if entered:
                return entered
        raise Problem(f"{name} can neither log in nor register: {answer['errors'][0]['message']}")
