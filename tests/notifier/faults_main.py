"""The real command with shorter waits, so that a fault is over in seconds: `python faults_main.py --data D worker`."""

import sys
from datetime import timedelta

from store import attempts
from workflow import deaf, heartbeats
from workflow.cli import run

attempts.LEASE = timedelta(seconds=10)
attempts.RELAY_PAUSE = timedelta(seconds=5)
heartbeats.EVERY = 1.0
deaf.AFTER, deaf.LOOK, deaf.LAST_WORDS = 15.0, 1.0, 5.0

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
