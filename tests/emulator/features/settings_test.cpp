#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "emulator/acquisition/frame_timing.h"
#include "emulator/features/limits.h"
#include "tests/support/fake_client.h"

// What depends on what: sizes and offsets, rates and exposures.

using namespace support;
using emulator::ImageFormat;
using emulator::PixelFormat;
using emulator::Settings;
namespace acquisition = emulator::acquisition;

namespace {

const sensor_model::Chip kChip;

ImageFormat image(std::uint32_t format, std::int64_t width, std::int64_t height) {
    ImageFormat one;
    one.pixel_format = static_cast<PixelFormat>(format);
    one.width = width;
    one.height = height;
    return one;
}

Settings settled(Settings settings) {
    emulator::features::settle(settings, kChip);
    return settings;
}

}  // namespace

TEST_CASE("the 21 rates of the manual are the whole part of the highest rate") {
    struct Format {
        std::uint32_t code;
        std::array<int, 3> rates_hz;  // 2048 x 1536, 1920 x 1080, 640 x 480
    };
    constexpr std::array kFormats{Format{0x01080009, {36, 54, 366}},   // BayerRG8
                                  Format{0x010C0059, {24, 36, 245}},   // BayerRG12p
                                  Format{0x0110002F, {18, 27, 184}},   // BayerRG16
                                  Format{0x02100032, {18, 27, 184}},   // YUV422_8
                                  Format{0x020C005A, {24, 36, 245}},   // YCbCr411_8
                                  Format{0x020C003C, {24, 36, 245}},   // YCbCr411_8_CbYYCrYY
                                  Format{0x02180015, {12, 18, 122}}};  // BGR8
    for (const auto& format : kFormats) {
        CAPTURE(format.code);
        CHECK(std::floor(acquisition::max_frame_rate_hz(kChip, image(format.code, 2048, 1536))) ==
              format.rates_hz[0]);
        CHECK(std::floor(acquisition::max_frame_rate_hz(kChip, image(format.code, 1920, 1080))) ==
              format.rates_hz[1]);
        CHECK(std::floor(acquisition::max_frame_rate_hz(kChip, image(format.code, 640, 480))) ==
              format.rates_hz[2]);
    }
}

TEST_CASE("the period is the longest of link, sensor, exposure, rate and limit") {
    Settings settings;
    const double link_s = acquisition::link_time_s(settings.image);
    const auto period_s = [&] {
        return static_cast<double>(acquisition::frame_period(kChip, settings).count()) * 1e-9;
    };
    settings.exposure.time_us = 20;
    settings.acquisition.frame_rate_hz = acquisition::max_frame_rate_hz(kChip, settings.image);
    CHECK(period_s() == doctest::Approx(link_s));

    settings.acquisition.frame_rate_hz = 10;
    CHECK(period_s() == doctest::Approx(0.1));

    settings.exposure.time_us = 250'000;
    const double row_s = (0.375 * (2048 + 16) + 72) / 74.25e6;
    CHECK(period_s() == doctest::Approx(0.25 + 10 * row_s - 13.73e-6));

    settings.acquisition.throughput_limited = true;
    settings.acquisition.throughput_limit_bytes_per_s = 1'000'000;
    CHECK(period_s() == doctest::Approx(3.145728));

    // A picture so flat that reading it takes longer than sending it: 4 rows and 43 that are blank.
    Settings flat;
    flat.image = image(0x01080009, 528, 4);
    flat.exposure.time_us = 20;
    flat.acquisition.frame_rate_hz = 1e9;
    const double flat_row_s = (0.375 * (528 + 16) + 72) / 74.25e6;
    CHECK(static_cast<double>(acquisition::frame_period(kChip, flat).count()) * 1e-9 ==
          doctest::Approx(47 * flat_row_s));
}

TEST_CASE("the rate can never be set higher than the sensor and the link allow") {
    for (std::int64_t width = 528; width <= 2048; width += 16) {
        for (const std::int64_t height : {4, 480, 1536}) {
            Settings settings;
            settings.image = image(0x01080009, width, height);
            settings.acquisition.frame_rate_hz = 1e9;
            const auto after = settled(settings);
            CHECK(after.acquisition.frame_rate_hz <= acquisition::max_frame_rate_hz(kChip, after.image));
            CHECK(after.acquisition.frame_rate_hz >
                  acquisition::max_frame_rate_hz(kChip, after.image) - 2e-5);
            settings.acquisition.frame_rate_hz = 0;
            CHECK(settled(settings).acquisition.frame_rate_hz ==
                  doctest::Approx(acquisition::min_frame_rate_hz(kChip, after.image)).epsilon(1e-5));
        }
    }
}

