#include <doctest/doctest.h>

#include <cmath>

#include "tests/support/seeing_camera.h"

// What a client sets of sensor and image processing, seen on the frames that it gets
// (manual 5.2, 5.10, 5.11).

using namespace support;

namespace {

constexpr double kRaw16 = 0x0110'002F, kRaw8 = 0x0108'0009, kBgr = 0x0218'0015, kYuv = 0x0210'0032;
constexpr double kBlack16 = 240 * 16;

/// A grey wall, evenly lit, at about a tenth of full scale.
SeeingCamera grey_wall() { return SeeingCamera("flat_field"); }

/// Light above black, in codes of 12 bits.
Colour signal(const Photo& raw16) {
    const auto mean = raw16.mean();
    return {(mean[0] - kBlack16) / 16, (mean[1] - kBlack16) / 16, (mean[2] - kBlack16) / 16};
}

/// How colourful: the difference of the strongest and the weakest channel, averaged over cells.
double colourfulness(const Photo& rgb) {
    double sum = 0;
    const auto all = cells(rgb, 32);
    for (const auto& cell : all) {
        const auto [least, most] = std::minmax({cell[0], cell[1], cell[2]});
        sum += most - least;
    }
    return sum / static_cast<double>(all.size());
}

/// How much of its noise in darkness a red pixel shares with the next red one beside it: where a picture is
/// blurred, neighbours do.
double neighbour_correlation(const Photo& dark) {
    double product = 0, count = 0;
    const auto middle = dark.mean();
    for (int y = 0; y < dark.height; y += 2) {
        for (int x = 0; x + 2 < dark.width; x += 2) {
            product += (dark.code(x, y) - middle[0]) * (dark.code(x + 2, y) - middle[0]);
            ++count;
        }
    }
    return product / count / (dark.deviation(0) * dark.deviation(0));
}

/// Of the table, every entry: a word of 32 bits each.
void write_lut(FakeClient& client, const std::function<double(double)>& curve) {
    const auto start = FakeClient::address_of("LUTValueAll");
    for (std::uint32_t first = 0; first < 257; first += 64) {
        Bytes words;
        for (std::uint32_t i = first; i < std::min(first + 64, 257U); ++i)
            words = words + be32(static_cast<std::uint32_t>(std::lround(curve(i / 256.0) * 65535)));
        CHECK(client.write_memory(start + 4 * first, words) == 0);
    }
}

void check_near(const Colour& value, const Colour& expected, double tolerance) {
    for (std::size_t i = 0; i < 3; ++i) {
        CAPTURE(i);
        CHECK(std::abs(value[i] - expected[i]) < tolerance);
    }
}

}  // namespace

TEST_CASE("twice the exposure time is twice the signal, from one frame to the next") {
    auto seeing = grey_wall();
    seeing.set({{"PixelFormat", kRaw16}, {"ExposureTime", 2000}});
    const auto once = signal(seeing.shoot());
    seeing.set({{"ExposureTime", 4000}});
    const auto twice = signal(seeing.shoot());
    CHECK(once[1] > 50);
    for (std::size_t i = 0; i < 3; ++i) CHECK(twice[i] / once[i] == doctest::Approx(2).epsilon(0.01));
    seeing.set({{"ExposureTime", 20}});
    CHECK(signal(seeing.shoot())[1] == doctest::Approx(once[1] / 100).epsilon(0.2));
    CHECK(seeing.client.set("ExposureTime", 19) == 0x8002);
    CHECK(seeing.client.set("ExposureTime", 30'000'001) == 0x8002);
    CHECK(seeing.client.get("ExposureTime") == 20);
}

