#include "emulator/faults/order_text.h"

#include "scenes/json/config_error.h"

namespace emulator::faults {
namespace {

using nlohmann::json;

/// Up to the next comma outside of brackets.
std::string next_part(const std::string& text, std::size_t& at) {
    const auto begin = at;
    for (int depth = 0; at < text.size() && (text[at] != ',' || depth > 0); ++at)
        depth += text[at] == '[' ? 1 : text[at] == ']' ? -1 : 0;
    return text.substr(begin, at++ - begin);
}

json value_of(const std::string& text) {
    auto value = json::parse(text, nullptr, false);
    return value.is_discarded() ? json(text) : value;
}

}  // namespace

json order_of_text(const std::string& text) {
    if (text.starts_with('{')) {
        auto order = json::parse(text, nullptr, false);
        if (order.is_discarded()) throw scenes::ConfigError("--fault", text, "this is not JSON");
        return order;
    }
    const auto colon = text.find(':');
    json order{{"fault", text.substr(0, colon)}};
    if (colon == std::string::npos) return order;
    for (auto at = colon + 1; at <= text.size();) {
        const auto part = next_part(text, at);
        const auto equals = part.find('=');
        if (equals == std::string::npos || equals == 0)
            throw scenes::ConfigError("--fault", text, "kind:key=value,key=value was expected");
        order[part.substr(0, equals)] = value_of(part.substr(equals + 1));
    }
    return order;
}

}  // namespace emulator::faults
