"""A mail server that does what the file `mode` beside its list of mails says, until it is killed.

`python -m tests.faults.sink PORT FOLDER`. Every mail that it took is a line of FOLDER/mails. Modes, one or more words:
slow=SECONDS before the answer to a mail, until=N mails were taken; refuse=PART of an address: 550; later=PART: 451;
die=N: end, when N mails were taken, between taking one and answering.
"""

from __future__ import annotations

import asyncio
import email
import json
import os
import sys
import time
from email import policy
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP


class Sink:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.taken = len((folder / "mails").read_text().splitlines()) if (folder / "mails").exists() else 0

    def mode(self) -> dict[str, str]:
        text = (self.folder / "mode").read_text() if (self.folder / "mode").exists() else ""
        return dict(word.split("=", 1) for word in text.split())

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        mode = self.mode()
        if "refuse" in mode and mode["refuse"] in address:
            return "550 5.1.1 no such user here"
        if "later" in mode and mode["later"] in address:
            return "451 4.7.1 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mode = self.mode()
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        kept = {
            "to": envelope.rcpt_tos[0],
            "id": message["Message-ID"],
            "subject": message["Subject"],
            "at": time.time(),
        }
        with (self.folder / "mails").open("a") as stream:
            stream.write(json.dumps(kept) + "\n")
        self.taken += 1
        if self.taken == int(mode.get("die", 0)):
            os._exit(1)
        if self.taken <= int(mode.get("until", sys.maxsize)):
            await asyncio.sleep(float(mode.get("slow", 0)))
        return "250 2.0.0 taken"


async def main(port: int, folder: Path) -> None:
    sink = Sink(folder)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, hostname="sink.test", loop=loop), "127.0.0.1", port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
