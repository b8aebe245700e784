#!/usr/bin/env python3
"""The world over HTTP and the picture socket: what is changed is in the images of a stream that runs."""

from __future__ import annotations

import json
import socket
import struct
import tempfile
import time
from pathlib import Path

import cv2
import features
import numpy as np
from camera import Camera
from checks import Checks
from session import Session
from web import Web

CAMERA, PORT = "127.0.3.2", 18301
TRIGGERED = features.SMALL | {"TriggerMode": "On"}
SCREEN = {
    "light": {"illuminance_lx": 1000},
    "background": {"reflectance": 0.02},
    "items": [{"kind": "picture", "name": "screen", "width_m": 3, "position_m": [0, 0, 1]}],
}


class Images:
    """Images of a session that are exposed one by one."""

    def __init__(self, session: Session) -> None:
        self.session, self.count = session, 0

    def next(self) -> tuple[int, float]:
        """Time stamp and mean code."""
        with self.session.lock:
            features.put(self.session.client, "TriggerSoftware")
        self.count += 1
        block = self.session.receiver.collect(1, first=self.count, timeout_s=60)[0]
        return block.leader.timestamp, float(np.frombuffer(block.data, np.uint8).mean())

    def brightness(self) -> float:
        return self.next()[1]


def raw_picture(item: str, pixels: np.ndarray) -> bytes:
    height, width, _ = pixels.shape
    form = 1 if pixels.dtype == np.uint8 else 2
    return struct.pack("<4sHHIIII40s", b"GIGP", 1, form, width, height, 0, 0, item.encode()) + pixels.tobytes()


def upload(web: Web, name: str, parts: dict[str, tuple[str, bytes]]) -> int:
    limit = "gigemu-test"
    body = b"".join(
        f'--{limit}\r\nContent-Disposition: form-data; name="{part}"; filename="{part}"\r\n'
        f"Content-Type: {kind}\r\n\r\n".encode() + data + b"\r\n"
        for part, (kind, data) in parts.items()
    ) + f"--{limit}--\r\n".encode()
    status, _ = web.ask("PUT", f"/api/v1/scenes/{name}", body, Content_Type=f"multipart/form-data; boundary={limit}")
    return status


def pictures(checks: Checks, web: Web, images: Images, path: str) -> None:
    dark = images.brightness()
    _, png = cv2.imencode(".png", np.full((30, 40, 3), 255, np.uint8))
    status, world = web.ask("PUT", "/api/v1/world/items/screen/picture", png.tobytes(), Content_Type="image/png")
    checks.equal("a PNG is taken", (status, world.get("fed")), (200, ["screen"]))
    white = images.brightness()
    checks.that("and is in the next image", white > dark + 20, (dark, white))
    with socket.socket(socket.AF_UNIX) as out:
        out.connect(path)
        for name, pixels in (
            ("sRGB", np.zeros((4, 4, 3), np.uint8)),
            ("linear light", np.full((4, 4, 3), 0.5, np.float32)),
        ):
            out.sendall(raw_picture("screen", pixels))
            wanted = dark + (white - dark) * float(pixels.mean())
            await_change(images, wanted)
            got = images.brightness()
            checks.that(f"a raw picture in {name} is in the images", abs(got - wanted) < 2, (got, wanted))
        out.sendall(b"x" * 64)
        checks.equal("a malformed header closes the connection", out.recv(1), b"")
    with socket.socket(socket.AF_UNIX) as out:
        out.connect(path)
        out.sendall(raw_picture("screen", np.zeros((4, 4, 3), np.uint8))[:70])
    still = images.brightness()
    checks.that("and the images stay as they are", abs(still - got) < 1, (got, still))


def await_change(images: Images, wanted: float) -> None:
    """The camera reads its socket when it comes to it."""
    for _ in range(50):
        if abs(images.brightness() - wanted) < 2:
            return
        time.sleep(0.05)


def at_a_time(checks: Checks, web: Web, images: Images) -> None:
    at = web.now_ns + 1_000_000_000
    patch = {"patch": {"light": {"illuminance_lx": 0}}, "at_ns": at}
    checks.equal("a patch is planned", len(web.tell("PATCH", "/api/v1/world", patch)["planned"]), 1)
    means = [images.next()]
    while means[-1][0] < at:
        means.append(images.next())
        time.sleep(0.1)
    before, after = [mean for time_ns, mean in means if time_ns < at], means[-1][1]
    checks.that("images before that time have the light", len(before) > 0 and min(before) > after + 5, means)
    checks.that("and those after it do not", after < 20, means)


