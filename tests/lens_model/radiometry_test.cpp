#include <doctest/doctest.h>

#include <cmath>

#include "lens_model/lens.h"
#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "scenes/light/illuminants.h"
#include "scenes/light/response.h"
#include "sensor_model/quantum_efficiency.h"
#include "tests/support/lens_figures.h"
#include "tests/support/spectrum_at.h"

using namespace lens_model;
using namespace scenes::light;
using support::at;

namespace {

Response bare_response(const Spectrum& transmission) {
    std::array<Spectrum, 3> efficiency;
    for (int c = 0; c < 3; ++c) {
        for (int i = 0; i < kWavelengths; ++i) {
            efficiency[static_cast<std::size_t>(c)][i] =
                sensor_model::quantum_efficiency(c, wavelength_nm(i));
        }
    }
    return response(efficiency, transmission, kPixelPitch_um);
}

/// The lens at F2.8, focused at infinity.
State f_2_8() {
    State state;
    state.zoom_steps = 500;
    state.focus_counts = infinity_counts({}, 500);
    state.iris_steps = lens_figures::iris_for_f_number({}, 500, 2.8);
    return state;
}

/// Electrons in 10 ms from a surface of 18 % under 1000 lx of a light.
std::array<double, 3> electrons(const Spectrum& shape, const State& state) {
    const Spectrum light = radiance(constant(0.18), normalised_to_lux(shape, 1000));
    auto result = signal(light, bare_response(transmission({}, state)));
    for (auto& value : result) value *= exposure_factor({}, state) * 0.01;
    return result;
}

}  // namespace

TEST_CASE("18 percent grey under 1000 lx of D65, at F2.8 for 10 ms, gives 969, 1702 and 924 electrons") {
    const auto e = electrons(*illuminant("D65"), f_2_8());
    CHECK(e[0] == doctest::Approx(969.3).epsilon(0.01));
    CHECK(e[1] == doctest::Approx(1702.0).epsilon(0.01));
    CHECK(e[2] == doctest::Approx(923.6).epsilon(0.01));
}

TEST_CASE("the same scene in other light gives the table's electrons") {
    struct Row {
        const char* name;
        std::array<double, 3> electrons;
    };
    const Row rows[] = {{"A", {1440.1, 1479.0, 380.6}},      {"D50", {1066.7, 1642.3, 730.8}},
                        {"D55", {1026.4, 1665.1, 801.1}},    {"D75", {931.6, 1730.5, 1024.3}},
                        {"FL2", {997.1, 1501.3, 544.7}},     {"FL7", {931.1, 1660.0, 871.9}},
                        {"FL11", {1093.4, 1469.9, 518.8}},   {"HP1", {1589.2, 1334.3, 139.7}},
                        {"HP2", {1517.7, 1365.9, 272.1}},    {"LED-B1", {1426.5, 1423.1, 314.1}},
                        {"LED-B2", {1343.1, 1443.0, 360.0}}, {"LED-B3", {1122.1, 1515.3, 530.2}},
                        {"LED-B5", {882.6, 1563.0, 783.9}},  {"LED-RGB1", {1765.8, 1543.8, 371.0}}};
    for (const auto& row : rows) {
        const auto e = electrons(*illuminant(row.name), f_2_8());
        for (std::size_t c = 0; c < 3; ++c) {
            CAPTURE(row.name);
            CAPTURE(c);
            CHECK(e[c] == doctest::Approx(row.electrons[c]).epsilon(0.02));
        }
    }
    CHECK(electrons(blackbody(3000), f_2_8())[1] == doctest::Approx(1494.6).epsilon(0.02));
    CHECK(electrons(cie_d(10000), f_2_8())[2] == doctest::Approx(1204.1).epsilon(0.02));
}

TEST_CASE(
    "a microwatt per square centimetre of one colour, for 10 ms, gives the electrons of the bare chip") {
    struct Row {
        int nm;
        std::array<double, 3> electrons;
    };
    const Row rows[] = {
        {530, {107.9, 1968.9, 289.6}}, {450, {20, 69, 1361}}, {620, {2125, 573, 27}}, {850, {924, 836, 896}}};
    const Response bare = bare_response(constant(1));
    for (const auto& row : rows) {
        Spectrum line;
        line[(row.nm - 380) / 5] = 0.01 / kWavelengthStep_nm;
        const auto e = signal(line, bare);
        for (std::size_t c = 0; c < 3; ++c) {
            CAPTURE(row.nm);
            CAPTURE(c);
            // The smallest of the figures are printed as whole electrons.
            CHECK(std::abs(e[c] * 0.01 - row.electrons[c]) < 0.01 * row.electrons[c] + 0.5);
        }
    }
}

TEST_CASE("without its infrared cut filter the camera sees more, and red most") {
    State out = f_2_8();
    out.ir_cut_position = 0;
    const auto gain = [&](const char* name, std::size_t c) {
        return electrons(*illuminant(name), out)[c] / electrons(*illuminant(name), f_2_8())[c];
    };
    CHECK(gain("D65", 0) == doctest::Approx(2.70).epsilon(0.05));
    CHECK(gain("D65", 1) == doctest::Approx(1.54).epsilon(0.05));
    CHECK(gain("D65", 2) == doctest::Approx(1.65).epsilon(0.05));
    CHECK(gain("A", 0) == doctest::Approx(4.9).epsilon(0.05));
    CHECK(gain("A", 1) == doctest::Approx(3.3).epsilon(0.05));
    CHECK(gain("A", 2) == doctest::Approx(7.6).epsilon(0.05));
    CHECK(gain("LED-B3", 0) == doctest::Approx(1.37).epsilon(0.05));
    CHECK(gain("LED-B3", 1) == doctest::Approx(1.11).epsilon(0.05));
}

TEST_CASE("the filter cuts at 650 nm and lets little of the infrared through") {
    const Spectrum in = transmission({}, f_2_8());
    State state = f_2_8();
    state.ir_cut_position = 0;
    const Spectrum clear = transmission({}, state);
    CHECK(at(in, 550) / at(clear, 550) == doctest::Approx(0.953).epsilon(0.001));
    CHECK(at(in, 650) / at(clear, 650) == doctest::Approx(0.478).epsilon(0.001));
    CHECK(at(in, 850) / at(clear, 850) == doctest::Approx(0.003).epsilon(0.001));
    CHECK(at(clear, 550) == doctest::Approx(0.88));
    state.ir_cut_position = 0.5;  // the frame of the filter crosses
    CHECK(at(transmission({}, state), 550) < 0.7 * at(clear, 550));
}
