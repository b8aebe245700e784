#include <doctest/doctest.h>

#include <numbers>
#include <random>

#include "scenes/raster/clipped_pattern.h"

using namespace scenes;
using targets::Edge;
using targets::Place;

namespace {

constexpr double kSide_m = 0.1;

/// Within the circle in which the edge is alone, it alone parts the materials. Returns how often an edge was
/// met.
template <class Pattern>
int check_edges(const Pattern& pattern) {
    std::mt19937 random(1);
    std::uniform_real_distribution<double> place(-0.55 * kSide_m, 0.55 * kSide_m),
        turn(0, 2 * std::numbers::pi), part(0, 1);
    int crossed = 0;
    for (int i = 0; i < 20000; ++i) {
        const Point at{place(random), place(random)};
        const Place here = pattern.at(at);
        const Edge edge = pattern.edge(at, here);
        if (edge.alone_m <= edge.distance_m) continue;
        for (int j = 0; j < 8; ++j) {
            const double angle = turn(random), r = std::min(edge.alone_m, kSide_m) * part(random);
            const Point off{r * std::cos(angle), r * std::sin(angle)};
            const Point centre = edge.from_centre(off);
            const double from = edge.radius_m == targets::kFar
                                    ? edge.from(off)
                                    : std::copysign(1.0, edge.radius_m) *
                                          (targets::length_m(centre.x, centre.y) - std::abs(edge.radius_m));
            if (std::abs(from) < 1e-9) continue;
            const int there = pattern.at({at.x + off.x, at.y + off.y}).material;
            crossed += from < 0 && edge.beyond != here.material ? 1 : 0;
            REQUIRE_MESSAGE(there == (from > 0 ? here.material : edge.beyond), "at (", at.x, ", ", at.y,
                            ") and off it (", off.x, ", ", off.y, ")");
        }
    }
    return crossed;
}

template <class Pattern>
int check_clipped(const Pattern& pattern) {
    return check_edges(ClippedPattern<Pattern>{pattern, 0.5 * kSide_m, 0.4 * kSide_m});
}

}  // namespace

TEST_CASE("within its circle, the edge that a pattern tells of is the only one") {
    constexpr int kMany = 500;
    CHECK(check_clipped(targets::Uniform{}) > kMany);
    CHECK(check_clipped(targets::Disc{0.03}) > kMany);
    CHECK(check_clipped(targets::ColourChart{kSide_m, 0.8 * kSide_m}) > kMany);
    for (const double angle : {0.0, 5.0, 90.0, 200.0})
        CHECK(check_clipped(targets::SlantedEdge(angle)) > kMany);
    for (const int cycles : {1, 2, 3, 36})
        CHECK(check_clipped(targets::SiemensStar(cycles, 0.04, 0.004)) > kMany);
    for (const int steps : {1, 2, 11}) CHECK(check_clipped(targets::GreySteps{steps, kSide_m}) > kMany);
    CHECK(check_clipped(targets::DotGrid{9, 7, 0.01, 0.004}) > kMany);
    CHECK(check_clipped(targets::DotGrid{1, 1, 0.05, 0.049}) > kMany);
    CHECK(check_clipped(targets::Checkerboard{8, 5, 0.01}) > kMany);
    CHECK(check_clipped(targets::Checkerboard{1, 1, 0.05}) > kMany);
    CHECK(check_clipped(*targets::encode(targets::CodeKind::qr, "edges", kSide_m)) > kMany);
    CHECK(check_clipped(*targets::encode(targets::CodeKind::data_matrix, "edges", kSide_m)) > kMany);
    const targets::Plate plate{
        .width_m = 0.09,
        .height_m = 0.06,
        .corner_radius_m = 0.008,
        .holes = {{{-0.03, 0.01}, 0.006}, {{0.02, -0.01}, 0.01}},
        .scratches = {{{-0.01, -0.02}, {0.03, 0.02}, 0.0005}, {{0, 0}, {0, 0}, 0.001}}};
    CHECK(check_clipped(plate) > kMany);
}
