"""`python -m console` is `asw`."""

import sys

from console.cli import main

sys.exit(main())
