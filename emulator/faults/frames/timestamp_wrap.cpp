#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"

#include <cmath>

namespace emulator::faults {
namespace {

class TimestampWrap final : public BlockFault {
  public:
    explicit TimestampWrap(const scenes::Node& node)
        : BlockFault(node),
          before_ns_(std::llround(node.number_or("before_us", {0, 1e9, "us"}, 1e5) * 1e3)) {}

  private:
    bool hit(protocol::gvsp::Block& block) override {
        if (!offset_)
            offset_ = std::uint64_t{0} - block.timestamp_ticks - static_cast<std::uint64_t>(before_ns_);
        block.timestamp_ticks += *offset_;
        return true;
    }

    std::int64_t before_ns_;
    std::optional<std::uint64_t> offset_;
};

}  // namespace

const Kind& timestamp_wrap() {
    static const Kind kind{
        .name = "timestamp_wrap",
        .subject = Subject::frames,
        .summary =
            "the timestamps in leaders pass 2^64 ns and begin at 0 again; the counter itself does "
            "not",
        .client = "Subtracts timestamps modulo 2^64, as unsigned numbers.",
        .keys = "`before_us` (0 to 1e9, default 100 000): so long after the first of its blocks",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<TimestampWrap>(node); }};
    return kind;
}

}  // namespace emulator::faults
