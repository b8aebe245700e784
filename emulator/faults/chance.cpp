#include "emulator/faults/chance.h"

#include "scenes/light/random.h"

namespace emulator::faults {
namespace {

constexpr double kLargestWhole = 9'007'199'254'740'991;  // the largest whole number that JSON carries

std::uint64_t whole(const scenes::Node& node, const char* key, double least, std::uint64_t otherwise) {
    return static_cast<std::uint64_t>(
        node.number_or(key, {least, kLargestWhole}, static_cast<double>(otherwise)));
}

}  // namespace

Chance::Chance(const scenes::Node& node)
    : rate_(node.number_or("rate", {0, 1}, 1)),
      every_(whole(node, "every", 1, 1)),
      skip_(whole(node, "skip", 0, 0)),
      burst_(whole(node, "burst", 1, 1)),
      count_(node.has("count") ? whole(node, "count", 1, 1) : 0),
      seed_(whole(node, "seed", 0, 1)) {}

std::uint64_t Chance::bits(std::uint64_t part, std::uint64_t purpose) const {
    return scenes::light::hash(seed_, part, purpose);
}

bool Chance::takes(std::uint64_t part, std::uint64_t purpose) {
    if (count_ != 0 && taken_ >= count_) return false;
    if (seen_++ < skip_) return false;
    const bool drawn =
        (seen_ - skip_) % every_ == 0 && (rate_ == 1 || scenes::light::share(bits(part, purpose)) < rate_);
    if (drawn) burst_left_ = burst_;
    if (burst_left_ == 0) return false;
    --burst_left_;
    ++taken_;
    return true;
}

}  // namespace emulator::faults
