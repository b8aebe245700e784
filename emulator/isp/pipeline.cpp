#include "emulator/isp/pipeline.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <vector>

#include "emulator/isp/hue_saturation.h"
#include "emulator/isp/mosaic_window.h"
#include "emulator/isp/pack.h"
#include "emulator/isp/regional_colour.h"
#include "emulator/isp/soften.h"

namespace emulator::isp {
namespace {

bool adjusts_colour(const Settings& settings) { return settings.hue_deg != 0 || settings.saturation != 64; }

Span span_above(int black_dn) {
    return {.lowest = static_cast<Signal>(-black_dn), .highest = static_cast<Signal>(4095 - black_dn)};
}

std::optional<ToneCurve> tone_of(const Settings& settings) {
    if (settings.lut_enabled) return tone_curve(settings.lut);
    if (settings.gamma != 1) return tone_curve(gamma_lut(settings.gamma));
    return std::nullopt;
}

/// Makes one row after the other, and keeps the memory for it.
class Development {
  public:
    Development(const MosaicRows& dn, const Settings& settings, PixelFormat format, const Stages& stages)
        : format_(format),
          raw_(protocol::gvsp::is_raw(format)),
          half_(dn.width / 2),
          black_dn_(settings.black_level_dn),
          span_(span_above(settings.black_level_dn)),
          stages_(stages),
          tone_(tone_of(settings)),
          mosaic_(dn, settings.white_balance, settings.black_level_dn, span_, stages),
          planes_(4 * static_cast<std::size_t>(dn.width)),
          codes_(static_cast<std::size_t>(dn.width)) {
        if (!raw_ && settings.matrix_enabled) matrices_.push_back(colour_matrix(settings.matrix_16));
        if (!adjusts_colour(settings)) return;
        const Matrix turned = hue_saturation(settings.hue_deg, settings.saturation);
        if (raw_)
            regional_.emplace(mosaic_.all_balanced(), dn.width, dn.height, turned);
        else
            matrices_.push_back(turned);
    }

    /// The order of the stages.
    void develop(int y, std::uint8_t* out) {
        if (!raw_) {
            stages_.demosaic(mosaic_.around(y), half_, is_red(y), span_, planes());
            for (const auto& matrix : matrices_) stages_.transform(matrix, 2 * half_, span_, planes());
        }
        if (raw_)
            write_raw(y, out);
        else if (format_ == PixelFormat::BGR8)
            write_bgr(out);
        else
            write_yuv(out);
    }

  private:
    static bool is_red(int y) { return y % 2 == 0; }
    [[nodiscard]] Signal* plane(int index) {
        return planes_.data() + static_cast<std::ptrdiff_t>(index) * 2 * half_;
    }
    [[nodiscard]] Planes planes() { return {plane(0), plane(1), plane(2)}; }
    void tone(Signal* signal, int count) { stages_.tone(signal, count, black_dn_, table()); }

    [[nodiscard]] const std::uint16_t* table() const { return tone_ ? tone_->data() : nullptr; }

    void write_raw(int y, std::uint8_t* out) {
        if (regional_)
            turn_raw(y);
        else
            mosaic_.balance_codes(y, table(), codes_.data());
        pack(codes_.data(), codes_.size(), format_, out, stages_);
    }

    void turn_raw(int y) {
        Signal *even = plane(0), *odd = even + half_;
        regional_->row(y, span_, even, odd);
        tone(even, 2 * half_);
        stages_.weave(even, odd, half_, codes_.data());
    }

    void write_bgr(std::uint8_t* out) {
        for (int colour = 0; colour < 3; ++colour) tone(plane(colour), 2 * half_);
        stages_.write_bgr(planes(), half_, out);
    }

    void write_yuv(std::uint8_t* out) {
        Signal* luma = plane(3);
        stages_.luma(planes(), 2 * half_, luma);
        tone(luma, 2 * half_);
        if (format_ == PixelFormat::YUV422_8) return stages_.write_422(luma, planes(), half_, out);
        stages_.write_411(luma, planes(), half_, format_ == PixelFormat::YCbCr411_8_CbYYCrYY, out);
    }

    PixelFormat format_;
    bool raw_;
    int half_, black_dn_;
    Span span_;
    const Stages& stages_;
    std::optional<ToneCurve> tone_;
    std::vector<Matrix> matrices_;
    MosaicWindow mosaic_;
    std::optional<RegionalColour> regional_;  // of raw formats whose colours are turned
    std::vector<Signal> planes_;              // red, green, blue, Y
    std::vector<std::uint16_t> codes_;
};

bool changes_nothing_raw(const Settings& settings) {
    return settings.white_balance == WhiteBalance{} && !adjusts_colour(settings) && settings.gamma == 1 &&
           !settings.lut_enabled;
}

scenes::light::Image<std::uint16_t> whole(const MosaicRows& rows) {
    scenes::light::Image<std::uint16_t> dn(rows.width, rows.height);
    for (int y = 0; y < rows.height; ++y) std::copy_n(rows.row(y), rows.width, dn.row(y));
    return dn;
}

}  // namespace

const Stages& stages(scenes::light::Isa isa) { return GIGEMU_KERNEL(isa, stages)(); }

void process(const MosaicRows& dn12_rggb, const Settings& settings, PixelFormat format, std::uint8_t* out,
             scenes::light::Isa isa) {
    const int width = dn12_rggb.width, height = dn12_rggb.height;
    assert(width % 4 == 0 && height % 2 == 0 && width > 0 && height > 0);
    const bool raw = protocol::gvsp::is_raw(format);
    const auto row_bytes = protocol::gvsp::image_bytes(format, static_cast<std::uint32_t>(width), 1);
    if (raw && changes_nothing_raw(settings)) {
        for (int y = 0; y < height; ++y, out += row_bytes)
            pack(dn12_rggb.row(y), static_cast<std::size_t>(width), format, out, stages(isa));
        return;
    }
    const bool softens = raw && adjusts_colour(settings);
    const auto mosaic = softens ? softened(whole(dn12_rggb)) : scenes::light::Image<std::uint16_t>{};
    Development development(softens ? rows_of(mosaic) : dn12_rggb, settings, format, stages(isa));
    for (int y = 0; y < height; ++y, out += row_bytes) development.develop(y, out);
}

protocol::Bytes process(const scenes::light::Image<std::uint16_t>& dn12_rggb, const Settings& settings,
                        PixelFormat format, scenes::light::Isa isa) {
    protocol::Bytes out(protocol::gvsp::image_bytes(format, static_cast<std::uint32_t>(dn12_rggb.width),
                                                    static_cast<std::uint32_t>(dn12_rggb.height)));
    process(rows_of(dn12_rggb), settings, format, out.data(), isa);
    return out;
}

}  // namespace emulator::isp