def pose(checks: Checks, web: Web, images: Images) -> None:
    path = "/api/v1/camera/pose"
    web.tell("PUT", "/api/v1/world", {"content": SCREEN | {"items": [{"kind": "uniform", "reflectance": 0.8, "size_m": [3, 3]}]}})
    ahead = images.brightness()
    said = web.tell("PUT", path, {"position_m": [0, 0, 0.2], "rotation_deg": [0, 180, 0]})
    checks.equal("a pose is put", (said["of_scene"], said["rotation_deg"]), (False, [0, 180, 0]))
    away = images.brightness()
    checks.that("a camera that is turned away sees nothing of it", away < ahead - 10, (ahead, away))
    checks.equal("and has no truth of it", web.get("/api/v1/camera/truth")["items"], [])
    at = web.now_ns + 500_000_000
    planned = web.tell("PUT", path, {"path": [{"at_s": 0}], "at_ns": at})["planned"]
    checks.equal("a pose is planned", [one["at_ns"] for one in planned], [at])
    while (image := images.next())[0] < at:
        time.sleep(0.1)
    checks.that("and sees it again then", abs(image[1] - ahead) < 1, (ahead, image))
    for body in ({"position_m": [0, 0]}, {"rotation_deg": [0, 0, 400]}, {"path": []}, {"at_ns": 1}, {"roll": 1}):
        status, answer = web.ask("PUT", path, body)
        checks.equal(f"{body} is refused", (status, answer.get("key")), (400, next(iter(body))))
    checks.equal("and changes nothing", web.get(path)["motion"]["path"][0]["at_s"], 0)
    checks.equal("the scene's own pose again", web.tell("DELETE", path)["of_scene"], True)


def scenes(checks: Checks, web: Web) -> None:
    _, png = cv2.imencode(".jpg", np.full((30, 40, 3), 128, np.uint8))
    content = {"light": {}, "items": [{"kind": "picture", "file": "board.jpg"}]}
    scene = ("application/json", json.dumps(content).encode())
    checks.equal("a scene without its picture is refused", upload(web, "mine", {"scene": scene}), 400)
    parts = {"scene": scene, "board.jpg": ("image/jpeg", png.tobytes())}
    checks.equal("with its picture it is kept", upload(web, "mine", parts), 200)
    checks.equal("it is in the list", web.get("/api/v1/scenes")["scenes"][-1], {"name": "mine", "uploaded": True})
    checks.equal("it can be put in force", web.tell("PUT", "/api/v1/world", {"scene": "mine"})["name"], "mine")
    for method, path, body, wanted in (
        ("PUT", "/api/v1/scenes/conveyor", {"light": {}}, 409),
        ("PUT", "/api/v1/world", {"scene": "none"}, 404),
        ("PATCH", "/api/v1/world", {"patch": {"light": {"illuminance_lx": -1}}}, 400),
        ("PATCH", "/api/v1/world", {"patch": {"camera": {"zoom": 1}}}, 409),
        ("POST", "/api/v1/world/items", {"item": {"kind": "picture", "name": "other", "file": "/etc/passwd"}}, 400),
        ("DELETE", "/api/v1/world/items/nobody", None, 404),
    ):
        status, answer = web.ask(method, path, body)
        checks.equal(f"{method} {path} {body} is refused", (status, "detail" in answer), (wanted, True))
    checks.equal("none of these has changed it", web.get("/api/v1/world")["name"], "mine")
    checks.equal("the schema of scenes is served", web.get("/api/v1/schemas/scene")["type"], "object")


def main() -> None:
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        file, path = Path(folder) / "screen.json", str(Path(folder) / "pictures")
        file.write_text(json.dumps(SCREEN))
        options = ["--http", f"{CAMERA}:{PORT}", "--picture-socket", path]
        with Camera(*options, address=CAMERA, scene=str(file)):
            web = Web(PORT, CAMERA)
            features.configure(CAMERA, TRIGGERED)
            with Session(CAMERA, CAMERA) as session:
                session.start()
                images = Images(session)
                checks.section(pictures, web, images, path)
                checks.section(at_a_time, web, images)
                checks.section(pose, web, images)
            checks.section(scenes, web)
        checks.that("the socket is gone with the program", not Path(path).exists())
    checks.finish()


if __name__ == "__main__":
    main()
