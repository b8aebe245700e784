#pragma once

#include "tests/support/fake_client.h"
#include "tests/support/measure_bench.h"

namespace measure {

enum class Acquisition { started, stopped };

/// A whole camera in virtual time before a true scene: every frame is light through the lens on the sensor.
/// Everything is as at power-up, but a part of the sensor is read out, because noise costs time.
struct LiveCamera {
    emulator::Profile profile;
    emulator::FrameSource source;
    support::VirtualCamera camera;
    support::FakeClient client;

    explicit LiveCamera(scenes::World world, const emulator::Profile& like = small(),
                        Acquisition acquisition = Acquisition::started)
        : profile(like),
          source(profile),
          camera({.profile = profile, .sensor = [this](const auto& request) { return take(request); }}),
          client(camera) {
        camera.camera.show(std::make_shared<const scenes::World>(std::move(world)), camera.now());
        client.take_control();
        client.keep_alive();
        client.open_stream(8000);
        if (acquisition == Acquisition::started) client.start();
    }
    /// Frames of an autofocus run in which it does not look are not worth their time.
    emulator::MadeFrame take(const emulator::FrameRequest& request) {
        const auto& asked = request.questions;
        return asked.focus_runs && !asked.sharpness ? support::pretended_frame(request)
                                                    : source.take(request);
    }
    static emulator::Profile small() {
        emulator::Profile profile;
        profile.power_up.image.width = 640;
        profile.power_up.image.height = 480;
        return profile;
    }
    [[nodiscard]] std::size_t frames() const { return client.blocks.size(); }
    void run_frames(std::size_t count) {
        const auto last = frames() + count;
        while (frames() < last) camera.run_for(std::chrono::milliseconds(1));
        camera.run_for(std::chrono::milliseconds(5));  // the last one comes in
    }
    /// The 8-bit codes of the newest frame, as the client has them.
    [[nodiscard]] protocol::Bytes newest() const { return client.blocks.rbegin()->second.payload(); }
};

}  // namespace measure
