#include "sensor_model/defects.h"

#include <algorithm>
#include <cmath>

#include "scenes/light/random.h"
#include "sensor_model/exact_math.h"
#include "sensor_model/samplers.h"

namespace sensor_model {
namespace {

using scenes::light::splitmix64;

/// Numbers for one defect: where it is and what it is like.
class Draw {
  public:
    Draw(std::uint64_t seed, Purpose purpose, int index)
        : bits_(hashed(seed, purpose, static_cast<std::uint64_t>(index))) {}
    double uniform() { return sensor_model::uniform(next()); }
    int below(int count) { return static_cast<int>(uniform() * count); }
    /// Evenly spread over the logarithm.
    double log_uniform(double smallest, double largest) {
        return smallest * exact_exp(uniform() * exact_log(largest / smallest));
    }
    std::uint64_t next() { return bits_ = splitmix64(bits_); }

  private:
    std::uint64_t bits_;
};

int count_of(const Chip& chip, double density) {
    return static_cast<int>(std::lround(density * chip.width * chip.height));
}

template <class Pixel>
void put_in_order(std::vector<Pixel>& pixels) {
    const auto before = [](const Pixel& a, const Pixel& b) { return a.y != b.y ? a.y < b.y : a.x < b.x; };
    const auto same = [](const Pixel& a, const Pixel& b) { return a.y == b.y && a.x == b.x; };
    std::stable_sort(pixels.begin(), pixels.end(), before);
    pixels.erase(std::unique(pixels.begin(), pixels.end(), same), pixels.end());
}

}  // namespace

std::vector<HotPixel> hot_pixels(const Chip& chip, std::uint64_t seed, int grown) {
    std::vector<HotPixel> hot;
    for (int i = 0; i < count_of(chip, chip.hot_density) + grown; ++i) {
        Draw draw(seed, Purpose::hot, i);
        hot.push_back({draw.below(chip.width), draw.below(chip.height),
                       static_cast<float>(draw.log_uniform(chip.hot_e_s_min, chip.hot_e_s_max))});
    }
    put_in_order(hot);
    return hot;
}

Defects make_defects(const Chip& chip, std::uint64_t seed) {
    Defects defects;
    defects.hot = hot_pixels(chip, seed);
    for (int i = 0; i < count_of(chip, chip.rts_density); ++i) {
        Draw draw(seed, Purpose::rts, i);
        const double amplitude_e = chip.rts_e_min + draw.uniform() * (chip.rts_e_max - chip.rts_e_min);
        defects.rts.push_back({draw.below(chip.width), draw.below(chip.height),
                               static_cast<float>(amplitude_e),
                               static_cast<float>(draw.log_uniform(chip.rts_frames_min, chip.rts_frames_max)),
                               static_cast<std::uint32_t>(draw.next())});
    }
    const int dead = count_of(chip, chip.dead_density), stuck = count_of(chip, chip.stuck_density);
    for (int i = 0; i < dead + stuck; ++i) {
        Draw draw(seed, Purpose::broken, i);
        defects.broken.push_back({draw.below(chip.width), draw.below(chip.height), i >= dead});
    }
    put_in_order(defects.rts);
    put_in_order(defects.broken);
    return defects;
}

float offset_e(const RtsPixel& pixel, std::uint64_t acquisition, std::uint64_t frame) {
    // Backwards to the frame in which the level was drawn.
    for (;; frame > 0 ? --frame : --acquisition) {
        const std::uint64_t bits = splitmix64(splitmix64(pixel.seed | acquisition << 32) + frame);
        const bool is_first = acquisition == 0 && frame == 0;
        if (is_first || uniform(bits) * pixel.frames < 1)
            return bits & 1 ? pixel.amplitude_e : -pixel.amplitude_e;
    }
}

}  // namespace sensor_model
