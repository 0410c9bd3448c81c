"""Somebody who asks final/ over HTTP, and reads the letters that its catcher shows."""

import email
import re
import time
from email.policy import default

import pytest

LETTER = re.compile(r"^-+ MESSAGE FOLLOWS -+\n(.+?)^-+ END MESSAGE -+$", re.M | re.S)
PATIENCE = 60  # seconds in which a letter comes
REGISTER = "mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }"
CONFIRM = "mutation ($t: String!) { confirmEmail(input: {token: $t}) { user { username } } }"
LOGIN = "mutation ($input: LoginInput!) { login(input: $input) { accessToken } }"


class Person:
    """Somebody with an address, who asks from several devices."""

    def __init__(self, stack, name):
        self.stack, self.name, self.address = stack, name, f"{name}@zoo.example"
        self.password = f"correct horse {name}"

    def ask(self, query, token="", **variables):
        """Send GraphQL; return the data, or the code of the one error."""
        data, errors = self.stack.ask(query, token, **variables)
        return errors[0] if errors else data

    def register(self):
        """Make an account; return its id."""
        new = {"username": self.name, "email": self.address, "password": self.password}
        return self.ask(REGISTER, input=new)["register"]["user"]["id"]

    def login(self):
        """Log in on a device; return its token, or the code of the error."""
        told = {"username": self.name, "password": self.password}
        answer = self.ask(LOGIN, input=told)
        return answer["login"]["accessToken"] if isinstance(answer, dict) else answer

    def confirm(self):
        """Do what the letter asks for."""
        return self.ask(CONFIRM, t=self.token_of("confirm"))

    def token_of(self, kind):
        """Wait for a letter; return what its link carries."""
        catcher = self.stack.compose("ps", "--quiet", "mail").strip()
        link, deadline = re.compile(rf"^http://127.0.0.1:\d+/{kind}#(\S+)$", re.M), time.time()
        while time.time() < deadline + PATIENCE:
            for text in LETTER.findall(self.stack.docker("logs", catcher)):
                letter = email.message_from_string(text, policy=default)
                found = link.search(letter.get_body(("plain",)).get_content())
                if letter["To"] == self.address and found:
                    return found[1]
            time.sleep(0.5)
        pytest.fail(self.stack.compose("logs", "letters", "mail"))
