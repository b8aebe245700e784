#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "lens_model/optics/iris.h"
#include "lens_model/optics/vignetting.h"
#include "scenes/light/response.h"
#include "sensor_model/quantum_efficiency.h"
#include "tests/support/lens_figures.h"
#include "tests/support/measure_bench.h"
#include "tests/support/spectrum_at.h"

using namespace measure;
using scenes::light::Point;

namespace {

/// Steps of zoom and iris whose F-number is 2.8 to 0.02 %, near the wide end.
emulator::Lens lens_at_f2_8(const lens_model::Constants& constants) {
    emulator::Lens best;
    double error = 1;
    for (int zoom = 0; zoom <= 100; ++zoom) {
        const double iris = std::round(lens_figures::iris_for_f_number(constants, zoom, 2.8));
        const double f = lens_model::f_number(
            constants, {.zoom_steps = static_cast<double>(zoom), .iris_steps = iris, .temperature_c = 25});
        if (std::abs(f / 2.8 - 1) > error) continue;
        error = std::abs(f / 2.8 - 1);
        best = {.zoom = zoom, .iris = static_cast<std::int64_t>(iris)};
    }
    REQUIRE(error < 2e-4);
    return best;
}

/// A grey of 18 % under 1000 lx, F2.8, 10 ms, and 200 pixels about the axis.
struct Grey : Bench {
    explicit Grey(scenes::World world) : Bench(std::move(world)) {
        settings.lens = lens_at_f2_8(profile().lens);
        settings.exposure.time_us = 10'000;
        aim_at_axis(528, 200);
    }
    /// Electrons of red, green and blue pixels on the axis.
    std::array<double, 3> electrons() {
        const Picture picture = shoot_mean(4);
        std::array<double, 3> e{};
        for (int c = 0; c < 3; ++c) {
            const double signal_dn =
                mean_dn(picture, c, view().centre_px, 100) - settings.exposure.black_level_dn;
            e[static_cast<std::size_t>(c)] = signal_dn * electrons_per_dn();
        }
        return e;
    }
};

struct Row {
    std::string light;
    std::vector<std::string> overrides;
    std::array<double, 3> electrons;
};

void check(const Row& row, double tolerance) {
    CAPTURE(row.light);
    const auto measured = Grey(scene_named("flat_field", row.overrides)).electrons();
    MESSAGE(row.light << ": " << measured[0] << " / " << measured[1] << " / " << measured[2] << " e-");
    for (std::size_t c = 0; c < 3; ++c) {
        CAPTURE(c);
        CHECK(measured[c] == doctest::Approx(row.electrons[c]).epsilon(tolerance));
    }
}

}  // namespace

TEST_CASE("1000 lx of D65 on 18 % grey, F2.8 and 10 ms are 969, 1702 and 924 electrons within 1 %") {
    check({"D65", {}, {969.3, 1702.0, 923.6}}, 0.01);
}

