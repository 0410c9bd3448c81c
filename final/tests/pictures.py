"""Pictures to upload."""

import json
import struct
import zlib
from io import BytesIO

from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart


def picture(kind="PNG", size=(60, 40), colour="teal", mode="RGB", **options):
    """Return the bytes of an image of one colour."""
    file = BytesIO()
    Image.new(mode, size, colour).save(file, kind, **options)
    return file.getvalue()


def opened(data):
    """Return an image, read to its end."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def chunk(name, data):
    """Return a PNG's chunk."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb(width, height):
    """Return a small PNG that says it is large, and is."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compressobj()
    row = b"\0" * (1 + (width + 7) // 8)
    drawn = b"".join(rows.compress(row) for _ in range(height)) + rows.flush()
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", drawn) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def long_note(size):
    """Return a small PNG with a note that becomes long."""
    data = picture()
    note = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * size))
    return data[:33] + note + data[33:]


def many_scans(number):
    """Return a progressive JPEG whose last scan is repeated."""
    data = picture("JPEG", (2_000, 2_000), progressive=True)
    start = data.rindex(b"\xff\xda")
    return data[:start] + data[start:-2] * number + data[-2:]


def animation(kind, frames):
    """Return an animation of small frames, the first one red."""
    first, *rest = [
        Image.new("RGB", (20, 20), (255 - number % 250, number % 250, 0))
        for number in range(frames)
    ]
    file = BytesIO()
    first.save(file, kind, save_all=True, append_images=rest)
    return file.getvalue()


def noise(side):
    """Return a PNG that cannot be made small."""
    file = BytesIO()
    Image.effect_noise((side, side), 200).convert("RGB").save(file, "PNG")
    return file.getvalue()


def form(query, data, filename):
    """Return the headers and the body that send a mutation with a file."""
    fields = {
        "operations": json.dumps({"query": query, "variables": {"file": None}}),
        "map": json.dumps({"0": ["variables.file"]}),
        "0": FileStorage(BytesIO(data), filename),
    }
    boundary, body = encode_multipart(fields)
    kind = f"multipart/form-data; boundary={boundary}"
    return {"Content-Type": kind, "GraphQL-Preflight": "1"}, body
