"""How a zoo is shown."""

import graphene
from graphene_sqlalchemy import SQLAlchemyObjectType

from app import model


class Zoo(SQLAlchemyObjectType):
    """A place where animals of its owner live."""

    class Meta:
        model = model.Zoo
        only_fields = ("id", "name", "owner_id", "owner", "animals")

    id = graphene.Int(required=True)
    owner = graphene.Field("app.types.User", required=True)
