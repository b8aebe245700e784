#include <doctest/doctest.h>

#include <numeric>

#include "emulator/auto/kernels/places.h"
#include "emulator/isp/pipeline.h"
#include "tests/emulator/auto/simulated_scene.h"

using namespace simulated_scene;
using emulator::auto_functions::measure;

TEST_CASE("brightness is the mean of the 8-bit raw image that is sent, whatever the balance") {
    std::mt19937 random(51);
    for (const emulator::isp::WhiteBalance balance :
         {emulator::isp::WhiteBalance{}, {120, 64, 200}, {255, 30, 255}}) {
        const auto spread = scene(100'000, 6, random());
        const auto dn = spread.expose({15'000}, 32, random);
        emulator::isp::Settings settings;
        settings.white_balance = balance;
        const auto bytes = process(dn, settings, emulator::isp::PixelFormat::BayerRG8);
        const double mean =
            std::accumulate(bytes.begin(), bytes.end(), 0.0) / static_cast<double>(bytes.size());
        CHECK(measure(dn, kAll, kBlack, balance).brightness == doctest::Approx(mean).epsilon(1e-12));
    }
}

TEST_CASE("the means are those of the colours above black, and clipped places do not enter them") {
    Mosaic dn(32, 16);
    for (int y = 0; y < 16; ++y)
        for (int x = 0; x < 32; ++x)
            dn.at(x, y) = static_cast<std::uint16_t>(kBlack + 100 * (1 + x % 2 + y % 2));
    for (int x = 0; x < 8; ++x) dn.at(x, 0) = 4095;
    const auto seen = measure(dn, kAll, kBlack, {});
    CHECK(seen.mean_dn == std::array<double, 3>{100, 200, 300});
    CHECK(seen.unclipped_share == doctest::Approx(1 - 4.0 / 128));
    CHECK(seen.clipped_share == doctest::Approx(8.0 / 512));
}

TEST_CASE("only the region is seen, and one outside the image sees nothing") {
    Mosaic dn(64, 64, 500);
    for (int y = 16; y < 32; ++y)
        for (int x = 32; x < 48; ++x) dn.at(x, y) = 1500;
    CHECK(measure(dn, {32, 16, 16, 16}, kBlack, {}).mean_dn[1] == 1500 - kBlack);
    CHECK(measure(dn, {0, 0, 16, 16}, kBlack, {}).mean_dn[1] == 500 - kBlack);
    CHECK(measure(dn, {64, 64, 16, 16}, kBlack, {}).unclipped_share == 0);
}

TEST_CASE("a large image is sampled, and its means stay within half a percent") {
    Mosaic dn(2048, 1536);
    for (int y = 0; y < dn.height; ++y)
        for (int x = 0; x < dn.width; ++x)
            dn.at(x, y) = static_cast<std::uint16_t>(kBlack + (x + y) / 2 % 1800);
    double sum = 0;
    for (const auto code : dn.samples) sum += code - kBlack;
    const auto seen = measure(dn, kAll, kBlack, {});
    CHECK(seen.mean_dn[1] == doctest::Approx(sum / static_cast<double>(dn.samples.size())).epsilon(0.005));
    CHECK(std::accumulate(seen.histogram.count.begin(), seen.histogram.count.end(), 0U) <= 4 * 65'536U);
}

TEST_CASE("statistics: the sums of places are the same with every instruction set") {
    std::vector<std::int32_t> codes(4 * 251);
    for (std::size_t i = 0; i < codes.size(); ++i)
        codes[i] = static_cast<std::int32_t>(i * 2'654'435'761U >> 20 & 0xFFF);
    // Half of the places are nearly grey.
    for (std::size_t i = 0; i < codes.size() / 8; ++i)
        for (std::size_t colour = 1; colour < 4; ++colour)
            codes[251 * colour + i] = std::min(4095, codes[i] + static_cast<std::int32_t>(i % 7));
    namespace kernel = emulator::auto_functions;
    const kernel::PlaceRow row{codes.data(), codes.data() + 251, codes.data() + 502, codes.data() + 753, 251};
    const kernel::PlaceLaw law{.black_dn = 240,
                               .nearly_full_dn = 4064,
                               .dark_dn = 160,
                               .white_dn = 4048,
                               .red_64 = 70,
                               .green_64 = 64,
                               .blue_64 = 66};
    const auto expected = kernel::baseline::sum_places(row, law);
    CHECK(expected.grey > 50);
    CHECK(expected.unclipped > expected.grey);
    for (const auto isa : scenes::light::kIsas) {
        if (!scenes::light::supported(isa)) continue;
        const auto sums = scenes::light::chosen(isa, kernel::baseline::sum_places, kernel::v3::sum_places,
                                                kernel::v4::sum_places)(row, law);
        CHECK(sums.grey == expected.grey);
        CHECK(sums.unclipped == expected.unclipped);
        for (int i = 0; i < 3; ++i) {
            CHECK(sums.colour_dn[i] == expected.colour_dn[i]);
            CHECK(sums.grey_dn[i] == expected.grey_dn[i]);
        }
    }
}
