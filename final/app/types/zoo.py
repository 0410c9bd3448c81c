"""How a zoo is shown."""

import graphene
from graphene import relay
from graphene_sqlalchemy import SQLAlchemyObjectType
from graphene_sqlalchemy.types import ORMField

from app import model
from app.engine import connections


class Zoo(SQLAlchemyObjectType):
    """A place where animals of its owner live."""

    class Meta:
        model = model.Zoo
        interfaces = (relay.Node,)
        only_fields = ("name", "created_at", "owner")
        use_connection = False

    name = ORMField(description="What it is called: 1 to 100 characters.")
    created_at = ORMField(description="Since when it is open.")
    owner = graphene.Field("app.types.User", required=True, description="Whose it is.")
    animals = connections.field(
        "app.types.AnimalConnection", "The animals that live here, newest first."
    )

    @staticmethod
    def resolve_owner(zoo, info):
        """Return the user who owns the zoo."""
        return info.context.row(zoo, model.Zoo.owner_id, model.User)

    @staticmethod
    def resolve_animals(zoo, info, **window):
        """Return a page of the animals that live here, newest first."""
        return info.context.page_of(zoo, model.Animal.zoo_id, **window)


class ZooConnection(connections.Connection):
    """A page of zoos."""

    class Meta:
        node = Zoo
