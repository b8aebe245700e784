#include "emulator/faults/table.h"

#include <cmath>

namespace emulator::faults {
namespace {

class SlowIpConfiguration final : public Fault {
  public:
    explicit SlowIpConfiguration(const scenes::Node& node)
        : takes_(std::llround(node.number_or("takes_us", {1, 3.6e9, "us"}, 5e6) * 1e3)) {}

  private:
    void disturb(Disturbance& disturbance) const override { disturbance.ip_configuration += takes_; }
    void begin(Camera&) override { count_hit(); }

    Time takes_;
};

}  // namespace

const Kind& slow_ip_configuration() {
    static const Kind kind{
        .name = "slow_ip_configuration",
        .subject = Subject::link,
        .summary =
            "IP configuration takes long after a start, a reset or a pulled cable: until then the "
            "camera does not answer",
        .client = "Waits for discovery, and does not give the camera up after the first one.",
        .keys = "`takes_us` (1 to 3.6e9, default 5e6)",
        .make = [](const scenes::Node& node) -> FaultPtr {
            return std::make_shared<SlowIpConfiguration>(node);
        }};
    return kind;
}

}  // namespace emulator::faults
