"""How a zoo is shown."""

import graphene
from graphene_sqlalchemy import SQLAlchemyObjectType

from app import model
from app.engine import pages


class Zoo(SQLAlchemyObjectType):
    """A place where animals of its owner live."""

    class Meta:
        model = model.Zoo
        only_fields = ("id", "name", "owner_id", "owner", "created_at")

    id = graphene.Int(required=True)
    owner = graphene.Field("app.types.User", required=True)
    animals = pages.field("app.types.AnimalConnection")

    @staticmethod
    def resolve_owner(zoo, info):
        """Return the user who owns the zoo."""
        return info.context.row(zoo, model.Zoo.owner_id, model.User)

    @staticmethod
    def resolve_animals(zoo, info, **window):
        """Return a page of the animals that live here, newest first."""
        return info.context.page_of(zoo, model.Animal.zoo_id, **window)


class ZooConnection(pages.Connection):
    """A page of zoos."""

    class Meta:
        node = Zoo
