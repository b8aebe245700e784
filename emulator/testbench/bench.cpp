#include "emulator/testbench/bench.h"

#include <algorithm>

#include "emulator/testbench/preview/preview.h"
#include "emulator/testbench/recording_desk.h"
#include "emulator/testbench/scenario/run.h"
#include "emulator/testbench/truth/moment.h"
#include "protocol/gvcp/names.h"

namespace emulator::testbench {
namespace {

using namespace acquisition;

/// IP configuration takes no time here; the LED shows it for as long as a camera may need (assumed).
constexpr Time kConfigurationTime = std::chrono::seconds(1);

}  // namespace

Bench::Bench(Camera& camera, sim::TimeControl& time, SceneInForce& scene, faults::Faults& faults,
             SceneLibrary library)
    : camera_(camera),
      time_(time),
      scene_(scene),
      faults_(faults),
      library_(std::move(library)),
      trigger_in_(time.camera(), [&camera](bool high) { camera.set_trigger_in(high); }),
      signals_({.trigger_in = camera.trigger_in(), .strobe_out = camera.strobe_out()}),
      journal_([this] { return ticks(now()); },
               [this] { return HostMoment{.host = host_now(), .unix_ns = host_now().count()}; }) {
    camera.watch(*this);
    camera.gvcp().watch(journal_);
    faults.on_touched(
        [this](auto client, auto request, auto fault) { journal_.touched(client, request, fault); });
    faults.on_block_touched(
        [this](auto block_id, auto fault) { journal_.blocks().touched(block_id, fault); });
    journal_.on_change([this] { news_(); });
    journal_.blocks().on_change([this] { news_(); });
}

Bench::~Bench() {
    if (scenario_) scenario_->abandon("the camera was reset");
}

void Bench::run(std::unique_ptr<ScenarioRun> scenario) {
    scenario_ = std::move(scenario);
    scenario_->begin();
}

void Bench::log(decltype(Signal::what) what, Time at, std::uint64_t block_id) {
    signals_.add({.ticks = camera_.device.clock.ticks(at), .what = what, .block_id = block_id});
    news_();
}

void Bench::on_output(const Output& output, std::uint64_t block_id) {
    log(output, output.at, block_id);
    if (std::holds_alternative<TriggerAccepted>(output.what)) ++counts_.triggers_accepted;
    if (std::holds_alternative<TriggerMissed>(output.what)) ++counts_.triggers_missed;
    if (const auto* dropped = std::get_if<FrameDropped>(&output.what)) {
        ++counts_.frames_dropped.at(static_cast<std::size_t>(dropped->cause));
        journal_.blocks().dropped(dropped->number, dropped->cause);
        break_off_transfer(dropped->number);
    }
    if (const auto* start = std::get_if<ExposureStart>(&output.what)) keep(start->frame, block_id);
    if (const auto* end = std::get_if<ExposureEnd>(&output.what)) finish(end->frame);
    if (const auto* submitted = std::get_if<FrameSubmitted>(&output.what)) {
        ++counts_.frames_submitted;
        const auto sent = host_now() + (submitted->transfer_end - output.at);
        transfer_end_ = std::max(transfer_end_, sent);
        follow(*submitted, block_id);
    }
}

void Bench::on_sent(const std::vector<net::BlockSent>& blocks) {
    const auto moment_of = [this, present = journal_.host()](Time host) {
        return BlockMoment{.ticks = ticks(time_.camera_at(host)),
                           .unix_ns = present.unix_ns - (present.host - host).count()};
    };
    for (const auto& block : blocks) journal_.blocks().sent(block, moment_of);
}

void Bench::on_submitted(const protocol::gvsp::Block& block) {
    if (scenario_) scenario_->on_submitted(block);
    if (preview_) preview_->on_submitted(block, host_now());
    if (recordings_ == nullptr) return;
    recordings_->frames().take(block, [&]() -> std::function<Json()> {
        const auto record = std::find_if(frames_.rbegin(), frames_.rend(),
                                         [&](const FrameRecord& one) { return one.block_id == block.id; });
        if (record == frames_.rend()) return [] { return Json::object(); };
        return [moment = moment_of(*this, *record)] { return to_json(moment); };
    });
}

std::shared_ptr<Preview> Bench::preview() {
    if (!preview_) {
        preview_ = std::make_shared<Preview>(camera_.profile);
        drop_idle_preview();
    }
    return preview_;
}

void Bench::drop_idle_preview() {
    constexpr auto kLook = std::chrono::seconds(10);
    time_.host().after(kLook, [this] {
        if (preview_->idle(host_now())) return preview_.reset();
        drop_idle_preview();
    });
}

void Bench::keep(const Frame& frame, std::uint64_t block_id) {
    ++counts_.frames_exposed;
    if (block_id == 0) ++counts_.frames_without_channel;
    journal_.blocks().exposed(frame, block_id, ticks(frame.start), host_now());
    const auto middle = frame.start + (frame.end - frame.start) / 2;
    if (auto world = camera_.world_at(frame.start); world != world_) {
        kept_world_ = without_pixels(world);
        world_ = std::move(world);
    }
    frames_.push_back({.frame = frame,
                       .block_id = block_id,
                       .ticks = camera_.device.clock.ticks(frame.start),
                       .image = camera_.settings.image,
                       .lens = camera_.lens().state(middle, camera_.housing_c()),
                       .lens_moved = camera_.lens().moving(middle),
                       .world = kept_world_});
    if (frames_.size() > kFramesKept) frames_.pop_front();
}

void Bench::finish(const Frame& frame) {
    const auto record = std::find_if(frames_.rbegin(), frames_.rend(), [&](const FrameRecord& one) {
        return one.frame.number == frame.number;
    });
    if (record == frames_.rend()) return;
    record->exposed = true;
    record->strobe_high = camera_.strobe_high(frame.start, frame.end);
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

void Bench::follow(const FrameSubmitted& submitted, std::uint64_t block_id) {
    const auto frame = submitted.number;
    const auto begin = time_.sent_at(submitted.transfer_start);
    const auto end = begin + (submitted.transfer_end - submitted.transfer_start);
    const auto next = time_.host().at(begin, [this, frame, end] { begin_transfer(frame, end); });
    sending_.insert_or_assign(frame, Sending{.block_id = block_id, .begun = false, .next = next});
}

void Bench::begin_transfer(std::uint64_t frame, Time end) {
    auto& sending = sending_.at(frame);
    log(TransferEdge{.frame = frame, .begins = true}, now(), sending.block_id);
    sending.begun = true;
    sending.next = time_.host().at(end, [this, frame] { break_off_transfer(frame); });
}

/// Or it ends by itself.
void Bench::break_off_transfer(std::uint64_t frame) {
    const auto node = sending_.extract(frame);
    if (!node) return;
    const auto& sending = node.mapped();
    time_.host().cancel(sending.next);
    if (sending.begun) log(TransferEdge{.frame = frame, .begins = false}, now(), sending.block_id);
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
    const auto& disturbance = camera_.disturbance();
    return emulator::leds({.powered = !disturbance.off,
                           .gigabit = camera_.device.link_speed_mbps >= 1000 && !disturbance.cable_out,
                           .last_packet = last_packet,
                           .configuring = starting_ || camera_.booting() || looks_for_address,
                           .stream_active = camera_.streaming(),
                           .sending = sending(),
                           .fault = disturbance.over_temperature_c ? Fault::over_temperature : fault_},
                          host_now());
}

}  // namespace emulator::testbench
