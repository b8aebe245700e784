#include "emulator/faults/reply_fault.h"

#include <cstdlib>

#include "emulator/features/table.h"

namespace emulator::faults {
namespace {

using protocol::gvcp::Code;
using protocol::gvcp::Command;

std::optional<Code> code_of(const std::string& name) {
    static const std::pair<std::string_view, Code> codes[] = {
        {"discovery", Code::discovery},     {"forceip", Code::force_ip},    {"readreg", Code::read_register},
        {"writereg", Code::write_register}, {"readmem", Code::read_memory}, {"writemem", Code::write_memory},
        {"action", Code::action},
    };
    for (const auto& [text, code] : codes)
        if (text == name) return code;
    return std::nullopt;
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

bool in(std::uint32_t address, std::uint32_t begin, std::size_t bytes) {
    return address >= begin && address - begin < bytes;
}

/// Whether one of the addresses, which stand so many bytes apart, is this one.
bool lists(protocol::ByteView payload, std::size_t step, std::uint32_t address) {
    for (std::size_t at = 0; at + step <= payload.size(); at += step)
        if (protocol::load<std::uint32_t>(payload.subspan(at)) == address) return true;
    return false;
}

bool touches(const Command& command, std::uint32_t address) {
    const auto payload = command.payload;
    if (command.is(Code::read_register)) return lists(payload, 4, address);
    if (command.is(Code::write_register)) return lists(payload, 8, address);
    if (payload.size() < 8) return false;
    const auto begin = protocol::load<std::uint32_t>(payload);
    if (command.is(Code::write_memory)) return in(address, begin, payload.size() - 4);
    return command.is(Code::read_memory) &&
           in(address, begin, protocol::load<std::uint32_t>(payload.subspan(4)) & 0xFFFF);
}

/// Where the bytes of a register stand in an acknowledge; nothing if it has none of them.
std::optional<std::size_t> place_in_ack(const Command& command, std::uint32_t address,
                                        protocol::ByteView ack) {
    using protocol::gvcp::kHeaderBytes;
    const auto payload = command.payload;
    std::optional<std::size_t> place;
    if (command.is(Code::read_register)) {
        for (std::size_t at = 0; at + 4 <= payload.size() && !place; at += 4)
            if (protocol::load<std::uint32_t>(payload.subspan(at)) == address) place = kHeaderBytes + at;
    } else if (command.is(Code::read_memory) && payload.size() >= 8) {
        const auto begin = protocol::load<std::uint32_t>(payload);
        if (address >= begin) place = kHeaderBytes + 4 + (address - begin);
    }
    return place && *place + 4 <= ack.size() ? place : std::nullopt;
}

}  // namespace

CommandChoice::CommandChoice(const scenes::Node& node)
    : code_(code_of(node.choice(
          "command", {"any", "discovery", "forceip", "readreg", "writereg", "readmem", "writemem", "action"},
          "any"))),
      address_(address_of(node)) {}

bool CommandChoice::has(const Command& command) const {
    return (!code_ || command.is(*code_)) && (!address_ || touches(command, *address_));
}

std::optional<std::uint32_t> register_of(std::string_view name) {
    for (const auto& category : features::table())
        for (const auto& feature : category.features)
            if (feature.info.name == name && feature.info.address != 0) return feature.info.address;
    return std::nullopt;
}

bool writes(const Command& command, std::string_view feature) {
    const auto address = register_of(feature);
    return address && (command.is(Code::write_register) || command.is(Code::write_memory)) &&
           touches(command, *address);
}

bool replace_register(ReplyFate& fate, std::uint32_t address, std::uint32_t value) {
    auto& ack = fate.reply.datagram;
    const auto place = fate.command == nullptr ? std::nullopt : place_in_ack(*fate.command, address, ack);
    if (place) protocol::store(std::span(ack).subspan(*place), value);
    return place.has_value();
}

void ReplyFault::on_reply(ReplyFate& fate) {
    if (fate.command == nullptr || !choice_.has(*fate.command) || !chance_.takes(seen_++)) return;
    count_hit();
    hit(fate);
}

}  // namespace emulator::faults
