"""The three catalogues are complete, and say the same placeholders as the code."""

import sys

from haark.translations.catalogues import main

sys.exit(main("check"))
