#include "emulator/testbench/bench.h"

#include <algorithm>

namespace emulator::testbench {
namespace {

using namespace acquisition;

/// IP configuration takes no time here; the LED shows it for as long as a camera may need (assumed).
constexpr Time kConfigurationTime = std::chrono::seconds(1);

}  // namespace

Bench::Bench(Camera& camera, sim::TimeControl& time, const scenes::World& world)
    : camera_(camera),
      time_(time),
      world_(world),
      trigger_in_(time.camera(), [&camera](bool high) { camera.set_trigger_in(high); }) {
    camera.watch(*this);
}

void Bench::log(std::variant<Output, LensMove> what, Time at, std::uint64_t block_id) {
    signals_.add({.ticks = camera_.device.clock.ticks(at), .what = what, .block_id = block_id});
}

void Bench::on_output(const Output& output, std::uint64_t block_id) {
    log(output, output.at, block_id);
    if (std::holds_alternative<TriggerAccepted>(output.what)) ++counts_.triggers_accepted;
    if (std::holds_alternative<TriggerMissed>(output.what)) ++counts_.triggers_missed;
    if (const auto* dropped = std::get_if<FrameDropped>(&output.what))
        ++counts_.frames_dropped.at(static_cast<std::size_t>(dropped->cause));
    if (const auto* start = std::get_if<ExposureStart>(&output.what)) keep(start->frame, block_id);
    if (const auto* end = std::get_if<ExposureEnd>(&output.what)) note_strobe(end->frame);
    if (const auto* submitted = std::get_if<FrameSubmitted>(&output.what)) {
        ++counts_.frames_submitted;
        transfer_end_ = std::max(transfer_end_, host_now() + (submitted->transfer_end - output.at));
    }
}

void Bench::keep(const Frame& frame, std::uint64_t block_id) {
    ++counts_.frames_exposed;
    const auto middle = frame.start + (frame.end - frame.start) / 2;
    frames_.push_back({.frame = frame,
                       .block_id = block_id,
                       .ticks = camera_.device.clock.ticks(frame.start),
                       .image = camera_.settings.image,
                       .lens = camera_.lens().state(middle, camera_.profile.housing_c),
                       .lens_moved = camera_.lens().moving(middle)});
    if (frames_.size() > kFramesKept) frames_.pop_front();
}

void Bench::note_strobe(const Frame& frame) {
    const auto record = std::find_if(frames_.rbegin(), frames_.rend(), [&](const FrameRecord& one) {
        return one.frame.number == frame.number;
    });
    if (record != frames_.rend()) record->strobe_high = camera_.strobe_high(frame.start, frame.end);
}

void Bench::on_lens_sent() {
    const auto& lens = camera_.lens();
    follow(LensMove::zoom, lens.zoom_done());
    follow(LensMove::focus, lens.focus_done());
    follow(LensMove::iris, lens.iris_done());
    follow(LensMove::ir_cut, lens.ir_cut_done());
}

// A new target before the old one is reached begins a new move, and only that one ends.
void Bench::follow(LensMove::Part part, Time done) {
    auto& move = moves_[part];
    if (move.done == done || done <= now()) return;
    move.done = done;
    log(LensMove{.part = part, .begins = true}, now());
    if (move.arrival) time_.camera().cancel(*move.arrival);
    move.arrival = time_.camera().at(done, [this, part, &move] {
        move.arrival.reset();
        log(LensMove{.part = part, .begins = false}, now());
    });
}

// A free-running stream counts as sending between two frames as well: it waits for no trigger.
bool Bench::sending() const {
    return camera_.streaming() && camera_.stream_reaches_client() &&
           (camera_.busy() || host_now() < transfer_end_);
}

Leds Bench::leds() const {
    const bool looks_for_address = configured_ && host_now() - *configured_ < kConfigurationTime;
    auto last_packet = last_packet_;
    if (sending() && host_now() < transfer_end_) last_packet = host_now();
    return emulator::leds({.gigabit = camera_.device.link_speed_mbps >= 1000,
                           .last_packet = last_packet,
                           .configuring = starting_ || camera_.booting() || looks_for_address,
                           .stream_active = camera_.streaming(),
                           .sending = sending(),
                           .fault = fault_},
                          host_now());
}

}  // namespace emulator::testbench
