"""Before anything of Haark is loaded: tests start programs by the dozen, and each would compile all of it again."""

import os
import sys

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
