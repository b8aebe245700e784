#include "emulator/app/running_camera.h"

#include "scenes/json/config_error.h"

namespace emulator {

RunningCamera::RunningCamera(asio::io_context& context, const Profile& profile, const Flash& flash,
                             const NonVolatileStore& store, const net::AddressChoice& home,
                             net::FrameWorker& worker, testbench::Scene scene,
                             testbench::SceneLibrary library, testbench::RecordingDesk* recordings)
    : recordings_(recordings),
      host_clock_(profile.oscillator),
      pacer_(context, time_, host_clock_),
      network_(context, profile.link, host_clock_, time_, store, home,
               recordings == nullptr ? nullptr : &recordings->recorder()),
      faults_(time_, [this](const faults::StreamFaults& stream) { network_.set_faults(stream); }),
      transport_(network_, faults_, time_.host()),
      camera_(profile, flash, time_, transport_, worker),
      scene_(camera_, time_.camera(), std::move(scene)),
      bench_(camera_, time_, scene_, faults_, std::move(library)) {
    faults_.attach(camera_);
    bench_.count_engine([this, &worker]() -> testbench::EngineCounts {
        return {.stream = network_.stream_counts().values(), .render_s = worker.render_times()};
    });
    bench_.record_by(recordings_);
    bench_.journal().read_host([this] {
        const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
        return testbench::HostMoment{.host = host_clock_.now(), .unix_ns = Time(since_1970).count()};
    });
    const auto sentences = camera_.registers().set_by_name(profile.features);
    if (!sentences.empty()) throw scenes::ConfigError("features", "", sentences.front());
    network_.listen(handlers());
    camera_.restart_ip_configuration();
    for (const auto& content : profile.faults) faults_.add(nlohmann::json::parse(content));
    pacer_.catch_up();
}

// On the owner's thread, at the camera's present time.
net::NetworkTransport::Handlers RunningCamera::handlers() {
    return {.control =
                [this](auto datagram, auto from) {
                    pacer_.in_time([&] {
                        tell_clock();
                        camera_.gvcp().handle_control(datagram, from);
                    });
                },
            .message =
                [this](auto datagram, auto from) {
                    pacer_.in_time([&] { camera_.gvcp().handle_message(datagram, from); });
                },
            .stream = {.refused = [this] { pacer_.in_time([&] { camera_.stream_refused(); }); },
                       .unreachable = [this](int error) { camera_.stream_unreachable(error); },
                       .lost =
                           [this](std::uint64_t block_id, acquisition::DropCause cause) {
                               pacer_.in_time([&] { camera_.block_lost(block_id, cause); });
                           },
                       .cut_off =
                           [this](const auto& frames) {
                               pacer_.in_time([&] { camera_.frames_cut_off(frames); });
                           },
                       .sent = [this](const auto& blocks) { bench_.on_sent(blocks); }},
            .stream_sent = [this] { pacer_.catch_up(); },
            .submitted =
                [this](const auto& block) {
                    tell_clock();
                    bench_.on_submitted(block);
                },
            .ports_changed = [this](auto stream, auto message) { camera_.set_source_ports(stream, message); },
            .ptp = {.heard =
                        [this](auto datagram, std::optional<Time> received) {
                            pacer_.in_time([&] {
                                if (received) received = time_.camera_at(*received);
                                camera_.ptp().handle(datagram, received);
                            });
                        },
                    .sent =
                        [this](const auto& ticket, auto left) {
                            pacer_.in_time([&] { camera_.ptp().sent(ticket, time_.camera_at(left)); });
                        }},
            .ptp_ports_opened = [this](bool yes) { camera_.ptp().ports_opened(yes); },
            .saved = [this](const auto& done, bool kept) { pacer_.in_time([&] { done(kept); }); }};
}

/// The recorder stamps by the camera's clock, as it runs now.
void RunningCamera::tell_clock() {
    if (recordings_ == nullptr) return;
    const auto now = sim::HostClock::Clock::now();
    const auto ticks_at = [this](sim::HostClock::Clock::time_point at) {
        return camera_.device.clock.ticks(time_.camera_at(host_clock_.at(at)));
    };
    constexpr std::chrono::nanoseconds kAhead = std::chrono::milliseconds(100);
    const auto ticks = ticks_at(now);
    const auto passed = static_cast<std::int64_t>(ticks_at(now + kAhead) - ticks);
    recordings_->recorder().set_clock(
        {.at = now,
         .ticks = ticks,
         .ticks_per_ns = static_cast<double>(passed) / static_cast<double>(kAhead.count())});
}

void RunningCamera::stop() {
    pacer_.stop();
    network_.close();
}

}  // namespace emulator
