#include "sensor_model/row_exposer.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "sensor_model/dark_current.h"
#include "sensor_model/samplers.h"
#include "sensor_model/timing.h"

namespace sensor_model {
namespace {

/// Below this spread from pixel to pixel, dark current is added as one number: its spread is negligible
/// against DSNU.
constexpr double kDarkSpreadThatMatters_e = 0.03;

/// PRNU spreads the bend over the pixels, so that the mean variance peaks a little below it.
constexpr double kBendOverSaturation = 1.012;

/// How many maps of the next row are fetched while a row is computed.
constexpr int kNextMost = 8;

FrameLaw frame_law(const Chip& chip, const Settings& settings) {
    FrameLaw law;
    law.gain = gain_from_db(chip, settings.gain_db);
    law.adc_gain_dn_per_e = adc_gain_dn_per_e(chip, law.gain);
    law.read_variance_e2 = read_variance_e2(chip, law.gain);
    law.black_dn = std::floor(settings.black_level_dn + 0.5);
    law.exposure_s = settings.exposure_us * 1e-6;
    law.row_s = std::max(settings.row_s, row_time(chip, settings.region).count());
    law.storage_wait_s = chip.storage_wait_rows * law.row_s;
    law.dark_factor = dark_factor(chip, settings.temperature_c);
    law.dark_e_s = chip.dark_current_e_s * law.dark_factor;
    const double longest_s = law.exposure_s + law.storage_wait_s + read_height(settings.region) * law.row_s;
    law.dark_spreads = law.dark_e_s * longest_s * chip.dark_spread > kDarkSpreadThatMatters_e;
    return law;
}

/// The pixels of a sensor row in a list that is ordered by row.
template <class Pixel, class Action>
void for_each_in_row(const std::vector<Pixel>& pixels, int row, Action action) {
    auto pixel =
        std::lower_bound(pixels.begin(), pixels.end(), row, [](const Pixel& p, int y) { return p.y < y; });
    for (; pixel != pixels.end() && pixel->y == row; ++pixel) action(*pixel);
}

}  // namespace

RowExposer::RowExposer(const Chip& chip, const FixedPattern& pattern, const Exposure& exposure,
                       const Settings& settings, const FrameSeed& seed, Isa isa)
    : chip_(chip),
      pattern_(pattern),
      exposure_(exposure),
      region_(settings.region),
      seed_(seed),
      kernels_(kernels(isa)),
      law_(frame_law(chip, settings)),
      light_e_(chip.width) {
    assert(region_.x + region_.width <= chip.width && region_.y + region_.height <= chip.height);
    for (const float offset_e : pattern.column_e)
        column_dn_.push_back(offset_e * static_cast<float>(law_.adc_gain_dn_per_e));
}

void RowExposer::expose(int y, std::uint16_t* dn) {
    row_ = sensor_row_from_frame(region_, y);
    stored_s_ = law_.storage_wait_s + read_row_from_frame(region_, y) * law_.row_s;
    collect_stills();
    collect_patches();
    add_defects();
    add_rts_noise();
    std::uint16_t* codes = region_.reverse_x ? codes_in_order() : dn;
    convert(y, codes);
    light_stuck_pixels(codes);
    if (region_.reverse_x) flip(codes, dn);
}

std::uint16_t* RowExposer::codes_in_order() {
    codes_.resize(static_cast<std::size_t>(read_width(region_)));
    return codes_.data();
}

template <class T>
const T* RowExposer::read_columns(const T* sensor_row, std::vector<T>& buffer) const {
    const T* from = sensor_row + region_.x;
    if (region_.skip_x == 1) return from;
    buffer.resize(static_cast<std::size_t>(read_width(region_)));
    for (std::size_t i = 0; i + 1 < buffer.size(); i += 2) {
        buffer[i] = from[2 * i];
        buffer[i + 1] = from[2 * i + 1];
    }
    return buffer.data();
}

/// Parasitic light: light on the storage node during readout.
void RowExposer::collect_stills() {
    float* row_e = light_e_.data() + region_.x;
    if (exposure_.stills.empty()) std::fill_n(row_e, region_.width, 0.0F);
    for (const Still& still : exposure_.stills) {
        // Rows of red and green, and of green and blue, take turns.
        const double pls_s = still.pls * chip_.parasitic_light * stored_s_;
        const double* const level = still.level.data() + (row_ & 1);
        const float seconds[2] = {static_cast<float>(still.exposure_s * level[0] + pls_s),
                                  static_cast<float>(still.exposure_s * level[1] + pls_s)};
        const float* rate_e_s = still.electrons_per_s->row(row_) + region_.x;
        kernels_.add_light(row_e, rate_e_s, seconds, region_.width, &still == &exposure_.stills.front());
    }
}

void RowExposer::collect_patches() {
    for (const Patch& patch : exposure_.patches) {
        if (row_ < patch.where.y || row_ >= patch.where.y + patch.where.height) continue;
        const double pls_s = patch.pls * chip_.parasitic_light * stored_s_;
        const auto longer = static_cast<float>(law_.exposure_s > 0 ? 1 + pls_s / law_.exposure_s : 1);
        const int begin = std::max(patch.where.x, region_.x);
        const int end = std::min(patch.where.x + patch.where.width, region_.x + region_.width);
        const float* electrons = patch.electrons.row(row_ - patch.where.y);
        for (int x = begin; x < end; ++x) light_e_[x] = electrons[x - patch.where.x] * longer;
    }
}

/// Excess dark current with its noise, of the photodiode: during the exposure only, not while the charge is
/// stored. Dead pixels collect nothing.
void RowExposer::add_defects() {
    const auto hot_s = static_cast<float>(law_.dark_factor * law_.exposure_s);
    for_each_in_row(pattern_.defects.hot, row_,
                    [&](const HotPixel& p) { light_e_[p.x] += p.excess_e_s * hot_s; });
    for_each_in_row(pattern_.defects.broken, row_, [&](const BrokenPixel& p) { light_e_[p.x] = 0; });
}

/// Offsets of random telegraph pixels, added to those of the columns for their row.
void RowExposer::add_rts_noise() {
    const auto gain = static_cast<float>(law_.adc_gain_dn_per_e);
    for_each_in_row(pattern_.defects.rts, row_, [&](const RtsPixel& p) {
        column_dn_[p.x] = (pattern_.column_e[p.x] + offset_e(p, seed_.acquisition, seed_.frame)) * gain;
    });
}

void RowExposer::convert(int y, std::uint16_t* codes) {
    const std::uint64_t seed = hashed(seed_.camera_seed, Purpose::temporal,
                                      seed_.frame | seed_.acquisition << 32, static_cast<std::uint64_t>(y));
    const double offset_e = pattern_.row_e[row_] + chip_.row_noise_e * roughly_normal(seed);
    const float* next[kNextMost];
    const RowInput input{
        .width = read_width(region_),
        .light_e = read_columns(light_e_.data(), read_light_e_),
        .prnu = read_columns(pattern_.prnu.row(row_), read_prnu_),
        .dsnu = read_columns(pattern_.dsnu.row(row_), read_dsnu_),
        .dark = law_.dark_spreads ? read_columns(pattern_.dark.row(row_), read_dark_) : nullptr,
        .column_dn = read_columns(column_dn_.data(), read_column_dn_),
        .next = next,
        .next_count = list_next_row(y, next)};
    kernels_.convert(input, row_law(offset_e), noise_key(seed), codes);
    if (law_.gain.digital > 1)
        kernels_.multiply(codes, static_cast<float>(law_.gain.digital), static_cast<float>(law_.black_dn),
                          input.width);

    for_each_in_row(pattern_.defects.rts, row_, [&](const RtsPixel& p) {
        column_dn_[p.x] = pattern_.column_e[p.x] * static_cast<float>(law_.adc_gain_dn_per_e);
    });
}

/// The maps of light of the row after row `y` of the frame; how many there are. Not for skipped columns, nor
/// for the maps of bytes, which are small enough.
int RowExposer::list_next_row(int y, const float** maps) const {
    if (region_.skip_x != 1 || y + 1 >= read_height(region_)) return 0;
    const int next = sensor_row_from_frame(region_, y + 1);
    int count = 0;
    for (const Still& still : exposure_.stills)
        if (count < kNextMost) maps[count++] = still.electrons_per_s->row(next) + region_.x;
    return count;
}

RowLaw RowExposer::row_law(double offset_e) const {
    const double dark_e = law_.dark_e_s * dark_s(), bend = chip_.saturation_e * kBendOverSaturation,
                 flaw = chip_.nonlinearity;
    RowLaw row;
    row.prnu_step = pattern_.prnu_step;
    row.dark_e = static_cast<float>(law_.dark_spreads ? dark_e * kDarkStep : dark_e);
    row.bend_e = static_cast<float>(bend);
    row.full_e = static_cast<float>(bend + 2 * (chip_.full_well_e - bend));
    // 1 + flaw at both ends of the straight part, 1 - flaw in its middle.
    row.linear[0] = static_cast<float>(1 + flaw);
    row.linear[1] = static_cast<float>(-8 * flaw / bend);
    row.linear[2] = static_cast<float>(8 * flaw / (bend * bend));
    row.read_variance_e2 = static_cast<float>(law_.read_variance_e2);
    row.gain_dn_per_e = static_cast<float>(law_.adc_gain_dn_per_e);
    row.dsnu_step_dn = static_cast<float>(law_.adc_gain_dn_per_e * pattern_.dsnu_step_e);
    row.base_dn = static_cast<float>(law_.black_dn + law_.adc_gain_dn_per_e * offset_e);
    return row;
}

void RowExposer::light_stuck_pixels(std::uint16_t* codes) const {
    Region as_read = region_;
    as_read.reverse_x = false;
    for_each_in_row(pattern_.defects.broken, row_, [&](const BrokenPixel& p) {
        for (int x = 0; p.stuck && x < read_width(region_); ++x)
            if (sensor_column_from_frame(as_read, x) == p.x) codes[x] = kAdcMaxDn;
    });
}

/// A flipped frame is shifted by one column, so that it begins with red.
void RowExposer::flip(const std::uint16_t* codes, std::uint16_t* dn) const {
    const int width = read_width(region_);
    kernels_.reverse(codes, dn, width - 1);
    dn[width - 1] = codes[1];
}

}  // namespace sensor_model
