"""Passwords: changing one, and choosing a new one where it is forgotten."""

import graphene
import sqlalchemy as sa

from app import model
from app.engine import auth, db, mail, mutations
from app.engine.errors import BadUserInput
from app.model.user import EMAIL
from app.schema.account import UserPayload


class RequestPasswordReset(mutations.Mutation):
    """Get a letter with which you choose a new password."""

    class Input:
        email = graphene.String(required=True, description="Your confirmed address.")

    accepted = graphene.Boolean(
        description="Always true, whoever has the address, if anybody.",
        deprecation_reason=(
            "It never says no, and promises no letter: an answer without errors says as much. "
            "Where you have to ask for something, ask for `clientMutationId`."
        ),
    )

    @staticmethod
    def mutate_and_get_payload(root, info, email):
        """Post a letter to whoever has confirmed this address."""
        address, user = email.strip(), None
        if EMAIL.fullmatch(address):
            has = sa.func.lower(model.User.email) == address.lower()
            user = db.session.scalar(sa.select(model.User).where(has, model.User.email_confirmed))
        if user:
            mail.post(user, "reset")
        db.session.commit()
        return RequestPasswordReset(accepted=True)


class ResetPassword(UserPayload, mutations.Mutation):
    """Choose a new password; you are logged out on every device."""

    class Input:
        token = graphene.String(required=True, description="The one in the letter.")
        password = graphene.String(required=True, description="8 to 128 characters.")

    @staticmethod
    def mutate_and_get_payload(root, info, token, password):
        """Keep the new password's hash, and end every session; return the user."""
        user = mail.addressee("reset", token)
        user.set_password(password)
        model.Session.end(model.Session.user_id == user.id)
        db.session.commit()
        return ResetPassword(user=user)


class ChangePassword(UserPayload, mutations.Mutation):
    """Change your password; you are logged out on every other device."""

    class Input:
        old_password = graphene.String(required=True, description="The one until now.")
        new_password = graphene.String(required=True, description="8 to 128 characters.")

    @staticmethod
    def mutate_and_get_payload(root, info, old_password, new_password):
        """Keep the new password's hash, and end the other sessions; return the user."""
        here = auth.current_session()
        user = auth.lock(auth.viewer())
        if not user.has_password(old_password):
            raise BadUserInput("This is not the password.", field="oldPassword")
        user.set_password(new_password)
        others = model.Session.user_id == user.id, model.Session.id != here.id
        model.Session.end(*others)
        db.session.commit()
        return ChangePassword(user=user)


class Mutation(graphene.ObjectType):
    """What can be changed about passwords."""

    request_password_reset = RequestPasswordReset.Field(description=RequestPasswordReset.__doc__)
    reset_password = ResetPassword.Field(description=ResetPassword.__doc__)
    change_password = ChangePassword.Field(description=ChangePassword.__doc__)
