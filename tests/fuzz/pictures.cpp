#include <zlib.h>

#include <opencv2/imgcodecs.hpp>

#include "scenes/load/pictures.h"
#include "tests/fuzz/fuzz.h"

// Pictures of every kind that PNG and JPEG have, with some of their bytes changed, left out, or put twice;
// parts of a PNG have true checksums, so that they are looked at. One is refused, or has as many pixels as
// its header says.

namespace {

using support::Bytes;

std::vector<Bytes> make_seeds() {
    std::vector<Bytes> seeds;
    for (const int type : {CV_8UC1, CV_8UC3, CV_8UC4, CV_16UC1, CV_16UC3}) {
        cv::Mat image(9, 14, type);
        cv::randu(image, 0, 255);
        seeds.emplace_back();
        cv::imencode(".png", image, seeds.back());
        if (image.depth() != CV_8U || image.channels() == 4) continue;
        for (const bool progressive : {false, true}) {
            seeds.emplace_back();
            cv::imencode(".jpg", image, seeds.back(), {cv::IMWRITE_JPEG_PROGRESSIVE, progressive});
        }
    }
    return seeds;
}

void damage(Bytes& bytes, fuzz::Source& source) {
    for (auto left = source.number(1) % 6; left > 0 && bytes.size() > 8; --left) {
        const auto at = source.number(2) % bytes.size();
        const auto end = std::min(bytes.size(), at + source.number(1) % 16);
        const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(at),
                   to = bytes.begin() + static_cast<std::ptrdiff_t>(end);
        switch (source.number(1) % 4) {
            case 0:
                bytes.erase(from, to);
                break;
            case 1: {
                const Bytes again(from, to);
                bytes.insert(from, again.begin(), again.end());
                break;
            }
            default:
                bytes[at] = static_cast<std::uint8_t>(source.number(1));
                break;
        }
    }
}

/// Of each chunk of a PNG, as far as they can be told apart.
void mend_checksums(Bytes& bytes) {
    constexpr std::size_t kSignature = 8, kFrame = 12;
    for (std::size_t at = kSignature; at + kFrame <= bytes.size();) {
        const auto size = support::number_at(bytes, at, 4);
        if (size > bytes.size() - at - kFrame) return;
        const auto sum = crc32(0, bytes.data() + at + 4, static_cast<unsigned>(size + 4));
        const auto end = at + 8 + size;
        for (std::size_t i = 0; i < 4; ++i) bytes[end + i] = static_cast<std::uint8_t>(sum >> (24 - 8 * i));
        at = end + 4;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto seeds = make_seeds();
    fuzz::Source source(data, size);
    auto bytes = seeds[source.number(1) % seeds.size()];
    damage(bytes, source);
    if (bytes.size() > 8 && bytes[1] == 'P') mend_checksums(bytes);
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const auto pixels = scenes::picture_pixels(text);
    // Larger ones are decoded for as long as they are large.
    if (pixels > 4'000'000) return 0;
    const auto frame = scenes::decode_picture(text);
    if (!frame) return 0;
    const auto area = std::visit([](const auto& image) { return image.width * image.height; }, *frame);
    fuzz::must(pixels == static_cast<std::size_t>(area), "a picture has as many pixels as its header says");
    return 0;
}
