#pragma once

#include <map>

#include "emulator/testbench/replay/replay.h"
#include "protocol/gvcp/codec.h"

namespace emulator::testbench {

/// From the addresses and ports of a recorded client to those of its replay.
class ReplayTranslation {
  public:
    ReplayTranslation(protocol::Endpoint recorded, const ReplayEnds& ends)
        : recorded_(recorded), ends_(ends) {}

    /// The command as it is played back: writes of the client's own address and ports have those of now.
    [[nodiscard]] protocol::Bytes command(const protocol::gvcp::Command&, protocol::ByteView datagram);
    /// What a bootstrap register is expected to read now, where the recording read this.
    [[nodiscard]] std::uint32_t expected(std::uint32_t address, std::uint32_t word) const;

  private:
    [[nodiscard]] std::uint32_t written(std::uint32_t address, std::uint32_t word);

    protocol::Endpoint recorded_;
    ReplayEnds ends_;
    std::map<std::uint32_t, std::uint32_t> ports_;  // the last recorded one, by register
};

/// Of a feature or register that legitimately differs between two runs: no value of it is compared.
[[nodiscard]] bool varies(std::uint32_t address);
/// The command is not played back.
[[nodiscard]] bool is_left_out(const protocol::gvcp::Command&);

}  // namespace emulator::testbench
