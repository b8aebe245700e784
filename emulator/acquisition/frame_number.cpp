#include "emulator/acquisition/frame_number.h"

#include <algorithm>
#include <optional>

#include "emulator/isp/pipeline.h"
#include "scenes/targets/codes.h"

namespace emulator {
namespace {

using Codes = scenes::light::Image<std::uint16_t>;

constexpr std::uint16_t kDark_dn = 0, kLight_dn = 4095;

/// The code with its quiet zone as digital numbers of the sensor; nothing if the text does not fit into one.
std::optional<Codes> drawn(const std::string& text) {
    constexpr auto kKind = scenes::targets::CodeKind::data_matrix;
    constexpr int kQuiet = scenes::targets::quiet_modules(kKind);
    const auto code = scenes::targets::encode(kKind, text, 1);
    if (!code) return std::nullopt;
    Codes dn(kFrameNumberModule_px * (code->columns + 2 * kQuiet),
             kFrameNumberModule_px * (code->rows + 2 * kQuiet));
    for (int y = 0; y < dn.height; ++y) {
        const int row = y / kFrameNumberModule_px - kQuiet;
        for (int x = 0; x < dn.width; ++x) {
            const bool dark = code->is_dark(x / kFrameNumberModule_px - kQuiet, row);
            dn.row(y)[x] = dark ? kDark_dn : kLight_dn;
        }
    }
    return dn;
}

}  // namespace

std::string frame_number_text(std::uint64_t block_id, std::uint64_t trigger) {
    const auto digits = [](std::uint64_t number) {
        auto text = std::to_string(number);
        return std::string(text.size() < 10 ? 10 - text.size() : 0, '0') + text;
    };
    return digits(block_id) + '/' + digits(trigger);
}

// Rows of the code are whole bytes in every pixel format, as its width is a multiple of four.
void draw_frame_number(protocol::Bytes& image, const ImageFormat& format, std::uint64_t block_id,
                       std::uint64_t trigger) {
    const auto dn = drawn(frame_number_text(block_id, trigger));
    if (!dn || format.width < dn->width || format.height < dn->height) return;
    isp::Settings plain;
    plain.matrix_enabled = false;
    plain.black_level_dn = 0;
    const auto code = isp::process(*dn, plain, format.pixel_format);
    const auto row_bytes = [&](std::int64_t width) {
        return protocol::gvsp::image_bytes(format.pixel_format, static_cast<std::uint32_t>(width), 1);
    };
    const auto from = row_bytes(dn->width), to = row_bytes(format.width);
    for (std::size_t y = 0; y < static_cast<std::size_t>(dn->height); ++y)
        std::copy_n(code.data() + y * from, from, image.data() + y * to);
}

}  // namespace emulator
