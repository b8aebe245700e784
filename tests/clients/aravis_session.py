#!/usr/bin/python3
"""One session of an Aravis client, as a program of its own: opens a camera, sets features, streams, lets go of it.

`aravis_session.py ADDRESS FRAMES`; prints a line of JSON with what arrived.
"""

from __future__ import annotations

import json
import sys

PATIENCE_US = 10_000_000
FEATURES = {
    "ExposureAuto": "Off",
    "ExposureTime": 2000.0,
    "GainAuto": "Off",
    "Gain": 6.0,
    "BlackLevel": 4.0,
    "PixelFormat": "BayerRG8",
    "Width": 528,
    "Height": 64,
    "ReverseX": True,
    "TriggerMode": "Off",
    "AcquisitionFrameRate": 20.0,
}


def text_of(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def main() -> None:
    import grab

    address, frames = sys.argv[1], int(sys.argv[2])
    camera = grab.open_camera(address)
    for name, value in FEATURES.items():
        grab.set_feature(camera, name, text_of(value))
    stream = grab.open_stream(camera, packet_size=1500)
    camera.start_acquisition()
    good = 0
    for _ in range(frames):
        buffer = stream.timeout_pop_buffer(PATIENCE_US)
        if buffer is None:
            break
        good += grab.succeeded(buffer)
        stream.push_buffer(buffer)
    camera.stop_acquisition()
    print(json.dumps({"frames": good, **grab.statistics(stream)}))


if __name__ == "__main__":
    main()
