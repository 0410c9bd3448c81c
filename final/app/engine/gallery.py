"""The images that rows name: kept, shown and forgotten.

What draws them is imported by the first who needs it: few starts end in an image.
"""

import hmac
import logging
from functools import lru_cache
from hashlib import sha256

from flask import Blueprint, Response, abort, request

from app import model
from app.engine import auth, db, errors, storage

SIDE = 1_000  # pixels that can be asked for
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "cross-origin",
}

blueprint = Blueprint("gallery", __name__)
logger = logging.getLogger(__name__)


def keep(user: model.User, file) -> str | None:
    """Store an image that the user shows from now on; return the name of the one until now."""
    from app.engine import images

    data, kind, size = images.cleaned(file)
    auth.lock(user)
    old, name = user.image_name, f"{user.id}/{sha256(data).hexdigest()}.{kind}"
    with storage.reached() as kept:
        kept.put(name, data)
    user.image_name, (user.image_width, user.image_height) = name, size
    return old


def forget(name: str | None) -> None:
    """Delete an image that no row names; where its storage is away, `sweep` does so later."""
    owner, _, rest = (name or "").partition("/")
    if not rest or not owner.isdecimal():
        return
    db.session.get(model.User, int(owner), with_for_update=True)
    try:
        if not model.User.shows(name):
            with storage.reached() as kept:
                kept.delete(name)
    except errors.ServiceUnavailable:
        logger.warning("Nobody needs %s, and it is still there", name)
    db.session.commit()


def sweep() -> int:
    """Delete the images that no row names, what a crash has left behind; return their number."""
    with storage.reached() as kept:
        orphans = [name for name in kept.names() if not model.User.shows(name)]
    for name in orphans:
        forget(name)
    return len(orphans)


def shown(user: model.User, **sides: int | None) -> dict | None:
    """Return where the user's image is and its size, made to fit, or None without one.

    Raise BadUserInput for a side out of range.
    """
    size = {side[0]: pixels for side, pixels in sides.items() if pixels is not None}
    for side, pixels in sides.items():
        if pixels is not None and not 1 <= pixels <= SIDE:
            raise errors.BadUserInput(f"The {side} is 1 to {SIDE} pixels.", field=side)
    if user.image_name is None:
        return None
    width, height = user.image_width, user.image_height
    if width is None:
        width, height = original(user.image_name)
    scale = min(1, size.get("w", width) / width, size.get("h", height) / height)
    with storage.reached() as kept:
        url = kept.url(user.image_name, size)
    return {
        "url": url,
        "width": max(1, round(width * scale)),
        "height": max(1, round(height * scale)),
    }


@lru_cache(maxsize=1000)
def original(name: str) -> tuple[int, int]:
    """Return the size of an image that is there for longer than sizes are written down."""
    from app.engine import images

    return images.size(content(name))


@blueprint.route("/images/<path:name>")
def show(name: str):
    """Answer with an image, at the size that its address is signed for."""
    size = {side: request.args.get(side, type=int) for side in ("w", "h") if side in request.args}
    wanted, sent = storage.signature(name, size), request.args.get("s", "").encode()
    if not hmac.compare_digest(wanted, sent) or not model.User.shows(name):
        abort(404, "There is no such image.")
    try:
        data = fitted(name, **size) if size else content(name)
    except errors.NotFound as error:
        abort(404, error.message)
    except errors.ServiceUnavailable as error:
        abort(503, error.message)
    return Response(data, content_type=f"image/{name.rpartition('.')[2]}", headers=HEADERS)


def content(name: str) -> bytes:
    """Return what is kept under a name."""
    with storage.reached() as kept:
        return kept.get(name)


@lru_cache(maxsize=32)
def fitted(name: str, w: int = SIDE, h: int = SIDE) -> bytes:
    """Return an image made to fit, from memory where it was asked for lately."""
    from app.engine import images

    return images.fitted(content(name), w, h)
