"""Queries and mutations on zoos."""

import graphene

from app import model, types
from app.engine import auth, db, pages


class Query(graphene.ObjectType):
    """What can be read about zoos."""

    zoos = pages.field("app.types.ZooConnection")
    zoo = graphene.Field(types.Zoo, id=graphene.Int(required=True))

    @staticmethod
    def resolve_zoos(root, info, **window):
        """Return a page of all zoos, newest first."""
        return info.context.page(model.Zoo, **window)

    @staticmethod
    def resolve_zoo(root, info, id):
        """Return one zoo, or None where no zoo has this id."""
        return db.session.get(model.Zoo, id)


class CreateZooInput(graphene.InputObjectType):
    """What a new zoo needs."""

    name = graphene.String(required=True)
    owner_id = graphene.Int(required=True)


class CreateZoo(graphene.Mutation):
    """Open a zoo."""

    class Arguments:
        input = CreateZooInput(required=True)

    zoo = graphene.Field(types.Zoo, required=True)

    @staticmethod
    def mutate(root, info, input):
        """Store a new row and return it."""
        auth.viewer()
        zoo = model.Zoo(name=input.name, owner=auth.found(model.User, input.owner_id))
        db.session.add(zoo)
        db.session.commit()
        return CreateZoo(zoo=zoo)


class UpdateZooInput(graphene.InputObjectType):
    """Which zoo changes, and its new name."""

    id = graphene.Int(required=True)
    name = graphene.String(required=True)


class UpdateZoo(graphene.Mutation):
    """Rename a zoo."""

    class Arguments:
        input = UpdateZooInput(required=True)

    zoo = graphene.Field(types.Zoo, required=True)

    @staticmethod
    def mutate(root, info, input):
        """Change the row and return it."""
        auth.viewer()
        zoo = auth.found(model.Zoo, input.id)
        zoo.name = input.name
        db.session.commit()
        return UpdateZoo(zoo=zoo)


class DeleteZoo(graphene.Mutation):
    """Close a zoo for good; its animals stay with their owner, without a zoo."""

    class Arguments:
        id = graphene.Int(required=True)

    id = graphene.Int(required=True)

    @staticmethod
    def mutate(root, info, id):
        """Delete the row and return its id."""
        auth.viewer()
        db.session.delete(auth.found(model.Zoo, id))
        db.session.commit()
        return DeleteZoo(id=id)


class TransferZoo(graphene.Mutation):
    """Give a zoo to another user, with the animals that live in it."""

    class Arguments:
        zoo_id = graphene.Int(required=True)
        user_id = graphene.Int(required=True)

    zoo = graphene.Field(types.Zoo, required=True)

    @staticmethod
    def mutate(root, info, zoo_id, user_id):
        """Change the owner of the zoo and of its animals; return the zoo."""
        auth.viewer()
        user = auth.found(model.User, user_id)
        zoo = auth.found(model.Zoo, zoo_id)
        zoo.transfer_to(user)
        db.session.commit()
        return TransferZoo(zoo=zoo)


class Mutation(graphene.ObjectType):
    """What can be changed about zoos."""

    create_zoo = CreateZoo.Field()
    update_zoo = UpdateZoo.Field()
    delete_zoo = DeleteZoo.Field()
    transfer_zoo = TransferZoo.Field()
