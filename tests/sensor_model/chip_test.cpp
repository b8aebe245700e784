#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <set>

#include "sensor_model/chip_keys.h"
#include "sensor_model/quantum_efficiency.h"

using namespace sensor_model;

TEST_CASE("every constant has its own key, a unit and a source, and its default is allowed") {
    const Chip chip;
    std::set<std::string_view> keys;
    for (const ChipKey& key : kChipKeys) {
        CAPTURE(key.key);
        CHECK(keys.insert(key.key).second);
        CHECK_FALSE(key.unit.empty());
        CHECK_FALSE(key.source.empty());
        CHECK(chip.*key.member >= key.min);
        CHECK(chip.*key.member <= key.max);
    }
    CHECK_FALSE(contradiction(chip));
}

TEST_CASE("no constant is without a key") {
    // Two whole numbers for the array, and nothing else but keys.
    CHECK(sizeof(Chip) == 2 * sizeof(int) + std::size(kChipKeys) * sizeof(double));
}

TEST_CASE("constants that contradict each other are found") {
    Chip chip;
    chip.full_well_e = chip.saturation_e;
    CHECK(contradiction(chip));
    chip = {};
    chip.hot_e_s_min = 4000;
    CHECK(contradiction(chip));
    chip = {};
    chip.crosstalk_blue = 0.05;  // 0.15 in the infrared
    CHECK(
        *contradiction(chip) ==
        "crosstalk_red, crosstalk_green and crosstalk_blue times crosstalk_infrared must not be above 0.12");
}

TEST_CASE("a known number of photons of one wavelength gives the known electrons in R, G and B, within 1 %") {
    struct Row {
        double wavelength_nm, photons, electrons[3];
    };
    for (const Row& row : {Row{530, 3175.68, {107.9, 1968.9, 289.6}}, Row{850, 5093.1, {924, 836, 896}}})
        for (int colour = 0; colour < 3; ++colour)
            CHECK(quantum_efficiency(colour, row.wavelength_nm) * row.photons ==
                  doctest::Approx(row.electrons[colour]).epsilon(0.01));
}

TEST_CASE("quantum efficiency is between 0 and 1, straight between its points and zero outside") {
    for (int colour = 0; colour < 3; ++colour) {
        for (double nm = 380; nm <= 1095; nm += 5) {
            const double middle = quantum_efficiency(colour, nm + 2.5);
            const double mean = (quantum_efficiency(colour, nm) + quantum_efficiency(colour, nm + 5)) / 2;
            CHECK(middle == doctest::Approx(mean));
            CHECK(middle > 0);
            CHECK(middle < 0.7);
        }
        CHECK(quantum_efficiency(colour, 379) == 0);
        CHECK(quantum_efficiency(colour, 1101) == 0);
        CHECK(quantum_efficiency(colour, std::numeric_limits<double>::quiet_NaN()) == 0);
    }
}
