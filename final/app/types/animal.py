"""How an animal is shown."""

import graphene
from graphene import relay
from graphene_sqlalchemy import SQLAlchemyObjectType
from graphene_sqlalchemy.types import ORMField

from app import model
from app.engine import connections


class Animal(SQLAlchemyObjectType):
    """An animal: in one user's care, and living in one of that user's zoos, or in none."""

    class Meta:
        model = model.Animal
        interfaces = (relay.Node,)
        only_fields = ("name", "created_at", "owner", "zoo")
        use_connection = False

    name = ORMField(description="What it is called: 1 to 100 characters.")
    created_at = ORMField(description="Since when it is known here.")
    owner = graphene.Field("app.types.User", required=True, description="Whose it is.")
    zoo = graphene.Field("app.types.Zoo", description="Where it lives; null in no zoo.")

    @staticmethod
    def resolve_owner(animal, info):
        """Return the user who owns the animal."""
        return info.context.row(animal, model.Animal.owner_id, model.User)

    @staticmethod
    def resolve_zoo(animal, info):
        """Return the zoo where the animal lives, or None where it lives in none."""
        return info.context.row(animal, model.Animal.zoo_id, model.Zoo)


class AnimalConnection(connections.Connection):
    """A page of animals."""

    class Meta:
        node = Animal
