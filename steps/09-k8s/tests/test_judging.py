"""What arrives is judged by its content: images are drawn anew, and nothing else is stored."""

import sys
import time

import pytest
from pictures import animation, bomb, long_note, many_scans, opened, picture
from PIL import ExifTags, Image, PngImagePlugin

UPLOAD = "mutation ($file: Upload!) { uploadImage(file: $file) { url } }"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"

BAD_FILES = {
    "empty": b"",
    "SVG": SVG,
    "HTML": HTML,
    "a program": b"MZ" + b"\0" * 1_000,
    "a PNG in name alone": b"\x89PNG\r\n\x1a\n" + HTML,
    "a GIF that is a script": b"GIF89a/*\0\0\0\0*/=1;alert(1)//",
    "a WebP without an image": b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0" + b"\0" * 24,
    "HTML before a PNG": HTML + picture(),
    "a PNG with a note of 10 MB": long_note(10_000_000),
    "BMP": picture("BMP"),
    "TIFF": picture("TIFF"),
    "ICO": picture("ICO"),
    "PDF": b"%PDF-1.7\n%%EOF",
    **{f"half a {kind}": picture(kind, (300, 200))[:-200] for kind in ("PNG", "JPEG", "GIF")},
    "half a WebP": picture("WEBP", (300, 200))[:-60],
}


def exif():
    """Return what a phone notes: where, and which side is up."""
    noted = Image.Exif()
    noted[ExifTags.Base.Orientation] = 6
    noted.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "N"
    noted[ExifTags.Base.Artist] = "SECRET"
    return noted


@pytest.fixture
def stored(kept, upload):
    """Upload a file; return its image as it is kept."""

    def send(data):
        assert upload(UPLOAD, data)[1] == []
        [name] = kept.names()
        return opened(kept.get(name))

    return send


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize("data", BAD_FILES.values(), ids=BAD_FILES)
def test_what_is_no_image_is_refused(kept, upload, data):
    """Whatever its name says; the error names the argument, and nothing is stored."""
    assert upload(UPLOAD, data)[1] == [{"code": "BAD_USER_INPUT", "field": "file"}]
    assert kept.names() == []


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_no_other_decoder_is_asked(kept, upload, monkeypatch):
    """Pillow knows dozens, and would ask each of them in turn."""
    asked = []
    for name in ("ID", "OPEN"):
        monkeypatch.setattr(Image, name, getattr(Image, name).copy())
    Image.register_open("MINE", asked.append, lambda prefix: asked.append(prefix) or True)

    upload(UPLOAD, b"MINE" * 9)

    assert asked == []


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize("name", ["../okapi.png", "/etc/okapi.png", "C:\\\\okapi.png", "x" * 5_000])
def test_a_name_that_is_a_path_is_refused(kept, upload, name):
    """No name is ever used; one like this comes from no browser."""
    assert upload(UPLOAD, picture(), name)[1] == [{"code": "BAD_USER_INPUT", "field": "file"}]
    assert kept.names() == []


@pytest.mark.parametrize(
    ("kind", "becomes"), [("PNG", "PNG"), ("JPEG", "JPEG"), ("GIF", "PNG"), ("WEBP", "WEBP")]
)
def test_an_image_is_taken_by_its_content(stored, kind, becomes):
    """Its name says PNG every time."""
    image = stored(picture(kind))

    assert (image.format, image.size) == (becomes, (60, 40))


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_colour_is_taken(stored, mode):
    """With its transparency."""
    image = stored(picture(mode=mode, colour=1))

    assert image.mode == ("RGBA" if mode in ("LA", "RGBA") else "RGB")


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize(("sent", "grey"), [(0, 0), (256, 1), (32_896, 128), (65_535, 255)])
def test_sixteen_bits_of_grey_become_eight(stored, sent, grey):
    """Scanners send 65,536 greys: each keeps its place between black and white."""
    image = stored(picture(mode="I;16", colour=sent))

    assert image.getpixel((5, 5)) == (grey, grey, grey)


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_but_the_image_is_kept(kept, stored, kind):
    """Place, author, colour profile, comment and what hangs on its end are gone; its top is up."""
    more = {"exif": exif(), "icc_profile": b"SECRET" * 99, "xmp": b"SECRET", "comment": b"SECRET"}
    if kind == "PNG":
        more["pnginfo"] = PngImagePlugin.PngInfo()
        more["pnginfo"].add_text("Comment", "SECRET")
    sent = picture(kind, **more) + b"PK\x03\x04" + SVG

    image = stored(sent)

    [name] = kept.names()
    assert b"SECRET" in sent
    assert b"SECRET" not in kept.get(name)
    assert SVG not in kept.get(name)
    assert dict(image.getexif()) == {}
    assert image.size == (40, 60)


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize(("kind", "frames"), [("GIF", 10_000), ("WEBP", 100), ("PNG", 100)])
def test_an_animation_is_its_first_frame(stored, kind, frames):
    """However many there are."""
    image = stored(animation(kind, frames))

    assert getattr(image, "n_frames", 1) == 1
    assert image.convert("RGB").getpixel((5, 5))[0] > 240


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_a_long_side_is_kept_shorter(stored):
    """20 megapixels are taken, and no side above 2,000 pixels is kept."""
    assert stored(bomb(5_000, 4_000)).size == (2_000, 1_600)


@pytest.mark.skipif(sys.platform == "win32", reason="counts memory as POSIX does")
@pytest.mark.parametrize("kept", ["folder"], indirect=True)
@pytest.mark.parametrize(
    ("size", "taken"), [((5_001, 4_000), False), ((50_000, 50_000), False), ((5_000, 4_000), True)]
)
def test_a_bomb_costs_neither_memory_nor_seconds(kept, upload, size, taken):
    """A small file that becomes 2,500 megapixels is refused for what its header says."""
    import resource

    data = bomb(*size)
    before, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()

    _, errors = upload(UPLOAD, data)

    took = time.monotonic() - begun
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before  # kB, on Linux
    assert errors == ([] if taken else [{"code": "BAD_USER_INPUT", "field": "file"}])
    assert grown < 300_000
    assert took < 5


@pytest.mark.parametrize("kept", ["folder"], indirect=True)
def test_a_jpeg_that_is_drawn_a_thousand_times_is_refused(kept, upload):
    """Each scan of a progressive JPEG is drawn over the whole image."""
    _, errors = upload(UPLOAD, many_scans(1_000))

    assert errors == [{"code": "BAD_USER_INPUT", "field": "file"}]
