#!/usr/bin/python3
"""Truth against pictures, by programs that know nothing of it: random scenes through random states of the lens.

OpenCV finds the corners of a chessboard where `cv2.projectPoints` puts them with the numbers that are served; depth
leads back onto the items; zbar and dmtx read the codes; a mask is where the picture of the item is. `truth.py --cases
200` is the long form, and `--coco 1000` checks a data set of so many frames by the definition of its format.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import random
import shutil
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from camera import Camera
from checks import Checks
from web import CAMERA, PORT, Web

try:
    import cv2
    import grab
    import numpy

    MISSING = ""
except (ImportError, SystemExit) as error:
    MISSING = str(error)

WIDTH, HEIGHT, PIXEL_MM = 2048, 1536, 3.45e-3
SEED, FIRST_S = 13, 60.0
TABLE_MM = [6.5, 7.2, 7.9, 8.9, 9.6, 10.5, 11.8, 13.2, 14.7, 17.7, 19.0]
TABLE_MM += [22.0, 25.5, 30.7, 36.2, 44.2, 53.4, 64.9, 79.2, 91.3, 114.5]
MEAN_CODE, SATURATED = 150, 250
CORNERS_PX, PLANE = 0.1, 2e-4
FORMATS = [
    {},
    {"ReverseX": "true"},
    {"ReverseY": "true"},
    {"Width": 1920, "Height": 1440, "OffsetX": 64, "OffsetY": 48},
    {"ReverseX": "true", "ReverseY": "true", "Width": 1968, "Height": 1476, "OffsetX": 32, "OffsetY": 32},
]


def focal_mm(zoom: int) -> float:
    """Of the lens's table, at 2.5 m."""
    return float(numpy.exp(numpy.interp(zoom, range(0, 1001, 50), numpy.log(TABLE_MM))))


def focus_for(zoom: int, distance_m: float) -> int:
    f = focal_mm(zoom)
    tele = math.log(f / TABLE_MM[0]) / math.log(TABLE_MM[-1] / TABLE_MM[0])
    return round(9990 - 90 * tele - 0.67962 * f * f / distance_m)


def rotation(turn_deg: list[float]) -> numpy.ndarray:
    """About x, then y, then z."""
    axes = numpy.diag(numpy.radians(turn_deg))
    about_x, about_y, about_z = (cv2.Rodrigues(axis)[0] for axis in axes)
    return about_z @ about_y @ about_x


def in_world(item: dict, camera: dict) -> dict:
    """Pose of an item in the world that has this pose before the camera."""
    turned = rotation(camera["rotation_deg"])
    place = turned @ numpy.array(item["position_m"]) + numpy.array(camera["position_m"])
    r = turned @ rotation(item["rotation_deg"])
    turn = [math.atan2(r[2, 1], r[2, 2]), math.asin(-r[2, 0]), math.atan2(r[1, 0], r[0, 0])]
    return {"position_m": place.tolist(), "rotation_deg": [math.degrees(angle) for angle in turn]}


class Case:
    """A chessboard on one side of the picture, a QR code and a Data Matrix on the other."""

    def __init__(self, number: int) -> None:
        dice = random.Random(SEED * 1000 + number)
        self.zoom = dice.choice([0, 1000, dice.randrange(1001), dice.randrange(1001), dice.randrange(1001)])
        f = focal_mm(self.zoom)
        self.distance_m = 0.4 * (f / TABLE_MM[0]) ** 0.6 * dice.uniform(1, 2.2)
        self.pixel_m = PIXEL_MM / f * self.distance_m
        self.columns, self.rows = dice.choice([(8, 7), (9, 6), (10, 7), (9, 8)])
        square = dice.uniform(48, 72) * self.pixel_m
        side = dice.choice([-1, 1])
        tilt = [dice.uniform(-28, 28), dice.uniform(-28, 28), dice.uniform(-25, 25)]
        self.format = dice.choice(FORMATS)
        self.content = f"case {number} {dice.getrandbits(64):x}"
        board = {"name": "board", "kind": "checkerboard", "columns": self.columns, "rows": self.rows}
        self.items = [
            board | {"square_m": square, "rotation_deg": tilt} | self.place(dice, side * 420, 0, 80),
            self.code(dice, "qr", -side * 520, -330, 380),
            self.code(dice, "data_matrix", -side * 520, 330, 260),
        ]
        self.square_m = square
        place, turn = [dice.uniform(-3, 3) for _ in range(3)], [dice.uniform(-180, 180) for _ in range(3)]
        self.camera_pose = {"position_m": place, "rotation_deg": turn}
        self.items = [item | in_world(item, self.camera_pose) for item in self.items]

    def place(self, dice: random.Random, x_px: float, y_px: float, spread_px: float) -> dict:
        x, y = x_px + dice.uniform(-spread_px, spread_px), y_px + dice.uniform(-spread_px, spread_px)
        return {"position_m": [x * self.pixel_m, y * self.pixel_m, self.distance_m]}

    def code(self, dice: random.Random, kind: str, x_px: float, y_px: float, size_px: float) -> dict:
        tilt = [dice.uniform(-20, 20), dice.uniform(-20, 20), dice.uniform(-15, 15)]
        item = {"name": kind, "kind": kind, "text": f"{kind} of {self.content}", "width_m": size_px * self.pixel_m}
        return item | {"rotation_deg": tilt} | self.place(dice, x_px, y_px, 40)

    @property
    def scene(self) -> dict:
        lens = {"zoom": self.zoom, "focus": focus_for(self.zoom, self.distance_m), "iris": 200 - 0.15 * self.zoom}
        ground = {"reflectance": 0.3}
        return {
            "light": {"illuminance_lx": 20000},
            "background": ground,
            "items": self.items,
            "camera_pose": self.camera_pose,
            "camera": lens | {"exposure_us": self.exposure_us, "gain_db": 0},
        }

    @property
    def exposure_us(self) -> float:
        """A first guess: the iris is nearly open at the wide end, and nearly closed at the other."""
        return 100.0 * 400 ** (self.zoom / 1000)

    @property
    def squares(self) -> numpy.ndarray:
        """The inner corners on the board."""
        places = [
            (self.square_m * (i - self.columns / 2), self.square_m * (j - self.rows / 2), 0)
            for j in range(1, self.rows)
            for i in range(1, self.columns)
        ]
        return numpy.array(places, numpy.float64)


