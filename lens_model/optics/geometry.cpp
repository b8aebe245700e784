#include "lens_model/data/zoom_table.h"
#include "lens_model/lens.h"
#include "lens_model/optics/zoom.h"

namespace lens_model {

namespace {

/// Distortion at the corner, as a fraction: barrel at the wide end, a little pincushion at the tele end.
double corner_distortion(const Constants& constants, double zoom_steps) {
    const double ratio = data::kFocalLength_mm.front() / focal_length_at_table_mm(zoom_steps);
    return constants.distortion_offset + constants.distortion_wide * ratio * ratio;
}

}  // namespace

scenes::light::View view(const Constants& constants, const State& state) {
    const double zoom = state.zoom_steps;
    scenes::light::View view;
    view.entrance_pupil_m = entrance_pupil_m(constants, zoom);
    view.focal_length_px = 1e3 * focal_length_mm(constants, state) / kPixelPitch_um;
    const auto shift = boresight_px(constants, zoom);
    view.centre_px = {view.width_px / 2.0 + shift.x, view.height_px / 2.0 + shift.y};
    const double corner = corner_distortion(constants, zoom);
    const double r4_share = between(constants.distortion_r4_share_wide, 0, zoom);
    view.distortion = corner * (1 - r4_share);
    view.distortion_r4 = corner * r4_share;
    view.magnification = {
        1 + between(constants.lateral_red_wide_px, constants.lateral_red_tele_px, zoom) / view.corner_px, 1,
        1 + between(constants.lateral_blue_wide_px, constants.lateral_blue_tele_px, zoom) / view.corner_px};
    return view;
}

}  // namespace lens_model
