#include "emulator/features/limits.h"

#include <algorithm>
#include <cmath>

#include "emulator/auto/exposure.h"

namespace emulator::features {
namespace {

constexpr double kStepsPerHz = 1e5;
static_assert(acquisition::kFrameRateStepHz * kStepsPerHz == 1);

std::int64_t valid_offset(std::int64_t offset, std::int64_t max, bool centred) {
    const auto wanted = centred ? max / 2 : std::min(offset, max);
    return wanted - wanted % kOffsetStep;
}

}  // namespace

double min_rate_in_steps_hz(const sensor_model::Chip& chip, const ImageFormat& image,
                            int longest_row_clocks) {
    const auto rate_hz = acquisition::min_frame_rate_hz(chip, image, longest_row_clocks);
    return std::ceil(rate_hz * kStepsPerHz) / kStepsPerHz;
}

double max_rate_in_steps_hz(const sensor_model::Chip& chip, const ImageFormat& image) {
    return std::floor(acquisition::max_frame_rate_hz(chip, image) * kStepsPerHz) / kStepsPerHz;
}

ImageFormat fitting(ImageFormat image) {
    image.width = std::min(image.width, width_max(image));
    image.height = std::min(image.height, height_max(image));
    return image;
}

void settle(Settings& settings, const sensor_model::Chip& chip) {
    auto& image = settings.image;
    image = fitting(image);
    image.offset_x = valid_offset(image.offset_x, offset_x_max(image), image.offset_auto_center);
    image.offset_y = valid_offset(image.offset_y, offset_y_max(image), image.offset_auto_center);
    auto& rate_hz = settings.acquisition.frame_rate_hz;
    rate_hz = std::clamp(rate_hz, min_rate_in_steps_hz(chip, image), max_rate_in_steps_hz(chip, image));
    auto& automatic = settings.automatic;
    if (automatic.longest_exposure_follows_rate)
        automatic.exposure.limits.exposure_us_max = auto_functions::longest_exposure_us(rate_hz);
}

}  // namespace emulator::features
