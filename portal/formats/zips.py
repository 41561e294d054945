"""The ways in which reading a damaged ZIP file fails, for whoever takes one from outside."""

import struct
import zlib
from zipfile import BadZipFile

UNREADABLE = (
    BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
"""One bit that turned over can be any of them: a method that zipfile does not know, a password, an offset before the
file, a name that is not there."""
