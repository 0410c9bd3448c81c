"""A wire to a server, which can be cut, and mended: what toxiproxy is elsewhere."""

import contextlib
import socket
import threading
import time


class Wire:
    """A port of this machine that leads to another server's; every connection is a real one."""

    def __init__(self, host, port):
        self.target = (host, int(port))
        self.delay = 0.0  # seconds that each piece of an answer is late
        self.open = threading.Event()  # else what is sent stays where it is
        self.open.set()
        self.ends = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self._serve()

    def _serve(self):
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def _accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                near = listener.accept()[0]
                far = socket.create_connection(self.target, timeout=5)
                far.settimeout(None)
                self.ends += [near, far]
                for source, sink, delayed in ((near, far, False), (far, near, True)):
                    threading.Thread(
                        target=self._carry, args=(source, sink, delayed), daemon=True
                    ).start()

    def _carry(self, source, sink, delayed):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                self.open.wait()
                time.sleep(self.delay if delayed else 0)
                sink.sendall(piece)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def hang(self):
        """Take everything, and carry nothing."""
        self.open.clear()

    def cut(self):
        """End every connection, and refuse new ones."""
        with contextlib.suppress(OSError):  # it is cut already
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        ends, self.ends = self.ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.open.set()

    def mend(self):
        """Carry again, at once."""
        self.delay = 0.0
        self.open.set()
        if self.listener.fileno() == -1:
            self.listener = socket.create_server(("127.0.0.1", self.port))
            self._serve()
