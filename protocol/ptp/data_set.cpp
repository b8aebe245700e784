#include "protocol/ptp/data_set.h"

#include <tuple>

namespace protocol::ptp {
namespace {

auto quality(const DataSet& d) {
    return std::tuple(d.priority1, d.clock_class, d.accuracy, d.variance, d.priority2, d.grandmaster);
}

auto distance(const DataSet& d) { return std::tuple(d.steps_removed, d.sender); }

}  // namespace

// One grandmaster may be reached on several paths: the one of fewest steps removed counts. With a single port
// the receiving port does not matter.
bool better(const DataSet& a, const DataSet& b) {
    if (a.grandmaster == b.grandmaster) return distance(a) < distance(b);
    return quality(a) < quality(b);
}

}  // namespace protocol::ptp