TEST_CASE("gain multiplies the signal and its noise, and leaves black where it is") {
    auto seeing = grey_wall();
    seeing.set({{"PixelFormat", kRaw16}, {"ExposureTime", 1000}});
    const auto plain = seeing.shoot();
    for (const double gain_db : {6.0, 12.0, 20.0}) {
        seeing.set({{"Gain", gain_db}});
        const auto amplified = seeing.shoot();
        const double factor = std::pow(10, gain_db / 20);
        CHECK(signal(amplified)[1] / signal(plain)[1] == doctest::Approx(factor).epsilon(0.01));
        CHECK(amplified.deviation(1) / plain.deviation(1) == doctest::Approx(factor).epsilon(0.06));
    }
    auto dark = SeeingCamera("lens_cap");
    dark.set({{"PixelFormat", kRaw16}, {"Gain", 20}});
    CHECK(dark.shoot().mean()[1] == doctest::Approx(kBlack16).epsilon(0.002));
}

TEST_CASE("black level is the code of darkness, and moves light with it") {
    SeeingCamera dark("lens_cap");
    dark.set({{"PixelFormat", kRaw16}});
    CHECK(dark.client.get("BlackLevel") == 240);
    for (const double level : {100.0, 240.0, 1000.0, 3000.0}) {
        dark.set({{"BlackLevel", level}});
        check_near(dark.shoot().mean(), {level * 16, level * 16, level * 16}, 3);
    }
    // The sensor gives no code below zero: half of the noise is cut off, and the rest is above.
    dark.set({{"BlackLevel", 0}});
    const auto floor = dark.shoot().mean()[1];
    CHECK(floor > 0);
    CHECK(floor < 16);

    auto seeing = grey_wall();
    seeing.set({{"PixelFormat", kRaw16}, {"ExposureTime", 2000}});
    const auto before = seeing.shoot().mean()[1];
    seeing.set({{"BlackLevel", 340}});
    CHECK(seeing.shoot().mean()[1] - before == doctest::Approx(1600).epsilon(0.01));
}

TEST_CASE("gamma bends every colour alike in raw and BGR formats, and Y alone in YUV") {
    auto seeing = grey_wall();
    seeing.set({{"ExposureTime", 3000}, {"ColorTransformationEnable", 0}});
    const auto curve = [](double code) { return 255 * std::pow(code / 255, 1 / 2.2); };
    for (const double format : {kRaw8, kBgr}) {
        seeing.set({{"PixelFormat", format}, {"Gamma", 1}});
        const auto straight = seeing.shoot().mean();
        seeing.set({{"Gamma", 2.2}});
        // A code of 8 bits was cut off below, which moves the mean by up to a code and the curve's slope.
        check_near(seeing.shoot().mean(), {curve(straight[0]), curve(straight[1]), curve(straight[2])}, 2.5);
    }
    seeing.set({{"PixelFormat", kYuv}, {"Gamma", 1}});
    const auto straight = seeing.shoot().mean();
    seeing.set({{"Gamma", 2.2}});
    const auto bent = seeing.shoot().mean();
    CHECK(std::abs(bent[0] - curve(straight[0])) < 2.5);
    CHECK(bent[0] > straight[0] + 20);
    CHECK(std::abs(straight[1] - 128) > 2);
    CHECK(std::abs(bent[1] - straight[1]) < 0.2);
    CHECK(std::abs(bent[2] - straight[2]) < 0.2);
}

TEST_CASE("the lookup table turns codes into its entries, straight between them, and Y alone in YUV") {
    auto seeing = grey_wall();
    seeing.set({{"ExposureTime", 3000}, {"PixelFormat", kRaw16}});
    const auto straight = seeing.shoot().mean();
    write_lut(seeing.client, [](double v) { return 1 - v; });
    CHECK(seeing.shoot().mean()[1] == doctest::Approx(straight[1]).epsilon(0.003));  // not enabled yet
    seeing.set({{"LUTEnable", 1}});
    const auto negative = seeing.shoot().mean();
    check_near(negative, {65535 - straight[0], 65535 - straight[1], 65535 - straight[2]}, 40);

    seeing.set({{"PixelFormat", kYuv}, {"LUTEnable", 0}});
    const auto positive = seeing.shoot().mean();
    seeing.set({{"LUTEnable", 1}});
    const auto turned = seeing.shoot().mean();
    CHECK(std::abs(turned[0] - (255 - positive[0])) < 1.5);
    CHECK(std::abs(turned[1] - positive[1]) < 0.2);
    CHECK(std::abs(turned[2] - positive[2]) < 0.2);
}