def fetch(path: str) -> bytes:
    url = f"http://{CAMERA}:{PORT}/api/v1/camera{path}"
    with urllib.request.urlopen(url, timeout=600) as answer:
        return answer.read()


@contextlib.contextmanager
def running(scene: dict, settings: dict) -> Iterator[grab.Aravis.Camera]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scene.json"
        file.write_text(json.dumps(scene))
        options = ["--scene-settings", "--set", "BalanceWhiteAuto=Off", "--http", f"{CAMERA}:{PORT}"]
        with Camera(*options, address=CAMERA, scene=str(file)):
            camera = grab.open_camera(CAMERA)
            for name, value in ({"PixelFormat": "BayerRG8"} | settings).items():
                grab.set_feature(camera, name, value)
            yield camera


def well_exposed(camera: grab.Aravis.Camera, exposure_us: float) -> tuple[numpy.ndarray, int]:
    """Green of a frame, and its block id. The exposure time follows what is seen."""
    stream = grab.open_stream(camera, receive_buffer=4 << 20)
    skip = 0
    grab.set_feature(camera, "ExposureTime", str(exposure_us))
    camera.start_acquisition()
    for buffer in grab.buffers_for(stream, FIRST_S):
        skip -= 1
        if not grab.succeeded(buffer) or skip >= 0:
            continue
        shape = (buffer.get_image_height(), buffer.get_image_width())
        green = cv2.cvtColor(
            numpy.frombuffer(buffer.get_data(), numpy.uint8).reshape(shape), cv2.COLOR_BayerBG2BGR
        )[:, :, 1]
        bright = float(numpy.percentile(green, 95))
        if 0.6 * MEAN_CODE < bright < 1.4 * MEAN_CODE:
            camera.stop_acquisition()
            return green, buffer.get_frame_id()
        exposure_us *= 0.2 if bright > SATURATED else min(10.0, (MEAN_CODE - 15) / max(1.0, bright - 15))
        exposure_us = min(max(exposure_us, 20.0), 200000.0)
        grab.set_feature(camera, "ExposureTime", str(exposure_us))
        skip = 2
    raise RuntimeError(f"no frame that is well exposed, at {exposure_us} us {bright}")


def item_of(truth: dict, name: str) -> dict:
    return next(item for item in truth["items"] if item["name"] == name)


def projected(truth: dict, item: dict, places: numpy.ndarray) -> numpy.ndarray:
    turn = cv2.Rodrigues(numpy.array(item["R"]))[0]
    matrix, bent = numpy.array(truth["K"]), numpy.array(truth["dist"])
    return cv2.projectPoints(places, turn, numpy.array(item["t"]), matrix, bent)[0].reshape(-1, 2)


