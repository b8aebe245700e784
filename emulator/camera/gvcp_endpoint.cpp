#include "emulator/camera/gvcp_endpoint.h"

#include <algorithm>
#include <utility>

#include "emulator/camera/camera.h"

namespace emulator {

namespace gvcp = protocol::gvcp;

namespace {

std::uint16_t event_id(Events::Name event) {
    switch (event) {
        case Events::exposure_end:
            return gvcp::kExposureEnd;
        case Events::frame_trigger_missed:
            return gvcp::kFrameTriggerMissed;
        case Events::line1_falling_edge:
            return gvcp::kLine1FallingEdge;
        case Events::line1_rising_edge:
            return gvcp::kLine1RisingEdge;
        case Events::focus_move_completed:
            return gvcp::kFocusMoveCompleted;
        case Events::zoom_move_completed:
            return gvcp::kZoomMoveCompleted;
        default:
            return gvcp::kTestEvent;
    }
}

}  // namespace

GvcpEndpoint::GvcpEndpoint(Camera& camera, features::RegisterMap& registers, sim::Scheduler& host,
                           Transport& transport, std::function<void()> on_datagram)
    : camera_(camera),
      host_(host),
      transport_(transport),
      on_datagram_(std::move(on_datagram)),
      control_(camera.device, registers, camera),
      messages_(camera.device.message) {}

void GvcpEndpoint::handle_control(protocol::ByteView datagram, protocol::Endpoint from) {
    watch_->on_control(datagram, from);
    if (camera_.booting() || !on_arrival_(datagram, from)) return;
    on_datagram_();
    const auto replies = control_.handle(datagram, from, host_.now());
    watch_->on_handled(datagram, replies);
    send(replies);
    deliver_messages();
}

void GvcpEndpoint::handle_message(protocol::ByteView datagram, protocol::Endpoint from) {
    watch_->on_message(datagram, from);
    if (camera_.booting() || !on_arrival_(datagram, from)) return;
    on_datagram_();
    messages_.handle(datagram, from);
    deliver_messages();
}

void GvcpEndpoint::send(const std::vector<gvcp::Reply>& replies) {
    for (const auto& reply : replies) {
        if (reply.at <= host_.now()) {
            transmit(reply);
        } else {
            host_.at(reply.at, [this, reply] {
                if (!camera_.booting()) transmit(reply);
            });
        }
    }
}

void GvcpEndpoint::transmit(const gvcp::Reply& reply) {
    watch_->on_reply(reply);
    transport_.send(reply);
}

void GvcpEndpoint::stored(bool kept) {
    send(control_.saved(kept, host_.now()));
    deliver_messages();
}

void GvcpEndpoint::notify(Events::Name event, std::uint64_t block_id, protocol::Bytes data) {
    if (camera_.settings.events.notify[event]) post_event(event_id(event), block_id, std::move(data));
}

void GvcpEndpoint::post_event(std::uint16_t id, std::uint64_t block_id, protocol::Bytes data) {
    const auto channel = static_cast<std::uint16_t>(block_id == 0 ? 0xFFFF : 0);
    messages_.post({.id = id,
                    .ticks = camera_.device.clock.ticks(camera_.now()),
                    .channel = channel,
                    .block_id = block_id,
                    .data = std::move(data)});
    deliver_messages();
}

void GvcpEndpoint::deliver_messages() {
    const auto& channel = camera_.device.message;
    const protocol::Endpoint to{.ip = channel.destination_ip, .port = channel.host_port};
    for (const auto& datagram : messages_.poll(host_.now())) {
        watch_->on_event(datagram, to);
        transport_.send_message(datagram, to);
        on_datagram_();
    }
    arm();
}

// One scheduled event for the earliest deadline of the protocol.
void GvcpEndpoint::arm() {
    if (deadline_) host_.cancel(*deadline_);
    deadline_.reset();
    const auto control = control_.deadline(), messages = messages_.deadline();
    if (!control && !messages) return;
    const auto due = std::min(control.value_or(Time::max()), messages.value_or(Time::max()));
    deadline_ = host_.at(due, [this] { on_deadline(); });
}

void GvcpEndpoint::on_deadline() {
    deadline_.reset();
    send(control_.expire(host_.now()));
    deliver_messages();
}

}  // namespace emulator