TEST_CASE("an entry of the table that is written alone is the one that pictures show") {
    SeeingCamera seeing("lens_cap");
    seeing.set({{"PixelFormat", kRaw16}, {"BlackLevel", 2048}, {"LUTEnable", 1}});
    // A dark frame at half of full scale stands on entry 128, give or take noise.
    CHECK(seeing.shoot().mean()[1] == doctest::Approx(2048 * 16).epsilon(0.002));
    seeing.set({{"LUTIndex", 127},
                {"LUTValue", 5000},
                {"LUTIndex", 128},
                {"LUTValue", 5000},
                {"LUTIndex", 129},
                {"LUTValue", 5000}});
    CHECK(seeing.client.get("LUTValue") == 5000);
    for (std::size_t i = 0; i < 3; ++i) CHECK(std::abs(seeing.shoot().mean()[i] - 5000) < 16);
    CHECK(number_at(seeing.client.read_memory(FakeClient::address_of("LUTValueAll") + 4 * 128, 4)->payload, 4,
                    4) == 5000);
}

TEST_CASE("while the lookup table is enabled gamma is off and locked, and comes back with its value") {
    auto seeing = grey_wall();
    seeing.set({{"ExposureTime", 3000}, {"PixelFormat", kRaw16}});
    const auto straight = seeing.shoot().mean();
    seeing.set({{"Gamma", 2}});
    const auto bent = seeing.shoot().mean();
    CHECK(bent[1] > 1.5 * straight[1]);
    seeing.set({{"LUTEnable", 1}});  // the table that changes nothing
    CHECK(seeing.shoot().mean()[1] == doctest::Approx(straight[1]).epsilon(0.003));
    CHECK(seeing.client.set("Gamma", 1) == 0x8004);
    seeing.set({{"LUTEnable", 0}});
    CHECK(seeing.client.get("Gamma") == 2);
    CHECK(seeing.shoot().mean()[1] == doctest::Approx(bent[1]).epsilon(0.003));
}

TEST_CASE("saturation 0 is grey, 64 is neutral, and colours grow with it, in every format") {
    SeeingCamera seeing("colour_chart");
    seeing.set({{"Width", 1024}, {"Height", 768}, {"ExposureTime", 6000}, {"ColorTransformationEnable", 0}});
    for (const double format : {kRaw8, kBgr}) {
        seeing.set({{"PixelFormat", format}, {"Saturation", 64}});
        const double normal = colourfulness(seeing.shoot());
        CHECK(normal > 15);
        seeing.set({{"Saturation", 0}});
        CHECK(colourfulness(seeing.shoot()) < 1);
        seeing.set({{"Saturation", 32}});
        CHECK(colourfulness(seeing.shoot()) == doctest::Approx(normal / 2).epsilon(0.06));
    }
    seeing.set({{"PixelFormat", kYuv}, {"Saturation", 64}});
    const auto normal = seeing.shoot().mean();
    seeing.set({{"Saturation", 96}});
    const auto strong = seeing.shoot().mean();
    CHECK(strong[1] - 128 == doctest::Approx(1.5 * (normal[1] - 128)).epsilon(0.06));
    CHECK(strong[2] - 128 == doctest::Approx(1.5 * (normal[2] - 128)).epsilon(0.06));
    CHECK(std::abs(strong[0] - normal[0]) < 0.7);
}

