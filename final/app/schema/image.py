"""Mutations on images."""

import graphene
from graphene_file_upload.scalars import Upload

from app.engine import auth, db, gallery, mutations
from app.schema.account import UserPayload


class SetProfileImage(UserPayload, mutations.Mutation):
    """Show an image with your name, in place of the one before."""

    class Input:
        file = Upload(
            required=True,
            description="PNG, JPEG, WebP or GIF: no more than 5 MB and 20 megapixels.",
        )

    @staticmethod
    def mutate_and_get_payload(root, info, file):
        """Store the new image, then forget the old one; return the user."""
        user = auth.viewer()
        old = gallery.keep(user, file)
        db.session.commit()
        gallery.forget(old)
        return SetProfileImage(user=user)


class RemoveProfileImage(UserPayload, mutations.Mutation):
    """Show no image with your name."""

    @staticmethod
    def mutate_and_get_payload(root, info):
        """Forget the image; return the user."""
        user = auth.lock(auth.viewer())
        old, user.image_name = user.image_name, None
        db.session.commit()
        gallery.forget(old)
        return RemoveProfileImage(user=user)


class Mutation(graphene.ObjectType):
    """What can be changed about images."""

    set_profile_image = SetProfileImage.Field(description=SetProfileImage.__doc__)
    remove_profile_image = RemoveProfileImage.Field(description=RemoveProfileImage.__doc__)
