"""Queries and mutations on animals."""

import graphene

from app import model, types
from app.engine import auth, db, pages


class Query(graphene.ObjectType):
    """What can be read about animals."""

    animals = pages.field("app.types.AnimalConnection")
    animal = graphene.Field(types.Animal, id=graphene.Int(required=True))

    @staticmethod
    def resolve_animals(root, info, **window):
        """Return a page of all animals, newest first."""
        return info.context.page(model.Animal, **window)

    @staticmethod
    def resolve_animal(root, info, id):
        """Return one animal, or None where no animal has this id."""
        return db.session.get(model.Animal, id)


class CreateAnimalInput(graphene.InputObjectType):
    """What a new animal needs."""

    name = graphene.String(required=True)
    owner_id = graphene.Int(required=True)
    zoo_id = graphene.Int()


class CreateAnimal(graphene.Mutation):
    """Add an animal."""

    class Arguments:
        input = CreateAnimalInput(required=True)

    animal = graphene.Field(types.Animal, required=True)

    @staticmethod
    def mutate(root, info, input):
        """Store a new row and return it."""
        auth.viewer()
        owner = auth.found(model.User, input.owner_id)
        animal = model.Animal(name=input.name, owner_id=owner.id)
        if input.zoo_id is not None:
            animal.move_to(auth.found(model.Zoo, input.zoo_id))
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

    animal = graphene.Field(types.Animal, required=True)

    @staticmethod
    def mutate(root, info, input):
        """Change the row and return it."""
        auth.viewer()
        animal = auth.found(model.Animal, input.id)
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
        db.session.delete(auth.found(model.Animal, id))
        db.session.commit()
        return DeleteAnimal(id=id)


class MoveAnimal(graphene.Mutation):
    """Put an animal into another zoo of its owner's."""

    class Arguments:
        animal_id = graphene.Int(required=True)
        zoo_id = graphene.Int(required=True)

    animal = graphene.Field(types.Animal, required=True)

    @staticmethod
    def mutate(root, info, animal_id, zoo_id):
        """Change where the animal lives, and return it."""
        auth.viewer()
        zoo = auth.found(model.Zoo, zoo_id)
        animal = auth.found(model.Animal, animal_id)
        animal.move_to(zoo)
        db.session.commit()
        return MoveAnimal(animal=animal)


class TransferAnimal(graphene.Mutation):
    """Give an animal to another user; it leaves its zoo."""

    class Arguments:
        animal_id = graphene.Int(required=True)
        user_id = graphene.Int(required=True)

    animal = graphene.Field(types.Animal, required=True)

    @staticmethod
    def mutate(root, info, animal_id, user_id):
        """Change whose the animal is, and return it."""
        auth.viewer()
        user = auth.found(model.User, user_id)
        animal = auth.found(model.Animal, animal_id)
        animal.transfer_to(user)
        db.session.commit()
        return TransferAnimal(animal=animal)


class Mutation(graphene.ObjectType):
    """What can be changed about animals."""

    create_animal = CreateAnimal.Field()
    update_animal = UpdateAnimal.Field()
    delete_animal = DeleteAnimal.Field()
    move_animal = MoveAnimal.Field()
    transfer_animal = TransferAnimal.Field()
