"""What tests of containers say to a step's API: what has the same meaning in all, in its words."""

import base64
import uuid

from tools import contract

REGISTER = """mutation ($input: RegisterInput!) {
  register(input: $input) { accessToken user { id } }
}"""
CREATE = "mutation ($input: CreateAnimalInput!) { createAnimal(input: $input) { animal { id } } }"
RENAME = "mutation ($input: UpdateAnimalInput!) { updateAnimal(input: $input) { animal { name } } }"
NAME = "query ($id: Int!) { animal(id: $id) { name } }"
NAME_OF_NODE = "query ($id: ID!) { animal: node(id: $id) { ... on Animal { name } } }"
CONFIRM = 'UPDATE "user" SET email_confirmed = true'


class Words:
    """The words of one step."""

    def __init__(self, step):
        self.types = contract.read(step.folder).type_map

    def knows(self, kind, field):
        """Tell whether a type has a field."""
        return field in self.types[kind].fields

    @property
    def name(self):
        """The query for an animal's name, by its id."""
        return NAME if self.knows("Query", "animal") else NAME_OF_NODE

    @property
    def confirms(self):
        """Whether nobody changes anything before the address is confirmed."""
        return self.knows("RegisterInput", "email")

    def person(self):
        """Return what the step wants to know of somebody new."""
        name = f"u{uuid.uuid4().hex[:12]}"
        email = {"email": f"{name}@zoo.example"} if self.confirms else {}
        return {"username": name, "password": "correct horse", **email}

    def animal(self, name, owner):
        """Return what the step wants to know of a new animal."""
        return {"name": name} | (
            {"ownerId": owner} if self.knows("CreateAnimalInput", "ownerId") else {}
        )


def row(name):
    """Return the number of the row that an id names, which may be a global one."""
    if isinstance(name, int):
        return name
    return int(base64.b64decode(name).decode().partition(":")[2])
