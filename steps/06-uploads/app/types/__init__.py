"""What is shown of each row, one module a type."""

from app.types.animal import Animal
from app.types.user import User
from app.types.zoo import Zoo

__all__ = ["Animal", "User", "Zoo"]
