"""How a user is shown."""

import graphene
from graphene_sqlalchemy import SQLAlchemyObjectType

from app import model


class User(SQLAlchemyObjectType):
    """Somebody with an account."""

    class Meta:
        model = model.User
        only_fields = ("id", "username", "zoos", "animals")

    id = graphene.Int(required=True)
