"""How an animal is shown."""

import graphene
from graphene_sqlalchemy import SQLAlchemyObjectType

from app import model
from app.engine import pages


class Animal(SQLAlchemyObjectType):
    """An animal in somebody's care."""

    class Meta:
        model = model.Animal
        only_fields = ("id", "name", "owner_id", "owner", "zoo_id", "zoo", "created_at")

    id = graphene.Int(required=True)
    owner = graphene.Field("app.types.User", required=True)

    @staticmethod
    def resolve_owner(animal, info):
        """Return the user who owns the animal."""
        return info.context.row(animal, model.Animal.owner_id, model.User)

    @staticmethod
    def resolve_zoo(animal, info):
        """Return the zoo where the animal lives, or None where it lives in none."""
        return info.context.row(animal, model.Animal.zoo_id, model.Zoo)


class AnimalConnection(pages.Connection):
    """A page of animals."""

    class Meta:
        node = Animal
