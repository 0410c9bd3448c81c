"""What is shown of each row, one module a type."""

from app.types.animal import Animal, AnimalConnection
from app.types.image import Image
from app.types.user import User
from app.types.zoo import Zoo, ZooConnection

__all__ = ["Animal", "AnimalConnection", "Image", "User", "Zoo", "ZooConnection"]
