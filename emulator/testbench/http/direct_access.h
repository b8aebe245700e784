#pragma once

#include "emulator/testbench/http/route.h"

namespace emulator::testbench {

/// Camera access on the thread that owns the camera: what is asked for is done at once.
class DirectAccess final : public CameraAccess {
  public:
    explicit DirectAccess(Bench& bench) : bench_(bench) {}
    void run(const std::function<void(Bench&)>& act) override { act(bench_); }

  private:
    Bench& bench_;
};

}  // namespace emulator::testbench
