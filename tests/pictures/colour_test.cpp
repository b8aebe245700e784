#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "emulator/isp/colour_matrix.h"
#include "scenes/geometry/outline.h"
#include "scenes/light/illuminants.h"
#include "scenes/light/materials.h"
#include "tests/support/measure_bench.h"
#include "tests/support/measure_colour.h"

using namespace measure;
using scenes::light::Point;

namespace {

constexpr int kPatches = 24, kGrey = 20;  // neutral 6.5
/// For D65: linear sRGB out of white-balanced camera colours; each row sums up to 1.
constexpr std::array<Three, 3> kBestMatrix{
    {{1.5451, -0.4550, -0.0901}, {-0.3014, 1.6629, -0.3615}, {0.0627, -0.5315, 1.4689}}};

using Matrix = std::array<Three, 3>;

/// Means of the 24 patches above black, over an even field that the same lens sees.
std::array<Three, kPatches> patches() {
    Bench chart("colour_chart"), flat("flat_field");
    chart.aim_at_axis(1520, 1048);
    flat.settings.image = chart.settings.image;
    flat.settings.lens = chart.settings.lens;
    flat.settings.exposure = chart.settings.exposure;
    const Picture picture = chart.shoot(), even = flat.shoot();

    const auto world = scene_named("colour_chart");
    const auto& item = world.items.front();
    const auto& target = std::get<scenes::targets::ColourChart>(item.target);
    std::array<Three, kPatches> result{};
    for (int patch = 0; patch < kPatches; ++patch) {
        const Point at_m = target.patch_centre_m(patch);
        const Point at_px =
            *scenes::pixel_of(chart.view(), item.pose.position_m + scenes::Vec3{at_m.x, at_m.y, 0});
        for (int c = 0; c < 3; ++c) {
            const double black_dn = chart.settings.exposure.black_level_dn;
            result[static_cast<std::size_t>(patch)][static_cast<std::size_t>(c)] =
                (mean_dn(picture, c, at_px, 40) - black_dn) / (mean_dn(even, 1, at_px, 40) - black_dn);
        }
    }
    return result;
}

/// How far each patch is from what people see of it, once the grey one is balanced and as bright as it
/// reflects.
std::array<double, kPatches> differences(const Matrix& matrix) {
    static const auto measured = patches();
    const auto d65 = *scenes::light::illuminant("D65");
    const Three grey = measured[kGrey];
    const double grey_y = xyz_of(scenes::light::colour_checker(kGrey), d65)[1];
    std::array<double, kPatches> found{};
    for (int patch = 0; patch < kPatches; ++patch) {
        Three balanced{}, rgb{};
        for (std::size_t c = 0; c < 3; ++c) {
            balanced[c] = measured[static_cast<std::size_t>(patch)][c] / grey[c] * grey_y;
        }
        for (std::size_t r = 0; r < 3; ++r) {
            for (std::size_t c = 0; c < 3; ++c) rgb[r] += matrix[r][c] * balanced[c];
        }
        const Three seen = lab_from_xyz(xyz_from_srgb(rgb));
        const Three true_lab = lab_from_xyz(xyz_of(scenes::light::colour_checker(patch), d65));
        found[static_cast<std::size_t>(patch)] = ciede2000(true_lab, seen);
    }
    return found;
}

double mean(const std::array<double, kPatches>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / kPatches;
}

}  // namespace

TEST_CASE("the meter's CIEDE2000 is that of the published pairs") {
    CHECK(ciede2000({50, 2.6772, -79.7751}, {50, 0, -82.7485}) == doctest::Approx(2.0425).epsilon(1e-4));
    CHECK(ciede2000({50, -1, 2}, {50, 0, 0}) == doctest::Approx(2.3669).epsilon(1e-4));
    CHECK(ciede2000({50, 2.49, -0.001}, {50, -2.49, 0.0009}) == doctest::Approx(7.1792).epsilon(1e-4));
    CHECK(ciede2000({50, 2.5, 0}, {73, 25, -18}) == doctest::Approx(27.1492).epsilon(1e-4));
    CHECK(ciede2000({2.0776, 0.0795, -1.135}, {0.9033, -0.0636, -0.5514}) ==
          doctest::Approx(0.9082).epsilon(1e-4));
}

TEST_CASE(
    "the colour chart, balanced on its grey and corrected for D65, is true to a mean CIEDE2000 below 1.5") {
    const auto found = differences(kBestMatrix);
    for (std::size_t patch = 0; patch < kPatches; ++patch) {
        MESSAGE(std::string(scenes::light::colour_checker_names()[patch]) << ": " << found[patch]);
    }
    MESSAGE("mean CIEDE2000 " << mean(found) << ", largest " << *std::ranges::max_element(found));
    CHECK(mean(found) < 1.5);
}

TEST_CASE("the factory matrix brings skin and everyday colours much nearer to what people see") {
    Matrix factory{};
    for (std::size_t i = 0; i < 9; ++i) factory[i / 3][i % 3] = emulator::isp::kFactoryCoefficients[i] / 16.0;
    const auto with = differences(factory), without = differences({{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}});
    MESSAGE("mean CIEDE2000 " << mean(with) << " with the factory matrix, " << mean(without) << " without");
    CHECK(mean(with) < 0.4 * mean(without));
    for (const std::size_t skin : {0, 1}) {  // dark and light skin
        CHECK(with[skin] < 3);               // hardly seen but side by side
        CHECK(with[skin] < 0.5 * without[skin]);
    }
}
