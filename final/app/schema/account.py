"""Accounts: registering, logging in, staying logged in, logging out, confirming an address."""

import graphene
import sqlalchemy as sa

from app import model, types
from app.engine import auth, db, mail, mutations
from app.engine.errors import BadUserInput, Conflict, Unauthenticated


class TokensPayload:
    """What opens the API: for some minutes, and then again."""

    access_token = graphene.String(description="Send it as `Authorization: Bearer …`; for minutes.")
    refresh_token = graphene.String(description="Keep it safe, and use it once, in `refresh`.")


class UserPayload:
    """What the mutations on an account answer."""

    user = graphene.Field(types.User, description="The account as it is now.")


class Register(UserPayload, TokensPayload, mutations.Mutation):
    """Make an account, log in, and get a letter that confirms the address."""

    class Input:
        username = graphene.String(
            required=True, description="3 to 30 letters, digits, underscores or hyphens; unique."
        )
        email = graphene.String(required=True, description="An address of yours.")
        password = graphene.String(required=True, description="8 to 128 characters.")

    @staticmethod
    def mutate_and_get_payload(root, info, username, email, password):
        """Store a new user, unless somebody has the name; return the user and two tokens."""
        user = model.User(username=username, email=email)
        user.set_password(password)
        db.session.add(user)
        try:
            db.session.flush()
        except sa.exc.IntegrityError:
            db.session.rollback()
            raise Conflict("Somebody else has this username.", field="username") from None
        mail.post(user, "confirm")
        tokens = auth.begin(user)
        db.session.commit()
        return Register(user=user, **tokens)


class Login(UserPayload, TokensPayload, mutations.Mutation):
    """Log in on this device."""

    class Input:
        username = graphene.String(required=True, description="Whatever its case.")
        password = graphene.String(required=True, description="The account's password.")

    @staticmethod
    def mutate_and_get_payload(root, info, username, password):
        """Return the user and two tokens, or one answer for a wrong name and a wrong password."""
        user = model.User.logging_in(username, password)
        if user is None:
            raise Unauthenticated("The username or the password is wrong.")
        tokens = auth.begin(user)
        db.session.commit()
        return Login(user=user, **tokens)


class Refresh(TokensPayload, mutations.Mutation):
    """Get new tokens for a refresh token, which is spent by that; used twice, it logs you out."""

    class Input:
        refresh_token = graphene.String(required=True, description="The last one that you got.")

    @staticmethod
    def mutate_and_get_payload(root, info, refresh_token):
        """Return new tokens for the session that the refresh token names."""
        tokens = auth.refreshed(refresh_token)
        db.session.commit()
        return Refresh(**tokens)


class Logout(mutations.Mutation):
    """Log out on this device, or on all."""

    class Input:
        everywhere = graphene.Boolean(description="Whether on all devices; false by default.")

    @staticmethod
    def mutate_and_get_payload(root, info, everywhere=False):
        """End the session of the request, or all of its user."""
        session = auth.current_session()
        whose = model.Session.user_id == session.user_id
        model.Session.end(whose if everywhere else model.Session.id == session.id)
        db.session.commit()
        return Logout()


class ConfirmEmail(UserPayload, mutations.Mutation):
    """Confirm that an address is yours."""

    class Input:
        token = graphene.String(required=True, description="The one in the letter.")

    @staticmethod
    def mutate_and_get_payload(root, info, token):
        """Mark the address as confirmed, unless another account has it; return the user."""
        user = mail.addressee("confirm", token)
        user.email_confirmed = True
        try:
            db.session.commit()
        except sa.exc.IntegrityError:
            db.session.rollback()
            raise Conflict("Another account has this address.", field="token") from None
        return ConfirmEmail(user=user)


class ResendConfirmation(mutations.Mutation):
    """Get another letter that confirms your address."""

    accepted = graphene.Boolean(description="Whether a letter is on its way.")

    @staticmethod
    def mutate_and_get_payload(root, info):
        """Post the letter again; raise BadUserInput where there is nothing to confirm."""
        user = auth.viewer()
        if user.email_confirmed or user.email is None:
            raise BadUserInput("There is no address to confirm.", field="input")
        mail.post(user, "confirm")
        db.session.commit()
        return ResendConfirmation(accepted=True)


class Mutation(graphene.ObjectType):
    """What can be changed about accounts."""

    register = Register.Field(description=Register.__doc__)
    login = Login.Field(description=Login.__doc__)
    refresh = Refresh.Field(description=Refresh.__doc__)
    logout = Logout.Field(description=Logout.__doc__)
    confirm_email = ConfirmEmail.Field(description=ConfirmEmail.__doc__)
    resend_confirmation = ResendConfirmation.Field(description=ResendConfirmation.__doc__)
