"""Where images are kept: in a folder of this machine, or in a bucket of Google Cloud Storage.

Google's library is imported where it is used: a process that just starts has no time for it.
"""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from hashlib import sha256
from pathlib import Path

import imgix
from flask import Flask, current_app, url_for
from itsdangerous import Signer

from app.engine.errors import NotFound, ServiceUnavailable

PATIENCE = 5  # seconds that a bucket has for its answer

logger = logging.getLogger(__name__)


class Folder:
    """A folder, which suits a laptop."""

    def __init__(self, config: dict) -> None:
        self.path = Path(config["IMAGE_FOLDER"])

    def put(self, name: str, data: bytes) -> None:
        """Keep the bytes under a name, whole or not at all."""
        place = self.path / name
        draft = place.with_suffix(".part")
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            draft.write_bytes(data)
            draft.replace(place)
        finally:
            draft.unlink(missing_ok=True)

    def get(self, name: str) -> bytes:
        """Return what is kept under a name; raise NotFound where nothing is."""
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            raise NotFound("There is no such image.") from None

    def url(self, name: str, size: dict[str, int]) -> str:
        """Return the address at which the app itself shows the image."""
        return signed_url(name, size)

    def delete(self, name: str) -> None:
        """Keep nothing under this name."""
        (self.path / name).unlink(missing_ok=True)

    def names(self) -> list[str]:
        """Return every name that something is kept under."""
        files = (path for path in self.path.rglob("*") if path.is_file())
        return [path.relative_to(self.path).as_posix() for path in files]


class Bucket:
    """A bucket, in which every copy of the app finds the same; imgix may stand before it."""

    def __init__(self, config: dict) -> None:
        self.config = config

    @cached_property
    def bucket(self):
        """The bucket, which nobody asks for before it is needed."""
        from google.cloud import storage

        key = self.config["GOOGLE_CREDENTIALS"]
        make = storage.Client.from_service_account_info
        client = make(json.loads(key)) if key else storage.Client()
        return client.bucket(self.config["BUCKET"])

    @cached_property
    def patience(self) -> dict:
        """How long each call may take, with all that it tries again."""
        from google.cloud.storage.retry import DEFAULT_RETRY

        return {"timeout": PATIENCE, "retry": DEFAULT_RETRY.with_timeout(PATIENCE)}

    def put(self, name: str, data: bytes) -> None:
        """Keep the bytes under a name, whole or not at all."""
        kind = f"image/{name.rpartition('.')[2]}"
        self.bucket.blob(name).upload_from_string(data, kind, **self.patience)

    def get(self, name: str) -> bytes:
        """Return what is kept under a name; raise NotFound where nothing is."""
        from google.api_core.exceptions import NotFound as NoBlob

        try:
            return self.bucket.blob(name).download_as_bytes(**self.patience)
        except NoBlob:
            raise NotFound("There is no such image.") from None

    def url(self, name: str, size: dict[str, int]) -> str:
        """Return the address at imgix, or without imgix that at the app."""
        domain, token = self.config["IMGIX_DOMAIN"], self.config["IMGIX_TOKEN"]
        if not domain:
            return signed_url(name, size)
        builder = imgix.UrlBuilder(domain, sign_key=token, include_library_param=False)
        return builder.create_url(name, {**size, "fit": "max"})

    def delete(self, name: str) -> None:
        """Keep nothing under this name."""
        self.bucket.delete_blobs([name], on_error=lambda missing: None, **self.patience)

    def names(self) -> list[str]:
        """Return every name that something is kept under."""
        return [blob.name for blob in self.bucket.list_blobs(**self.patience)]


def init_app(app: Flask) -> None:
    """Choose the one that the settings name."""
    kind = Bucket if app.config["BUCKET"] else Folder
    app.extensions["storage"] = kind(app.config)


def failures() -> tuple[type[Exception], ...]:
    """Return what a storage that is away raises."""
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError

    return OSError, GoogleAPIError, GoogleAuthError


@contextmanager
def reached() -> Iterator[Folder | Bucket]:
    """Give the app's storage; raise ServiceUnavailable where it is away."""
    try:
        yield current_app.extensions["storage"]
    except failures() as error:  # which is asked where something has failed, and only there
        logger.exception("The storage is away")
        raise ServiceUnavailable("The images' storage is away; try again.") from error


def signed_url(name: str, size: dict[str, int]) -> str:
    """Return the address of an image at a size; nobody else can make one."""
    proof = signature(name, size).decode()
    return url_for("gallery.show", name=name, **size, s=proof, _external=True)


def signature(name: str, size: dict) -> bytes:
    """Return what proves that this app named the size."""
    signer = Signer(current_app.config["JWT_SECRET_KEY"], "images", digest_method=sha256)
    return signer.get_signature(f"{name} {size}")
