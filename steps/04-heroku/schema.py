"""What may be asked of the API, and what it answers."""

import graphene
import sqlalchemy as sa

import accounts
import auth
import model
from engine import db
from errors import NotFound


class Animal(graphene.ObjectType):
    """An animal in somebody's care."""

    id = graphene.Int(required=True)
    name = graphene.String(required=True)


class Query(graphene.ObjectType):
    """Everything that can be read."""

    animals = graphene.NonNull(graphene.List(graphene.NonNull(Animal)))
    animal = graphene.Field(Animal, id=graphene.Int(required=True))

    @staticmethod
    def resolve_animals(root, info):
        """Return every animal, oldest first."""
        return db.session.scalars(sa.select(model.Animal).order_by(model.Animal.id)).all()

    @staticmethod
    def resolve_animal(root, info, id):
        """Return one animal, or None where no animal has this id."""
        return db.session.get(model.Animal, id)


def found(id: int) -> model.Animal:
    """Return the animal with this id, locked until the commit; raise NotFound without one."""
    animal = db.session.get(model.Animal, id, with_for_update=True)
    if animal is None:
        raise NotFound(f"No animal has the id {id}.")
    return animal


class CreateAnimalInput(graphene.InputObjectType):
    """What a new animal needs."""

    name = graphene.String(required=True)


class CreateAnimal(graphene.Mutation):
    """Add an animal."""

    class Arguments:
        input = CreateAnimalInput(required=True)

    animal = graphene.Field(Animal, required=True)

    @staticmethod
    def mutate(root, info, input):
        """Store a new row and return it."""
        auth.viewer()
        animal = model.Animal(name=input.name)
        db.session.add(animal)
        db.session.commit()
        return CreateAnimal(animal=animal)


class UpdateAnimalInput(graphene.InputObjectType):
    """Which animal changes, and its new name."""

    id = graphene.Int(required=True)
    name = graphene.String(required=True)


class UpdateAnimal(graphene.Mutation):
    """Rename an animal."""

    class Arguments:
        input = UpdateAnimalInput(required=True)

    animal = graphene.Field(Animal, required=True)

    @staticmethod
    def mutate(root, info, input):
        """Change the row and return it."""
        auth.viewer()
        animal = found(input.id)
        animal.name = input.name
        db.session.commit()
        return UpdateAnimal(animal=animal)


class DeleteAnimal(graphene.Mutation):
    """Remove an animal for good."""

    class Arguments:
        id = graphene.Int(required=True)

    id = graphene.Int(required=True)

    @staticmethod
    def mutate(root, info, id):
        """Delete the row and return its id."""
        auth.viewer()
        db.session.delete(found(id))
        db.session.commit()
        return DeleteAnimal(id=id)


class Mutation(graphene.ObjectType):
    """Everything that can be changed."""

    register = accounts.Register.Field()
    login = accounts.Login.Field()
    refresh = accounts.Refresh.Field()
    create_animal = CreateAnimal.Field()
    update_animal = UpdateAnimal.Field()
    delete_animal = DeleteAnimal.Field()


schema = graphene.Schema(query=Query, mutation=Mutation)
