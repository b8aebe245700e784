#pragma once

#include <functional>
#include <optional>

#include "emulator/camera/transport.h"
#include "emulator/sim/scheduler.h"

namespace emulator {

/// Non-volatile values of a camera and their writes to the memory. Values change at once; all changes of one
/// command are written together; a write that fails restores the values before it.
class FlashWriter {
  public:
    FlashWriter(protocol::NonVolatile& device, UserSets& user_sets, sim::Scheduler& host,
                Transport& transport, std::function<void(bool kept)> on_written)
        : device_(device),
          user_sets_(user_sets),
          host_(host),
          transport_(transport),
          on_written_(std::move(on_written)) {}

    [[nodiscard]] Flash values() const { return {.device = device_, .user_sets = user_sets_}; }
    /// What a power-up finds: values that are not written yet are not in it.
    [[nodiscard]] Flash in_memory() const { return before_.value_or(values()); }
    /// Status `busy`, and no change, while a write is under way.
    [[nodiscard]] protocol::Status change(const Flash&);
    [[nodiscard]] protocol::Status change_if_different(const Flash&);
    [[nodiscard]] bool unsaved() const { return before_ && !writing_; }
    void save();

  private:
    void written(bool kept);

    protocol::NonVolatile& device_;
    UserSets& user_sets_;
    sim::Scheduler& host_;
    Transport& transport_;
    std::function<void(bool kept)> on_written_;
    std::optional<Flash> before_;  // content of the memory, while changed values are not written yet
    bool writing_ = false;
};

}  // namespace emulator
