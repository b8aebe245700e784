#include "emulator/testbench/http/json_text.h"

namespace emulator::testbench {

std::optional<nlohmann::json> parse_json(std::string_view text, Comments comments) {
    using nlohmann::json;
    bool too_deep = false;
    const auto keep = [&](int depth, json::parse_event_t, const json&) {
        too_deep = too_deep || depth > kNestingMost;
        return !too_deep;
    };
    auto value = json::parse(text, keep, false, comments == Comments::skipped);
    if (too_deep || value.is_discarded()) return std::nullopt;
    return value;
}

std::string no_json() {
    return "this is not JSON, or it is nested more than " + std::to_string(kNestingMost) + " deep.";
}

}  // namespace emulator::testbench
