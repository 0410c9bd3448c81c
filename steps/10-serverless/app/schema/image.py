"""Mutations on images."""

import graphene
from graphene_file_upload.scalars import Upload
from sqlalchemy.dialects.postgresql import insert

from app import model, types
from app.engine import auth, db, gallery


class UploadImage(graphene.Mutation):
    """Store an image: PNG, JPEG, WebP or GIF."""

    class Arguments:
        file = Upload(required=True)

    url = graphene.String(required=True)

    @staticmethod
    def mutate(root, info, file):
        """Store the image and the row that names it; return its address."""
        user = auth.viewer()
        name = gallery.keep(user, file)
        row = insert(model.Image).values(name=name, owner_id=user.id)
        db.session.execute(row.on_conflict_do_nothing())
        db.session.commit()
        return UploadImage(url=gallery.address(name))


class SetProfileImage(graphene.Mutation):
    """Show an image with your name, in place of the one before."""

    class Arguments:
        file = Upload(required=True)

    user = graphene.Field(types.User, required=True)

    @staticmethod
    def mutate(root, info, file):
        """Store the new image, then forget the old one; return the user."""
        user = auth.viewer()
        name = gallery.keep(user, file)
        old, user.image_name = user.image_name, name
        db.session.commit()
        gallery.forget(old)
        return SetProfileImage(user=user)


class RemoveProfileImage(graphene.Mutation):
    """Show no image with your name."""

    user = graphene.Field(types.User, required=True)

    @staticmethod
    def mutate(root, info):
        """Forget the image; return the user."""
        user = auth.found(model.User, auth.viewer().id)
        old, user.image_name = user.image_name, None
        db.session.commit()
        gallery.forget(old)
        return RemoveProfileImage(user=user)


class Mutation(graphene.ObjectType):
    """What can be changed about images."""

    upload_image = UploadImage.Field()
    set_profile_image = SetProfileImage.Field()
    remove_profile_image = RemoveProfileImage.Field()
