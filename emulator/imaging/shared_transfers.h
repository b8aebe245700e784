#pragma once

#include <algorithm>
#include <list>
#include <memory>
#include <mutex>
#include <optional>

#include "lens_model/blur/transfer.h"
#include "lens_model/lens.h"

namespace emulator {

/// The transfer tables that were made last, for all threads that render through one lens state.
class SharedTransfers {
  public:
    [[nodiscard]] std::shared_ptr<const lens_model::TransferTables> at(const lens_model::TransferKey& key) {
        const auto made = made_for(key);
        std::call_once(made->once, [&] { made->tables.emplace(key.tables()); });
        return {made, &*made->tables};
    }
    [[nodiscard]] lens_model::TransferSource source() {
        return [this](const lens_model::TransferKey& key) { return at(key); };
    }
    void clear() {
        const std::lock_guard lock(mutex_);
        made_.clear();
    }

  private:
    struct Made {
        explicit Made(const lens_model::TransferKey& of) : key(of) {}
        lens_model::TransferKey key;
        std::once_flag once;
        std::optional<lens_model::TransferTables> tables;
    };
    static constexpr std::size_t kMost = 128;  // of 400 kB; 17 for each distance and lamp

    std::shared_ptr<Made> made_for(const lens_model::TransferKey& key) {
        const std::lock_guard lock(mutex_);
        const auto known = std::ranges::find_if(made_, [&](const auto& made) { return made->key == key; });
        if (known != made_.end()) return *known;
        if (made_.size() == kMost) made_.pop_front();
        return made_.emplace_back(std::make_shared<Made>(key));
    }
    std::mutex mutex_;
    std::list<std::shared_ptr<Made>> made_;
};

}  // namespace emulator
