#include <doctest/doctest.h>

#include "sensor_model/exact_math.h"
#include "tests/sensor_model/even_light.h"

using namespace even_light;
using scenes::light::Isa;

namespace {

struct Example {
    scenes::light::Mosaic light{2048, 1536};
    sensor_model::Exposure exposure;
    sensor_model::Settings settings;
    sensor_model::FrameSeed seed{.camera_seed = 42, .frame = 7, .acquisition = 3};

    Example() {
        for (int y = 0; y < 1536; ++y)
            for (int x = 0; x < 2048; ++x) light.at(x, y) = static_cast<float>((x * 7 + y * 3) % 400'000);
        exposure = {{{&light, 0.03}, {&unit_light(), 55}}, {{{700, 300, 100, 100}, {100, 100, 2000.0F}}}};
        settings.region = {256, 200, 1040, 136};
    }
    [[nodiscard]] sensor_model::RawFrame take(Isa isa) const {
        return expose({}, real_pattern(), exposure, settings, seed, isa);
    }
};

std::uint64_t fingerprint(const sensor_model::RawFrame& frame) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const auto dn : frame.dn.samples) hash = (hash ^ dn) * 0x100000001b3U;
    return hash;
}

}  // namespace

TEST_CASE("every instruction set gives the same frame") {
    Example example;
    for (const double gain_db : {0.0, 20.0, 40.0})
        for (const double temperature_c : {-20.0, 60.0})
            for (const bool flipped : {false, true}) {
                example.settings.gain_db = gain_db;
                example.settings.temperature_c = temperature_c;
                example.settings.region.reverse_x = flipped;
                const auto baseline = example.take(Isa::baseline);
                for (const Isa isa : scenes::light::kIsas)
                    if (supported(isa)) CHECK(example.take(isa).dn == baseline.dn);
            }
}

TEST_CASE("a frame does not depend on how its rows were shared out") {
    Example example;
    const auto whole = example.take(scenes::light::best_isa());
    auto parts = sensor_model::unexposed(example.settings);
    for (const auto& [first, last] : {std::pair{100, 136}, {0, 1}, {1, 33}, {33, 100}})
        expose_rows({}, real_pattern(), example.exposure, example.settings, example.seed, {first, last},
                    parts);
    CHECK(parts.dn == whole.dn);
}

TEST_CASE("the same seed gives the same frame, another frame, acquisition or camera another one") {
    Example example;
    const auto once = example.take(Isa::baseline);
    CHECK(once.dn == example.take(Isa::baseline).dn);
    example.seed.frame = 8;
    CHECK_FALSE(once.dn == example.take(Isa::baseline).dn);
    example.seed.frame = 7;
    example.seed.acquisition = 4;
    CHECK_FALSE(once.dn == example.take(Isa::baseline).dn);
    example.seed.acquisition = 3;
    example.seed.camera_seed = 43;
    CHECK_FALSE(once.dn == example.take(Isa::baseline).dn);
}

TEST_CASE("a frame is the same from every compiler and on every machine") {
    // The only number here that was taken from the program. It changes with the model, and then with every
    // compiler.
    CHECK(fingerprint(Example().take(Isa::baseline)) == 96935007906581454U);
}

TEST_CASE("exponential and logarithm agree with the library to a few units of the last place") {
    for (double x = -700; x < 700; x += 0.37) {
        CHECK(sensor_model::exact_exp(x) == doctest::Approx(std::exp(x)).epsilon(1e-14));
        if (x > 0) CHECK(sensor_model::exact_log(x) == doctest::Approx(std::log(x)).epsilon(1e-14));
    }
    CHECK(sensor_model::exact_exp(-1000) == 0);
    CHECK(sensor_model::exact_exp(0) == 1);
    CHECK(sensor_model::factor_from_db(20) == doctest::Approx(10).epsilon(1e-14));
}
