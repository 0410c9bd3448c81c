"""Accounts: registering, logging in, and staying logged in."""

import graphene
import sqlalchemy as sa

from app import model, types
from app.engine import auth, db, pages
from app.engine.errors import Conflict, Unauthenticated


class Query(graphene.ObjectType):
    """What can be read about users."""

    users = pages.field("app.types.UserConnection")
    user = graphene.Field(types.User, id=graphene.Int(required=True))

    @staticmethod
    def resolve_users(root, info, **window):
        """Return a page of all users, newest first."""
        return info.context.page(model.User, **window)

    @staticmethod
    def resolve_user(root, info, id):
        """Return one user, or None where no user has this id."""
        return db.session.get(model.User, id)


class RegisterInput(graphene.InputObjectType):
    """What a new account needs."""

    username = graphene.String(required=True)
    password = graphene.String(required=True)


class Register(graphene.Mutation):
    """Make an account."""

    class Arguments:
        input = RegisterInput(required=True)

    user = graphene.Field(types.User, required=True)
    access_token = graphene.String(required=True)
    refresh_token = graphene.String(required=True)

    @staticmethod
    def mutate(root, info, input):
        """Store a new user, unless somebody has the name; return the user and two tokens."""
        user = model.User(username=input.username)
        user.set_password(input.password)
        db.session.add(user)
        try:
            db.session.commit()
        except sa.exc.IntegrityError:
            db.session.rollback()
            raise Conflict("Somebody else has this username.", field="username") from None
        return Register(user=user, **auth.tokens(user))


class LoginInput(graphene.InputObjectType):
    """What an account is opened with."""

    username = graphene.String(required=True)
    password = graphene.String(required=True)


class Login(graphene.Mutation):
    """Open an account."""

    class Arguments:
        input = LoginInput(required=True)

    user = graphene.Field(types.User, required=True)
    access_token = graphene.String(required=True)
    refresh_token = graphene.String(required=True)

    @staticmethod
    def mutate(root, info, input):
        """Return the user and two tokens, or one answer for a wrong name and a wrong password."""
        user = model.User.logging_in(input.username, input.password)
        if user is None:
            raise Unauthenticated("The username or the password is wrong.")
        return Login(user=user, **auth.tokens(user))


class Refresh(graphene.Mutation):
    """Get a new access token for a refresh token."""

    class Arguments:
        refresh_token = graphene.String(required=True)

    access_token = graphene.String(required=True)

    @staticmethod
    def mutate(root, info, refresh_token):
        """Return an access token for the user whom the refresh token names."""
        user = auth.refreshing(refresh_token)
        return Refresh(access_token=auth.access_token(user))


class Mutation(graphene.ObjectType):
    """What can be changed about accounts."""

    register = Register.Field()
    login = Login.Field()
    refresh = Refresh.Field()
