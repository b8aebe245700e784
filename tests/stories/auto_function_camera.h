#pragma once

#include <random>

#include "emulator/acquisition/frame_timing.h"
#include "emulator/auto/measurement.h"
#include "tests/emulator/auto/simulated_scene.h"
#include "tests/support/fake_client.h"

namespace stories {

using namespace support;
namespace auto_functions = emulator::auto_functions;

inline constexpr std::uint16_t kWriteProtect = 0x8004;

/// A camera with auto functions in front of a simulated scene, and a client that controls it.
struct AutoFunctionCamera {
    simulated_scene::Scene scene;
    std::mt19937 random{1};
    VirtualCamera camera;
    FakeClient client;

    static emulator::Profile profile() {
        auto profile = small_profile();
        profile.power_up.automatic = {};
        return profile;
    }
    explicit AutoFunctionCamera(const simulated_scene::Scene& seen, const emulator::Profile& like = profile())
        : scene(seen),
          camera({.profile = like,
                  .sensor =
                      [this](const auto& request) {
                          return emulator::MadeFrame{pretended_frame(request).payload, look(request)};
                      }}),
          client(camera) {
        client.take_control();
        client.keep_alive();
        client.open_stream();
        client.keeps_payload = false;
    }
    /// The scene fills the image, whatever its size.
    auto_functions::Measurement look(const emulator::FrameRequest& request) {
        const auto& made = request.settings.exposure;
        const double iris = request.lens.state(request.middle(), 25).iris_steps;
        const auto dn = scene.expose({made.time_us, made.gain_db, iris}, 32, random);
        return auto_functions::measure(request.questions, dn, request.settings,
                                       emulator::acquisition::region(request.settings.image), {});
    }
    /// Lets some frames come, and gives the brightness of another one.
    double brightness_after(int frames) {
        client.start();
        const auto wanted = camera.requests.size() + static_cast<std::size_t>(frames);
        while (camera.requests.size() < wanted) camera.run_for(10ms);
        return brightness();
    }
    double brightness() {
        auto request = camera.requests.back();
        request.questions = {.statistics = true};
        return look(request).statistics->brightness;
    }
};

}  // namespace stories
