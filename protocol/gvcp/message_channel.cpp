#include "protocol/gvcp/message_channel.h"

#include <algorithm>

namespace protocol::gvcp {

Bytes encode_event(const Event& event) {
    return Writer()
        .u16(0)
        .u16(event.id)
        .u16(event.channel)
        .u16(static_cast<std::uint16_t>(event.block_id))
        .u64(event.ticks)
        .bytes(event.data)
        .take();
}

void MessageChannel::post(const Event& event) {
    if (settings_.open() && queue_.size() < kQueueLength) queue_.push_back(event);
}

// All events that wait and fit travel in one command; one with data travels alone.
void MessageChannel::start_next() {
    Writer items;
    std::size_t count = 0, bytes = 0;
    const auto code = queue_.front().data.empty() ? Code::event : Code::event_data;
    for (; !queue_.empty(); ++count) {
        if (count > 0 && (code == Code::event_data || !queue_.front().data.empty())) break;
        const auto item = encode_event(queue_.front());
        if (bytes + item.size() > kMaxEventBytes) break;
        bytes += item.size();
        items.bytes(item);
        queue_.pop_front();
    }
    if (++request_id_ == 0) request_id_ = 1;
    const bool wants_ack = settings_.timeout_ms != 0;
    const auto payload = items.take();
    under_way_ = UnderWay{.datagram = make_command(code, wants_ack ? kAcknowledge : 0, request_id_, payload),
                          .request_id = request_id_,
                          .code = code,
                          .sends_left = wants_ack ? std::uint64_t{settings_.retries} + 1 : 1,
                          .due = std::nullopt};
}

std::vector<Bytes> MessageChannel::poll(Time now) {
    std::vector<Bytes> out;
    if (!settings_.open()) return out;
    while (true) {
        if (!under_way_) {
            if (queue_.empty()) return out;
            start_next();
        }
        if (under_way_->due && now < *under_way_->due) return out;
        if (under_way_->sends_left == 0) {
            under_way_.reset();
            continue;
        }
        out.push_back(under_way_->datagram);
        --under_way_->sends_left;
        under_way_->due = now + std::chrono::milliseconds(settings_.timeout_ms);
    }
}

std::optional<Time> MessageChannel::deadline() const {
    if (!settings_.open()) return std::nullopt;
    if (under_way_) return under_way_->due.value_or(Time::zero());
    if (!queue_.empty()) return Time::zero();
    return std::nullopt;
}

void MessageChannel::handle(ByteView datagram, Endpoint from) {
    if (!under_way_ || from.ip != settings_.destination_ip) return;
    Reader reader(datagram);
    reader.skip(2);
    const auto code = reader.u16();
    reader.skip(2);
    const auto id = reader.u16();
    if (!reader.ok() || code != static_cast<std::uint16_t>(under_way_->code) + 1) return;
    if (id == under_way_->request_id) under_way_.reset();
}

void MessageChannel::reset() {
    queue_.clear();
    under_way_.reset();
}

}  // namespace protocol::gvcp
