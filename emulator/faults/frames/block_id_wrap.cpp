#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class BlockIdWrap final : public Fault {
  public:
    explicit BlockIdWrap(const scenes::Node& node)
        : before_(static_cast<std::uint32_t>(node.whole_or("before", {0, 60000}, 3))) {}
    void disturb(Disturbance& disturbance) const override { disturbance.blocks_before_wrap = before_; }
    void begin(Camera&) override { count_hit(); }

  private:
    std::uint32_t before_;
};

}  // namespace

const Kind& block_id_wrap() {
    static const Kind kind{
        .name = "block_id_wrap",
        .subject = Subject::frames,
        .summary =
            "block ids come to their end, 65535 or 2^64-1, and go on at 1: in the open stream channel at "
            "once, and in each that is opened",
        .client = "Compares ids modulo their width, and knows that 0 is none of them.",
        .keys = "`before` (0 to 60000, default 3): so many blocks come before the last id",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<BlockIdWrap>(node); }};
    return kind;
}

}  // namespace emulator::faults
