"""The waterfall is drawn from what was recorded, and has as many bars as there are statements."""

import importlib.util
import json
from pathlib import Path
from xml.etree import ElementTree

from tools import facts

SCRIPT = Path(__file__).with_name("waterfall.py")


def test_the_picture_is_drawn_from_its_data_as_it_is():
    """Run as a script, waterfall.py draws it again; in the site's colours."""
    spec = importlib.util.spec_from_file_location("waterfall", SCRIPT)
    waterfall = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(waterfall)
    found = json.loads(waterfall.DATA.read_text(encoding="utf-8"))

    picture = waterfall.PICTURE.read_text(encoding="utf-8")

    assert picture == waterfall.drawn(found)
    bars = [e for e in ElementTree.fromstring(picture).iter() if e.tag.endswith("rect")]  # noqa: S314
    assert len(bars) == len(waterfall.NAMED) + sum(map(len, found.values()))
    for when, sent in found.items():
        assert len(sent) == facts.read()[f"batches_{when}"]["value"]
