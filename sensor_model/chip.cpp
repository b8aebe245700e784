#include "sensor_model/chip.h"

#include <algorithm>
#include <string>

namespace sensor_model {
namespace {

/// Crosstalk limit: a photosite keeps more than half of its light.
constexpr double kCrosstalkMost = 0.12;

std::string in_words(double value) {
    auto text = std::to_string(value);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

}  // namespace

std::optional<std::string> contradiction(const Chip& chip) {
    if (chip.full_well_e < 1.02 * chip.saturation_e)
        return "full_well_e must be at least 2 % above saturation_e";
    if (chip.prnu_filter > chip.prnu) return "prnu_filter must not be above prnu";
    if (chip.hot_e_s_max < chip.hot_e_s_min) return "hot_e_s_max must not be below hot_e_s_min";
    if (chip.rts_e_max < chip.rts_e_min) return "rts_e_max must not be below rts_e_min";
    if (chip.rts_frames_max < chip.rts_frames_min) return "rts_frames_max must not be below rts_frames_min";
    const double crosstalk = std::max({chip.crosstalk_red, chip.crosstalk_green, chip.crosstalk_blue});
    if (crosstalk * chip.crosstalk_infrared > kCrosstalkMost)
        return "crosstalk_red, crosstalk_green and crosstalk_blue times crosstalk_infrared must not be "
               "above " +
               in_words(kCrosstalkMost);
    return std::nullopt;
}

}  // namespace sensor_model
