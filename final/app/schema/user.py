"""Queries for users."""

import graphene

from app import model, types
from app.engine import auth


class Query(graphene.ObjectType):
    """What can be read about users."""

    me = graphene.Field(types.User, description="You; null without a token.")
    user = graphene.Field(
        types.User,
        username=graphene.String(required=True, description="Whatever its case."),
        description="The user with this name; null where nobody has it.",
    )

    @staticmethod
    def resolve_me(root, info):
        """Return the user who is asking, or None without a token."""
        return auth.viewer_or_nobody()

    @staticmethod
    def resolve_user(root, info, username):
        """Return the user with this name, or None."""
        return model.User.named(username)
