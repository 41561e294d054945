"""How the C library hands memory back while the server runs: it would keep most of what one large answer needed."""

import ctypes

# Of glibc's malloc.h. Each thread would get a heap of its own, and a block that was freed once would be kept for the
# next one as large: with the 19 MB of each sign-in and the compressors' tables a worker had 267 MB after 25 busy
# seconds, and 199 MB with these.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
LARGE = 2**20
"""From so many bytes on, a block goes back to the system as soon as it is freed."""
HEAPS = 2


def give_back() -> bool:
    """Let this process, and those that it begins by forking, give freed memory back. Answers whether the C library
    took it: others than glibc have no such settings, and keep less."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "mallopt"):
        return False
    settings = ((_ARENA_MAX, HEAPS), (_MMAP_THRESHOLD, LARGE), (_TRIM_THRESHOLD, LARGE))
    return all(library.mallopt(name, value) == 1 for name, value in settings)
