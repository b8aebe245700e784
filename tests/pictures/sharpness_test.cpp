#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "emulator/imaging/scene_renderer.h"
#include "lens_model/blur/blur.h"
#include "lens_model/optics/iris.h"
#include "scenes/light/response.h"
#include "tests/support/lens_figures.h"
#include "tests/support/measure_edge.h"
#include "tests/support/measure_photons.h"

using namespace measure;

namespace {

constexpr double kDistance_m = 2.5, kFocalLength_mm = 19, kPitch_um = 3.45;
constexpr double kCount_um = 1.4714;  // of focus, as the image moves

/// The slanted edge of the scene's own, at 19 mm and 2.5 m, around the axis.
struct Edge : Bench {
    Edge() : Bench("slanted_edge") { aim_at_axis(528, 256); }
    explicit Edge(scenes::World world) : Bench(std::move(world)) {}

    [[nodiscard]] double f_number() const { return lens_model::f_number(profile().lens, lens()); }
    [[nodiscard]] double working_f_number() const {
        return lens_model::working_f_number(profile().lens, lens());
    }
    [[nodiscard]] SlantedEdge measured(double half_width_px, int frames = 8) {
        settings.exposure.time_us = std::round(10'500 * std::pow(f_number() / 2.0, 2));
        return SlantedEdge(shoot_mean(frames), half_width_px);
    }
};

/// Above black, over an even field of the same pixels.
Picture corrected(Picture picture, const Picture& flat, const Bench& bench) {
    const double black_dn = bench.settings.exposure.black_level_dn;
    for (std::size_t i = 0; i < picture.dn.samples.size(); ++i) {
        picture.dn.samples[i] = (picture.dn.samples[i] - black_dn) / (flat.dn.samples[i] - black_dn);
    }
    return picture;
}

/// A lens at 19 mm whose green image, or the infrared one, is sharp at the distance of the edge.
struct EvenLens {
    lens_model::State lens{.zoom_steps = 500};
    EvenLens(const emulator::Profile& profile, bool infrared, double f_number) {
        lens.iris_steps = std::round(lens_figures::iris_for_f_number(profile.lens, 500, f_number));
        lens.ir_cut_position = infrared ? 0 : 1;
        double least_um = 1e9, sharpest_counts = 0;
        for (lens.focus_counts = 9500; lens.focus_counts <= 10'000; ++lens.focus_counts) {
            const double disc_um = lens_model::blur(profile.lens, lens, kDistance_m, 0, 1, infrared).disc_um;
            if (disc_um < least_um) least_um = disc_um, sharpest_counts = lens.focus_counts;
        }
        lens.focus_counts = sharpest_counts;
    }
};

/// What pixels about the axis collect, without noise.
Picture light_on_axis(const emulator::SceneRenderer& renderer) {
    const auto axis = renderer.view().centre_px;
    const scenes::light::Rect outer{static_cast<int>(axis.x) - 265, static_cast<int>(axis.y) - 193, 530, 386};
    const scenes::light::Rect inner{outer.x + 1, outer.y + 1, 528, 384};
    scenes::TextureCache textures;
    const auto alone = renderer.image(0, outer, emulator::kFull, textures, renderer.frame_mean(0, textures));
    scenes::light::Mosaic held(inner.width, inner.height);
    sensor_model::exchange(alone, outer, renderer.crosstalk(0), held, inner);
    Picture picture{inner.x, inner.y, {inner.width, inner.height}};
    std::copy(held.samples.begin(), held.samples.end(), picture.dn.samples.begin());
    return picture;
}

/// The contrast of a grey edge in one plane as the product of lens, pixel, diffusion and crosstalk.
class Parts {
  public:
    Parts(const emulator::Profile& profile, const scenes::World& world,
          const emulator::SceneRenderer& renderer)
        : profile_(profile),
          lens_(renderer.lens()),
          alone_(scenes::light::signal(world.lamps[0].irradiance, renderer.response())),
          infrared_(scenes::light::infrared_share(world.lamps[0].irradiance, renderer.response())) {}

    [[nodiscard]] double contrast(int plane, double cycles_per_px) const {
        return response(plane, cycles_per_px) / response(plane, 0);
    }
    [[nodiscard]] double mtf50(int plane, bool with_sensor = true) const {
        double low = 0, high = 0.7;
        for (int i = 0; i < 40; ++i) {
            const double middle = (low + high) / 2;
            const double c = with_sensor ? contrast(plane, middle) : optics(plane, middle, 0);
            (c > 0.5 ? low : high) = middle;
        }
        return low;
    }

