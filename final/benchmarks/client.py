"""A client's connection, and threads that ask until the end."""

import http.client
import json
import threading
from urllib.parse import urlsplit

PAGE = "{ animals(first: 20) { nodes { name owner { username } zoo { name } } } }"
over = threading.Event()


class Client:
    """A connection that is opened anew where it was closed."""

    def __init__(self, url: str, patience: float) -> None:
        self.address, self.patience = urlsplit(url).netloc, patience
        self.connection = http.client.HTTPConnection(self.address, timeout=patience)

    def ask(self, query: str, token: str = "", **variables: dict) -> tuple[int, dict]:
        """Return the status and the answer; 0 where none comes."""
        headers = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        body = json.dumps({"query": query, "variables": variables})
        try:
            self.connection.request("POST", "/graphql", body, headers)
            response = self.connection.getresponse()
            return response.status, json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            self.connection.close()
            return 0, {}


def together(threads: list[threading.Thread]) -> None:
    """Run until the end, which a SIGTERM brings."""
    for thread in threads:
        thread.start()
    for thread in threads:
        if not thread.daemon:
            thread.join()
    over.wait()