def corner_error_px(green: numpy.ndarray, case: Case, wanted: numpy.ndarray) -> float:
    """Of the corners that OpenCV finds by itself, in whatever order, against where they should be."""
    size = (case.columns - 1, case.rows - 1)
    found, corners = cv2.findChessboardCorners(green, size)
    if not found:
        raise RuntimeError("OpenCV finds no board")
    criteria = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 100, 1e-4)
    corners = cv2.cornerSubPix(green, corners, (9, 9), (-1, -1), criteria).reshape(-1, 2)
    apart = numpy.linalg.norm(corners[:, None] - wanted[None], axis=2)
    nearest = apart.argmin(axis=0)
    if len(set(nearest)) != len(wanted):
        raise RuntimeError("two corners are one")
    return float(numpy.sqrt((apart.min(axis=0) ** 2).mean()))


def plane_error(truth: dict, item: dict, depth: numpy.ndarray, ids: numpy.ndarray) -> float:
    """How far pixels of the item, led back by their depth, are off its plane; a share of the distance."""
    rows, columns = numpy.nonzero(ids == item["id"] + 1)
    some = numpy.linspace(0, len(rows) - 1, 500).astype(int)
    pixels = numpy.stack([columns[some], rows[some]], axis=1).astype(numpy.float64)
    rays = cv2.undistortPointsIter(
        pixels, numpy.array(truth["K"]), numpy.array(truth["dist"]), None, None, (3, 100, 1e-12)
    ).reshape(-1, 2)
    z = depth[rows[some], columns[some]].astype(numpy.float64)
    places = numpy.column_stack([rays * z[:, None], z]) - numpy.array(item["t"])
    own = places @ numpy.array(item["R"])
    half = numpy.array(item["size_m"]) / 2 + 1e-3 * item["distance_m"]
    if (numpy.abs(own[:, :2]) > half).any():
        return 1.0
    return float(numpy.abs(own[:, 2]).max() / item["distance_m"])


def read_code(green: numpy.ndarray, item: dict, truth: dict, kind: str) -> str:
    """What a program reads in the part of the picture that the item is in, flips undone."""
    left, top, right, bottom = (round(edge) for edge in item["box_px"])
    part = green[max(0, top - 20) : bottom + 20, max(0, left - 20) : right + 20]
    if truth["image"]["reverse_x"]:
        part = cv2.flip(part, 1)
    if truth["image"]["reverse_y"]:
        part = cv2.flip(part, 0)
    programs = {
        "qr": ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable"],
        "data_matrix": ["dmtxread", "-N1", "-m8000"],
    }
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        cv2.imwrite(file.name, part)
        command = [*programs[kind], file.name]
        return subprocess.run(command, capture_output=True, text=True, timeout=60).stdout.strip()


def outline_error_px(green: numpy.ndarray, ids: numpy.ndarray, item: dict) -> float:
    """How far the farthest pixel that is bright outside of a code's mask, or dark along its light rim inside of it,
    is from the outline. The rim is the quiet zone; around it the ground is darker."""
    mask = (ids == item["id"] + 1).astype(numpy.uint8)
    left, top, right, bottom = (round(edge) for edge in item["box_px"])
    near = numpy.zeros_like(mask)
    near[max(0, top - 12) : bottom + 12, max(0, left - 12) : right + 12] = 1
    outside = cv2.distanceTransform(1 - mask, cv2.DIST_L2, 5)
    inside = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    rim = numpy.median(green[(inside > 3) & (inside < 5)])
    ground = numpy.median(green[(outside > 6) & (outside < 10) & (near > 0)])
    half = (rim + ground) / 2
    green = cv2.medianBlur(green, 5)  # Some pixels are hot, and demosaicing makes crosses of them.
    out = outside[(near > 0) & (outside > 0) & (green > half)]
    into = inside[(inside > 0) & (inside < 5) & (green < half)]
    return max(out.max() if out.size else 0.0, into.max() if into.size else 0.0)


def one_case(checks: Checks, number: int, figures: dict[str, list[float]]) -> None:
    case = Case(number)
    with running(case.scene, case.format) as camera:
        green, block_id = well_exposed(camera, case.exposure_us)
        truth = Web().get(f"/api/v1/camera/truth?block_id={block_id}")
        ids = cv2.imdecode(
            numpy.frombuffer(fetch(f"/truth/instances?block_id={block_id}"), numpy.uint8), cv2.IMREAD_UNCHANGED
        )
        depth = numpy.frombuffer(fetch(f"/truth/depth?format=raw&block_id={block_id}"), "<f4").reshape(ids.shape)
    name = f"case {number}, zoom {case.zoom}, {case.distance_m:.2f} m"
    board = item_of(truth, "board")
    error_px = corner_error_px(green, case, projected(truth, board, case.squares))
    figures["corners, rms px"].append(error_px)
    checks.that(f"{name}: corners are where projectPoints says", error_px < CORNERS_PX, f"{error_px:.3f} px rms")
    for item in truth["items"]:
        off = plane_error(truth, item, depth, ids)
        figures["depth off the plane, of the distance"].append(off)
        checks.that(f"{name}: depth leads onto the {item['name']}", off < PLANE, f"{off:.6f} of the distance")
    for kind, program in (("qr", "zbarimg"), ("data_matrix", "dmtxread")):
        item = item_of(truth, kind)
        outline_px = outline_error_px(green, ids, item)
        figures["outline of masks, px"].append(outline_px)
        checks.that(f"{name}: the mask of the {kind} ends where it ends", outline_px <= 2.5, f"{outline_px:.2f} px")
        if shutil.which(program):
            checks.equal(f"{name}: {program} reads it", read_code(green, item, truth, kind), item["content"])
        else:
            checks.skip(f"{name}: what {program} reads", "it is not installed")


