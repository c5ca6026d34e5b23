"""Beside the composed services: the sample web, and a mail server that keeps every letter as a file.

`python site_and_mail.py FOLDER SITE_PORT`; the mail port comes from COMPOSE_PORTS.
"""

import json
import os
import sys
import threading
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sample.server import SampleWeb


class Keep:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        number = len(list(self.folder.iterdir()))
        (self.folder / f"{number}.part").write_bytes(envelope.content)
        (self.folder / f"{number}.part").rename(self.folder / f"{number}.eml")
        return "250 kept"


def main(folder: Path, site_port: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    port = json.loads(os.environ["COMPOSE_PORTS"])["mail"]
    Controller(Keep(folder), hostname="", port=port).start()
    with SampleWeb(port=site_port, season=2026):
        threading.Event().wait()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
