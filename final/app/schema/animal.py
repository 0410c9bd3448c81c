"""Queries and mutations on animals."""

import graphene

from app import model, types
from app.engine import auth, db, mutations
from app.schema import lists

AnimalOrder = lists.order("AnimalOrder")


class AnimalFilter(lists.NamedFilter):
    """Which animals a list holds: those of which all of this is true."""

    zoo_id = graphene.ID(description="The id of the zoo where they live.")


class Query(graphene.ObjectType):
    """What can be read about animals."""

    animals = lists.field("app.types.AnimalConnection", "All animals.", AnimalOrder, AnimalFilter)

    @staticmethod
    def resolve_animals(root, info, **arguments):
        """Return a page of animals."""
        return lists.page(info, model.Animal, **arguments)


class AnimalPayload:
    """What the mutations on one animal answer."""

    animal = graphene.Field(types.Animal, description="The animal as it is now.")


class CreateAnimal(AnimalPayload, mutations.Mutation):
    """Add an animal of yours."""

    class Input:
        name = graphene.String(required=True, description="1 to 100 characters.")
        zoo_id = graphene.ID(description="A zoo of yours, for it to live in.")

    @staticmethod
    def mutate_and_get_payload(root, info, name, zoo_id=None):
        """Store a new row and return it."""
        member = auth.member()
        animal = model.Animal(name=name, owner_id=member.id)
        if zoo_id is not None:
            animal.move_to(auth.owned(model.Zoo, zoo_id, "zooId", member))
        db.session.add(animal)
        db.session.commit()
        return CreateAnimal(animal=animal)


class UpdateAnimal(AnimalPayload, mutations.Mutation):
    """Rename an animal of yours."""

    class Input:
        id = graphene.ID(required=True, description="Which animal.")
        name = graphene.String(required=True, description="1 to 100 characters.")

    @staticmethod
    def mutate_and_get_payload(root, info, id, name):
        """Change the row and return it."""
        animal = auth.owned(model.Animal, id, "id", auth.member())
        animal.name = name
        db.session.commit()
        return UpdateAnimal(animal=animal)


class DeleteAnimal(mutations.Mutation):
    """Remove an animal of yours for good."""

    class Input:
        id = graphene.ID(required=True, description="Which animal.")

    deleted_id = graphene.ID(description="The id that nothing has any more.")

    @staticmethod
    def mutate_and_get_payload(root, info, id):
        """Delete the row and return its id."""
        db.session.delete(auth.owned(model.Animal, id, "id", auth.member()))
        db.session.commit()
        return DeleteAnimal(deleted_id=id)


class MoveAnimal(AnimalPayload, mutations.Mutation):
    """Put an animal of yours into another zoo of yours, or into none."""

    class Input:
        animal_id = graphene.ID(required=True, description="Which animal.")
        zoo_id = graphene.ID(description="Where it lives from now on; null takes it out.")

    @staticmethod
    def mutate_and_get_payload(root, info, animal_id, zoo_id=None):
        """Change where the animal lives, and return it."""
        member = auth.member()
        zoo = None if zoo_id is None else auth.owned(model.Zoo, zoo_id, "zooId", member)
        animal = auth.owned(model.Animal, animal_id, "animalId", member)
        animal.move_to(zoo)
        db.session.commit()
        return MoveAnimal(animal=animal)


class TransferAnimal(AnimalPayload, mutations.Mutation):
    """Give an animal of yours to another user; it leaves its zoo, and nobody is asked."""

    class Input:
        animal_id = graphene.ID(required=True, description="Which animal.")
        user_id = graphene.ID(required=True, description="Whose it is from now on.")

    @staticmethod
    def mutate_and_get_payload(root, info, animal_id, user_id):
        """Change whose the animal is, and return it."""
        member = auth.member()
        user = auth.found(model.User, user_id, "userId")
        animal = auth.owned(model.Animal, animal_id, "animalId", member)
        animal.transfer_to(user)
        db.session.commit()
        return TransferAnimal(animal=animal)


class Mutation(graphene.ObjectType):
    """What can be changed about animals."""

    create_animal = CreateAnimal.Field(description=CreateAnimal.__doc__)
    update_animal = UpdateAnimal.Field(description=UpdateAnimal.__doc__)
    delete_animal = DeleteAnimal.Field(description=DeleteAnimal.__doc__)
    move_animal = MoveAnimal.Field(description=MoveAnimal.__doc__)
    transfer_animal = TransferAnimal.Field(description=TransferAnimal.__doc__)
