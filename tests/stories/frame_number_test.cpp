#include <doctest/doctest.h>

#include "emulator/acquisition/frame_number.h"
#include "scenes/targets/codes.h"
#include "tests/support/seeing_camera.h"
#include "tests/support/triggered_camera.h"

// Block id and trigger number, drawn into images as a code that the client's software reads.

using namespace support;

namespace {

constexpr std::uint32_t kFormats[] = {0x0108'0009, 0x010C'0059, 0x010C'002B, 0x0110'002F,
                                      0x0210'0032, 0x020C'005A, 0x020C'003C, 0x0218'0015};
constexpr int kModule_px = emulator::kFrameNumberModule_px, kModules = 18, kSide_px = kModule_px * kModules;

VirtualCameraOptions numbered(int width, int height) {
    VirtualCameraOptions options;
    options.profile.frame_number = true;
    options.profile.power_up.image.width = width;
    options.profile.power_up.image.height = height;
    return options;
}

/// Whether the middle of every module, where no neighbour is seen, is as dark or light as it should be.
bool shows(const Photo& photo, std::uint64_t block_id, std::uint64_t trigger) {
    const auto text = emulator::frame_number_text(block_id, trigger);
    const auto code = scenes::targets::encode(scenes::targets::CodeKind::data_matrix, text, 1);
    REQUIRE(code->columns + 2 == kModules);
    const int full = photo.raw ? 1 << (photo.pixel_format >> 16 & 0xFF) : 256;
    const int bits = photo.raw && photo.pixel_format >> 16 == 0x010C ? 12 : 0;
    const int light = bits ? (1 << bits) - 1 : photo.raw && full > 256 ? 0xFFF0 : 255;
    for (int row = 0; row < kModules; ++row) {
        for (int column = 0; column < kModules; ++column) {
            const bool dark = code->is_dark(column - 1, row - 1);
            for (int pixel = 1; pixel <= 2; ++pixel) {
                const int x = kModule_px * column + pixel, y = kModule_px * row + pixel;
                if (photo.code(x, y) != (dark ? 0 : light)) return false;
            }
        }
    }
    return true;
}

/// The bytes of the image beside the code are those that the sensor made.
bool leaves_the_rest(const VirtualCamera& camera, const ReceivedBlock& block, std::size_t frame) {
    const auto bytes = block.payload(), made = camera.picture(camera.requests.at(frame));
    const auto row = bytes.size() / block.size_y(), code = row * kSide_px / block.size_x();
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (at / row < kSide_px && at % row < code) continue;
        if (bytes[at] != made[at]) return false;
    }
    return bytes.size() == made.size();
}

}  // namespace

TEST_CASE("frame number: every pixel format carries it, and the rest of the image is as without it") {
    for (const auto format : kFormats) {
        CAPTURE(format);
        Triggered triggered({{"PixelFormat", format}}, numbered(528, 96));
        for (const int trigger : {1, 2, 3}) {
            triggered.client.set("TriggerSoftware", 1);
            triggered.camera.run_for(100ms);
            CAPTURE(trigger);
            REQUIRE(triggered.client.complete_blocks() == static_cast<std::size_t>(trigger));
            const auto& block = triggered.client.blocks.at(static_cast<std::uint64_t>(trigger));
            CHECK(shows(photo(block), static_cast<std::uint64_t>(trigger),
                        static_cast<std::uint64_t>(trigger)));
            CHECK(leaves_the_rest(triggered.camera, block, static_cast<std::size_t>(trigger - 1)));
        }
    }
}

TEST_CASE(
    "frame number: it is upright in the corner whatever is flipped, decimated or offset, with chunks too") {
    for (const auto& settings :
         {Values{{"ReverseX", 1}, {"ReverseY", 1}}, Values{{"DecimationHorizontal", 2}},
          Values{{"DecimationVertical", 2}}, Values{{"OffsetAutoCenter", 0}, {"OffsetX", 16}},
          Values{{"ChunkModeActive", 1}}}) {
        Triggered triggered(settings, numbered(528, 96));
        triggered.client.set("TriggerSoftware", 1);
        triggered.camera.run_for(100ms);
        REQUIRE(triggered.client.complete_blocks() == 1);
        auto block = triggered.client.blocks.at(1);
        auto bytes = block.payload();
        bytes.resize(std::size_t{block.size_x()} * block.size_y());
        block.parts = {{1, bytes}};
        CHECK(shows(photo(block), 1, 1));
    }
}

TEST_CASE("frame number: the smallest image that has room for it, and the largest that has not") {
    struct Row {
        int width, height;
        bool shown;
    };
    for (const auto& row : {Row{96, 72, true}, Row{96, 70, false}, Row{64, 96, false}, Row{1056, 4, false}}) {
        CAPTURE(row.width);
        CAPTURE(row.height);
        VirtualCamera camera(numbered(528, 96));
        FakeClient client(camera);
        client.take_control();
        client.open_stream();
        if (client.set("Width", row.width) != 0 || client.set("Height", row.height) != 0) continue;
        client.start();
        camera.run_for(100ms);
        REQUIRE(client.complete_blocks() > 0);
        const auto& block = client.blocks.at(1);
        if (row.shown)
            CHECK(shows(photo(block), 1, 0));
        else
            CHECK(block.payload() == camera.picture(camera.requests.front()));
    }
}

TEST_CASE("frame number: it is off by default, and switched between exposures") {
    Triggered triggered({}, {.profile = [] {
                            auto profile = small_profile();
                            profile.power_up.image.height = 96;
                            return profile;
                        }()});
    auto& camera = triggered.camera;
    for (const bool on : {false, true, false}) {
        camera.camera.number_frames(on);
        triggered.client.set("TriggerSoftware", 1);
        camera.run_for(100ms);
        const auto& [id, block] = *triggered.client.blocks.rbegin();
        CHECK(shows(photo(block), id, id) == on);
    }
}

TEST_CASE("frame number: automatic functions measure the image without it") {
    auto profile = small_profile();
    profile.power_up.image.width = 96;
    profile.power_up.image.height = 72;
    profile.power_up.automatic.exposure.exposure = true;
    std::vector<double> exposures;
    for (const bool on : {false, true}) {
        SeeingCamera seeing("flat_field", {}, profile);
        seeing.camera.camera.number_frames(on);
        seeing.client.start();
        seeing.camera.run_for(3s);
        exposures.push_back(seeing.client.get("ExposureTime"));
    }
    CHECK(exposures[0] == exposures[1]);
    CHECK(exposures[0] != 1000);
}

TEST_CASE("frame number: its text has ten digits of each number, or as many as it needs") {
    CHECK(emulator::frame_number_text(0, 0) == "0000000000/0000000000");
    CHECK(emulator::frame_number_text(65535, 12) == "0000065535/0000000012");
    CHECK(emulator::frame_number_text(12345678901, 9999999999) == "12345678901/9999999999");
}
