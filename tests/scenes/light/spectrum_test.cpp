#include <doctest/doctest.h>

#include <cmath>

#include "scenes/light/illuminants.h"
#include "scenes/light/materials.h"
#include "scenes/light/response.h"
#include "scenes/light/spectrum.h"
#include "tests/support/spectrum_at.h"

using namespace scenes::light;
using support::at;

TEST_CASE("a spectrum scaled to an illuminance has it") {
    for (const auto name : illuminant_names()) {
        if (name == "IR850") continue;
        CAPTURE(name);
        CHECK(illuminance_lx(normalised_to_lux(*illuminant(name), 1000)) == doctest::Approx(1000));
    }
    CHECK(integral(normalised_to_w_m2(*illuminant("IR850"), 2)) == doctest::Approx(2));
}

TEST_CASE("a watt of light at 555 nm is 683 lumens") {
    Spectrum line;
    line[(555 - 380) / 5] = 1 / kWavelengthStep_nm;
    CHECK(illuminance_lx(line) == doctest::Approx(683.0).epsilon(0.001));
}

TEST_CASE("a thousand lux of D65 are 4.8745 watts per square metre between 380 and 780 nm") {
    Spectrum light = normalised_to_lux(*illuminant("D65"), 1000);
    CHECK(at(light, 550) * 1e3 == doctest::Approx(14.416).epsilon(0.001));
    const double last = at(light, 780);
    for (int i = 81; i < kWavelengths; ++i) light[i] = 0;
    light[80] = last / 2;  // the end of a trapezoid sum
    CHECK(integral(light) == doctest::Approx(4.87451).epsilon(0.001));
}

TEST_CASE("daylight and illuminant A are those of the CIE tables") {
    const Spectrum d65 = *illuminant("D65"), d50 = *illuminant("D50"), a = *illuminant("A");
    CHECK(at(d65, 380) == doctest::Approx(0.499755).epsilon(1e-4));
    CHECK(at(d65, 460) == doctest::Approx(1.17812).epsilon(1e-4));
    CHECK(at(d65, 780) == doctest::Approx(0.633828).epsilon(1e-4));
    CHECK(at(d50, 700) == doctest::Approx(0.916040).epsilon(1e-4));
    CHECK(at(a, 380) == doctest::Approx(0.097951).epsilon(1e-4));
    CHECK(at(a, 780) == doctest::Approx(2.41675).epsilon(1e-4));
}

TEST_CASE("daylight goes on beyond the table, with the water band") {
    const Spectrum d65 = *illuminant("D65");
    CHECK(at(d65, 835) == doctest::Approx(at(d65, 830)).epsilon(0.02));
    CHECK(at(d65, 945) < 0.6 * at(d65, 900));
    CHECK(at(d65, 1100) > 0.3 * at(d65, 830));
}

TEST_CASE("a black body is brightest where Wien says") {
    const Spectrum sun = blackbody(5000);  // 2.898e-3 m K / 5000 K = 580 nm
    CHECK(at(sun, 580) > at(sun, 560));
    CHECK(at(sun, 580) > at(sun, 600));
}

TEST_CASE("an infrared lamp is invisible") {
    CHECK(illuminance_lx(normalised_to_w_m2(*illuminant("IR850"), 1)) < 1e-3);
    CHECK_FALSE(illuminant("moonshine").has_value());
}

TEST_CASE("no surface reflects more light than falls on it") {
    for (const auto name : material_names()) {
        CAPTURE(name);
        const Spectrum surface = *material(name);
        for (int i = 0; i < kWavelengths; ++i) {
            CHECK(surface[i] > 0);
            CHECK(surface[i] < 1);
        }
    }
    CHECK_FALSE(material("unobtainium").has_value());
}

TEST_CASE("the chart's white patch is bright and its black one dark at all wavelengths of the eye") {
    CHECK(colour_checker_names().size() == 24);
    CHECK(at(colour_checker(18), 550) == doctest::Approx(0.91).epsilon(0.03));
    CHECK(at(colour_checker(23), 550) == doctest::Approx(0.032).epsilon(0.1));
    CHECK(at(colour_checker(14), 650) > 5 * at(colour_checker(14), 500));  // red
}

TEST_CASE("a white pixel of a picture becomes a white surface, and black stays black") {
    const Spectrum white = reflectance_from_srgb({1, 1, 1}), black = reflectance_from_srgb({0, 0, 0});
    for (int i = 0; i < kWavelengths; ++i) {
        CHECK(white[i] == doctest::Approx(1).epsilon(1e-4));
        CHECK(black[i] == 0);
    }
}

TEST_CASE("the primaries of sRGB have the luminance that sRGB gives them") {
    const Spectrum d65 = normalised_to_lux(*illuminant("D65"), 1);
    CHECK(illuminance_lx(d65 * srgb_basis()[0]) == doctest::Approx(0.2126).epsilon(0.002));
    CHECK(illuminance_lx(d65 * srgb_basis()[1]) == doctest::Approx(0.7152).epsilon(0.002));
    CHECK(illuminance_lx(d65 * srgb_basis()[2]) == doctest::Approx(0.0722).epsilon(0.002));
}

TEST_CASE("a photon of every colour gives an electron where the quantum efficiency is one") {
    const Spectrum one = constant(1);
    const Response response = scenes::light::response({one, one, one}, one, 3.45);
    Spectrum line;
    line[(530 - 380) / 5] = 0.01 / kWavelengthStep_nm;  // 1 µW/cm² on the sensor
    // 10 ms at 530 nm are 3175.68 photons.
    CHECK(signal(line, response)[1] * 0.01 == doctest::Approx(3175.68).epsilon(0.001));
    CHECK(infrared_share(line, response)[1] == 0);
    CHECK(infrared_share(*illuminant("IR850"), response)[1] == doctest::Approx(1));
}
