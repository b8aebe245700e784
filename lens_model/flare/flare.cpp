#include "lens_model/flare/flare.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "lens_model/blur/blur.h"
#include "lens_model/data/ghosts.h"
#include "lens_model/optics/iris.h"
#include "lens_model/optics/vignetting.h"

namespace lens_model {

using scenes::light::Mosaic;
using scenes::light::Point;
using scenes::light::Rect;

namespace {

using std::numbers::pi;

constexpr double kFaintest = 1e-4;     // of the signal of a bright source
constexpr double kFarthest_px = 2560;  // the diagonal of the sensor
constexpr double kBlurHasIt_px = 6;    // half of a star's light at this distance is in the blur of the lens
constexpr double kGhostRim_px = 4;

/// Properties of the iris that all sources share.
struct Flare {
    Rect part;
    Mosaic& mosaic;
    const Constants& constants;
    const State& state;
    double straight;  // 0 open and round .. 1 closed
    double faint;
    std::array<double, 3> wave_px;  // λF
    std::vector<Point> blades;      // directions across the edges of the iris

    void add(int x, int y, const std::array<double, 3>& light) const {
        mosaic.at(x - part.x, y - part.y) +=
            static_cast<float>(light[static_cast<std::size_t>((x & 1) + (y & 1))]);
    }
    /// Calls `at(x, y)` for the pixels of the part that lie in a row from a place to another.
    template <class At>
    void along_row(int y, double from, double to, At at) const {
        const int first = std::max(part.x, static_cast<int>(std::floor(std::max(from, -1e6))));
        const int end = std::min(part.x + part.width, static_cast<int>(std::ceil(std::min(to, 1e6))) + 1);
        for (int x = first; x < end; ++x) at(x, y);
    }
};

/// A bell without exponentials, of area 1 and standard deviation `reach`/3.
double bell(double off, double reach) {
    const double q = off / reach, rest = 1 - q * q;
    return rest <= 0 ? 0 : 35.0 / 32 / reach * rest * rest * rest;
}

/// One of the rays of a star: it begins at the source, and widens.
struct Ray {
    Point from;
    double cosine = 1, sine = 0;
    double sigma_px = 0, spread = 0;  // standard deviation across: sigma + spread u
    double core_px = 0;               // the star is fainter within
    double end_px = 0;

