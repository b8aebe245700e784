#include "protocol/gvcp/register_access.h"

namespace protocol::gvcp {

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

}  // namespace protocol::gvcp
