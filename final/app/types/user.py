"""How a user is shown."""

import graphene
from graphene import relay
from graphene_sqlalchemy import SQLAlchemyObjectType
from graphene_sqlalchemy.types import ORMField

from app import model
from app.engine import auth, connections, gallery
from app.types.image import Image


class User(SQLAlchemyObjectType):
    """Somebody with an account."""

    class Meta:
        model = model.User
        interfaces = (relay.Node,)
        only_fields = ("username", "email", "email_confirmed", "created_at")
        use_connection = False

    username = ORMField(description="3 to 30 letters, digits, underscores or hyphens; unique.")
    email = ORMField(description="Your own address; null for everybody else's.")
    email_confirmed = graphene.Boolean(
        description="Whether your address is known to be yours; null for everybody else's."
    )
    created_at = ORMField(description="Since when there is the account.")
    profile_image = graphene.Field(
        Image,
        width=graphene.Int(description="No wider than so many pixels: 1 to 1,000."),
        height=graphene.Int(description="No higher than so many pixels: 1 to 1,000."),
        description="The user's image, made to fit; null without one.",
    )
    zoos = connections.field("app.types.ZooConnection", "The user's zoos, newest first.")
    animals = connections.field("app.types.AnimalConnection", "The user's animals, newest first.")

    @staticmethod
    def resolve_email(user, info):
        """Return the address to the user alone."""
        return user.email if user is auth.viewer_or_nobody() else None

    @staticmethod
    def resolve_email_confirmed(user, info):
        """Return to the user alone whether the address is confirmed."""
        return user.email_confirmed if user is auth.viewer_or_nobody() else None

    @staticmethod
    def resolve_profile_image(user, info, width=None, height=None):
        """Return where the image is and how large, or None where none is set."""
        return gallery.shown(user, width=width, height=height)

    @staticmethod
    def resolve_zoos(user, info, **window):
        """Return a page of the user's zoos, newest first."""
        return info.context.page_of(user, model.Zoo.owner_id, **window)

    @staticmethod
    def resolve_animals(user, info, **window):
        """Return a page of the user's animals, newest first."""
        return info.context.page_of(user, model.Animal.owner_id, **window)
