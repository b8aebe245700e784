#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "emulator/testbench/http/route.h"

namespace emulator::testbench {

/// Topic of the event stream.
struct Topic {
    /// An entry as a value: another thread may turn it into JSON.
    using Entry = std::function<Json()>;
    /// What is new since the last call, or since it was opened.
    using Read = std::function<std::vector<Entry>(Bench&)>;

    std::string_view name, summary;
    Read (*open)(Bench&);
};

[[nodiscard]] std::span<const Topic> topics();
[[nodiscard]] std::string topic_names();

}  // namespace emulator::testbench
