#pragma once

#include <asio/io_context.hpp>

#include "emulator/app/running_camera.h"
#include "emulator/testbench/http/http_server.h"

namespace emulator {

/// Who comes with a camera that is served: a scenario, and the client that it examines.
class Companion {
  public:
    virtual ~Companion() = default;
    /// The camera answers, and its first frame is made. `http` is nothing where it has no HTTP interface.
    virtual void ready(asio::io_context&, RunningCamera&,
                       const std::optional<testbench::HttpPlace>& http) = 0;
    /// The event loop has ended, and will be destroyed.
    virtual void stop() = 0;
    /// A line "gigemu ready" is printed.
    [[nodiscard]] virtual bool announces() const = 0;
};

}  // namespace emulator
