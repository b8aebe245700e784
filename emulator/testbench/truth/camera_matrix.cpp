#include "emulator/testbench/truth/camera_matrix.h"

#include "emulator/acquisition/frame_timing.h"
#include "emulator/testbench/truth/image_place.h"

namespace emulator::testbench {

CameraMatrix camera_matrix(const scenes::light::View& view, const ImageFormat& image) {
    const auto to = image_place(acquisition::region(image));
    const auto centre = to.at(view.centre_px);
    // The law of the lens counts radii in half diagonals, OpenCV's in tangents.
    const double corners = view.focal_length_px / view.corner_px, square = corners * corners;
    return {.fx = to.x.scale * view.focal_length_px,
            .fy = to.y.scale * view.focal_length_px,
            .cx = centre.x - 0.5,
            .cy = centre.y - 0.5,
            .distortion = {view.distortion * square, view.distortion_r4 * square * square, 0, 0, 0}};
}

}  // namespace emulator::testbench
