#pragma once

#include <array>

#include "emulator/settings.h"
#include "scenes/light/view.h"

namespace emulator::testbench {

/// Camera matrix of the green image as it is received, as OpenCV's `projectPoints` takes it for places in the
/// frame of the entrance pupil (x right, y down, z forward, metres). Its pixels have (0, 0) in the middle of
/// the first: half a pixel less than elsewhere here. A flipped axis has a negative focal length.
///
/// The lens's distortion is OpenCV's law with k1 and k2 alone, so nothing is fitted: exact wherever a
/// direction meets the sensor, and up to 1.5 half diagonals from its middle.
struct CameraMatrix {
    double fx = 1, fy = 1, cx = 0, cy = 0;  // in pixels
    std::array<double, 5> distortion{};     // k1, k2, p1, p2, k3
};
[[nodiscard]] CameraMatrix camera_matrix(const scenes::light::View&, const ImageFormat&);

}  // namespace emulator::testbench
