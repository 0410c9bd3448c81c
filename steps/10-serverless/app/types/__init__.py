"""What is shown of each row, one module a type."""

from app.types.animal import Animal, AnimalConnection
from app.types.user import User, UserConnection
from app.types.zoo import Zoo, ZooConnection

__all__ = ["Animal", "AnimalConnection", "User", "UserConnection", "Zoo", "ZooConnection"]
