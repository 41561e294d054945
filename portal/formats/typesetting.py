"""Setting files with Typst, in a process of its own: in a server's it would keep 30 MB and more for good."""

import json
import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from portal.errors import Unavailable

NO_TYPST = "This machine cannot make PDF files, because Typst is not installed on it; the other files say the same."
LONGEST = 120
"""Seconds after which nothing comes any more; the longest pack takes two."""
_TEMPLATES = Path(__file__).parents[1] / "templates"
_SET = """
import base64, json, sys, typst
said = json.load(sys.stdin)
made = [typst.compile(**said["how"], sys_inputs=each) for each in said["each"]]
json.dump([base64.b64encode(one).decode() for one in made], sys.stdout)
"""


def typeset(template: str, each: Sequence[Mapping[str, str]], **how: Any) -> list[bytes]:
    """A file set from one of portal/templates for each of these inputs; the same bytes for the same inputs. What a file
    says is given to the template as data, so that no text in it is ever read as markup. Unavailable on a machine without
    Typst; RuntimeError with Typst's own words for what it cannot set."""
    if find_spec("typst") is None:  # there is no wheel of it for some machines, and nothing else needs it
        raise Unavailable(NO_TYPST)
    # Without the system's fonts, or it would look otherwise on each machine.
    how = {"input": str(_TEMPLATES / template), "ignore_system_fonts": True, **how}
    said = json.dumps({"how": how, "each": [dict(one) for one in each]})
    command = [sys.executable, "-I", "-c", _SET]
    done = subprocess.run(command, input=said.encode(), capture_output=True, timeout=LONGEST, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.decode("utf-8", "replace")[-500:])
    return [b64decode(one) for one in json.loads(done.stdout)]