TEST_CASE("the same grey in other lights gives the electrons of the table within 2 %") {
    const auto lamp = [](const std::string& name) {
        return std::vector<std::string>{"light.spectrum=" + name};
    };
    const auto of_kelvin = [](const std::string& kind, int kelvin) {
        return std::vector<std::string>{"light.spectrum=" + kind,
                                        "light.temperature_k=" + std::to_string(kelvin)};
    };
    for (const Row& row : {
             Row{"A", lamp("A"), {1440.1, 1479.0, 380.6}},
             Row{"D50", lamp("D50"), {1066.7, 1642.3, 730.8}},
             Row{"FL2", lamp("FL2"), {997.1, 1501.3, 544.7}},
             Row{"FL11", lamp("FL11"), {1093.4, 1469.9, 518.8}},
             Row{"HP1", lamp("HP1"), {1589.2, 1334.3, 139.7}},
             Row{"LED-B1", lamp("LED-B1"), {1426.5, 1423.1, 314.1}},
             Row{"LED-B3", lamp("LED-B3"), {1122.1, 1515.3, 530.2}},
             Row{"LED-B5", lamp("LED-B5"), {882.6, 1563.0, 783.9}},
             Row{"blackbody 3000 K", of_kelvin("blackbody", 3000), {1397.0, 1494.6, 409.4}},
             Row{"daylight 10000 K", of_kelvin("daylight", 10'000), {877.9, 1778.5, 1204.1}},
         }) {
        check(row, 0.02);
    }
}

TEST_CASE("light of one wavelength, 1 uW/cm2 on the sensor for 10 ms, gives its electrons within 1 %") {
    struct Line {
        double wavelength_nm;
        std::array<double, 3> electrons;
    };
    for (const Line& line : {Line{450, {20, 69, 1361}}, Line{530, {107.9, 1968.9, 289.6}},
                             Line{620, {2125, 573, 27}}, Line{850, {924, 836, 896}}}) {
        CAPTURE(line.wavelength_nm);
        // A line of the lamp, the infrared cut filter out of the way, and what glass and iris take given
        // back.
        scenes::World world = scene_named("flat_field");
        const int i = static_cast<int>((line.wavelength_nm - scenes::light::kFirstWavelength_nm) /
                                       scenes::light::kWavelengthStep_nm);
        world.lamps[0].irradiance = {};
        world.lamps[0].irradiance[i] = 1 / scenes::light::kWavelengthStep_nm;
        Grey grey(world);
        grey.settings.lens.ir_cut = false;
        const double glass =
            support::at(lens_model::transmission(grey.profile().lens, grey.lens()), line.wavelength_nm);
        const double on_sensor_w_m2 = 0.18 * glass / (4 * 2.8 * 2.8);
        grey.settings.exposure.time_us = std::round(10'000 * 0.01 / on_sensor_w_m2);
        const auto measured = grey.electrons();
        MESSAGE(line.wavelength_nm << " nm: " << measured[0] << " / " << measured[1] << " / " << measured[2]);
        for (std::size_t c = 0; c < 3; ++c) {
            CAPTURE(c);
            // The vector is rounded to half an electron.
            CHECK(std::abs(measured[c] - line.electrons[c]) < std::max(0.01 * line.electrons[c], 0.5));
        }
    }
}

TEST_CASE("a flat field falls off to its corners as the lens model says, within 5 %") {
    Bench bench("flat_field");
    struct Shot {
        int zoom;
        double f_number;  // 0: wide open
    };
    for (const Shot& shot : {Shot{0, 0}, Shot{0, 8}, Shot{1000, 0}, Shot{1000, 8}}) {
        CAPTURE(shot.zoom);
        CAPTURE(shot.f_number);
        bench.settings.lens.zoom = shot.zoom;
        bench.settings.lens.iris = 255;
        if (shot.f_number > 0) bench.stop_to(shot.f_number);
        const auto constants = bench.profile().lens;
        const double f = lens_model::f_number(constants, bench.lens());
        bench.settings.exposure.time_us = std::round(20'000 * f * f / (2.8 * 2.8));
        const auto view = bench.view();

        const auto signal_at = [&](Point at) {
            bench.aim(at, 528, 32);
            return mean_dn(bench.shoot_mean(16), 1, at, 16) - bench.settings.exposure.black_level_dn;
        };
        const double centre = signal_at(view.centre_px);
        for (const Point at : {Point{16, 16}, Point{2032, 16}, Point{16, 1520}, Point{2032, 1520},
                               Point{520, 380}, Point{1528, 380}}) {
            const double field =
                std::hypot(at.x - view.centre_px.x, at.y - view.centre_px.y) / view.corner_px;
            const double glare = lens_model::veiling_glare(constants, bench.lens());
            const double veil =
                glare * lens_model::mean_relative_illumination(constants, bench.lens()) / (1 - glare);
            const double recovered = signal_at(at) / centre * (1 + veil) - veil;
            const double model = lens_model::relative_illumination(constants, bench.lens(), field);
            CAPTURE(field);
            CHECK(recovered == doctest::Approx(model).epsilon(0.05));
            if (at.x == 16 && at.y == 16)
                MESSAGE("zoom " << shot.zoom << " F" << f << " corner " << recovered << ", model " << model);
        }
    }
}

TEST_CASE("infrared light leaks five times as much into the stored charge as green light") {
    // While it waits to be read the charge of the lowest row collects light for 17.5 ms longer than that of
    // the highest; at 20 us of exposure that shows.
    const auto gained = [](const std::string& peak_nm, double irradiance_w_m2) {
        const auto lamp = [&](double w_m2) {
            return scene_of(R"({"light": {"spectrum": "led", "width_nm": 10, "peak_nm": )" + peak_nm +
                            R"(, "irradiance_w_m2": )" + std::to_string(w_m2) +
                            R"(}, "background": {"reflectance": 0.5}})");
        };
        // Of the lowest rows over the highest ones.
        const auto slope = [&](double exposure_us) {
            Bench bench(lamp(irradiance_w_m2 * 20 / exposure_us));
            bench.settings.lens.ir_cut = false;
            bench.settings.exposure.time_us = exposure_us;
            const auto rows = [](const Picture& picture, int first) {
                double sum = 0;
                for (int y = first; y < first + 64; ++y)
                    for (int x = 0; x < picture.width(); ++x) sum += picture.dn.at(x, y) - 240;
                return sum;
            };
            const Picture picture = bench.shoot();
            REQUIRE(rows(picture, 0) > 64.0 * 2048 * 200);
            REQUIRE(rows(picture, 0) < 64.0 * 2048 * 3000);
            return rows(picture, 1536 - 64) / rows(picture, 0);
        };
        return slope(20) / slope(20'000) - 1;
    };
    const double green = gained("550", 300), infrared = gained("850", 700);
    CHECK(green == doctest::Approx(1472 * 11.394e-6 / 20e-6 / 60'000).epsilon(0.1));
    CHECK(infrared / green == doctest::Approx(5).epsilon(0.1));
}
