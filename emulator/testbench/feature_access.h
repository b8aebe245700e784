#pragma once

#include <optional>
#include <string_view>

#include "emulator/camera/camera.h"
#include "emulator/testbench/http/route.h"

namespace emulator::testbench {

/// A feature and its row.
struct NamedFeature {
    const features::Category* category = nullptr;
    const features::Feature* feature = nullptr;
};

/// All features of the camera, in the order of its description file.
[[nodiscard]] std::vector<NamedFeature> all_features(const Camera&);
/// Throws Problem 404.
[[nodiscard]] NamedFeature find_feature(const Camera&, std::string_view name);

/// The value, also of a bootstrap register; nothing if only events and chunks carry it, or it is write-only.
[[nodiscard]] Json value_of(const Camera&, const features::Feature&);
/// Why it cannot be written at this moment; empty if it can.
[[nodiscard]] std::string lock_reason(const Camera&, const features::Feature&);
/// Description, value, limits of this moment, lock and availability.
[[nodiscard]] Json feature_to_json(const Camera&, NamedFeature);

/// Writes as a client with control does: throws Problem 400 for what does not fit, 409 for what cannot be
/// written now.
void write_feature(Camera&, const features::Feature&, const nlohmann::json& value);

/// Sets the selector of a feature, and brings it back when it ends. Throws Problem 400 if the feature has
/// none or it has no such value.
class SelectorAt {
  public:
    SelectorAt(Camera&, const features::Feature&, const nlohmann::json& value);
    ~SelectorAt();
    SelectorAt(const SelectorAt&) = delete;
    SelectorAt& operator=(const SelectorAt&) = delete;

  private:
    Camera& camera_;
    const features::Feature* selector_;
    features::Value before_;
};

}  // namespace emulator::testbench