    [[nodiscard]] double reach(double u) const { return 3 * (sigma_px + spread * u); }
    /// Light of 1 that goes this way beyond unit distance, at a distance along and across, per px².
    [[nodiscard]] double at(double u, double t) const {
        if (u <= 0 || u >= end_px) return 0;
        const double squared = u * u, near = squared + core_px * core_px,
                     fade = 1 - squared / (end_px * end_px);
        return squared / (near * near) * bell(t, reach(u)) * fade;
    }
};

/// The part of a row that a ray can touch: its outline is a quadrilateral.
std::pair<double, double> touched_in_row(const Ray& ray, double y) {
    const double near = ray.reach(0), far = ray.reach(ray.end_px);
    const Point across{-ray.sine, ray.cosine};
    const Point end{ray.from.x + ray.end_px * ray.cosine, ray.from.y + ray.end_px * ray.sine};
    const Point corners[4] = {{ray.from.x + near * across.x, ray.from.y + near * across.y},
                              {end.x + far * across.x, end.y + far * across.y},
                              {end.x - far * across.x, end.y - far * across.y},
                              {ray.from.x - near * across.x, ray.from.y - near * across.y}};
    double from = 1e9, to = -1e9;
    for (int i = 0; i < 4; ++i) {
        const Point a = corners[i], b = corners[(i + 1) % 4];
        const double low = std::min(a.y, b.y), high = std::max(a.y, b.y);
        if (y + 1 < low || y > high) continue;
        for (const double edge_y : {std::clamp(y, low, high), std::clamp(y + 1, low, high)}) {
            const double share = b.y == a.y ? 0 : (edge_y - a.y) / (b.y - a.y);
            const double x = a.x + share * (b.x - a.x);
            from = std::min({from, x, b.y == a.y ? b.x : x}), to = std::max({to, x, b.y == a.y ? b.x : x});
        }
    }
    return {from, to};
}

void add_ray(const Flare& flare, const Ray& ray, const std::array<double, 3>& light) {
    for (int y = flare.part.y; y < flare.part.y + flare.part.height; ++y) {
        const auto [from, to] = touched_in_row(ray, y);
        flare.along_row(y, from, to, [&](int x, int row) {
            const double dx = x + 0.5 - ray.from.x, dy = row + 0.5 - ray.from.y;
            const double share = ray.at(dx * ray.cosine + dy * ray.sine, dy * ray.cosine - dx * ray.sine);
            if (share > 0) flare.add(x, row, {light[0] * share, light[1] * share, light[2] * share});
        });
    }
}

/// Where the green light of a ray has become faint.
double end_of(const Ray& ray, double light, double faint) {
    double end = 16;
    while (end < kFarthest_px && light / (end * end) * bell(0, ray.reach(end)) > faint) end *= 1.1;
    return end;
}

void add_star(const Flare& flare, const BrightSource& source, const std::array<double, 3>& light) {
    const auto& constants = flare.constants;
    const int rays = 2 * static_cast<int>(constants.iris_blades);
    const auto blur = lens_model::blur(constants, flare.state, source.distance_m, 0, 1);
    const double blur_px = equivalent_sigma_um(blur) / kPixelPitch_um;
    std::array<double, 3> to_ray{};
    for (std::size_t c = 0; c < 3; ++c) to_ray[c] = light[c] * 2 / (pi * pi) * flare.wave_px[c] / rays;
    const double brightest = *std::max_element(to_ray.begin(), to_ray.end());
    for (int i = 0; i < rays; ++i) {
        // Of an odd number of blades, those of one half stand between those of the other.
        const int blade = i / 2;
        const double angle =
            constants.iris_blade_angle_deg * pi / 180 + 2 * pi * blade / constants.iris_blades + pi * (i % 2);
        Ray ray{.from = source.at_px, .cosine = std::cos(angle), .sine = std::sin(angle)};
        const double c = ray.cosine, s = ray.sine;
        const double across = source.xx * s * s - 2 * source.xy * s * c + source.yy * c * c;
        const double along = source.xx * c * c + 2 * source.xy * s * c + source.yy * s * s;
        ray.sigma_px = std::sqrt(std::max(0.0, across) + blur_px * blur_px + 1.0 / 12);
        ray.spread = pi / constants.iris_blades * (1 - flare.straight) / std::sqrt(3.0);
        ray.core_px = std::sqrt(std::max(0.0, along) + blur_px * blur_px + kBlurHasIt_px * kBlurHasIt_px);
        ray.end_px = end_of(ray, brightest, flare.faint);
        add_ray(flare, ray, to_ray);
    }
}

std::vector<Point> directions_of_blades(const Constants& constants) {
    std::vector<Point> directions;
    for (int i = 0; i < static_cast<int>(constants.iris_blades); ++i) {
        const double angle = constants.iris_blade_angle_deg * pi / 180 + 2 * pi * i / constants.iris_blades;
        directions.push_back({std::cos(angle), std::sin(angle)});
    }
    return directions;
}

/// Distance from the middle of a ghost, in the shape of the iris: 1 px on the circle, and on the polygon of
/// the same width. Of every pixel, so without functions that differ from one library to another.
double iris_distance(const Flare& flare, Point off) {
    double polygon = 0;
    for (const Point& blade : flare.blades) polygon = std::max(polygon, off.x * blade.x + off.y * blade.y);
    return (1 - flare.straight) * std::sqrt(off.x * off.x + off.y * off.y) + flare.straight * polygon;
}

void add_ghost(const Flare& flare, const BrightSource& source, const std::array<double, 3>& light,
               const data::Ghost& ghost) {
    const auto axis = view(flare.constants, flare.state).centre_px;
    const Point middle{axis.x - ghost.mirrored * (source.at_px.x - axis.x),
                       axis.y - ghost.mirrored * (source.at_px.y - axis.y)};
    const double radius = ghost.radius_px * (1 - flare.straight),
                 rim = kGhostRim_px + std::sqrt(source.xx + source.yy), reach = 1.2 * (radius + rim);
    std::array<double, 3> inside{};
    for (std::size_t c = 0; c < 3; ++c)
        inside[c] = light[c] * flare.constants.ghost_strength * ghost.share * ghost.tint[c] /
                    (pi * (radius + rim / 2) * (radius + rim / 2));
    for (int y = flare.part.y; y < flare.part.y + flare.part.height; ++y) {
        if (std::abs(y + 0.5 - middle.y) > reach) continue;
        flare.along_row(y, middle.x - reach, middle.x + reach, [&](int x, int row) {
            const double d = iris_distance(flare, {x + 0.5 - middle.x, row + 0.5 - middle.y});
            const double share = std::clamp((radius + rim - d) / (rim), 0.0, 1.0);
            if (share > 0) flare.add(x, row, {inside[0] * share, inside[1] * share, inside[2] * share});
        });
    }
}

}  // namespace

void add_flare(Mosaic& mosaic, Rect part, std::span<const BrightSource> sources, double faint,
               const std::array<double, 3>& infrared_share, const Constants& constants, const State& state) {
    const double open = open_f_number(constants, state.zoom_steps) / f_number(constants, state);
    const double factor = exposure_factor(constants, state) * (1 - veiling_glare(constants, state));
    const double f_w = working_f_number(constants, state);
    const double visible_nm[3] = {constants.wavelength_red_nm, constants.wavelength_green_nm,
                                  constants.wavelength_blue_nm};
    Flare flare{part,      mosaic,
                constants, state,
                1 - open,  faint * factor * kFaintest,
                {},        directions_of_blades(constants)};
    for (std::size_t c = 0; c < 3; ++c)
        flare.wave_px[c] = f_w * 1e-3 / kPixelPitch_um *
                           (visible_nm[c] + infrared_share[c] * (kInfrared_nm - visible_nm[c]));
    const auto view = lens_model::view(constants, state);
    const Vignetting vignetting(constants, state);
    for (const auto& source : sources) {
        const double field =
            std::hypot(source.at_px.x - view.centre_px.x, source.at_px.y - view.centre_px.y) / view.corner_px;
        std::array<double, 3> light{};
        for (std::size_t c = 0; c < 3; ++c) light[c] = source.light[c] * factor * vignetting.at(field);
        add_star(flare, source, light);
        for (const auto& ghost : data::kGhosts) add_ghost(flare, source, light, ghost);
    }
}

}  // namespace lens_model
