#include "emulator/acquisition/frame_loop.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "emulator/acquisition/frame_timing.h"
#include "emulator/chunks.h"

namespace emulator::acquisition {
namespace {

using protocol::gvsp::PayloadType;
using protocol::gvsp::Transmitter;

/// Frames that may be computed at a time. A host that is too slow loses whole frames, and the client is told.
constexpr int kFramesInWork = 32;

/// Lamps that STROBE_OUT switches may come so late.
constexpr auto kLongestLampDelay = Time(static_cast<std::int64_t>(scenes::light::kLongestDelay_s * 1e9));

/// Readout and transfer overlap: the first packet leaves as soon as the wire will not have to wait for the
/// sensor.
Time transfer_delay(const sensor_model::Chip& chip, const ImageFormat& image,
                    const protocol::gvsp::Pace& pace) {
    const auto wire_ns =
        image_bytes(image) * 8 * 1'000'000'000 / static_cast<std::int64_t>(pace.link_bits_per_s);
    return std::max(Time::zero(), sensor_model::readout_time(chip, region(image)) - Time(wire_ns));
}

}  // namespace

Controls FrameLoop::controls() const {
    // Small packets, gaps between them and a throughput limit can make the wire slower than sensor and link
    // are.
    const auto sending = transmission();
    const auto bytes = static_cast<std::size_t>(payload_bytes(settings_));
    const auto transfer = protocol::gvsp::transfer_time(bytes, sending.cut, sending.pace);
    return {.trigger = settings_.trigger,
            .strobe = settings_.strobe,
            .exposure = settings_.exposure,
            .frame_set = settings_.frame_set,
            .sensor = sensor_timing(chip_, settings_, transfer)};
}

void FrameLoop::command(Command command) {
    follow(sequencer_.on_command(command, controls(), scheduler_.now()));
}
void FrameLoop::set_line(bool high) { follow(sequencer_.on_edge(high, controls(), scheduler_.now())); }
void FrameLoop::settings_changed() { follow(sequencer_.on_settings(controls(), scheduler_.now())); }

void FrameLoop::follow(const Outputs& outputs) {
    for (const auto& output : outputs) {
        if (const auto* edge = std::get_if<StrobeEdge>(&output.what)) strobe_.on_edge(output.at, edge->high);
    }
    for (const auto& output : outputs) {
        std::uint64_t block_id = 0;
        if (const auto* start = std::get_if<ExposureStart>(&output.what)) block_id = begin(start->frame);
        if (const auto* ended = std::get_if<ExposureEnd>(&output.what)) block_id = end(ended->frame);
        told_(output, block_id);
    }
    forget_strobe();
    arm();
}

// An exposure asks for its own time, and for that of the lamp that is latest.
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

// Who opens a channel will start soon.
void FrameLoop::channel_opened() {
    channel_closed();
    next_block_id_ = 1;
    dropped_ = false;
    expect_lens();
}

void FrameLoop::channel_closed() {
    ++channel_;
    channel_ends_.request_stop();
    channel_ends_ = {};
}

void FrameLoop::expect_lens() {
    const auto rest = std::max(scheduler_.now(), lens_.done() + std::chrono::microseconds(1));
    maker_.expect(lens_, rest, Time(device_.clock.ticks(rest)));
}

// 16-bit ids go from 65535 to 1: 0 is the test packet's.
std::uint64_t FrameLoop::take_block_id() {
    const auto id = next_block_id_++;
    return device_.stream.extended_ids ? id : (id - 1) % 0xFFFF + 1;
}

/// The block that the frame will travel in, or 0; likewise `end`.
std::uint64_t FrameLoop::begin(const Frame& frame) {
    Exposed exposed{.request = {.settings = settings_,
                                .lens = lens_,
                                .start = frame.start,
                                .stamp = Time(device_.clock.ticks(frame.start)),
                                .number = frame.number},
                    .channel = channel_};
    exposed.request.settings.exposure.time_us = frame.shutter.exposure_us;
    exposed.request.settings.exposure.gain_db = frame.shutter.gain_db;
    if (device_.stream.open()) exposed.block_id = take_block_id();
    const auto block_id = exposed.block_id;
    under_exposure_.insert_or_assign(frame.number, exposed);
    return block_id;
}

std::uint64_t FrameLoop::end(const Frame& frame) {
    auto exposed = under_exposure_.extract(frame.number);
    assert(exposed);
    const auto block_id = exposed.mapped().block_id;
    if (exposed.mapped().channel == channel_ && block_id != 0) make(exposed.mapped());
    return block_id;
}

void FrameLoop::make(Exposed exposed) {
    if (frames_in_work_ >= kFramesInWork) {
        dropped_ = true;
        told_({scheduler_.now(), FrameDropped{exposed.request.number}}, exposed.block_id);
        return;
    }
    ++frames_in_work_;
    exposed.previous_dropped = std::exchange(dropped_, false);
    const auto start =
        scheduler_.now() + transfer_delay(chip_, exposed.request.settings.image, transmission().pace);
    exposed.request.questions = automatic_.ask(exposed.request);
    exposed.request.strobe_high = strobe_high(exposed.request.start, exposed.request.end());
    const auto stop = channel_ends_.get_token();
    maker_.make(exposed.request, stop, [this, exposed, start](std::optional<MadeFrame> frame) {
        --frames_in_work_;
        made_(exposed.request, frame ? frame->measured : automatics::Measurement{});
        if (frame && exposed.channel == channel_) send(exposed, std::move(frame->payload), start);
    });
}

void FrameLoop::send(const Exposed& exposed, protocol::Bytes payload, Time transfer_start) {
    const auto& image = exposed.request.settings.image;
    const auto& chunks = exposed.request.settings.chunks;
    if (chunks.active) append_chunks(payload, chunks, exposed.request.settings.exposure);
    protocol::gvsp::Block block{.id = exposed.block_id,
                                .type = chunks.active ? PayloadType::image_with_chunks : PayloadType::image,
                                .timestamp_ticks = static_cast<std::uint64_t>(exposed.request.stamp.count()),
                                .pixel_format = image.pixel_format,
                                .size_x = static_cast<std::uint32_t>(image.width),
                                .size_y = static_cast<std::uint32_t>(image.height),
                                .offset_x = static_cast<std::uint32_t>(image.offset_x),
                                .offset_y = static_cast<std::uint32_t>(image.offset_y),
                                .chunk_layout_id = chunk_layout_id(chunks),
                                .previous_dropped = exposed.previous_dropped,
                                .payload = std::move(payload)};
    const auto sending = transmission();
    const auto transfer = protocol::gvsp::transfer_time(block.payload.size(), sending.cut, sending.pace);
    outside_.submit(std::move(block), transfer_start, sending);
    const auto now = scheduler_.now();
    told_({now, FrameSubmitted{exposed.request.number, std::max(now, transfer_start) + transfer}},
          exposed.block_id);
}

Transmitter::Settings FrameLoop::transmission() const {
    const auto& stream = device_.stream;
    const auto& rate = settings_.acquisition;
    return {.cut = {.packet_size_bytes = stream.packet_size_bytes,
                    .extended_ids = stream.extended_ids,
                    .all_in = stream.all_in},
            .pace = {.link_bits_per_s = std::uint64_t{device_.link_speed_mbps} * 1'000'000,
                     .limit_bytes_per_s = rate.throughput_limited
                                              ? static_cast<std::uint64_t>(rate.throughput_limit_bytes_per_s)
                                              : 0,
                     .gap = Time(stream.delay_ticks)},
            .extended_status = device_.extended_status_enabled,
            .resend_to_requester = stream.resend_to_requester};
}

}  // namespace emulator::acquisition
