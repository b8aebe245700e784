#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/measure_photons.h"

using namespace measure;

namespace {

constexpr double kGain_dn_e = 0.357, kSaturation_e = 10'400, kNoise_e = 2.1;

/// The long end of the zoom, two stops closed, sees an integrating sphere of 30 000 lx evenly to 0.1 %.
struct Sphere : Bench {
    explicit Sphere(double illuminance_lx = 30'000)
        : Bench("flat_field", {"light.illuminance_lx=" + std::to_string(illuminance_lx)}) {
        settings.lens.zoom = 1000;
        settings.lens.iris = 143;
        aim_at_axis(528, 512);
    }
};

struct Capped : Bench {
    explicit Capped(const emulator::Profile& profile = {}) : Bench("lens_cap", {}, profile) {
        aim_at_axis(528, 512);
    }
};

Temporal exposed(Bench& bench, double time_us) {
    bench.settings.exposure.time_us = time_us;
    return temporal(bench);
}

struct Curve {
    std::vector<double> time_us, signal_dn, variance_dn2;
};

/// Two bright frames at each exposure time, less two dark ones at the same time.
Curve curve(Bench& bright, Bench& dark, double least_us, double most_us, int steps) {
    Curve c;
    for (int i = 0; i < steps; ++i) {
        const double time_us = std::round(least_us + (most_us - least_us) * i / (steps - 1));
        const Temporal b = exposed(bright, time_us), d = exposed(dark, time_us);
        c.time_us.push_back(time_us);
        c.signal_dn.push_back(b.mean_dn - d.mean_dn);
        c.variance_dn2.push_back(b.variance_dn2 - d.variance_dn2);
    }
    return c;
}

}  // namespace

TEST_CASE("photon transfer on frames: gain 1 %, dark noise 3 %, saturation 2 %, a straight line to 0.5 %") {
    Sphere bright;
    Capped dark;
    const Temporal at_1_ms = exposed(bright, 1000), none = exposed(dark, 20);
    const double full_us = 1000 * kSaturation_e * kGain_dn_e / (at_1_ms.mean_dn - none.mean_dn);

    const double noise_e = std::sqrt(none.variance_dn2 - 1.0 / 12) / kGain_dn_e;
    MESSAGE("dark noise " << noise_e << " e-");
    CHECK(noise_e == doctest::Approx(kNoise_e).epsilon(0.03));

    // The gain, from the variance against the signal up to 70 % of saturation.
    const Curve low = curve(bright, dark, 0.014 * full_us, 0.7 * full_us, 50);
    const double gain_dn_e = fit(low.signal_dn, low.variance_dn2).slope;
    MESSAGE("system gain " << gain_dn_e << " DN/e-");
    CHECK(gain_dn_e == doctest::Approx(kGain_dn_e).epsilon(0.01));

    // Saturation, where the variance is largest.
    const Curve top = curve(bright, dark, 0.92 * full_us, 1.08 * full_us, 33);
    const auto peak =
        std::max_element(top.variance_dn2.begin(), top.variance_dn2.end()) - top.variance_dn2.begin();
    const double electrons_per_us = fit(low.time_us, low.signal_dn).slope / gain_dn_e;
    const double saturation_e = electrons_per_us * top.time_us[static_cast<std::size_t>(peak)];
    MESSAGE("saturation " << saturation_e << " e-");
    CHECK(saturation_e == doctest::Approx(kSaturation_e).epsilon(0.02));

    // Linearity, from 5 to 95 % of saturation.
    const Curve all = curve(bright, dark, 0.05 * full_us, 0.95 * full_us, 30);
    const double error = linearity(all.time_us, all.signal_dn).error;
    MESSAGE("linearity error " << 100 * error << " %");
    CHECK(error < 0.005);
}

TEST_CASE("a stack of 64 frames has a DSNU of 0.42 e- and a PRNU of 0.5 %, within 10 %") {
    Capped dark;
    dark.settings.exposure.time_us = 20;
    const double dsnu_e = std::sqrt(spatial(dark, 64, -1).variance_dn2) / kGain_dn_e;
    MESSAGE("DSNU " << dsnu_e << " e-");
    CHECK(dsnu_e == doctest::Approx(0.42).epsilon(0.10));

    Sphere bright;
    bright.settings.exposure.time_us = dark.settings.exposure.time_us = 6000;
    const Spatial at_half = spatial(bright, 64, 1), none = spatial(dark, 16, 1);
    const double signal_dn = at_half.mean_dn - none.mean_dn;
    CHECK(signal_dn == doctest::Approx(0.5 * kSaturation_e * kGain_dn_e).epsilon(0.1));
    const double prnu = std::sqrt(at_half.variance_dn2 - none.variance_dn2) / signal_dn;
    MESSAGE("PRNU " << 100 * prnu << " %");
    CHECK(prnu == doctest::Approx(0.005).epsilon(0.10));
}

TEST_CASE("dark current is 1.5 e-/s at 25 degrees within 10 % and doubles for every 7 K within 5 %") {
    // The mean rises by the dark current of an extra second; two hours after power-up the chip is 12 K
    // warmer.
    const auto dark_current_e_s = [](double housing_c, emulator::Time start) {
        emulator::Profile profile;
        profile.housing_c = housing_c;
        profile.chip.warm_at_power_up = 0;
        Capped dark(profile);
        dark.settings.exposure.time_us = 100'000;
        const double before = mean_dn(dark.shoot_mean(2, start), 1);
        dark.settings.exposure.time_us = 1'100'000;
        return (mean_dn(dark.shoot_mean(2, start), 1) - before) / kGain_dn_e;
    };
    const double cold_e_s = dark_current_e_s(25, {});
    MESSAGE("dark current at 25 degrees " << cold_e_s << " e-/s");
    CHECK(cold_e_s == doctest::Approx(1.5).epsilon(0.10));

    const auto later = std::chrono::hours(2);
    const double warm_e_s = dark_current_e_s(25, later), warmer_e_s = dark_current_e_s(39, later);
    const double doubling_k = 14 / std::log2(warmer_e_s / warm_e_s);
    const double heating_k = 7 * std::log2(warm_e_s / cold_e_s);
    MESSAGE("dark current doubles per " << doubling_k << " K; the chip warms itself by " << heating_k
                                        << " K");
    CHECK(doubling_k == doctest::Approx(7).epsilon(0.05));
    CHECK(heating_k == doctest::Approx(12).epsilon(0.05));
}

TEST_CASE("gain is right within 0.05 dB from 0 to 48 dB, where one decibel is 1.122 times the signal") {
    // Twenty electrons at every gain, so that nothing but the gain changes.
    Sphere bright(1000);
    Capped dark;
    for (Bench* bench : {static_cast<Bench*>(&bright), static_cast<Bench*>(&dark)}) {
        bench->settings.exposure.time_us = 700;
        bench->settings.exposure.black_level_dn = 800;
    }
    const auto signal_dn = [&](double gain_db) {
        bright.settings.exposure.gain_db = dark.settings.exposure.gain_db = gain_db;
        return mean_dn(bright.shoot_mean(8), 1) - mean_dn(dark.shoot_mean(8), 1);
    };
    const double unit_dn = signal_dn(0);
    double worst_db = 0;
    for (const double gain_db : {0.1, 1.0, 6.0, 12.3, 18.0, 23.9, 24.0, 24.1, 30.0, 36.0, 42.5, 48.0}) {
        const double measured_db = 20 * std::log10(signal_dn(gain_db) / unit_dn);
        worst_db = std::max(worst_db, std::abs(measured_db - gain_db));
        CHECK(std::abs(measured_db - gain_db) < 0.05);
    }
    MESSAGE("gain is off by at most " << worst_db << " dB");
}
