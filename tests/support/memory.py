"""Where the tests keep their files: in memory when there is plenty, because most of a test's life is waiting for disks.

Nothing here asks whether data survives a power cut; what asks for that is the product's own `fsync`, tested by hooks.
"""

import os
import shutil
from pathlib import Path

SHARED_MEMORY = Path("/dev/shm")
ENOUGH = 3 * 2**30  # bytes; a whole run needs less than one gigabyte


def folder() -> Path:
    """A folder in memory with room, else the usual one for temporary files."""
    if SHARED_MEMORY.is_dir() and os.access(SHARED_MEMORY, os.W_OK) and _free(SHARED_MEMORY) > ENOUGH:
        return SHARED_MEMORY
    return Path("/tmp")


def _free(where: Path) -> int:
    # A file system in memory promises more than there is: what the machine has left counts too.
    pages = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min(shutil.disk_usage(where).free, pages)


def prefer() -> None:
    """pytest makes its temporary folders there; a choice made outside stays."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder()))
