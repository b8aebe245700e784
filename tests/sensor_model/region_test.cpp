#include <doctest/doctest.h>

#include "sensor_model/region.h"
#include "tests/sensor_model/even_light.h"

using namespace even_light;
using sensor_model::Region;

namespace {

/// All ways to skip and to flip.
std::vector<Region> ways(Region region) {
    std::vector<Region> all;
    for (int way = 0; way < 16; ++way) {
        region.skip_x = way & 1 ? 2 : 1;
        region.skip_y = way & 2 ? 2 : 1;
        region.reverse_x = way & 4;
        region.reverse_y = way & 8;
        all.push_back(region);
    }
    return all;
}

sensor_model::RawFrame look(const scenes::light::Mosaic& light, const Region& region) {
    sensor_model::Settings settings = short_exposure();
    settings.region = region;
    return expose({}, even_pattern(), {{{&light, 1}}, {}}, settings, {});
}

}  // namespace

TEST_CASE("the colours are RGGB in every region, skipped or not, flipped or not") {
    scenes::light::Mosaic light(2048, 1536);
    for (int y = 0; y < 1536; ++y)
        for (int x = 0; x < 2048; ++x) light.at(x, y) = 1000.0F + 3000.0F * static_cast<float>(x % 2 + y % 2);
    for (const Region& region : ways({528, 404, 544, 36})) {
        const auto frame = look(light, region);
        bool right = true;
        for (int y = 0; y < frame.dn.height; ++y)
            for (int x = 0; x < frame.dn.width; ++x) {
                const double electrons = 1000 + 3000 * (x % 2 + y % 2);
                right = right && std::abs(frame.dn.at(x, y) - 240 - 0.357 * electrons) < 300;
            }
        CHECK(right);
    }
}

TEST_CASE("every pixel of the frame shows the photosite that the region says") {
    scenes::light::Mosaic columns(2048, 1536), rows(2048, 1536);
    for (int y = 0; y < 1536; ++y)
        for (int x = 0; x < 2048; ++x) {
            columns.at(x, y) = static_cast<float>(4 * x);
            rows.at(x, y) = static_cast<float>(4 * y);
        }
    for (const Region& region : {Region{}, Region{1024, 768, 1024, 768}, Region{4, 8, 528, 64}})
        for (const Region& way : ways(region)) {
            const auto across = look(columns, way), down = look(rows, way);
            REQUIRE(across.dn.width == way.width / way.skip_x);
            REQUIRE(across.dn.height == way.height / way.skip_y);
            double error = 0, worst = 0;
            for (int i = 0; i < across.dn.width; ++i) {
                double sum = 0;
                for (int y = 0; y < across.dn.height; ++y) sum += across.dn.at(i, y);
                const double electrons = (sum / across.dn.height - 240) / 0.357;
                error = electrons / 4 - sensor_column_from_frame(way, i);
                worst = std::max(worst, std::abs(error) - 0.004 * sensor_column_from_frame(way, i));
            }
            // Of at least 32 rows; a column is four electrons.
            CHECK(worst < 25);
            double below = 0;
            for (int x = 0; x < down.dn.width; ++x)
                below += static_cast<double>(down.dn.at(x, 4)) - down.dn.at(x, 0);
            const int step = sensor_row_from_frame(way, 4) - sensor_row_from_frame(way, 0);
            CHECK(below / down.dn.width / 0.357 / 4 == doctest::Approx(step).epsilon(0.4));
        }
}

TEST_CASE("skipping reads two and drops two; a flipped frame is shifted by one") {
    const Region skipped{.x = 8, .width = 16, .skip_x = 2}, flipped{.width = 8, .reverse_x = true};
    const std::vector<int> expected{8, 9, 12, 13, 16, 17, 20, 21}, mirrored{6, 5, 4, 3, 2, 1, 0, 1};
    REQUIRE(read_width(skipped) == 8);
    for (int i = 0; i < 8; ++i) {
        CHECK(sensor_column_from_frame(skipped, i) == expected[i]);
        CHECK(sensor_column_from_frame(flipped, i) == mirrored[i]);
    }
}

TEST_CASE("defects are seen where the region puts them") {
    auto pattern = even_pattern();
    pattern.defects.broken = {{1001, 700, true}};
    for (Region way : ways({600, 600, 800, 400})) {
        sensor_model::Settings settings = short_exposure();
        settings.region = way;
        const auto frame = expose({}, pattern, electrons(0), settings, {});
        int seen = 0;
        for (int y = 0; y < frame.dn.height; ++y)
            for (int x = 0; x < frame.dn.width; ++x)
                if (frame.dn.at(x, y) == 4095) {
                    ++seen;
                    CHECK(sensor_column_from_frame(way, x) == 1001);
                    CHECK(sensor_row_from_frame(way, y) == 700);
                }
        CHECK(seen == 1);
    }
}

TEST_CASE("a patch replaces what stands still, inside its rectangle only, the later over the earlier") {
    sensor_model::Exposure exposure = electrons(1000);
    exposure.patches.push_back({{600, 600, 40, 40}, scenes::light::Mosaic(40, 40, 3000.0F)});
    exposure.patches.push_back({{620, 620, 40, 40}, scenes::light::Mosaic(40, 40, 6000.0F)});
    exposure.patches.push_back({{500, 500, 20, 20}, scenes::light::Mosaic(20, 20, 9000.0F)});
    const auto frame = expose({}, even_pattern(), exposure, short_exposure(), {});
    const auto electrons_at = [&](int x, int y) { return (frame.dn.at(x - 512, y - 512) - 240) / 0.357; };
    CHECK(electrons_at(599, 610) == doctest::Approx(1000).epsilon(0.2));
    CHECK(electrons_at(600, 600) == doctest::Approx(3000).epsilon(0.1));
    CHECK(electrons_at(619, 630) == doctest::Approx(3000).epsilon(0.1));
    CHECK(electrons_at(620, 630) == doctest::Approx(6000).epsilon(0.1));
    CHECK(electrons_at(659, 659) == doctest::Approx(6000).epsilon(0.1));
    CHECK(electrons_at(660, 659) == doctest::Approx(1000).epsilon(0.2));
    CHECK(electrons_at(512, 512) == doctest::Approx(9000).epsilon(0.1));
}

TEST_CASE("lamps add up") {
    sensor_model::Exposure two{{{&unit_light(), 1000}, {&unit_light(), 2500}}, {}};
    const auto a = moments(expose({}, even_pattern(), two, short_exposure(), {}));
    const auto b = moments(expose({}, even_pattern(), electrons(3500), short_exposure(), {}));
    CHECK(a.mean == doctest::Approx(b.mean).epsilon(0.001));
}
