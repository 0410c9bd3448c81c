"""How a user is shown."""

import graphene
from graphene_sqlalchemy import SQLAlchemyObjectType

from app import model
from app.engine import gallery


class User(SQLAlchemyObjectType):
    """Somebody with an account."""

    class Meta:
        model = model.User
        only_fields = ("id", "username", "zoos", "animals")

    id = graphene.Int(required=True)
    profile_image = graphene.String(
        width=graphene.Int(),
        height=graphene.Int(),
        description="The image's address, at a size that fits into the box; null without one.",
    )

    @staticmethod
    def resolve_profile_image(user, info, width=None, height=None):
        """Return an absolute URL, or None where no image is set."""
        if user.image_name is None:
            return None
        return gallery.address(user.image_name, width=width, height=height)
