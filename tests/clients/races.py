#!/usr/bin/env python3
"""Everything that a camera does on several threads, at once: a full-rate stream with losses and resends, lens moves that
render in the background, HTTP requests, restarts of the stream channel, and a SIGTERM in the middle of it.

A program built with ThreadSanitizer ends with an error if two of its threads met without a lock; any other program must
come through it as well.
"""

from __future__ import annotations

import http.client
import signal
import threading
import time

from camera import Camera
from checks import Checks
from session import Session

CAMERA = "127.0.0.1"
ROUNDS, ROUND_S, BOUND_S = 4, 1.5, 120.0
PATHS = ("/api/v1/camera", "/api/v1/camera/lines", "/api/v1/camera/signals?since=0", "/api/v1/camera/truth", "/api/v1/camera/leds")


class Asking(threading.Thread):
    """Asks the HTTP interface for everything, again and again."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.ends = threading.Event()
        self.answers = 0

    def run(self) -> None:
        while not self.ends.wait(0.02):
            for path in PATHS:
                connection = http.client.HTTPConnection(CAMERA, 8080, timeout=30)
                try:
                    connection.request("GET", path)
                    self.answers += bool(connection.getresponse().read())
                except OSError:
                    return
                finally:
                    connection.close()


def stream(checks: Checks, session: Session) -> None:
    """Restarts, lens moves and resends while frames come as fast as they can."""
    delivered = asked = 0
    for number in range(ROUNDS):
        session.put("Zoom", (0, 1000, 480, 0)[number])
        session.put("Focus", (10000, 2000, 8000, 10000)[number])
        session.start()
        deadline, until = time.monotonic() + BOUND_S, None
        while time.monotonic() < (until or deadline):
            packet = session.receiver.receive(0.2)
            if packet is None:
                continue
            until = until or time.monotonic() + ROUND_S
            delivered += 1
            if packet.id % 50 == 7:
                session.receiver.ask_again(packet.block, 1, 3, False)
                asked += 1
        session.stop()
        session.reopen()
    checks.that("packets arrive in every round", delivered > 100 * ROUNDS, delivered)
    checks.that("some of them were asked for again", asked > 0, asked)


def main() -> None:
    checks = Checks()
    camera = Camera(scene="conveyor", config={"faults": [{"fault": "packet_loss", "rate": 0.01}]})
    asking = Asking()
    with camera, Session(CAMERA, CAMERA) as session:
        session.put("AcquisitionFrameRate", 36)
        asking.start()
        checks.section(stream, session)
        session.start()
        code = camera.end(signal.SIGTERM)
        checks.that("SIGTERM in the middle ends it, and no race was seen", code == 0, f"{code}: {camera.output[-3000:]}")
        asking.ends.set()
        asking.join()
    checks.that("the HTTP interface answered meanwhile", asking.answers > 10, asking.answers)
    checks.finish()


if __name__ == "__main__":
    main()
