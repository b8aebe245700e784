#pragma once

#include <map>
#include <string>

#include "emulator/acquisition/line.h"
#include "protocol/clock.h"
#include "protocol/time.h"
#include "scenes/json/json_reader.h"

namespace emulator::testbench {

using acquisition::PulseTrain;
using protocol::Time;

/// The body of a request, an object or nothing at all. All that reads it throws scenes::ConfigError.
[[nodiscard]] nlohmann::json parse_body(const std::string& body);

/// Start time: `at_ns` of the camera's clock, `after_us` from now, or now.
[[nodiscard]] Time begin_of(const scenes::Node&, const protocol::Clock&, Time now);

/// A number of microseconds, to the nanosecond.
[[nodiscard]] Time time_of(const scenes::Node&, const std::string& key, double us_min);

/// A valid pulse train, at a rate that a host can play in real time.
[[nodiscard]] PulseTrain train_of(const scenes::Node&);
inline constexpr Time kMeanEdgeTime = std::chrono::microseconds(10);

/// A whole number of a query; `otherwise` if the key is not there.
using Query = std::map<std::string, std::string>;
[[nodiscard]] std::uint64_t number_or(const Query&, const std::string& key, std::uint64_t otherwise);
/// Throws if there is a key besides these.
void only(const Query&, std::initializer_list<std::string_view> keys);

}  // namespace emulator::testbench
