#!/usr/bin/python3
"""All pixel formats of one scene, through Aravis, made into pictures by OpenCV: they must show the same.

    formats.py            measures
    formats.py --keep DIR also keeps the pictures, as PNG
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import features
from camera import Camera
from checks import SKIPPED, Checks

try:
    import cv2
    import grab
    import numpy
except (ImportError, SystemExit) as reason:
    print(f"skip  formats.py: {reason} (python3-opencv, gir1.2-aravis-0.8)")
    sys.exit(SKIPPED)

CAMERA = "127.0.0.1"
WIDTH, HEIGHT = 1024, 768
RAW = ["BayerRG8", "BayerRG12p", "BayerRG12Packed", "BayerRG16"]
COLOUR = ["YUV422_8", "YCbCr411_8", "YCbCr411_8_CbYYCrYY", "BGR8"]
# The whole chart by half of its pixels. No matrix and no tone curve: what is left of the way from raw to colour is
# demosaicing alone.
SETTINGS = {
    "DecimationHorizontal": 2,
    "DecimationVertical": 2,
    "ColorTransformationEnable": False,
    "BalanceWhiteAuto": "Off",
    "ExposureAuto": "Off",
    "GainAuto": "Off",
    "ExposureTime": 10500,
    "AcquisitionFrameRate": 5,
}
# Cells of the picture whose colour is even are compared; 2 DN: roundings to 8 bits, and noise of the mean.
CELL, EVEN_DN, MEAN_DN = 16, 3.0, 2.0
# Demosaicing errs at edges: of two good methods the difference to each other is some 40 dB below white.
LEAST_PSNR_DB, LEAST_PSNR_LUMA_DB = 37.0, 41.0


def fetch(pixel_format: str) -> bytes:
    """The third frame; the camera has settled by then."""
    camera = grab.open_camera(CAMERA)
    grab.set_feature(camera, "PixelFormat", pixel_format)
    stream = grab.open_stream(camera, packet_size=1500, receive_buffer=4 << 20, buffers=4)
    camera.start_acquisition()
    frames = []
    for buffer in grab.buffers_for(stream, 60):
        if grab.succeeded(buffer):
            frames.append(buffer.get_data())
        if len(frames) == 3:
            break
    camera.stop_acquisition()
    return frames[-1]


def codes(data: bytes, pixel_format: str) -> numpy.ndarray:
    """Raw pixels as numbers of 12 bits."""
    raw = numpy.frombuffer(data, numpy.uint8)
    if pixel_format == "BayerRG8":
        return raw.reshape(HEIGHT, WIDTH).astype(numpy.uint16) << 4
    if pixel_format == "BayerRG16":
        return (numpy.frombuffer(data, "<u2") >> 4).reshape(HEIGHT, WIDTH)
    first, middle, last = (raw[i::3].astype(numpy.uint16) for i in range(3))
    pixels = numpy.empty(WIDTH * HEIGHT, numpy.uint16)
    pixels[0::2] = first | (middle & 15) << 8 if pixel_format == "BayerRG12p" else first << 4 | middle & 15
    pixels[1::2] = last << 4 | middle >> 4
    return pixels.reshape(HEIGHT, WIDTH)


def widened(chroma: numpy.ndarray) -> numpy.ndarray:
    """A plane with fewer columns, each standing at the first of those that it is for, brought to full width."""
    group = WIDTH // chroma.shape[1]
    place = (numpy.arange(WIDTH, dtype=numpy.float32) / group)[None, :].repeat(HEIGHT, 0)
    line = numpy.arange(HEIGHT, dtype=numpy.float32)[:, None].repeat(WIDTH, 1)
    return cv2.remap(chroma, place, line, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def luma_and_chroma(data: bytes, pixel_format: str) -> tuple[numpy.ndarray, numpy.ndarray, numpy.ndarray]:
    raw = numpy.frombuffer(data, numpy.uint8)
    places = {
        "YUV422_8": ("Y", "U", "Y", "V"),
        "YCbCr411_8": ("Y", "Y", "U", "Y", "Y", "V"),
        "YCbCr411_8_CbYYCrYY": ("U", "Y", "Y", "V", "Y", "Y"),
    }[pixel_format]
    groups = raw.reshape(HEIGHT, -1, len(places))
    luma = numpy.stack([groups[:, :, i] for i, what in enumerate(places) if what == "Y"], 2)
    return (
        numpy.ascontiguousarray(luma.reshape(HEIGHT, WIDTH)),
        widened(numpy.ascontiguousarray(groups[:, :, places.index("U")])),
        widened(numpy.ascontiguousarray(groups[:, :, places.index("V")])),
    )


def picture(data: bytes, pixel_format: str) -> numpy.ndarray:
    """Blue, green, red of 16 bits, in the scale of 8: OpenCV does what is done to colours."""
    if pixel_format in RAW:
        full = codes(data, pixel_format) << 4
        return cv2.cvtColor(full, cv2.COLOR_BayerRGGB2BGR_EA).astype(numpy.float32) / 256
    if pixel_format == "BGR8":
        return numpy.frombuffer(data, numpy.uint8).reshape(HEIGHT, WIDTH, 3).astype(numpy.float32)
    luma, blue, red = luma_and_chroma(data, pixel_format)
    return cv2.cvtColor(cv2.merge([luma, red, blue]), cv2.COLOR_YCrCb2BGR).astype(numpy.float32)


def even_cells(image: numpy.ndarray) -> numpy.ndarray:
    """Where a cell has one colour, and is neither dark nor burnt out."""
    cells = by_cells(image)
    spread = cells.std(axis=(1, 3)).max(axis=2)
    middle = cells.mean(axis=(1, 3))
    return (spread < EVEN_DN) & (middle.max(axis=2) < 250)


def by_cells(image: numpy.ndarray) -> numpy.ndarray:
    return image.reshape(HEIGHT // CELL, CELL, WIDTH // CELL, CELL, 3)


def psnr_db(one: numpy.ndarray, other: numpy.ndarray) -> float:
    margin = 8  # A border has its own rules.
    difference = (one - other)[margin:-margin, margin:-margin]
    return float(20 * numpy.log10(255 / numpy.sqrt((difference**2).mean())))


def luma(image: numpy.ndarray) -> numpy.ndarray:
    return image @ numpy.array([0.114, 0.587, 0.299], numpy.float32)


def measure(checks: Checks, keep: str) -> None:
    pictures = {}
    with Camera(scene="colour_chart"):
        features.configure(CAMERA, SETTINGS)
        for pixel_format in RAW + COLOUR:
            pictures[pixel_format] = picture(fetch(pixel_format), pixel_format)
            if keep:
                cv2.imwrite(
                    str(Path(keep) / f"{pixel_format}.png"),
                    pictures[pixel_format].clip(0, 255).astype(numpy.uint8),
                )
    reference = pictures["BGR8"]
    even = even_cells(reference)
    checks.that(f"the scene has even places: {even.sum()} of {even.size}", even.sum() > 200)
    colours = by_cells(reference).mean(axis=(1, 3))[even]
    spread = (colours.max(axis=0) - colours.min(axis=0)).tolist()
    checks.that(f"of many colours: blue, green and red spread over {spread} DN", min(spread) > 80)
    for name, image in pictures.items():
        off = numpy.abs(by_cells(image).mean(axis=(1, 3))[even] - colours).max()
        checks.that(
            f"{name}: even places have the colour that BGR8 shows, within {off:.2f} DN", off <= MEAN_DN
        )
        if name == "BGR8":
            continue
        all_db, luma_db = psnr_db(image, reference), psnr_db(luma(image), luma(reference))
        checks.that(f"{name}: it is the picture of BGR8 but for {all_db:.1f} dB", all_db >= LEAST_PSNR_DB)
        checks.that(f"{name}: and its lightness but for {luma_db:.1f} dB", luma_db >= LEAST_PSNR_LUMA_DB)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--keep", default="", metavar="DIR", help="keep the pictures there")
    options = parser.parse_args()
    checks = Checks()
    checks.section(measure, options.keep)
    checks.finish()


if __name__ == "__main__":
    main()
