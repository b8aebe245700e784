#pragma once

#include <array>
#include <optional>

#include "emulator/acquisition/output.h"

namespace emulator::testbench {

/// Begin or end of a move of a lens motor.
struct LensMove {
    enum Part : std::uint8_t { zoom, focus, iris, ir_cut };
    static constexpr std::size_t kParts = 4;
    Part part = zoom;
    bool begins = true;
};
inline constexpr const char* kLensParts[LensMove::kParts] = {"zoom", "focus", "iris", "ir_cut"};

/// Begin or end of the transfer of a frame: its packets are on the wire between them.
struct TransferEdge {
    std::uint64_t frame = 0;
    bool begins = true;
};

/// A signal: an event in the camera.
struct Signal {
    std::uint64_t ticks = 0;  // of the camera's clock, for which it was scheduled
    std::variant<acquisition::Output, LensMove, TransferEdge> what;
    std::uint64_t block_id = 0;  // of the frame that it is about, or 0
    std::uint64_t number = 0;    // signals before this one, since power-up
};

/// What is high or under way after a number of signals.
struct LineLevels {
    bool trigger_in = false, strobe_out = false;
    std::optional<std::uint64_t> exposed{}, read{};  // the frame that is
    bool transfer = false;
    std::array<bool, LensMove::kParts> lens_moves{};
    std::uint64_t frame = 0, block_id = 0;  // of the last exposure

    void apply(const Signal&);
};

}  // namespace emulator::testbench
