"""The real command with every logger of every library at debug level, written to standard error: `canary_main.py …`."""

import logging
import sys

from workflow.cli import run


def _enabled(_logger: logging.Logger, _level: int) -> bool:
    return True


def _handle(logger: logging.Logger, record: logging.LogRecord) -> None:
    assert sys.__stderr__ is not None  # not sys.stderr: a worker sends that through its logger, and so on for ever
    sys.__stderr__.write(f"DEBUG {logger.name}: {record.getMessage()} {record.__dict__.get('facts', '')}\n")


logging.Logger.isEnabledFor = _enabled
logging.Logger.handle = _handle

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
