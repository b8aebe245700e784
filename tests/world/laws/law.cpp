#include "tests/world/laws/law.h"

namespace world {

bool Promises::asserted_by(const Command& command) const {
    if (!command.is(kAction) || command.length != 12 || command.payload.size() != 12) return false;
    if (command.flags & 0x80) return false;  // it is scheduled, and has a time
    const auto word = [&](std::size_t at) { return number_at(command.payload, at, 4); };
    return (owner || unconditional_action) && word(0) == keys.device && word(4) == keys.group &&
           (word(8) & keys.mask) != 0;
}

bool Promises::moved_by(const Command& command, std::uint64_t mac) const {
    if (!command.is(kForceIp) || command.length != 56 || command.payload.size() != 56) return false;
    return !owner && number_at(command.payload, 2, 6) == mac;
}

void Law::makes(const emulator::FrameRequest&, const Bytes&) {}
void Law::puts_out(const emulator::acquisition::Output&, std::uint64_t) {}

}  // namespace world
