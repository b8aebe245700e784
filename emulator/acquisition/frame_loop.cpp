#include "emulator/acquisition/frame_loop.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "emulator/acquisition/chunks.h"
#include "emulator/acquisition/frame_number.h"
#include "emulator/acquisition/frame_timing.h"

namespace emulator::acquisition {
namespace {

/// Block ids of 16 bits: 0 is none of them.
constexpr std::uint64_t kShortIds = 0xFFFF;

/// The place after another in the stream channel; 0 is none.
std::uint64_t following(std::uint64_t block) { return block == UINT64_MAX ? 1 : block + 1; }

using protocol::gvsp::PayloadType;
using protocol::gvsp::Transmitter;

/// Frames rendered at a time. A host that is too slow drops whole frames.
constexpr int kFramesInWork = 32;
/// Blocks kept with their frame number; more never wait.
constexpr std::size_t kSubmittedKept = 2 * Transmitter::kBlocksWaiting;
/// Longest delay of a lamp behind STROBE_OUT.
constexpr auto kLongestLampDelay = Time(static_cast<std::int64_t>(scenes::light::kLongestDelay_s * 1e9));

}  // namespace

Controls FrameLoop::controls() const {
    // Small packets, gaps between them and a throughput limit can make the wire slower than sensor and link
    // are.
    const auto sending = transmission();
    const auto bytes = static_cast<std::size_t>(payload_bytes(settings_));
    const auto transfer = protocol::gvsp::transfer_time(bytes, sending.layout, sending.pace);
    auto sensor = sensor_timing(profile_, settings_, transfer);
    if (!device_.stream.open()) sensor.transfer = {};
    return {.trigger = settings_.trigger,
            .strobe = settings_.strobe,
            .exposure = settings_.exposure,
            .frame_set = settings_.frame_set,
            .sensor = sensor,
            .frames_waiting = static_cast<std::size_t>(profile_.link.frames_waiting)};
}

void FrameLoop::command(Command command) {
    if (command == Command::start && !running()) {
        ++run_;
        next_frame_ = 0;
        transport_.abandon_waiting();
    }
    follow(sequencer_.on_command(command, controls(), scheduler_.now()));
}
void FrameLoop::set_line(bool high) { follow(sequencer_.on_edge(high, controls(), scheduler_.now())); }
void FrameLoop::settings_changed() { follow(sequencer_.on_settings(controls(), scheduler_.now())); }

/// A dead driver of STROBE_OUT switches off alone.
bool FrameLoop::happens(const StrobeEdge& edge) const { return !edge.high || !disturbance_.strobe_dead; }

void FrameLoop::follow(const Outputs& outputs) {
    for (const auto& output : outputs) {
        if (const auto* edge = std::get_if<StrobeEdge>(&output.what); edge != nullptr && happens(*edge))
            strobe_.on_edge(output.at, edge->high);
    }
    for (const auto& output : outputs) {
        if (const auto* edge = std::get_if<StrobeEdge>(&output.what); edge != nullptr && !happens(*edge))
            continue;
        std::uint64_t block_id = 0;
        if (const auto* start = std::get_if<ExposureStart>(&output.what)) block_id = begin(start->frame);
        if (const auto* ended = std::get_if<ExposureEnd>(&output.what)) block_id = end(ended->frame);
        if (const auto* dropped = std::get_if<FrameDropped>(&output.what))
            block_id = break_off(dropped->number);
        told_(output, block_id);
    }
    forget_strobe();
    arm();
}

// An exposure needs the line from the longest lamp delay before its start.
void FrameLoop::forget_strobe() {
    const auto first =
        under_exposure_.empty() ? scheduler_.now() : under_exposure_.begin()->second.request.start;
    strobe_.forget_before(first - kLongestLampDelay);
}

std::vector<scenes::light::Interval> FrameLoop::strobe_high(Time start, Time end) const {
    return strobe_.high(start - kLongestLampDelay, end, start);
}

void FrameLoop::arm() {
    if (deadline_) scheduler_.cancel(*deadline_);
    deadline_.reset();
    const auto due = sequencer_.deadline();
    if (!due) return;
    deadline_ = scheduler_.at(*due, [this] {
        deadline_.reset();
        follow(sequencer_.expire(controls(), scheduler_.now()));
    });
}

// A client that opens the channel will start the acquisition soon.
void FrameLoop::channel_opened() {
    channel_closed();
    next_block_ = first_block();
    last_submitted_ = next_block_ - 1;
    expect_picture();
}

void FrameLoop::channel_closed() {
    ++channel_;
    channel_ends_.request_stop();
    channel_ends_ = {};
    sequencer_.channel_changed();
    for (const auto& sent : std::exchange(submitted_, {})) {
        if (sent.transfer_end > scheduler_.now() && transport_.sending())
            told_({scheduler_.now(), FrameDropped{sent.frame, DropCause::channel_closed}}, sent.block_id);
        else
            closed_.push_back(sent);
    }
    while (closed_.size() > kSubmittedKept) closed_.pop_front();
    wire_free_ = {};
}

void FrameLoop::cut_off(std::span<const std::uint64_t> frames) {
    for (const auto frame : frames) {
        const auto late = std::ranges::find(closed_, frame, &Submitted::frame);
        if (late == closed_.end()) continue;
        told_({scheduler_.now(), FrameDropped{frame, DropCause::channel_closed}}, late->block_id);
        closed_.erase(late);
    }
}

void FrameLoop::block_lost(std::uint64_t block_id, DropCause cause) {
    const auto lost = std::find_if(submitted_.rbegin(), submitted_.rend(),
                                   [&](const Submitted& one) { return one.block_id == block_id; });
    if (lost == submitted_.rend()) return;
    const auto frame = lost->frame;
    submitted_.erase(std::next(lost).base());
    told_({scheduler_.now(), FrameDropped{frame, cause}}, block_id);
}

void FrameLoop::expect_picture() {
    const auto rest = std::max(scheduler_.now(), lens_.done() + std::chrono::microseconds(1));
    maker_.expect(worlds_.at(rest), lens_.state(rest, disturbance_.housing_c(profile_.housing_c)),
                  device_.clock.stamp(rest));
}

// 16-bit ids go from 65535 to 1: 0 is the test packet's.
std::uint64_t FrameLoop::block_id(const Exposed& exposed) const {
    if (exposed.block == 0 || device_.stream.extended_ids) return exposed.block;
    return (exposed.block - 1) % kShortIds + 1;
}

std::uint64_t FrameLoop::first_block() const {
    if (!before_wrap_) return 1;
    return (device_.stream.extended_ids ? UINT64_MAX : kShortIds) - *before_wrap_;
}

void FrameLoop::begin_before_wrap(std::optional<std::uint32_t> blocks) {
    before_wrap_ = blocks;
    if (!blocks || !device_.stream.open()) return;
    auto first = first_block();
    // Places in the channel do not go back.
    while (first < next_block_ && !device_.stream.extended_ids) first += kShortIds;
    next_block_ = first;
    last_submitted_ = first - 1;
}

/// The block that the frame will travel in, or 0; likewise `end` and `break_off`.
std::uint64_t FrameLoop::begin(const Frame& frame) {
    Exposed exposed{.request = {.settings = settings_,
                                .lens = lens_,
                                .world = worlds_.at(frame.start),
                                .start = frame.start,
                                .stamp = device_.clock.stamp(frame.start),
                                .number = frame.number,
                                .acquisition = run_,
                                .seed = profile_.seed,
                                .housing_c = disturbance_.housing_c(profile_.housing_c),
                                .grown_hot_pixels = disturbance_.grown_hot_pixels(frame.start)},
                    .channel = channel_,
                    .run = run_,
                    .trigger = frame.trigger,
                    .transfer_start = frame.transfer_start,
                    .numbered = numbers_frames_};
    exposed.request.settings.exposure.time_us = frame.shutter.exposure_us;
    exposed.request.settings.exposure.gain_db = frame.shutter.gain_db;
    if (device_.stream.open()) {
        exposed.block = std::exchange(next_block_, following(next_block_));
        exposed.request.frame = next_frame_++;
    }
    under_exposure_.insert_or_assign(frame.number, exposed);
    return block_id(exposed);
}

std::uint64_t FrameLoop::end(const Frame& frame) {
    const auto node = under_exposure_.extract(frame.number);
    assert(node);
    const auto& exposed = node.mapped();
    if (exposed.block != 0) make(exposed);
    return block_id(exposed);
}

// Its place in the channel is the next frame's, unless blocks go on elsewhere.
std::uint64_t FrameLoop::break_off(std::uint64_t frame) {
    const auto node = under_exposure_.extract(frame);
    assert(node);
    const auto& exposed = node.mapped();
    const bool newest = exposed.channel == channel_ && next_block_ == following(exposed.block);
    if (exposed.block != 0 && newest) next_block_ = exposed.block;
    return block_id(exposed);
}

/// Why a frame is not to be sent any more; nothing if it is.
std::optional<DropCause> FrameLoop::obsolete(const Exposed& exposed) const {
    if (exposed.channel != channel_) return DropCause::channel_closed;
    if (exposed.run != run_) return DropCause::abandoned;
    return std::nullopt;
}

void FrameLoop::drop(const Exposed& exposed, DropCause cause) {
    told_({scheduler_.now(), FrameDropped{exposed.request.number, cause}}, block_id(exposed));
}

void FrameLoop::make(Exposed exposed) {
    if (const auto cause = obsolete(exposed)) return drop(exposed, *cause);
    if (frames_in_work_ >= kFramesInWork) return drop(exposed, DropCause::rendering_late);
    ++frames_in_work_;
    exposed.request.questions = auto_functions_.ask(exposed.request);
    exposed.request.strobe_high = strobe_high(exposed.request.start, exposed.request.end());
    const auto stop = channel_ends_.get_token();
    maker_.make(exposed.request, stop, [this, exposed](std::optional<MadeFrame> frame) {
        --frames_in_work_;
        made_(exposed.request, frame ? frame->measured : auto_functions::Measurement{});
        if (const auto cause = obsolete(exposed)) return drop(exposed, *cause);
        if (frame) send(exposed, std::move(frame->payload));
    });
}

void FrameLoop::send(const Exposed& exposed, protocol::Bytes payload) {
    const auto& image = exposed.request.settings.image;
    const auto& chunks = exposed.request.settings.chunks;
    if (exposed.numbered) draw_frame_number(payload, image, block_id(exposed), exposed.trigger);
    if (chunks.active) append_chunks(payload, chunks, exposed.request.settings.exposure);
    protocol::gvsp::Block block{.id = block_id(exposed),
                                .type = chunks.active ? PayloadType::image_with_chunks : PayloadType::image,
                                .timestamp_ticks = protocol::ticks(exposed.request.stamp),
                                .pixel_format = image.pixel_format,
                                .size_x = static_cast<std::uint32_t>(image.width),
                                .size_y = static_cast<std::uint32_t>(image.height),
                                .offset_x = static_cast<std::uint32_t>(image.offset_x),
                                .offset_y = static_cast<std::uint32_t>(image.offset_y),
                                .chunk_layout_id = chunk_layout_id(chunks),
                                .previous_dropped = exposed.block != following(last_submitted_),
                                .frame = exposed.request.number,
                                .payload = std::move(payload)};
    const auto sending = transmission();
    const auto transfer = protocol::gvsp::transfer_time(block.payload.size(), sending.layout, sending.pace);
    last_submitted_ = exposed.block;
    const auto begin = std::max({scheduler_.now(), exposed.transfer_start, wire_free_});
    wire_free_ = begin + transfer;
    submitted_.push_back({block.id, exposed.request.number, wire_free_});
    if (submitted_.size() > kSubmittedKept) submitted_.pop_front();
    transport_.submit(std::move(block), exposed.transfer_start, sending);
    told_({scheduler_.now(), FrameSubmitted{exposed.request.number, begin, wire_free_}},
          submitted_.back().block_id);
}

Transmitter::Settings FrameLoop::transmission() const {
    const auto& stream = device_.stream;
    const auto& rate = settings_.acquisition;
    return {.layout = {.packet_size_bytes = stream.packet_size_bytes,
                       .extended_ids = stream.extended_ids,
                       .all_in = stream.all_in},
            .pace = {.link_bits_per_s = std::uint64_t{device_.link_speed_mbps} * 1'000'000,
                     .limit_bytes_per_s = rate.throughput_limited
                                              ? static_cast<std::uint64_t>(rate.throughput_limit_bytes_per_s)
                                              : 0,
                     .gap = Time(stream.delay_ticks)},
            .extended_status = device_.extended_status_enabled,
            .resend_to_requester = stream.resend_to_requester,
            .resend_quota = stream.multicast()};
}

}  // namespace emulator::acquisition
