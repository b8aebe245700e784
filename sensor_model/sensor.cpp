#include "sensor_model/sensor.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "sensor_model/dark_current.h"
#include "sensor_model/gain.h"
#include "sensor_model/samplers.h"
#include "sensor_model/timing.h"

namespace sensor_model {
namespace {

/// Below this spread from pixel to pixel, dark current is added as one number: it drowns in the offsets.
constexpr double kDarkSpreadThatMatters_e = 0.03;

/// What holds for all rows of a frame.
struct FrameLaw {
    Gain gain;
    double adc_gain_dn_per_e = 0, read_variance_e2 = 0, black_dn = 0;
    double exposure_s = 0, row_s = 0, storage_wait_s = 0;
    double dark_factor = 1, dark_e_s = 0;
    bool dark_spreads = false;
};

/// Arrays for one row, kept from row to row. The first two go by sensor column.
struct RowBuffers {
    std::vector<float> light_e, column_dn;
    std::vector<float> read_light_e, read_column_dn;
    std::vector<std::int8_t> read_prnu, read_dsnu;
    std::vector<std::uint8_t> read_dark;
    std::vector<std::uint16_t> codes;
};

FrameLaw frame_law(const Chip& chip, const Settings& settings) {
    FrameLaw law;
    law.gain = gain_from_db(chip, settings.gain_db);
    law.adc_gain_dn_per_e = adc_gain_dn_per_e(chip, law.gain);
    law.read_variance_e2 = read_variance_e2(chip, law.gain);
    law.black_dn = std::floor(settings.black_level_dn + 0.5);
    law.exposure_s = settings.exposure_us * 1e-6;
    law.row_s = row_time(chip, settings.region).count();
    law.storage_wait_s = chip.storage_wait_rows * law.row_s;
    law.dark_factor = dark_factor(chip, settings.temperature_c);
    law.dark_e_s = chip.dark_current_e_s * law.dark_factor;
    const double longest_s = law.exposure_s + law.storage_wait_s + read_height(settings.region) * law.row_s;
    law.dark_spreads = law.dark_e_s * longest_s * chip.dark_spread > kDarkSpreadThatMatters_e;
    return law;
}

/// Photo-electrons of a row. Light that comes while the charge is stored counts too, a little.
void collect_light(const Exposure& exposure, const FrameLaw& law, double parasitic_s, int sensor_row,
                   const Region& region, const PixelKernels& kernels, std::vector<float>& light_e) {
    float* row_e = light_e.data() + region.x;
    if (exposure.stills.empty()) std::fill_n(row_e, region.width, 0.0F);
    for (const Still& still : exposure.stills) {
        const auto seconds = static_cast<float>(still.exposure_s + still.parasitic * parasitic_s);
        kernels.add_light(row_e, still.electrons_per_s->row(sensor_row) + region.x, seconds, region.width,
                          &still == &exposure.stills.front());
    }
    const auto longer = static_cast<float>(law.exposure_s > 0 ? 1 + parasitic_s / law.exposure_s : 1);
    for (const Patch& patch : exposure.patches) {
        if (sensor_row < patch.where.y || sensor_row >= patch.where.y + patch.where.height) continue;
        const int begin = std::max(patch.where.x, region.x);
        const int end = std::min(patch.where.x + patch.where.width, region.x + region.width);
        const float* electrons = patch.electrons.row(sensor_row - patch.where.y);
        for (int x = begin; x < end; ++x) light_e[x] = electrons[x - patch.where.x] * longer;
    }
}

/// The pixels of a sensor row in a list that is ordered by row.
template <class Pixel, class Action>
void for_each_in_row(const std::vector<Pixel>& pixels, int row, Action action) {
    auto pixel = std::lower_bound(pixels.begin(), pixels.end(), row, [](const Pixel& p, int y) { return p.y < y; });
    for (; pixel != pixels.end() && pixel->y == row; ++pixel) action(*pixel);
}

/// The columns that are read, out of a row of the sensor.
template <class T>
const T* read_columns(const Region& region, const T* sensor_row, std::vector<T>& buffer) {
    const T* from = sensor_row + region.x;
    if (region.skip_x == 1) return from;
    buffer.resize(static_cast<std::size_t>(read_width(region)));
    for (std::size_t i = 0; i + 1 < buffer.size(); i += 2) {
        buffer[i] = from[2 * i];
        buffer[i + 1] = from[2 * i + 1];
    }
    return buffer.data();
}

RowLaw row_law(const Chip& chip, const FixedPattern& pattern, const FrameLaw& law, double dark_s, double offset_e) {
    const double dark_e = law.dark_e_s * dark_s, bend = chip.saturation_e, flaw = chip.nonlinearity;
    RowLaw row;
    row.prnu_step = pattern.prnu_step;
    row.dark_e = law.dark_spreads ? 0 : static_cast<float>(dark_e);
    row.dark_step_e = static_cast<float>(dark_e * kDarkStep);
    row.bend_e = static_cast<float>(bend);
    row.full_e = static_cast<float>(bend + 2 * (chip.full_well_e - bend));
    // 1 + flaw at both ends of the straight part, 1 - flaw in its middle.
    row.linear[0] = static_cast<float>(1 + flaw);
    row.linear[1] = static_cast<float>(-8 * flaw / bend);
    row.linear[2] = static_cast<float>(8 * flaw / (bend * bend));
    row.read_variance_e2 = static_cast<float>(law.read_variance_e2);
    row.gain_dn_per_e = static_cast<float>(law.adc_gain_dn_per_e);
    row.dsnu_step_dn = static_cast<float>(law.adc_gain_dn_per_e * pattern.dsnu_step_e);
    row.base_dn = static_cast<float>(law.black_dn + law.adc_gain_dn_per_e * offset_e);
    return row;
}

RowBuffers row_buffers(const Chip& chip, const FixedPattern& pattern, const FrameLaw& law) {
    RowBuffers buffers;
    buffers.light_e.resize(static_cast<std::size_t>(chip.width));
    for (const float offset_e : pattern.column_e)
        buffers.column_dn.push_back(offset_e * static_cast<float>(law.adc_gain_dn_per_e));
    return buffers;
}

void set_if_stuck(const BrokenPixel& pixel, const Region& region, std::uint16_t* codes, int width) {
    if (!pixel.stuck) return;
    Region as_read = region;
    as_read.reverse_x = false;
    for (int x = 0; x < width; ++x)
        if (sensor_column_from_frame(as_read, x) == pixel.x) codes[x] = kAdcMaxDn;
}

/// A flipped frame is shifted by one column, so that it begins with red.
void put_row(const Region& region, const std::vector<std::uint16_t>& codes, std::uint16_t* dn) {
    const int width = static_cast<int>(codes.size());
    for (int x = 0; x < width; ++x) dn[x] = codes[read_column_from_frame(region, x)];
}

void expose_row(const Chip& chip, const FixedPattern& pattern, const Exposure& exposure, const Settings& settings,
                const FrameLaw& law, const FrameSeed& seed, int y, std::uint16_t* dn, const PixelKernels& kernels,
                RowBuffers& buffers) {
    const Region& region = settings.region;
    const int row = sensor_row_from_frame(region, y), width = read_width(region);
    const double stored_s = law.storage_wait_s + read_row_from_frame(region, y) * law.row_s;
    const double dark_s = law.exposure_s + stored_s;

    // Mean electrons: light, and the dark current of hot pixels. A dead pixel has none.
    collect_light(exposure, law, chip.parasitic_light * stored_s, row, region, kernels, buffers.light_e);
    const auto hot_s = static_cast<float>(law.dark_factor * dark_s);
    for_each_in_row(pattern.defects.hot, row, [&](const HotPixel& p) { buffers.light_e[p.x] += p.excess_e_s * hot_s; });
    for_each_in_row(pattern.defects.broken, row, [&](const BrokenPixel& p) { buffers.light_e[p.x] = 0; });

    // Offsets that jump.
    const auto gain = static_cast<float>(law.adc_gain_dn_per_e);
    for_each_in_row(pattern.defects.blinking, row, [&](const BlinkingPixel& p) {
        buffers.column_dn[p.x] = (pattern.column_e[p.x] + offset_e(p, seed.start)) * gain;
    });

    // Codes.
    const std::uint64_t row_seed = hashed(seed.camera_seed, Purpose::temporal, seed.frame, static_cast<std::uint64_t>(y));
    const double offset_e = pattern.row_e[row] + chip.row_noise_e * roughly_normal(row_seed);
    const RowInput input{
        .width = width,
        .light_e = read_columns(region, buffers.light_e.data(), buffers.read_light_e),
        .prnu = read_columns(region, pattern.prnu.row(row), buffers.read_prnu),
        .dsnu = read_columns(region, pattern.dsnu.row(row), buffers.read_dsnu),
        .dark = law.dark_spreads ? read_columns(region, pattern.dark.row(row), buffers.read_dark) : nullptr,
        .column_dn = read_columns(region, buffers.column_dn.data(), buffers.read_column_dn)};
    buffers.codes.resize(static_cast<std::size_t>(width));
    std::uint16_t* codes = region.reverse_x ? buffers.codes.data() : dn;
    kernels.convert(input, row_law(chip, pattern, law, dark_s, offset_e), noise_key(row_seed), codes);
    if (law.gain.digital > 1)
        kernels.multiply(codes, static_cast<float>(law.gain.digital), static_cast<float>(law.black_dn), width);

    for_each_in_row(pattern.defects.blinking, row,
                    [&](const BlinkingPixel& p) { buffers.column_dn[p.x] = pattern.column_e[p.x] * gain; });
    for_each_in_row(pattern.defects.broken, row, [&](const BrokenPixel& p) { set_if_stuck(p, region, codes, width); });
    if (region.reverse_x) put_row(region, buffers.codes, dn);
}

}  // namespace

RawFrame unexposed(const Settings& settings) {
    return {scenes::light::Image<std::uint16_t>(read_width(settings.region), read_height(settings.region))};
}

void expose_rows(const Chip& chip, const FixedPattern& pattern, const Exposure& exposure, const Settings& settings,
                 const FrameSeed& seed, RowSpan rows, RawFrame& frame, Isa isa) {
    assert(frame.dn.width == read_width(settings.region) && frame.dn.height == read_height(settings.region));
    const FrameLaw law = frame_law(chip, settings);
    RowBuffers buffers = row_buffers(chip, pattern, law);
    for (int y = rows.first; y < rows.last; ++y)
        expose_row(chip, pattern, exposure, settings, law, seed, y, frame.dn.row(y), kernels(isa), buffers);
}

RawFrame expose(const Chip& chip, const FixedPattern& pattern, const Exposure& exposure, const Settings& settings,
                const FrameSeed& seed, Isa isa) {
    RawFrame frame = unexposed(settings);
    expose_rows(chip, pattern, exposure, settings, seed, {0, frame.dn.height}, frame, isa);
    return frame;
}

}  // namespace sensor_model