  private:
    static constexpr double kDiffusion_um[3] = {0.8, 0.6, 0.45}, kInfraredDiffusion_um = 1.3;
    static constexpr double kCrosstalk[3] = {0.015, 0.012, 0.010}, kInfraredTimes = 3;

    [[nodiscard]] double optics(int channel, double cycles_per_px, double diffusion) const {
        const double lp_per_mm = cycles_per_px / (kPitch_um * 1e-3), share = infrared_[channel];
        const auto of = [&](bool infrared, double sigma_um) {
            const auto blur = lens_model::blur(profile_.lens, lens_, kDistance_m, 0, channel, infrared);
            return lens_figures::mtf(blur, lp_per_mm) *
                   lens_model::gaussian_mtf(diffusion * sigma_um, lp_per_mm);
        };
        return lens_figures::pixel_mtf(lp_per_mm) *
               ((1 - share) * of(false, kDiffusion_um[channel]) + share * of(true, kInfraredDiffusion_um));
    }
    [[nodiscard]] double given(int channel) const {
        return kCrosstalk[channel] * (1 + (kInfraredTimes - 1) * infrared_[channel]);
    }
    [[nodiscard]] double light(int channel, double cycles_per_px) const {
        return alone_[channel] * optics(channel, cycles_per_px, 1);
    }
    /// Neighbours stand a pixel beside and above; the edge leans by 5 degrees.
    [[nodiscard]] double response(int plane, double cycles_per_px) const {
        const double phase = 2 * std::numbers::pi * cycles_per_px, lean = 5 * std::numbers::pi / 180;
        const double two_of = std::cos(phase * std::cos(lean)) + std::cos(phase * std::sin(lean));
        double sum = (1 - 4 * given(plane)) * light(plane, cycles_per_px);
        if (plane == 1)
            for (const int c : {0, 2}) sum += given(c) * light(c, cycles_per_px) * two_of;
        else
            sum += 2 * given(1) * light(1, cycles_per_px) * two_of;
        return sum;
    }