TEST_CASE("the lowest rate is that of rows as long as their count allows") {
    constexpr std::pair<int, double> kRates[] = {
        {1536, 0.718}, {1080, 1.009}, {480, 2.167}, {64, 10.59}, {4, 24.11}};
    for (const auto& rate : kRates) {
        const int height = rate.first;
        const double rate_hz = rate.second;
        CAPTURE(height);
        CHECK(acquisition::min_frame_rate_hz(kChip, image(0x01080009, 2048, height)) ==
              doctest::Approx(rate_hz).epsilon(1e-3));
    }
}

TEST_CASE("when the image gets lower the rate rises to its new minimum, and does not fall again") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    client.set("Height", 1536);
    CHECK(client.set("AcquisitionFrameRate", 0.717) == 0x8002);
    CHECK(client.set("AcquisitionFrameRate", 0.718) == 0);
    CHECK(client.get("MinFPS") == doctest::Approx(0.7176).epsilon(1e-4));
    client.set("Height", 4);
    CHECK(client.get("AcquisitionFrameRate") == doctest::Approx(24.109).epsilon(1e-4));
    CHECK(client.get("AcquisitionFrameRate") == client.get("MinFPS"));
    CHECK(client.get("FPS") == client.get("MinFPS"));
    client.set("Height", 1536);
    CHECK(client.get("AcquisitionFrameRate") == doctest::Approx(24.109).epsilon(1e-4));
}

