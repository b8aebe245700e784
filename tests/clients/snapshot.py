#!/usr/bin/python3
"""Takes a picture through the wire, by Aravis, and saves it as PNG.

    snapshot.py --frames 10 --half --set ExposureAuto=Off --set ExposureTime=20000 picture.png
"""

from __future__ import annotations

import argparse
import struct
import sys
import zlib
from array import array

import grab

BLACK_OF_8_BITS = 15
LEVELS = 4096  # everything is done in 12 bits


def unpack(data: bytes, pixel_format: str) -> array:
    """Codes of 12 bits, whatever the format."""
    if pixel_format.endswith("8"):
        return array("H", (value << 4 for value in data))
    if pixel_format.endswith("16"):
        codes = array("H", data)
        if sys.byteorder == "big":
            codes.byteswap()
        return array("H", (code >> 4 for code in codes))
    out = array("H", bytes(len(data) // 3 * 4))
    first, middle, last = data[0::3], data[1::3], data[2::3]
    if pixel_format.endswith("12p"):
        out[0::2] = array("H", (a | (b & 15) << 8 for a, b in zip(first, middle)))
    else:
        out[0::2] = array("H", (a << 4 | b & 15 for a, b in zip(first, middle)))
    out[1::2] = array("H", (c << 4 | b >> 4 for b, c in zip(middle, last)))
    return out


Plane = list[array]  # rows


def planes_by_quads(codes: array, width: int, height: int) -> tuple[Plane, Plane, Plane]:
    """Half the size: each quad of red, two greens and blue becomes one pixel, exactly."""
    red, green, blue = [], [], []
    for y in range(0, height, 2):
        upper, lower = codes[y * width : (y + 1) * width], codes[(y + 1) * width : (y + 2) * width]
        red.append(upper[0::2])
        green.append(array("H", ((a + b) // 2 for a, b in zip(upper[1::2], lower[0::2]))))
        blue.append(lower[1::2])
    return red, green, blue


def between(one: array, other: array) -> array:
    return array("H", [(a + b) // 2 for a, b in zip(one, other)])


def widen(row: array, width: int, first: int) -> array:
    """Samples for every second place from `first` on; between them goes the mean of both sides."""
    out = array("H", bytes(2 * width))
    out[first::2] = row
    gaps = between(row, row[1:] + row[-1:])
    if first == 0:
        out[1::2] = gaps
    else:
        out[2::2] = gaps[:-1]
        out[0] = row[0]
    return out


def full_plane(rows: Plane, width: int, first_x: int, first_y: int) -> Plane:
    """A plane with a sample in every quad, brought to full size by bilinear interpolation."""
    wide = [widen(row, width, first_x) for row in rows]
    out: Plane = []
    for n, row in enumerate(wide):
        before, after = wide[max(0, n - 1)], wide[min(len(wide) - 1, n + 1)]
        out += [row, between(row, after)] if first_y == 0 else [between(before, row), row]
    return out


def full_green(codes: array, width: int, height: int) -> Plane:
    """Green stands in a chequer pattern: the missing ones are the mean of their four neighbours."""
    rows = [codes[y * width : (y + 1) * width] for y in range(height)]
    for y in range(height):
        row, first = rows[y], y % 2  # the first place without green
        upper, lower = rows[max(0, y - 1)], rows[min(height - 1, y + 1)]
        upper, lower = (lower, lower) if y == 0 else (upper, upper) if y == height - 1 else (upper, lower)
        left, right = row[:1] + row[:-1], row[1:] + row[-1:]
        sums = zip(upper[first::2], lower[first::2], left[first::2], right[first::2])
        row = array("H", row)
        row[first::2] = array("H", [(a + b + c + d) // 4 for a, b, c, d in sums])
        rows[y] = row
    return rows


def planes_by_interpolation(codes: array, width: int, height: int) -> tuple[Plane, Plane, Plane]:
    red, _, blue = planes_by_quads(codes, width, height)
    return full_plane(red, width, 0, 0), full_green(codes, width, height), full_plane(blue, width, 1, 1)


def mean(plane: Plane) -> float:
    return sum(sum(row[::7]) for row in plane[::7]) / max(1, sum(len(row[::7]) for row in plane[::7]))


def grey_world(planes: tuple[Plane, Plane, Plane], black: int) -> list[float]:
    """Gains that make the mean of the picture grey."""
    red, green, blue = (max(1.0, mean(plane) - black) for plane in planes)
    return [green / red, 1.0, green / blue]


def srgb_table(gain: float, black: int, exposure: float) -> bytes:
    """What each code becomes: black subtracted, balanced, and in the curve of sRGB."""
    table = bytearray(LEVELS)
    for code in range(LEVELS):
        light = min(1.0, max(0.0, (code - black) / (LEVELS - 1 - black) * gain * exposure))
        curved = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
        table[code] = round(255 * curved)
    return bytes(table)


def png(rows: list[bytes], width: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, len(rows), 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def develop(
    codes: array, width: int, height: int, half: bool, gains: list[float] | None, black: int, exposure: float
) -> bytes:
    planes = (planes_by_quads if half else planes_by_interpolation)(codes, width, height)
    tables = [srgb_table(gain, black, exposure) for gain in gains or grey_world(planes, black)]
    rows = []
    for lines in zip(*planes):
        row = bytearray(3 * len(lines[0]))
        for channel, (line, table) in enumerate(zip(lines, tables)):
            row[channel::3] = bytes([table[code] for code in line])
        rows.append(bytes(row))
    return png(rows, len(planes[0][0]))


def take(options: argparse.Namespace) -> tuple[bytes, str, int, int]:
    """The last of so many frames."""
    camera = grab.open_camera(options.address)
    for setting in options.set:
        grab.set_feature(camera, *setting.split("=", 1))
    stream = grab.open_stream(camera, receive_buffer=4 << 20)
    camera.start_acquisition()
    count, last = 0, None
    for buffer in grab.buffers_for(stream, options.timeout):
        if grab.succeeded(buffer):
            count, last = count + 1, (buffer.get_data(), buffer.get_image_width(), buffer.get_image_height())
        if count >= options.frames:
            break
    camera.stop_acquisition()
    if last is None or count < options.frames:
        sys.exit(f"{count} of {options.frames} frames came within {options.timeout} s")
    return last[0], camera.get_pixel_format_as_string(), last[1], last[2]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", help="PNG to write")
    parser.add_argument("--address", default="127.0.0.1", help="of the camera")
    parser.add_argument("--frames", type=int, default=3, help="the last of so many is kept")
    parser.add_argument("--timeout", type=float, default=60, help="seconds")
    parser.add_argument(
        "--set", action="append", default=[], metavar="FEATURE=VALUE", help="before the first frame"
    )
    parser.add_argument(
        "--half", action="store_true", help="half the size, one pixel for each quad of the mosaic"
    )
    parser.add_argument(
        "--gains", type=float, nargs=3, metavar=("RED", "GREEN", "BLUE"), help="instead of a grey world"
    )
    parser.add_argument("--black", type=float, default=BLACK_OF_8_BITS, help="code of darkness, of 8 bits")
    parser.add_argument("--exposure", type=float, default=1.0, help="brightens the picture so many times")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    data, pixel_format, width, height = take(options)
    codes = unpack(data, pixel_format)
    picture = develop(
        codes, width, height, options.half, options.gains, round(options.black * 16), options.exposure
    )
    with open(options.file, "wb") as file:
        file.write(picture)
    print(f"{options.file}: {pixel_format}, {width} x {height}{', half size' if options.half else ''}")


if __name__ == "__main__":
    main()