    const emulator::Profile& profile_;
    lens_model::State lens_;
    std::array<double, 3> alone_, infrared_;
};

}  // namespace

TEST_CASE(
    "MTF50 of every plane, in focus on the axis, is that of the parts within 1 %, in visible and infrared") {
    for (const std::string lamp : {R"("D65", "illuminance_lx": 1000)", R"("IR850", "irradiance_w_m2": 5)"}) {
        const auto world = scene_of(
            R"({"light": {"spectrum": )" + lamp +
            R"(}, "items": [{"kind": "slanted_edge", "size_m": [0.5, 0.5], "position_m": [0, 0, 2.5]}]})");
        const bool infrared = lamp.starts_with("\"IR");
        for (const double f_number : {2.8, 8.0}) {
            const emulator::Profile profile;
            const EvenLens even(profile, infrared, f_number);
            const emulator::SceneRenderer renderer(profile, world, even.lens);
            const Parts parts(profile, world, renderer);
            const auto picture = light_on_axis(renderer);
            for (const int channel : {0, 1, 2}) {
                CAPTURE(lamp);
                CAPTURE(f_number);
                CAPTURE(channel);
                const SlantedEdge edge(picture, 20, channel);
                CHECK(std::abs(edge.angle_deg()) == doctest::Approx(5).epsilon(0.01));
                const double measured = edge.frequency_of(0.5), expected = parts.mtf50(channel);
                MESSAGE((infrared ? "850 nm" : "D65")
                        << " F" << f_number << " plane " << channel << ": MTF50 " << measured
                        << " cycles per pixel, the parts " << expected << ", lens and pixel alone "
                        << parts.mtf50(channel, false));
                CHECK(measured == doctest::Approx(expected).epsilon(0.01));
            }
        }
    }
}

TEST_CASE("MTF50 of green frames, in focus on the axis, is that of the parts within 3 % at F2.8 and F8") {
    Edge bench;
    Bench flat("flat_field", {"background.reflectance=0.3"});
    bench.focus_at(kDistance_m);
    bench.aim_at_axis(528, 384);
    const auto world = scene_named("slanted_edge");
    for (const double f_number : {2.8, 8.0}) {
        CAPTURE(f_number);
        bench.stop_to(f_number);
        bench.settings.exposure.time_us = std::round(12'000 * std::pow(f_number / 2.8, 2));
        flat.settings = bench.settings;
        // The pixels' unlike gains are divided out: they are 0.5 % and would stay in any number of frames.
        const SlantedEdge edge(corrected(bench.shoot_mean(48), flat.shoot_mean(48), bench), 20);
        CHECK(std::abs(edge.angle_deg()) == doctest::Approx(5).epsilon(0.01));

        const emulator::SceneRenderer renderer(bench.profile(), world, bench.lens());
        const Parts parts(bench.profile(), world, renderer);
        const double measured = edge.frequency_of(0.5), expected = parts.mtf50(1);
        MESSAGE("F" << f_number << ": MTF50 " << measured << " cycles per pixel, the parts " << expected);
        CHECK(measured == doctest::Approx(expected).epsilon(0.03));
        for (const double cycles_per_px : {0.1, 0.2, 0.3, 0.4}) {
            CAPTURE(cycles_per_px);
            CHECK(std::abs(edge.contrast(cycles_per_px) - parts.contrast(1, cycles_per_px)) < 0.02);
        }
    }
}

TEST_CASE("the disc of a defocused lens grows with the focus error and with 1/F, within 3 %") {
    Edge bench;
    bench.focus_at(kDistance_m);
    const auto sharp_counts = bench.settings.lens.focus;
    bench.stop_to(2.8);

    std::vector<double> errors_um, discs_um;
    for (const int counts : {-120, -80, 50}) {
        CAPTURE(counts);
        bench.settings.lens.focus = sharp_counts + counts;
        const double error_um = std::abs(counts) * kCount_um,
                     disc_um = bench.measured(40).disc_px() * kPitch_um;
        errors_um.push_back(error_um), discs_um.push_back(disc_um);
        CHECK(disc_um == doctest::Approx(error_um / bench.working_f_number()).epsilon(0.03));
    }
    const Line line = fit(errors_um, discs_um);
    MESSAGE("the disc is " << line.slope << " of the focus error at F" << bench.f_number() << ", and "
                           << line.offset << " um at none");
    CHECK(line.slope == doctest::Approx(1 / bench.working_f_number()).epsilon(0.03));

    bench.settings.lens.focus = sharp_counts - 120;
    for (const double f_number : {2.2, 5.6}) {
        CAPTURE(f_number);
        bench.stop_to(f_number);
        const double disc_um = bench.measured(48).disc_px() * kPitch_um;
        MESSAGE("at F" << f_number << " times F: " << disc_um * bench.working_f_number() << " um of "
                       << 120 * kCount_um);
        CHECK(disc_um * bench.working_f_number() == doctest::Approx(120 * kCount_um).epsilon(0.03));
    }
}

TEST_CASE("depth of field ends where it is computed: there the disc is the circle of confusion, within 3 %") {
    constexpr double kCircle_um = 35, kFNumber = 2.8, kF_m = kFocalLength_mm * 1e-3;
    const double hyperfocal_m = kF_m * kF_m / (kFNumber * kCircle_um * 1e-6) + kF_m;
    const double near_m = kDistance_m * (hyperfocal_m - kF_m) / (hyperfocal_m + kDistance_m - 2 * kF_m);
    const double far_m = kDistance_m * (hyperfocal_m - kF_m) / (hyperfocal_m - kDistance_m);
    MESSAGE("depth of field from " << near_m << " m to " << far_m << " m");

    // An edge at either end, side by side.
    const auto edge = [](const char* name, double x_px, double distance_m) {
        const double m_per_px = kPitch_um * 1e-3 / kFocalLength_mm * distance_m;
        return R"({"name": ")" + std::string(name) + R"(", "kind": "slanted_edge", "size_m": [)" +
               std::to_string(500 * m_per_px) + ", " + std::to_string(700 * m_per_px) +
               R"(], "position_m": [)" + std::to_string(x_px * m_per_px) + ", 0, " +
               std::to_string(distance_m) + "]}";
    };
    Edge bench(scene_of(R"({"light": {"illuminance_lx": 1000}, "items": [)" + edge("near", -260, near_m) +
                        ", " + edge("far", 260, far_m) + "]}"));
    bench.settings.lens.zoom = 500;
    bench.focus_at(kDistance_m);
    bench.stop_to(kFNumber);
    const auto axis = bench.view().centre_px;
    for (const double x_px : {-260.0, 260.0}) {
        CAPTURE(x_px);
        bench.aim({axis.x + x_px, axis.y}, 528, 256);
        bench.settings.exposure.time_us = 20'000;
        const Picture picture = bench.shoot_mean(8);
        // The middle of the edge's own card.
        Picture cut{picture.x + 104, picture.y, {320, picture.height()}};
        for (int y = 0; y < cut.height(); ++y) std::copy_n(picture.dn.row(y) + 104, 320, cut.dn.row(y));
        const double disc_um = SlantedEdge(cut, 40).disc_px() * kPitch_um;
        MESSAGE("disc " << disc_um << " um");
        CHECK(disc_um == doctest::Approx(kCircle_um).epsilon(0.03));
    }
}