TEST_CASE("a rate that became too high is lowered to one that can be read and written back") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    const auto address = FakeClient::address_of("AcquisitionFrameRate");
    for (std::uint32_t width = 528; width <= 2048; width += 16) {
        CAPTURE(width);
        client.set("Width", 528);
        client.write(address, client.must_read(address + 0x2000'0000));
        client.set("Width", width);
        const auto lowered = client.must_read(address);
        CHECK(lowered == client.must_read(address + 0x2000'0000));
        CHECK(client.write(address, lowered) == 0);
        CHECK(client.must_read(address) == lowered);
    }
}

TEST_CASE("an offset that does not fit becomes the largest that does, in steps of four") {
    Settings settings;
    settings.image = image(0x01080009, 640, 480);
    settings.image.offset_auto_center = false;
    settings.image.offset_x = 1520;
    settings.image.offset_y = 1532;
    auto after = settled(settings);
    CHECK(after.image.offset_x == 1408);
    CHECK(after.image.offset_y == 1056);
    settings.image.offset_x = 100;
    settings.image.offset_y = 200;
    after = settled(settings);
    CHECK(after.image.offset_x == 100);
    CHECK(after.image.offset_y == 200);
}

TEST_CASE("a centred image stays in the middle, whatever its size and decimation") {
    const auto check = [](std::int64_t width, std::int64_t height, std::int64_t decimation) {
        Settings settings;
        settings.image = image(0x01080009, width, height);
        settings.image.decimation_x = settings.image.decimation_y = decimation;
        const auto after = settled(settings).image;
        const auto right = 2048 / decimation - width - after.offset_x,
                   below = 1536 / decimation - height - after.offset_y;
        REQUIRE(after.offset_x % 4 == 0);
        REQUIRE(after.offset_y % 4 == 0);
        REQUIRE((right - after.offset_x >= 0 && right - after.offset_x < 8));
        REQUIRE((below - after.offset_y >= 0 && below - after.offset_y < 8));
    };
    for (const std::int64_t decimation : {1, 2}) {
        const std::int64_t most_across = 2048 / decimation, most_down = 1536 / decimation;
        for (std::int64_t width = 528; width <= most_across; width += 16)
            for (const std::int64_t height : {std::int64_t{4}, most_down}) check(width, height, decimation);
        for (std::int64_t height = 4; height <= most_down; height += 4)
            for (const std::int64_t width : {std::int64_t{528}, most_across})
                check(width, height, decimation);
    }
}

TEST_CASE("decimation halves the largest size, and what is too large shrinks") {
    Settings settings;
    settings.image.decimation_x = 2;
    auto after = settled(settings);
    CHECK(after.image.width == 1024);
    CHECK(after.image.height == 1536);
    settings.image.decimation_y = 2;
    after = settled(settings);
    CHECK(after.image.height == 768);
    const auto region = acquisition::region(after.image);
    CHECK(region.width == 2048);
    CHECK(region.height == 1536);
    CHECK(region.skip_x == 2);
}

TEST_CASE("settled settings stay as they are") {
    Dice dice(3);
    for (int i = 0; i < 2000; ++i) {
        Settings settings;
        settings.image.width = 528 + 16 * static_cast<std::int64_t>(dice.below(96));
        settings.image.height = 4 + 4 * static_cast<std::int64_t>(dice.below(384));
        settings.image.offset_x = 4 * static_cast<std::int64_t>(dice.below(380));
        settings.image.offset_y = 4 * static_cast<std::int64_t>(dice.below(384));
        settings.image.offset_auto_center = dice.one_in(2);
        settings.image.decimation_x = 1 + static_cast<std::int64_t>(dice.below(2));
        settings.image.decimation_y = 1 + static_cast<std::int64_t>(dice.below(2));
        settings.acquisition.frame_rate_hz = static_cast<double>(dice.below(4'000'000)) / 100;
        const auto once = settled(settings), twice = settled(once);
        CHECK(once.image.width == twice.image.width);
        CHECK(once.image.height == twice.image.height);
        CHECK(once.image.offset_x == twice.image.offset_x);
        CHECK(once.image.offset_y == twice.image.offset_y);
        CHECK(once.acquisition.frame_rate_hz == twice.acquisition.frame_rate_hz);
        CHECK(once.image.offset_x + once.image.width <= emulator::features::width_max(once.image));
        CHECK(once.image.offset_y + once.image.height <= emulator::features::height_max(once.image));
    }
}

TEST_CASE("the rates computed for a format hold once it is set, and change nothing") {
    VirtualCamera camera;
    FakeClient client(camera);
    client.take_control();
    constexpr std::uint32_t kMaxPlane = 0x2000'0000;
    const auto highest = [&] {
        return client.must_read(FakeClient::address_of("AcquisitionFrameRate") + kMaxPlane);
    };
    const auto told = [&](const char* name) { return client.must_read(FakeClient::address_of(name)); };
    const auto before = highest();
    CHECK(told("MaxFPS") == before);
    struct Format {
        double code, width, height, skip_x, skip_y;
    };
    for (const auto& format : {Format{0x01080009, 2048, 1536, 1, 1}, Format{0x02180015, 1920, 1080, 1, 1},
                               Format{0x0110002F, 1024, 768, 2, 2}, Format{0x010C0059, 640, 480, 2, 1}}) {
        CAPTURE(format.code);
        CHECK(client.set("TestPixelFormat", format.code) == 0);
        CHECK(client.set("TestWidth", format.width) == 0);
        CHECK(client.set("TestHeight", format.height) == 0);
        CHECK(client.set("TestBinningHorizontal", 1) == 0);
        CHECK(client.set("TestBinningVertical", 1) == 0);
        CHECK(client.set("TestDecimationHorizontal", format.skip_x) == 0);
        CHECK(client.set("TestDecimationVertical", format.skip_y) == 0);
        CHECK(highest() == before);
        const auto answer = told("ResultingMaxFPS");

        VirtualCamera other;
        FakeClient user(other);
        user.take_control();
        CHECK(user.set("PixelFormat", format.code) == 0);
        CHECK(user.set("DecimationHorizontal", format.skip_x) == 0);
        CHECK(user.set("DecimationVertical", format.skip_y) == 0);
        CHECK(user.set("Width", format.width) == 0);
        CHECK(user.set("Height", format.height) == 0);
        CHECK(user.must_read(FakeClient::address_of("MaxFPS")) == answer);
        CHECK(user.must_read(FakeClient::address_of("AcquisitionFrameRate") + kMaxPlane) == answer);
        CHECK(client.get("ResultingMinFPS") ==
              doctest::Approx(74.25e6 / ((format.height + 43) * 64512)).epsilon(2e-5));
    }
}
