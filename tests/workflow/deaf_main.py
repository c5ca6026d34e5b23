"""The real command whose worker notices its own deafness within seconds: `python deaf_main.py --data D worker`."""

import sys

from workflow import deaf
from workflow.cli import run

deaf.AFTER, deaf.LOOK, deaf.LAST_WORDS = 10.0, 0.2, 3.0

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
