"""The tables, one module each, and the rules that every row keeps."""

from app.model.animal import Animal
from app.model.letter import Letter
from app.model.session import Session
from app.model.user import User
from app.model.zoo import Zoo

__all__ = ["Animal", "Letter", "Session", "User", "Zoo"]
