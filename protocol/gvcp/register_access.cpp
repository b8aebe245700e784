#include "protocol/gvcp/register_access.h"

namespace protocol::gvcp {
namespace {

void change(std::span<std::uint8_t> word, std::uint32_t address, const WordChange& changed) {
    store(word, changed(address, load<std::uint32_t>(word)));
}

/// Words that follow each other, from an address on.
void change_words(std::uint32_t address, std::span<std::uint8_t> bytes, const WordChange& changed) {
    for (std::size_t at = 0; at + 4 <= bytes.size(); at += 4)
        change(bytes.subspan(at), address + static_cast<std::uint32_t>(at), changed);
}

}  // namespace

bool is_write(const Command& command) {
    return command.is(Code::write_register) || command.is(Code::write_memory);
}

std::vector<RegisterAccess> accesses_of(const Command& command, ByteView answer) {
    std::vector<RegisterAccess> found;
    const auto payload = command.payload;
    if (command.is(Code::read_register)) {
        for (std::size_t at = 0; at + 4 <= payload.size(); at += 4)
            found.push_back({.address = load<std::uint32_t>(payload.subspan(at)),
                             .size_bytes = 4,
                             .bytes = at + 4 <= answer.size() ? answer.subspan(at, 4) : ByteView{}});
    } else if (command.is(Code::write_register)) {
        for (std::size_t at = 0; at + 8 <= payload.size(); at += 8)
            found.push_back({.address = load<std::uint32_t>(payload.subspan(at)),
                             .size_bytes = 4,
                             .bytes = payload.subspan(at + 4, 4)});
    } else if (command.is(Code::read_memory) && payload.size() >= 8) {
        const auto size = load<std::uint16_t>(payload.subspan(6));
        const bool known = answer.size() == std::size_t{4} + size;
        found.push_back({.address = load<std::uint32_t>(payload),
                         .size_bytes = size,
                         .bytes = known ? answer.subspan(4) : ByteView{}});
    } else if (command.is(Code::write_memory) && payload.size() > 4) {
        found.push_back({.address = load<std::uint32_t>(payload),
                         .size_bytes = payload.size() - 4,
                         .bytes = payload.subspan(4)});
    }
    return found;
}

void change_written(std::uint16_t code, std::span<std::uint8_t> payload, const WordChange& changed) {
    if (code == static_cast<std::uint16_t>(Code::write_register))
        for (std::size_t at = 0; at + 8 <= payload.size(); at += 8)
            change(payload.subspan(at + 4), load<std::uint32_t>(payload.subspan(at)), changed);
    if (code == static_cast<std::uint16_t>(Code::write_memory) && payload.size() >= 4)
        change_words(load<std::uint32_t>(payload), payload.subspan(4), changed);
}

void change_read(const Command& command, std::span<std::uint8_t> answer, const WordChange& changed) {
    if (command.is(Code::discovery)) change_words(0, answer, changed);
    if (command.is(Code::read_register))
        for (std::size_t at = 0; at + 4 <= std::min(answer.size(), command.payload.size()); at += 4)
            change(answer.subspan(at), load<std::uint32_t>(command.payload.subspan(at)), changed);
    if (command.is(Code::read_memory) && answer.size() >= 4)
        change_words(load<std::uint32_t>(answer), answer.subspan(4), changed);
}

}  // namespace protocol::gvcp