TEST_CASE("hue turns Cb and Cr about grey by its angle, and brightness stays") {
    SeeingCamera seeing("colour_chart");
    seeing.set({{"Width", 528}, {"Height", 256}, {"ExposureTime", 6000}, {"PixelFormat", kYuv}});
    const auto before = cells(seeing.shoot(), 64);
    constexpr double kDegree = 3.14159265358979 / 180;
    for (const int hue : {90, -90, 180, 30}) {
        CAPTURE(hue);
        seeing.set({{"Hue", hue}});
        const auto after = cells(seeing.shoot(), 64);
        const double c = std::cos(hue * kDegree), s = std::sin(hue * kDegree);
        double turned = 0, turned_back = 0;
        for (std::size_t i = 0; i < before.size(); ++i) {
            const double cb = before[i][1] - 128, cr = before[i][2] - 128;
            turned +=
                std::hypot(after[i][1] - 128 - (c * cb - s * cr), after[i][2] - 128 - (s * cb + c * cr));
            turned_back +=
                std::hypot(after[i][1] - 128 - (c * cb + s * cr), after[i][2] - 128 - (c * cr - s * cb));
            CHECK(std::abs(after[i][0] - before[i][0]) < 2);
        }
        // Full turns the other way are the same turn only at half of a full one.
        CHECK(std::min(turned, turned_back) / static_cast<double>(before.size()) < 1.5);
        if (hue != 180) CHECK(std::max(turned, turned_back) / static_cast<double>(before.size()) > 3);
    }
}

TEST_CASE("hue or saturation off their default blur a raw picture slightly") {
    SeeingCamera seeing("lens_cap");
    seeing.set({{"PixelFormat", kRaw16}, {"Gain", 12}, {"Width", 1024}, {"Height", 256}});
    const auto shared_noise = [&](double hue, double saturation) {
        seeing.set({{"Hue", hue}, {"Saturation", saturation}});
        return std::abs(neighbour_correlation(seeing.shoot()));
    };
    CHECK(shared_noise(0, 64) < 0.02);  // five deviations of chance
    for (const auto& [hue, saturation] : {std::pair{60.0, 64.0}, std::pair{0.0, 32.0}}) {
        CHECK(shared_noise(hue, saturation) > 0.02);
        CHECK(shared_noise(hue, saturation) < 0.6);
    }
    CHECK(shared_noise(0, 64) < 0.02);
}

TEST_CASE("the colour matrix makes each colour out of all three, unless it is disabled") {
    SeeingCamera seeing("colour_chart");
    seeing.set({{"Width", 528}, {"Height", 256}, {"ExposureTime", 5000}, {"PixelFormat", kBgr}});
    CHECK(seeing.client.get("ColorTransformationEnable") == 1);
    const auto factory = seeing.shoot().mean();
    seeing.set({{"ColorTransformationEnable", 0}});
    const auto plain = seeing.shoot().mean();
    CHECK(std::abs(factory[0] - plain[0]) + std::abs(factory[1] - plain[1]) +
              std::abs(factory[2] - plain[2]) >
          2);

    seeing.set({{"ColorTransformationEnable", 1}});
    // Red out of green, green out of blue, blue half red and half green.
    const double matrix[9] = {0, 1, 0, 0, 0, 1, 0.5, 0.5, 0};
    for (int place = 0; place < 9; ++place)
        seeing.set(
            {{"ColorTransformationValueSelector", place}, {"ColorTransformationValue", matrix[place]}});
    check_near(seeing.shoot().mean(), {plain[1], plain[2], (plain[0] + plain[1]) / 2}, 1);
    seeing.set({{"ColorTransformationEnable", 0}});
    check_near(seeing.shoot().mean(), plain, 0.3);
}

TEST_CASE("white balance multiplies red, green and blue above black, each by its own factor") {
    auto seeing = grey_wall();
    seeing.set({{"PixelFormat", kRaw16}, {"ExposureTime", 2000}});
    const double factors[3] = {1.5, 0.5, 3.984375};
    const auto plain = signal(seeing.shoot());
    for (int colour = 0; colour < 3; ++colour)
        seeing.set({{"BalanceRatioSelector", colour}, {"BalanceRatio", factors[colour]}});
    const auto balanced = signal(seeing.shoot());
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(balanced[i] / plain[i] == doctest::Approx(factors[i]).epsilon(0.015));
}
