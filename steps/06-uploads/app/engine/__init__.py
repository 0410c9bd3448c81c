"""The database, its migrations and the tokens, which every other module shares."""

from flask_jwt_extended import JWTManager
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy.exc import OperationalError


class Leaving(Session):
    """A session that can end after its connection has."""

    def close(self) -> None:
        """Give the connection back, or give it up: what had to be kept is committed by now."""
        try:
            super().close()
        except OperationalError:
            self.invalidate()


db = SQLAlchemy(session_options={"class_": Leaving})
jwt = JWTManager()
migrate = Migrate()
