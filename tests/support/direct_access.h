#pragma once

#include "emulator/testbench/bench.h"
#include "emulator/testbench/http/route.h"

namespace support {

/// Requests are answered at once, on the thread of the test.
struct DirectAccess final : emulator::testbench::CameraAccess {
    explicit DirectAccess(emulator::testbench::Bench& bench) : bench(bench) {}
    void run(const std::function<void(emulator::testbench::Bench&)>& act) override { act(bench); }
    emulator::testbench::Bench& bench;
};

}  // namespace support
