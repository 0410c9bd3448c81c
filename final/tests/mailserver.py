"""A mail server for tests."""

from email import message_from_bytes
from email.policy import default

from aiosmtpd.controller import Controller


class Catcher:
    """A mail server, and what it has got."""

    def __init__(self, port):
        self.letters, self.port = [], port
        self.start()

    def start(self):
        """Listen."""
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self):
        """Listen no longer."""
        if self.controller:
            self.controller.stop()
        self.controller = None

    async def handle_DATA(self, server, session, envelope):
        """Take a letter."""
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        return "250 OK"
