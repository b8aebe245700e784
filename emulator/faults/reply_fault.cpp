#include "emulator/faults/reply_fault.h"

#include <algorithm>
#include <cstdlib>

#include "emulator/features/table.h"
#include "protocol/gvcp/names.h"
#include "protocol/gvcp/register_access.h"

namespace emulator::faults {
namespace {

namespace gvcp = protocol::gvcp;
using gvcp::Command;

/// The names of commands, and "any" for all.
std::vector<std::string_view> command_choices() {
    std::vector<std::string_view> choices{"any"};
    for (const auto& one : gvcp::command_names()) choices.push_back(one.name);
    return choices;
}

std::optional<std::uint32_t> address_of(const scenes::Node& node) {
    const auto text = node.text_or("register", "", "^(0[xX][0-9A-Fa-f]{1,8}|[A-Za-z][A-Za-z0-9]*|)$",
                                   "the name of a feature, or an address as 0x0A00");
    if (text.empty()) return std::nullopt;
    if (text.starts_with("0x") || text.starts_with("0X"))
        return static_cast<std::uint32_t>(std::strtoul(text.c_str(), nullptr, 16));
    const auto address = register_of(text);
    if (!address && !node.is_recording()) node.wrong("register", "no feature " + text + " has a register");
    return address;
}

bool touches(const Command& command, std::uint32_t address) {
    return std::ranges::any_of(gvcp::accesses_of(command, {}),
                               [address](const auto& access) { return access.holds(address); });
}

}  // namespace

CommandChoice::CommandChoice(const scenes::Node& node)
    : command_(node.choice("command", command_choices(), "any")), address_(address_of(node)) {}

bool CommandChoice::has(const Command& command) const {
    return (command_ == "any" || gvcp::command_name(command) == command_) &&
           (!address_ || touches(command, *address_));
}

std::optional<std::uint32_t> register_of(std::string_view name) {
    const auto* feature = features::find(name);
    if (feature == nullptr || feature->info.address == 0) return std::nullopt;
    return feature->info.address;
}

bool writes(const Command& command, std::string_view feature) {
    const auto address = register_of(feature);
    return address && gvcp::is_write(command) && touches(command, *address);
}

bool replace_register(ReplyFate& fate, std::uint32_t address, std::uint32_t value) {
    if (fate.command == nullptr || gvcp::is_write(*fate.command)) return false;
    const std::span<std::uint8_t> answer = std::span(fate.reply.datagram).subspan(gvcp::kHeaderBytes);
    for (const auto& access : gvcp::accesses_of(*fate.command, answer)) {
        if (!access.holds(address)) continue;
        const auto at = address - access.address;
        if (at + sizeof value > access.bytes.size()) continue;
        const auto begin = static_cast<std::size_t>(access.bytes.data() - answer.data());
        protocol::store(answer.subspan(begin + at), value);
        return true;
    }
    return false;
}

void ReplyFault::on_reply(ReplyFate& fate) {
    if (fate.command == nullptr || !choice_.has(*fate.command) || !chance_.takes(seen_++)) return;
    count_hit();
    hit(fate);
}

}  // namespace emulator::faults
