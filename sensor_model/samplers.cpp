#include "sensor_model/samplers.h"

#include <algorithm>
#include <cassert>

#include "scenes/light/random.h"

namespace sensor_model {

using scenes::light::splitmix64;

std::uint64_t hashed(std::uint64_t seed, Purpose purpose, std::uint64_t a, std::uint64_t b) {
    return splitmix64(splitmix64(splitmix64(splitmix64(seed) + static_cast<std::uint64_t>(purpose)) + a) + b);
}

NoiseKey noise_key(std::uint64_t seed, Purpose purpose, std::uint64_t a, std::uint64_t b) {
    return noise_key(hashed(seed, purpose, a, b));
}

NoiseKey noise_key(std::uint64_t bits) {
    return {static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32)};
}

double uniform(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

std::vector<float> normals(NoiseKey key, int count, Isa isa) {
    std::vector<std::int16_t> units(static_cast<std::size_t>(count));
    normal_units(key, units, isa);
    std::vector<float> out(units.size());
    std::transform(units.begin(), units.end(), out.begin(),
                   [](std::int16_t unit) { return unit / kNormalUnit; });
    return out;
}

void normal_units(NoiseKey key, std::vector<std::int16_t>& out, Isa isa) {
    kernels(isa).normals(key, out.data(), static_cast<int>(out.size()));
}

double roughly_normal(std::uint64_t bits) {
    std::uint64_t sum = 0;
    for (int i = 0; i < 3; ++i) {
        bits = splitmix64(bits);
        sum += (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
    }
    return (static_cast<double>(sum) - 6 * 65535.0) / 65536;
}

const PixelKernels& kernels(Isa isa) {
    assert(scenes::light::supported(isa));
    return GIGEMU_KERNEL(isa, kernels)();
}

}  // namespace sensor_model
