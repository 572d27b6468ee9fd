"""Entry point of `python -m tallgrass_models.cli`."""

import sys

from . import main

sys.exit(main())
