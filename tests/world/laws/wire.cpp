#include "tests/world/laws/wire.h"

#include <algorithm>

namespace world {

namespace {

std::uint32_t word_at(ByteView bytes, std::size_t at) {
    return static_cast<std::uint32_t>(number_at(bytes, at, 4));
}

}  // namespace

Command command_of(ByteView datagram, Endpoint from) {
    Command command{.datagram = {datagram.begin(), datagram.end()}, .from = from, .payload = {}};
    command.whole = datagram.size() >= 8 && datagram[0] == 0x42;
    if (!command.whole) return command;
    command.flags = datagram[1];
    command.code = static_cast<std::uint16_t>(number_at(datagram, 2, 2));
    command.length = static_cast<std::uint16_t>(number_at(datagram, 4, 2));
    command.id = static_cast<std::uint16_t>(number_at(datagram, 6, 2));
    command.payload = {datagram.begin() + 8, datagram.end()};
    return command;
}

std::vector<Write> writes_of(const Command& command) {
    std::vector<Write> writes;
    const ByteView payload = command.payload;
    if (command.length != payload.size() || payload.size() > 540) return {};
    if (command.is(kWriteRegister) && payload.size() % 8 == 0) {
        for (std::size_t at = 0; at < payload.size(); at += 8)
            writes.push_back({word_at(payload, at), word_at(payload, at + 4)});
    }
    if (command.is(kWriteMemory) && payload.size() >= 8 && payload.size() % 4 == 0) {
        const auto first = word_at(payload, 0);
        for (std::size_t at = 4; at < payload.size(); at += 4)
            writes.push_back({first + static_cast<std::uint32_t>(at) - 4, word_at(payload, at)});
    }
    return writes;
}

std::vector<Write> done_of(const Command& command, const std::optional<Answer>& answer, bool from_owner) {
    auto writes = writes_of(command);
    if (!answer) return from_owner ? writes : std::vector<Write>();
    if (answer->status == kSuccess) return writes;
    // A list says where it failed: by entry, or by byte.
    std::size_t before = answer->payload.size() == 4 ? number_at(answer->payload, 2, 2) : 0;
    if (command.is(kWriteMemory)) before /= 4;
    writes.resize(std::min(before, writes.size()));
    return writes;
}

}  // namespace world
