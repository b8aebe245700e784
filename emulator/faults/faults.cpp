#include "emulator/faults/faults.h"

#include <utility>

#include "emulator/camera/camera.h"
#include "scenes/json/config_error.h"

namespace emulator::faults {
namespace {

using protocol::gvcp::Command;

/// Commands that an answer may still belong to.
constexpr std::size_t kHeardKept = 256;

std::vector<std::string_view> names() {
    std::vector<std::string_view> names;
    for (const auto* kind : kinds()) names.push_back(kind->name);
    return names;
}

/// The node without its `fault`, which has been read.
Order read_order_of(const Kind& kind, const scenes::Node& node) {
    Order order{.kind = &kind, .schedule = read_schedule(node, kind.at_once), .fault = kind.make(node)};
    node.done();
    return order;
}

}  // namespace

scenes::Kinds order_kinds() { return {.key = "fault", .names = names()}; }

Order read_order(const scenes::Node& node) {
    const auto name = node.choice("fault", names());
    return read_order_of(**std::ranges::find(kinds(), name, [](const Kind* one) { return one->name; }), node);
}

nlohmann::json order_schema(const Kind& kind) {
    scenes::ObjectSchema schema;
    const auto node = scenes::Node::recording(schema);
    (void)node.choice("fault", {kind.name});
    (void)read_order_of(kind, node);
    return schema.made();
}

void Faults::attach(Camera& camera) {
    camera_ = &camera;
    camera.gvcp().on_arrival([this](auto datagram, auto from) { return hears(datagram, from); });
}

std::uint64_t Faults::add(const nlohmann::json& content, std::optional<Time> begin_at) {
    auto order = read_order(scenes::Node(content, "fault"));
    make_room();
    const auto id = ++last_id_;
    auto& entry = entries_[id];
    entry = {.id = id,
             .content = content,
             .kind = order.kind,
             .schedule = order.schedule,
             .fault = std::move(order.fault)};
    auto& clock = begin_at ? time_.camera() : time_of(entry);
    const auto at = begin_at.value_or(clock.now()) + entry.schedule.after;
    if (at <= clock.now()) {
        begin(entry);
    } else {
        plan(id, clock, at, &Faults::begin);
    }
    return id;
}

/// What is over makes room for others.
void Faults::make_room() {
    if (entries_.size() < kMost) return;
    const auto over =
        std::ranges::find_if(entries_, [](const auto& one) { return one.second.state == State::over; });
    if (over == entries_.end())
        throw scenes::ConfigError("fault", "",
                                  std::to_string(kMost) + " faults are set, and there is no room");
    entries_.erase(over);
}

bool Faults::remove(std::uint64_t id) {
    const auto found = entries_.find(id);
    if (found == entries_.end()) return false;
    if (const auto next = next_.extract(id)) next.mapped().first->cancel(next.mapped().second);
    if (found->second.state == State::in_force) end(found->second);
    if (const auto next = next_.extract(id)) next.mapped().first->cancel(next.mapped().second);
    entries_.erase(found);
    return true;
}

void Faults::clear() {
    while (!entries_.empty()) remove(entries_.begin()->first);
}

sim::Scheduler& Faults::time_of(const Entry& entry) {
    const bool host = entry.kind->subject == Subject::control || entry.kind->subject == Subject::link;
    return host ? time_.host() : time_.camera();
}

void Faults::plan(std::uint64_t id, sim::Scheduler& clock, Time at, void (Faults::*act)(Entry&)) {
    next_[id] = {&clock, clock.at(at, [this, id, act] {
                     next_.erase(id);
                     (this->*act)(entries_.at(id));
                 })};
}

void Faults::begin(Entry& entry) {
    auto& clock = time_of(entry);
    ++entry.begun;
    entry.state = State::in_force;
    entry.fault->set_in_force(true);
    if (camera_ != nullptr) entry.fault->begin(*camera_);
    refresh();
    if (entry.kind->at_once) return end(entry);
    if (entry.schedule.length) plan(entry.id, clock, clock.now() + *entry.schedule.length, &Faults::end);
}

void Faults::end(Entry& entry) {
    entry.state = State::over;
    entry.fault->set_in_force(false);
    refresh();
    if (camera_ != nullptr) entry.fault->end(*camera_);
    repeat(entry);
}

void Faults::repeat(Entry& entry) {
    const auto& schedule = entry.schedule;
    if (!schedule.period || (schedule.times != 0 && entry.begun >= schedule.times)) return;
    entry.state = State::planned;
    auto& clock = time_of(entry);
    plan(entry.id, clock, clock.now() + *schedule.period - schedule.length.value_or(Time::zero()),
         &Faults::begin);
}

/// Tells stream and camera what is in force now.
void Faults::refresh() {
    StreamFaults stream;
    Disturbance disturbance;
    for_each([&](const Entry& entry) {
        stream.of_blocks.push_back(entry.fault);
        entry.fault->disturb(disturbance);
    });
    stream.silent = disturbance.cable_out || disturbance.stream_silent || disturbance.off;
    stream_(stream);
    if (std::exchange(disturbance_, disturbance) == disturbance || camera_ == nullptr) return;
    camera_->disturb(disturbance);
}

void Faults::on_block(protocol::gvsp::Block& block) {
    const auto id = block.id;
    for_each([&](const Entry& entry) {
        const auto before = entry.fault->hits();
        entry.fault->on_block(block);
        if (entry.fault->hits() != before) block_touched_(id, entry.kind->name);
    });
}

bool Faults::hears(protocol::ByteView datagram, protocol::Endpoint from) {
    bool any = false, arrives = !disturbance_.cable_out;
    const auto command = protocol::gvcp::parse_command(datagram);
    for_each([&](const Entry& entry) {
        if (entry.kind->subject == Subject::stream || entry.kind->subject == Subject::frames) return;
        any = true;
        if (!command || entry.fault->on_command(*command, from)) return;
        arrives = false;
        touched_(from, command->request_id, entry.kind->name);
    });
    if (!any) {
        heard_.clear();
    } else if (command && command->wants_ack()) {
        heard_.push_back({from, {datagram.begin(), datagram.end()}});
        if (heard_.size() > kHeardKept) heard_.pop_front();
    }
    return arrives;
}

std::optional<Command> Faults::heard(protocol::Endpoint from, std::uint16_t request) const {
    const auto found = std::find_if(heard_.rbegin(), heard_.rend(), [&](const Heard& one) {
        return one.from == from && protocol::gvcp::parse_command(one.datagram)->request_id == request;
    });
    if (found == heard_.rend()) return std::nullopt;
    return protocol::gvcp::parse_command(found->datagram);
}

ReplyFate Faults::judge(const protocol::gvcp::Reply& reply) {
    ReplyFate fate{.reply = reply};
    const auto request_id = protocol::gvcp::parse_ack(reply.datagram)->request_id;
    const auto command = heard(reply.to, request_id);
    if (command) fate.command = &*command;
    for_each([&](const Entry& entry) {
        const auto before = entry.fault->hits();
        entry.fault->on_reply(fate);
        if (entry.fault->hits() != before) touched_(reply.to, request_id, entry.kind->name);
    });
    fate.command = nullptr;
    if (disturbance_.cable_out) fate.lost = true;
    return fate;
}

}  // namespace emulator::faults
