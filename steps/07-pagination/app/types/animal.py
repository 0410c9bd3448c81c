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


class AnimalConnection(pages.Connection):
    """A page of animals."""

    class Meta:
        node = Animal
