#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "scenes/light/illuminants.h"
#include "scenes/light/materials.h"
#include "tests/support/measure_bench.h"
#include "tests/support/measure_colour.h"

using namespace measure;
using scenes::light::Point;

namespace {

constexpr int kPatches = 24, kGrey = 20;  // neutral 6.5
/// For D65: linear sRGB out of white-balanced camera colours; each row sums up to 1.
constexpr std::array<Three, 3> kMatrix{
    {{1.5451, -0.4550, -0.0901}, {-0.3014, 1.6629, -0.3615}, {0.0627, -0.5315, 1.4689}}};

/// Means of the 24 patches above black, over an even field that the same lens sees.
std::array<Three, kPatches> patches(Bench& chart) {
    Bench flat("flat_field");
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
        const Point tangent{(item.pose.position_m.x + at_m.x) / item.pose.position_m.z,
                            (item.pose.position_m.y + at_m.y) / item.pose.position_m.z};
        const Point at_px = scenes::light::pixel_from_tangent(chart.view(), tangent);
        for (int c = 0; c < 3; ++c) {
            const double black_dn = chart.settings.exposure.black_level_dn;
            result[static_cast<std::size_t>(patch)][static_cast<std::size_t>(c)] =
                (mean_dn(picture, c, at_px, 40) - black_dn) / (mean_dn(even, 1, at_px, 40) - black_dn);
        }
    }
    return result;
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
    Bench chart("colour_chart");
    const auto measured = patches(chart);
    const auto d65 = *scenes::light::illuminant("D65");

    // Balance: the grey patch has equal colours. Exposure: it is as bright as it reflects.
    const Three grey = measured[kGrey];
    const double grey_y = xyz_of(scenes::light::colour_checker(kGrey), d65)[1];
    double sum = 0, worst = 0;
    for (int patch = 0; patch < kPatches; ++patch) {
        Three balanced{}, rgb{};
        for (std::size_t c = 0; c < 3; ++c) {
            balanced[c] = measured[static_cast<std::size_t>(patch)][c] / grey[c] * grey_y;
        }
        for (std::size_t r = 0; r < 3; ++r) {
            for (std::size_t c = 0; c < 3; ++c) rgb[r] += kMatrix[r][c] * balanced[c];
        }
        const Three seen = lab_from_xyz(xyz_from_srgb(rgb));
        const Three true_lab = lab_from_xyz(xyz_of(scenes::light::colour_checker(patch), d65));
        const double difference = ciede2000(true_lab, seen);
        sum += difference;
        worst = std::max(worst, difference);
        MESSAGE(std::string(scenes::light::colour_checker_names()[static_cast<std::size_t>(patch)])
                << ": " << difference);
    }
    MESSAGE("mean CIEDE2000 " << sum / kPatches << ", largest " << worst);
    CHECK(sum / kPatches < 1.5);
}
