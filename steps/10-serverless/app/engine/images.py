"""What an image is: judged by its content, and drawn anew, so that nothing else comes along."""

from io import BytesIO
from threading import Lock

from PIL import Image, ImageOps
from werkzeug.datastructures import FileStorage

from app.engine.errors import BadUserInput

# The formats that are taken, and what each is kept as.
KEPT = {"JPEG": "jpeg", "PNG": "png", "GIF": "png", "WEBP": "webp"}
PIXELS = 20_000_000
SIDE = 2_000  # pixels; what is longer is kept smaller
SCANS = 40  # of one JPEG, each of which is drawn over the whole image

Image.MAX_IMAGE_PIXELS = None  # ours is stricter
drawing = Lock()  # one at a time: 20 megapixels take 80 MB


def refused(message: str) -> BadUserInput:
    """Return the error for a file that is not taken."""
    return BadUserInput(message, field="file")


def cleaned(file) -> tuple[bytes, str]:
    """Return an uploaded image as it is kept, and its kind; raise BadUserInput where it is none."""
    if not isinstance(file, FileStorage):
        raise refused("Send the file in a multipart request.")
    name = file.filename or ""
    if len(name) > 255 or any(character in name for character in "/\\\0"):
        raise refused("The file's name is a path, or too long.")
    file.stream.seek(0)
    data = file.stream.read()
    try:
        with drawing, Image.open(BytesIO(data), formats=list(KEPT)) as image:
            return redrawn(image, data), KEPT[image.format]
    except BadUserInput:
        raise
    except Exception as error:  # whatever a decoder says of foreign bytes
        raise refused("This is no PNG, JPEG, WebP or GIF, or not the whole of it.") from error


def redrawn(image: Image.Image, data: bytes) -> bytes:
    """Return an opened image's first frame without all else; raise BadUserInput for a bomb."""
    if image.width * image.height > PIXELS:
        raise refused("The image has more than 20 megapixels.")
    if image.format == "JPEG" and data.count(b"\xff\xda") > SCANS:
        raise refused("The image is drawn in too many scans.")
    image.draft(None, (SIDE, SIDE))
    image.load()
    mode = "RGBA" if image.has_transparency_data else "RGB"
    eight_bits = image.point(lambda grey: grey / 256) if image.mode == "I;16" else image
    drawn = ImageOps.exif_transpose(eight_bits).convert(mode)
    drawn.thumbnail((SIDE, SIDE))
    drawn.info.clear()
    return saved(drawn, KEPT[image.format])


def fitted(data: bytes, width: int, height: int) -> bytes:
    """Return a kept image made smaller, until it fits into a box of these pixels."""
    with drawing, Image.open(BytesIO(data), formats=list(KEPT)) as image:
        kind = KEPT[image.format]
        image.thumbnail((width, height))
        return saved(image, kind)


def saved(image: Image.Image, kind: str) -> bytes:
    """Return the bytes of an image in a format."""
    file = BytesIO()
    image.save(file, kind, quality=85)
    return file.getvalue()
