#include "emulator/isp/tone_curve.h"

#include <algorithm>
#include <cmath>

#include "sensor_model/exact_math.h"

namespace emulator::isp {

Lut gamma_lut(double gamma) {
    Lut lut = identity_lut();
    if (gamma == 1) return lut;
    for (std::size_t i = 1; i < 256; ++i) {
        const double part = static_cast<double>(i) * 256 / 65535;
        const double raised = sensor_model::exact_exp(sensor_model::exact_log(part) / gamma);
        lut[i] = static_cast<std::uint16_t>(std::floor(65535 * raised + 0.5));
    }
    return lut;
}

ToneCurve tone_curve(const Lut& lut) {
    ToneCurve curve{};
    for (std::uint32_t code = 0; code < curve.size(); ++code) {
        const std::uint32_t knot = code >> 4, rest = code & 15;
        const std::uint32_t sum = lut[knot] * (16 - rest) + lut[knot + 1] * rest;  // 20 bits
        curve[code] = static_cast<std::uint16_t>(std::min<std::uint32_t>((sum + 128) >> 8, 4095));
    }
    return curve;
}

}  // namespace emulator::isp
