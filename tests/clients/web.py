#!/usr/bin/env python3
"""The HTTP interface: what is wired to the camera from outside, seen through a stream at the same time."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import signal
import socket
import struct
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import features
from camera import Camera
from checks import Checks
from session import Session
from wire import ERROR, USER_NAME, WRITEMEM, Client

CAMERA, PORT = "127.0.3.1", 18300
TRIGGERED = features.SMALL | {"TriggerMode": "On", "IMXLowLatencyTriggerMode": True}
GARBAGE_SEED, GARBAGE_COUNT = 265, 300
END_S = 3.0  # Less than the patience that the camera has with a client.


class Web:
    """The bench at the other end of HTTP."""

    def __init__(self, port: int = PORT, host: str = CAMERA) -> None:
        self.place = (host, port)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, dict]:
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
        url = f"http://{self.place[0]}:{self.place[1]}{path}"
        request = urllib.request.Request(url, data=data, method=method, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def tell(self, method: str, path: str, body: object = None) -> dict:
        status, answer = self.ask(method, path, body)
        if status != 200:
            raise RuntimeError(f"{method} {path}: {status} {answer}")
        return answer

    def get(self, path: str) -> dict:
        return self.tell("GET", path)

    @property
    def now_ns(self) -> int:
        return self.get("/api/v1/camera/lines")["time_ns"]

    @property
    def colour(self) -> str:
        return self.get("/api/v1/camera/leds")["status"]["colour"]

    def signals(self, since: int) -> list[dict]:
        return self.get(f"/api/v1/camera/signals?since={since}&limit=5000")["signals"]

    @property
    def next(self) -> int:
        return self.get("/api/v1/camera/signals?limit=0&since=18446744073709551615")["next"]

    def silent(self, count: int) -> list[socket.socket]:
        """Connections that say nothing, as far as the host lets them come: those that must queue are not awaited."""
        made = [socket.socket() for _ in range(count)]
        for connection in made:
            connection.setblocking(False)
            connection.connect_ex(self.place)
        return made

    @staticmethod
    def ask_on(connection: socket.socket, sent: bytes) -> bytes:
        """The first bytes of the answer, none if the connection has ended."""
        with contextlib.suppress(OSError), connection:
            connection.settimeout(10)
            connection.sendall(sent)
            return connection.recv(4096)
        return b""

    def raw(self, sent: bytes, then_end: bool = True) -> bytes:
        """What comes back for these bytes, whatever they are."""
        with socket.create_connection(self.place, timeout=10) as connection:
            with contextlib.suppress(OSError):
                connection.sendall(sent)
                if then_end:
                    connection.shutdown(socket.SHUT_WR)
            answer = b""
            with contextlib.suppress(OSError):
                while piece := connection.recv(65536):
                    answer += piece
            return answer


@contextlib.contextmanager
def bench(*options: str, settings: dict[str, float | str] = features.SMALL) -> Iterator[Web]:
    with Camera(*options, "--http", f"{CAMERA}:{PORT}", address=CAMERA):
        features.configure(CAMERA, settings)
        yield Web()


def named(signals: list[dict], name: str) -> list[dict]:
    return [signal for signal in signals if signal["signal"] == name]


def stamps(signals: list[dict]) -> list[int]:
    return [signal["time_ns"] for signal in signals]


def pulses_expose(checks: Checks) -> None:
    count, period_ns = 8, 60_000_000
    with bench(settings=TRIGGERED | {"StrobeEnable": "On"}) as web, Session(CAMERA, CAMERA) as session:
        session.start()
        checks.equal("armed, the status LED is green", web.colour, "green")
        since, begin = web.next, web.now_ns + 100_000_000
        told = web.tell(
            "POST",
            "/api/v1/camera/lines/trigger_in/train",
            {"period_us": period_ns / 1000, "width_us": 50, "count": count, "at_ns": begin},
        )
        checks.equal("a train begins at the time that was asked for", told["begin_ns"], begin)
        blocks = session.receiver.collect(count)
        signals = web.signals(since)
        wanted = [begin + i * period_ns for i in range(count)]
        edges = [edge["time_ns"] for edge in named(signals, "trigger_in") if edge["high"]]
        starts, ends = named(signals, "exposure_start"), named(signals, "exposure_end")
        checks.equal("its edges come when they must, to the nanosecond", edges, wanted)
        accepted = stamps(named(signals, "trigger_accepted"))
        checks.equal("each of them is an accepted trigger", accepted, wanted)
        checks.equal("and an image with this stamp", [block.leader.timestamp for block in blocks], wanted)
        ids = [start["block_id"] for start in starts]
        checks.equal("in the block that the signal names", ids, [block.id for block in blocks])
        strobe = named(signals, "strobe_out")
        falls, rises = ([s for s in strobe if s["high"] == high] for high in (False, True))
        checks.equal("the strobe falls as an exposure begins", stamps(falls), stamps(starts))
        checks.equal("and rises as it ends", stamps(rises), stamps(ends))
        truth = web.get(f"/api/v1/camera/truth?block_id={blocks[-1].id}")
        checks.equal("the truth of an image has its stamp", truth["frame"]["timestamp_ns"], wanted[-1])
        checks.equal("and its exposure time", truth["frame"]["exposure_us"], 1000)


def bounces(checks: Checks) -> None:
    train = {"period_us": 60_000, "width_us": 20_000, "count": 5, "seed": 7}
    train["bounce"] = {"times": 3, "us": 3000}
    for denoise_us, wanted in ((0, 35), (2000, 5)):
        with bench(settings=TRIGGERED | {"TriggerDenoise": denoise_us}) as web, Session(CAMERA, CAMERA) as session:
            session.start()
            since = web.next
            web.tell("POST", "/api/v1/camera/lines/trigger_in/train", train)
            time.sleep(0.5)
            signals = web.signals(since)
            triggers = len(named(signals, "trigger_accepted") + named(signals, "trigger_missed"))
            checks.equal(f"bounces with TriggerDenoise={denoise_us} are so many triggers", triggers, wanted)
            first = stamps(named(signals, "trigger_in"))
            since = web.next
            web.tell("POST", "/api/v1/camera/lines/trigger_in/train", train)
            time.sleep(0.5)
            again = stamps(named(web.signals(since), "trigger_in"))
            apart = {b - a for a, b in zip(first, again)}
            checks.equal("the same seed bounces the same way", (len(again), len(apart)), (len(first), 1))


def missed(checks: Checks) -> None:
    with bench(settings=TRIGGERED) as web, Session(CAMERA, CAMERA) as session:
        session.start()
        since = web.next
        web.tell("POST", "/api/v1/camera/lines/trigger_in/train", {"period_us": 400, "width_us": 50, "count": 50})
        time.sleep(0.5)
        signals = web.signals(since)
        accepted, refused = named(signals, "trigger_accepted"), named(signals, "trigger_missed")
        checks.equal("each trigger is accepted or missed", len(accepted) + len(refused), 50)
        count = (len(accepted), len(refused))
        checks.that("too many in a time are missed", count[1] > count[0] > 0, count)
        blocks = session.receiver.collect(len(accepted))
        checks.equal("those accepted are received", [b.leader.timestamp for b in blocks], stamps(accepted))
        counts = web.get("/api/v1/camera")["counts"]
        checks.equal("all are counted", (counts["triggers_accepted"], counts["triggers_missed"]), count)


def lights(checks: Checks) -> None:
    with bench() as web:
        checks.equal("idle, the status LED is blue", web.colour, "blue")
        checks.equal("the link's LED is on", web.get("/api/v1/camera/leds")["rj45_green"], True)
        with Session(CAMERA, CAMERA) as session:
            checks.equal("with a stream channel alone it stays so", web.colour, "blue")
            session.start()
            session.receiver.collect(2)
            checks.equal("it is yellow while images are sent", {web.colour for _ in range(20)}, {"yellow"})
            checks.equal("the state says so too", web.get("/api/v1/camera")["stream"]["sending"], True)
            session.stop()
            checks.equal("and blue after the stop", web.colour, "blue")


def broken_memory(checks: Checks) -> None:
    # In the sandbox a folder that is made anew is another one.
    for sandbox, gone in (("auto", "39265001.json"), ("off", "")):
        with tempfile.TemporaryDirectory(prefix="gigemu-") as folder:
            break_memory(checks, sandbox, Path(folder) / "state", gone)


def break_memory(checks: Checks, sandbox: str, state: Path, gone: str) -> None:
    """What is gone, of the folder of the memory or all of it, has something else in its place for a while."""
    with bench("--state-dir", str(state), "--sandbox", sandbox) as web, Client(CAMERA, CAMERA) as client:
        client.take_control()
        client.write_memory(USER_NAME, b"kept".ljust(16, b"\0"))
        checks.equal("a name that can be kept changes no light", web.colour, "blue")
        place = state / gone
        if gone:
            place.unlink()
            place.mkdir()
        else:
            shutil.rmtree(place)
            place.write_text("no folder")
        ack = client.ask(WRITEMEM, struct.pack(">I", USER_NAME) + b"lost".ljust(16, b"\0"))
        checks.equal("one that cannot is refused", ack.status, ERROR)
        checks.equal("and the old one stays", client.read_memory(USER_NAME, 16).rstrip(b"\0"), b"kept")
        status = web.get("/api/v1/camera/leds")["status"]
        wanted = ("red", 2)
        checks.equal("and a red code", (status["colour"], status["flashes"]), wanted)
        place.rmdir() if gone else place.unlink()
        client.write_memory(USER_NAME, b"again".ljust(16, b"\0"))
        checks.equal("until it can", web.colour, "blue")


def refusals(checks: Checks) -> None:
    with bench() as web:
        for method, path, body, wanted in (
            ("GET", "/nothing", None, 404),
            ("GET", "/%2e%2e/camera", None, 404),
            ("GET", "/%00%0a%ff", None, 404),
            ("DELETE", "/api/v1/camera", None, 405),
            ("POST", "/api/v1/camera/lines/trigger_in", b"{}", 405),
            ("POST", "/api/v1/camera/lines/trigger_in/pulse", b"{", 400),
            ("POST", "/api/v1/camera/lines/trigger_in/pulse", b"\xff\xfe", 400),
            ("POST", "/api/v1/camera/lines/trigger_in/pulse", b"[" * 50_000, 400),
            ("POST", "/api/v1/camera/lines/trigger_in/pulse", {"width_us": "long"}, 400),
            ("POST", "/api/v1/camera/lines/trigger_in/train", {"period_us": 1, "width_us": 0.5}, 400),
            ("PUT", "/api/v1/camera/lines/trigger_in", {"high": True, "at_ns": 5}, 400),
            ("GET", "/api/v1/camera/signals?since=yesterday", None, 400),
            ("GET", "/api/v1/camera/truth?frame=999999", None, 404),
            ("POST", "/api/v1/camera/lines/trigger_in/pulse", b" " * 5_000_000, 413),
        ):
            status, answer = web.ask(method, path, body)
            checks.equal(f"{method} {path} {str(body)[:40]}", status, wanted)
            checks.that("is told why", bool(answer.get("detail")), answer)
        status, answer = web.ask("POST", "/api/v1/camera/lines/trigger_in/pulse", {"widht_us": 5, "width_us": 1})
        checks.that("the key that is wrong is named", answer["detail"].startswith("widht_us"), answer)
        checks.equal("nothing of that moved the line", named(web.signals(0), "trigger_in"), [])


def foreign_pages(checks: Checks) -> None:
    """What a browser sends for a page of a foreign site, and what a program may say."""
    pulse = {"width_us": 100}
    with bench("--http-host", "camera.example") as web:
        own = f"http://{CAMERA}:{PORT}"
        for what, headers, wanted in (
            ("a page of the camera itself", {"Origin": own}, 200),
            ("a name that was given", {"Host": "camera.example:80"}, 200),
            ("a compose service", {"Host": "gigemu:8080"}, 200),
            ("a simple request of a foreign page", {"Content-Type": "text/plain", "Origin": "http://evil.example"}, 403),
            ("a form", {"Content-Type": "application/x-www-form-urlencoded"}, 415),
            ("plain text", {"Content-Type": "text/plain"}, 415),
            ("a sandboxed frame", {"Origin": "null"}, 403),
            ("another port of this host", {"Origin": f"http://{CAMERA}:1"}, 403),
            ("a name rebound to this address", {"Host": "evil.example", "Origin": "http://evil.example"}, 403),
            ("an image in a foreign page", {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}, 403),
        ):
            since = web.next
            status, answer = web.ask("POST", "/api/v1/camera/lines/trigger_in/pulse", pulse, **headers)
            checks.equal(what, status, wanted)
            if wanted != 200:
                checks.that("is told why", bool(answer.get("detail")), answer)
                checks.equal("and moves nothing", named(web.signals(since), "trigger_in"), [])
            else:
                time.sleep(0.05)
        status, _ = web.ask("OPTIONS", "/api/v1/camera/lines/trigger_in/pulse", Origin="http://evil.example")
        checks.equal("a preflight is granted to nobody", status, 403)
        answer = web.raw(b"GET /api/v1/camera HTTP/1.1\r\n\r\n")
        checks.equal("who names no host is told so", answer.split(b"\r\n")[0].split(b" ")[1], b"400")
        checks.that("no answer has CORS headers", b"access-control" not in web.raw(
            b"GET /api/v1/camera HTTP/1.1\r\nHost: localhost\r\n\r\n").lower())


def garbage(checks: Checks) -> None:
    dice = random.Random(GARBAGE_SEED)
    post = b"POST /api/v1/camera/lines/trigger_in/pulse HTTP/1.1\r\n"
    good = post + b"Host: x\r\nContent-Type: application/json\r\nContent-Length: 16\r\n\r\n{\"width_us\":100}"
    chunked = post + b"Transfer-Encoding: chunked\r\n\r\n"
    nasty = [
        b"",
        b"\r\n" * 1000,
        b"GET " + b"/" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET /" + b"%41" * 2500 + b" HTTP/1.1\r\n\r\n",
        b"GET /api/v1/camera HTTP/1.1\r\n" + b"X: y\r\n" * 20_000 + b"\r\n",
        b"GET /api/v1/camera HTTP/1.1\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"GET /api/v1/camera HTTP/1.1\r\nRange: bytes=" + b"0-," * 2500 + b"0-\r\n\r\n",
        b"GET /api/v1/camera HTTP/1.1\r\nRange: bytes=99999999999999999999-\r\n\r\n",
        post + b"Content-Length: -1\r\n\r\n",
        post + b"Content-Length: 99999999999999999999\r\n\r\n{}",
        post + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00",
        post + b"Content-Type: multipart/form-data; boundary=\r\nContent-Length: 2\r\n\r\n{}",
        chunked + b"FFFFFFFFFFFFFFFF\r\n" + b"x" * 1000,
        chunked + b"1000\r\n" + b"x" * 0x1000 + b"\r\n" + (b"1000\r\n" + b"x" * 0x1000 + b"\r\n") * 100,
        chunked + b"-5\r\nxx\r\n0\r\n\r\n",
    ]
    for _ in range(GARBAGE_COUNT):
        damaged = bytearray(good)
        for _ in range(dice.randrange(1, 6)):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        nasty.append(bytes(damaged[: dice.randrange(len(damaged) + 1)]))
    with bench() as web, Session(CAMERA, CAMERA) as session:
        session.start()
        for sent in nasty:
            web.raw(sent)
        checks.equal("after all that garbage it still answers", web.ask("GET", "/api/v1/camera")[0], 200)
        session.receiver.drain()
        checks.that("and the stream goes on", session.receiver.receive(2.0) is not None)
        # Somebody who only connects, many times over, holds up neither the stream nor others.
        silent = web.silent(100)
        session.receiver.drain()
        checks.that("the stream goes on beside silent connections", session.receiver.receive(2.0) is not None)
        checks.equal("and it answers beside them", web.ask("GET", "/api/v1/camera")[0], 200)
        for connection in silent:
            connection.close()
        # As many as there are places: one of them makes room, the others may still ask.
        silent = web.silent(16)
        checks.equal("it answers while silent connections have all places", web.ask("GET", "/livez")[0], 200)
        answers = [web.ask_on(connection, b"GET /livez HTTP/1.1\r\nHost: x\r\n\r\n") for connection in silent]
        checks.equal("for which one of them has ended", sum(answer.startswith(b"HTTP/1.1 200") for answer in answers), 15)


def places(checks: Checks) -> None:
    with Camera(address=CAMERA), Camera(address="127.0.3.2"):
        serials = [Web(8080, host).get("/api/v1/camera")["address"] for host in (CAMERA, "127.0.3.2")]
        checks.equal("without a word each camera on loopback has port 8080", serials, [CAMERA, "127.0.3.2"])
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((CAMERA, 8080))
        taken.listen()
        with Camera("--log-level", "info", address=CAMERA) as camera:
            said = "port 8080" in camera.output
            checks.that("a camera whose port is taken works without, and says so", said, camera.output)
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((CAMERA, PORT))
        taken.listen()
        try:
            with bench():
                checks.that("a place that was asked for and is taken ends the program", False)
        except RuntimeError as error:
            said = f"port {PORT}" in str(error)
            checks.that("a place that was asked for and is taken ends the program", said, error)
    for wrong in ("nonsense", CAMERA, f"{CAMERA}:", f"{CAMERA}:x", f"{CAMERA}:99999", ":80", "x.org:80"):
        try:
            with Camera("--http", wrong, address=CAMERA):
                checks.that(f"--http {wrong} is refused", False)
        except RuntimeError as error:
            checks.that(f"--http {wrong} is refused", "--http" in str(error), error)
    with Camera("--http", "off", address=CAMERA):
        try:
            socket.create_connection((CAMERA, 8080), 1).close()
            checks.that("off is off", False)
        except OSError:
            checks.that("off is off", True)


def ends(checks: Checks) -> None:
    with Camera("--http", f"{CAMERA}:{PORT}", address=CAMERA) as camera:
        half = [socket.create_connection((CAMERA, PORT)) for _ in range(5)]
        silent = Web().silent(40)
        for connection in half:
            connection.sendall(b"POST /api/v1/camera/lines/trigger_in/pulse HTTP/1.1\r\nContent-Length: 100\r\n\r\n{")
        time.sleep(0.2)
        began = time.monotonic()
        code = camera.end(signal.SIGTERM)
        checks.equal("with open connections it ends as it should", code, 0)
        checks.that("and waits for none of them", time.monotonic() - began < END_S, time.monotonic() - began)
        for connection in silent + half:
            connection.close()


def main() -> None:
    checks = Checks()
    for section in (pulses_expose, bounces, missed, lights, broken_memory, refusals, foreign_pages, garbage, places, ends):
        checks.section(section)
    checks.finish()


if __name__ == "__main__":
    main()