def unpacked(text: str) -> list[int]:
    """COCO's packed counts."""
    counts: list[int] = []
    at = 0
    while at < len(text):
        value = shift = 0
        while True:
            group = ord(text[at]) - 48
            at += 1
            value |= (group & 0x1F) << shift
            shift += 5
            if not group & 0x20:
                break
        if group & 0x10:
            value -= 1 << shift
        counts.append(value + (counts[-2] if len(counts) > 2 else 0))
    return counts


def fits_coco(data: dict) -> list[str]:
    """What of the data set is not as the format of object detection defines it."""
    wrong = [key for key in ("info", "licenses", "images", "annotations", "categories") if key not in data]
    images = {image["id"]: image for image in data["images"]}
    categories = {category["id"] for category in data["categories"]}
    if len(images) != len(data["images"]) or len({image["file_name"] for image in data["images"]}) != len(images):
        wrong.append("images share an id or a file name")
    if len({one["id"] for one in data["annotations"]}) != len(data["annotations"]):
        wrong.append("annotations share an id")
    for one in data["annotations"]:
        image = images.get(one["image_id"])
        if image is None or one["category_id"] not in categories or one["iscrowd"] not in (0, 1):
            wrong.append(f"annotation {one['id']} refers to nothing")
            continue
        size, counts = one["segmentation"]["size"], unpacked(one["segmentation"]["counts"])
        flat = numpy.repeat((numpy.arange(len(counts)) % 2).astype(bool), counts)
        if size != [image["height"], image["width"]] or flat.size != size[0] * size[1] or min(counts[1:]) < 1:
            wrong.append(f"the mask of annotation {one['id']} has another size")
            continue
        pixels = flat.reshape(size[1], size[0])  # one column after the other
        columns, rows = (numpy.nonzero(pixels.any(axis=axis))[0] for axis in (1, 0))
        box = [columns[0], rows[0], columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1]
        if one["area"] != flat.sum() or one["bbox"] != [int(edge) for edge in box]:
            wrong.append(f"annotation {one['id']} has another area or box")
    return wrong


def coco(checks: Checks, frames: int) -> None:
    options = ["--http", f"{CAMERA}:{PORT}", "--set", "ExposureAuto=Off", "--set", "ExposureTime=1000"]
    with Camera(*options, address=CAMERA, scene="conveyor"):
        camera = grab.open_camera(CAMERA)
        for name, value in (("PixelFormat", "BayerRG8"), ("Width", "1024"), ("Height", "768"), ("OffsetX", "512")):
            grab.set_feature(camera, name, value)
        stream = grab.open_stream(camera, receive_buffer=4 << 20)
        camera.start_acquisition()
        for _ in grab.buffers_for(stream, FIRST_S + frames):  # One that comes too late for the stream has truth as well.
            if Web().get("/api/v1/camera")["counts"]["frames_exposed"] > frames:
                break
        camera.stop_acquisition()
        text = fetch(f"/truth/coco?frames={frames}")
    data = json.loads(text)
    print(f"      {len(data['annotations'])} annotations in {len(text) / 1e6:.1f} MB")
    checks.equal("a data set has the frames that were asked for", len(data["images"]), frames)
    checks.that("and annotations", len(data["annotations"]) > frames)
    checks.equal("it is what COCO defines", fits_coco(data), [])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=2)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--coco", type=int, default=10, metavar="FRAMES")
    options = parser.parse_args()
    checks = Checks()
    if MISSING:
        checks.skip("truth", MISSING)
        checks.finish()
    names = ("corners, rms px", "depth off the plane, of the distance", "outline of masks, px")
    figures: dict[str, list[float]] = {name: [] for name in names}
    for number in range(options.first, options.first + options.cases):
        checks.section(one_case, number, figures)
    for name, values in figures.items():
        if values:
            print(f"      {name}: median {numpy.median(values):.3g}, most {max(values):.3g} of {len(values)}")
    if options.coco:
        checks.section(coco, options.coco)
    checks.finish()


if __name__ == "__main__":
    main()
