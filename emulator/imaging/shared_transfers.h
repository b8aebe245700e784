#pragma once

#include <algorithm>
#include <list>
#include <memory>
#include <mutex>

#include "lens_model/blur/transfer.h"
#include "lens_model/lens.h"

namespace emulator {

/// Transfer tables that have been made, for all threads that render through one lens state.
class SharedTransfers {
  public:
    /// Stays where it is as long as this does.
    [[nodiscard]] const lens_model::TransferTables& at(const lens_model::TransferKey& key) {
        Made& made = made_for(key);
        std::call_once(made.once, [&] {
            made.tables = std::make_unique<const lens_model::TransferTables>(key.tables());
        });
        return *made.tables;
    }
    [[nodiscard]] lens_model::TransferSource source() {
        return [this](const lens_model::TransferKey& key) -> const lens_model::TransferTables& {
            return at(key);
        };
    }

  private:
    struct Made {
        explicit Made(const lens_model::TransferKey& of) : key(of) {}
        lens_model::TransferKey key;
        std::once_flag once;
        std::unique_ptr<const lens_model::TransferTables> tables;
    };
    Made& made_for(const lens_model::TransferKey& key) {
        const std::lock_guard lock(mutex_);
        const auto known = std::ranges::find(made_, key, &Made::key);
        return known != made_.end() ? *known : made_.emplace_back(key);
    }
    std::mutex mutex_;
    std::list<Made> made_;
};

}  // namespace emulator
