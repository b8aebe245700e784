#pragma once

#include <functional>
#include <optional>

#include "emulator/camera/transport.h"
#include "emulator/sim/scheduler.h"

namespace emulator {

/// The non-volatile values of a camera, and their way into its memory. They change at once; all that changes
/// in one command is written together; what cannot be kept is changed back.
class FlashWriter {
  public:
    FlashWriter(protocol::NonVolatile& device, UserSets& user_sets, sim::Scheduler& scheduler,
                Transport& transport, std::function<void(bool kept)> on_written)
        : device_(device),
          user_sets_(user_sets),
          scheduler_(scheduler),
          transport_(transport),
          on_written_(std::move(on_written)) {}

    [[nodiscard]] Flash values() const { return {.device = device_, .user_sets = user_sets_}; }
    /// Both answer busy, and change nothing, while values are being written.
    [[nodiscard]] protocol::Status change(const Flash&);
    [[nodiscard]] protocol::Status change_if_different(const Flash&);
    [[nodiscard]] bool unsaved() const { return before_ && !writing_; }
    void save();

  private:
    void written(bool kept);

    protocol::NonVolatile& device_;
    UserSets& user_sets_;
    sim::Scheduler& scheduler_;
    Transport& transport_;
    std::function<void(bool kept)> on_written_;
    std::optional<Flash> before_;  // what was in the memory before it was changed, until that is saved
    bool writing_ = false;
};

}  // namespace emulator
