#include "emulator/net/interface.h"
#include "emulator/testbench/event_items.h"
#include "emulator/testbench/journal_filter.h"
#include "protocol/gvcp/names.h"

namespace emulator::testbench {
namespace {

namespace gvcp = protocol::gvcp;

void add_registers(Json& say, const gvcp::Command& command, const JournalEntry& entry, NodeTypes types) {
    const auto accesses = gvcp::accesses_of(command, entry.answer);
    if (accesses.empty()) return;
    auto& list = say[gvcp::is_write(command) ? "writes" : "reads"] = Json::array();
    for (const auto& access : accesses) append_registers(access, types, list);
    // Of a list, or of memory, a refusal says how far it came.
    if (gvcp::is_write(command) && entry.status.value_or(0) != 0 && entry.answer.size() == 4)
        say["index"] = protocol::load<std::uint16_t>(protocol::ByteView(entry.answer).subspan(2));
}

void add_events(Json& say, const gvcp::Command& command, NodeTypes types) {
    for (const auto& item : event_items(command)) {
        Json event{{"id", gvcp::hex(item.id, 4)}, {"time_ns", item.ticks}};
        if (const auto name = event_feature(item.id, types); !name.empty()) event["feature"] = name;
        if (item.block_id != 0) event["block_id"] = item.block_id;
        if (!item.data.empty()) event["data"] = gvcp::hex(item.data);
        say["events"].push_back(std::move(event));
    }
}

void add_resend(Json& say, const gvcp::Command& command) {
    const auto asked = gvcp::parse_resend(command);
    if (!command.is(gvcp::Code::packet_resend) || !asked) return;
    say["block_id"] = asked->block_id;
    say["first_packet"] = asked->first;
    say["last_packet"] = asked->last;
}

void add_force_ip(Json& say, const gvcp::Command& command) {
    const auto force = gvcp::parse_force_ip(command);
    if (!command.is(gvcp::Code::force_ip) || !force) return;
    say["mac"] = gvcp::hex(force->mac, 12);
    say["ip"] = net::dotted(force->ip);
    say["mask"] = net::dotted(force->mask);
    say["gateway"] = net::dotted(force->gateway);
}

void add_action(Json& say, const gvcp::Command& command) {
    const auto action = gvcp::parse_action(command);
    if (!command.is(gvcp::Code::action) || !action) return;
    say["device_key"] = gvcp::hex(action->device_key, 8);
    say["group_key"] = gvcp::hex(action->group_key, 8);
    say["group_mask"] = gvcp::hex(action->group_mask, 8);
    if (action->at_ticks) say["action_ns"] = *action->at_ticks;
}

}  // namespace

Json to_json(const JournalEntry& entry, NodeTypes types) {
    const auto command = entry.command();
    Json say{{"number", entry.number},
             {"time_ns", entry.ticks},
             {"host_ns", entry.at.unix_ns},
             {"client", net::dotted(entry.client.ip) + ":" + std::to_string(entry.client.port)},
             {"channel", entry.channel == JournalEntry::Channel::control ? "control" : "message"},
             {"command", gvcp::command_name(command)}};
    if (command) {
        if (gvcp::command_name(command) == gvcp::kOtherCommand) say["code"] = gvcp::hex(command->code, 4);
        say["request"] = command->request_id;
        say["flags"] = gvcp::hex(command->flags, 2);
        add_registers(say, *command, entry, types);
        add_events(say, *command, types);
        add_resend(say, *command);
        add_force_ip(say, *command);
        add_action(say, *command);
    } else {
        say["bytes"] = entry.size_bytes;
        say["begin"] = gvcp::hex(entry.datagram);
    }
    say["status"] = entry.status ? Json(gvcp::status_name(*entry.status)) : Json();
    if (entry.status)
        say["answered_us"] = static_cast<double>((entry.answered - entry.at.host).count()) / 1000;
    if (entry.pending_acks > 0) {
        say["pending_acks"] = entry.pending_acks;
        say["pending_ms"] = entry.pending_ms;
    }
    if (entry.repeats) say["repeats"] = *entry.repeats;
    if (!entry.fault.empty()) say["fault"] = entry.fault;
    return say;
}

}  // namespace emulator::testbench
