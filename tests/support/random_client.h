#pragma once

#include "tests/support/fake_client.h"

namespace support {

/// A client without sense: writes and reads what a seed says, mostly near what means something. It finds
/// whatever a client can do to a camera that no test thought of.
class RandomClient {
  public:
    RandomClient(VirtualCamera& camera, std::uint64_t seed);

    /// Does one thing, and lets some time pass.
    void act();
    [[nodiscard]] FakeClient& client() { return client_; }

  private:
    [[nodiscard]] std::uint32_t address();
    [[nodiscard]] std::uint32_t value(std::uint32_t address);
    [[nodiscard]] Bytes noise(std::size_t most);

    VirtualCamera& camera_;
    FakeClient client_;
    Dice dice_;
    std::vector<std::uint32_t> addresses_;
};

/// A sentence that says what of the settings is illegal; empty if all is well.
[[nodiscard]] std::string wrong_with(const emulator::Camera&);

}  // namespace support
