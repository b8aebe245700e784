"""A client in control, with a stream: what most tests of the stream begin with."""

from __future__ import annotations

import contextlib
import threading

import features
from wire import CCP, GVSP_CONFIGURATION, SCDA, SCP, SCPS, Client, NoAnswer, Refused, number_of_ip
from wire_stream import StreamReceiver

EXTENDED_IDS = 1 << 30


class Session:
    """Takes control, opens the stream channel to a receiver of its own, and lets go of both in the end.

    A second thread reads a register now and then, as clients do, so that control is not lost meanwhile.
    """

    def __init__(
        self, camera: str, own: str, packet_size: int = 1500, extended: bool = False, group: str = ""
    ) -> None:
        self.client = Client(camera, own)
        self.receiver = StreamReceiver(own, camera, group)
        self.lock = threading.Lock()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._keep_control, daemon=True)
        self.destination = number_of_ip(group or own)
        self.client.take_control()
        self.client.write(
            (SCPS, 1 << 30 | packet_size), (GVSP_CONFIGURATION, EXTENDED_IDS if extended else 0)
        )
        self.open_channel()
        self._thread.start()

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._ends.set()
        self._thread.join()
        for address, value in ((features.address("AcquisitionStop"), 1), (SCP, 0), (CCP, 0)):
            with contextlib.suppress(NoAnswer, Refused):  # The check that asked for more has failed already.
                self.client.write((address, value))
        self.client.socket.close()
        self.receiver.socket.close()

    def _keep_control(self) -> None:
        while not self._ends.wait(0.5):
            with self.lock:
                try:
                    self.client.read(CCP)
                except NoAnswer:
                    return

    def reopen(self) -> None:
        """Closes the channel and opens it again: whatever was under way is forgotten, blocks begin at 1."""
        self.write(SCP, 0)
        self.receiver.drain(0.1)
        self.receiver.blocks.clear()
        self.open_channel()

    def open_channel(self) -> None:
        self.write(SCDA, self.destination)
        self.write(SCP, self.receiver.port)

    def write(self, address: int, value: int) -> None:
        with self.lock:
            self.client.write((address, value))

    def read(self, address: int) -> int:
        with self.lock:
            return self.client.read_one(address)

    def put(self, name: str, value: float | str = 1) -> None:
        with self.lock:
            features.put(self.client, name, value)

    def fetch(self, name: str) -> int:
        with self.lock:
            return features.fetch(self.client, name)

    def start(self) -> None:
        self.put("AcquisitionStart")

    def stop(self) -> None:
        self.put("AcquisitionStop")
