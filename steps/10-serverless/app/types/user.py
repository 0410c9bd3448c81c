"""How a user is shown."""

import graphene
from graphene_sqlalchemy import SQLAlchemyObjectType

from app import model
from app.engine import gallery, pages


class User(SQLAlchemyObjectType):
    """Somebody with an account."""

    class Meta:
        model = model.User
        only_fields = ("id", "username")

    id = graphene.Int(required=True)
    zoos = pages.field("app.types.ZooConnection")
    animals = pages.field("app.types.AnimalConnection")
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

    @staticmethod
    def resolve_zoos(user, info, **window):
        """Return a page of the user's zoos, newest first."""
        return info.context.page_of(user, model.Zoo.owner_id, **window)

    @staticmethod
    def resolve_animals(user, info, **window):
        """Return a page of the user's animals, newest first."""
        return info.context.page_of(user, model.Animal.owner_id, **window)


class UserConnection(pages.Connection):
    """A page of users."""

    class Meta:
        node = User
