"""How gunicorn uses its threads: nothing waits long for one, and nothing holds one for ever."""

import contextlib
import socket
import threading
import time

from gunicorn.workers.gthread import TConn, ThreadWorker


class Worker(ThreadWorker):
    """A worker with threads that tells the app how long a request has waited for one.

    A connection that has kept a thread for twice the time of a request is ended, whether its
    client sends slowly or reads slowly.
    """

    def load_wsgi(self) -> None:
        """Load the app, and tell it in each `environ` how many seconds the request has waited."""
        super().load_wsgi()
        app = self.wsgi
        self.held_seconds = 2 * app.config["REQUEST_SECONDS"]
        self.busy: dict[TConn, float] = {}
        self.thread = threading.local()
        self.wsgi = lambda environ, start_response: app(
            {**environ, "zoo.waited": self.thread.waited}, start_response
        )

    def enqueue_req(self, conn: TConn) -> None:
        """Note when a connection begins to wait for a thread."""
        conn.queued = time.monotonic()
        super().enqueue_req(conn)

    def handle(self, conn: TConn) -> object:
        """Serve a connection; a thread has time for it now."""
        self.busy[conn] = now = time.monotonic()
        self.thread.waited = now - conn.queued
        try:
            return super().handle(conn)
        finally:
            del self.busy[conn]

    def notify(self) -> None:
        """Say each second that the worker lives; end what has held a thread for too long."""
        super().notify()
        late = time.monotonic() - self.held_seconds
        for conn, since in list(self.busy.items()):
            if since < late:
                with contextlib.suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RDWR)
