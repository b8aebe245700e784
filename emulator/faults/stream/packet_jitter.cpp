#include "emulator/faults/packet_fault.h"
#include "emulator/faults/table.h"
#include "scenes/light/random.h"

#include <cmath>

namespace emulator::faults {
namespace {

class PacketJitter final : public PacketFault {
  public:
    explicit PacketJitter(const scenes::Node& node)
        : PacketFault(node), jitter_us_(node.number("jitter_us", {1, 1e6, "us"})) {}

  private:
    void hit(const SentPacket& packet, PacketFate& fate) override {
        fate.queued += Time(std::llround(jitter_us_ * 1e3 * scenes::light::share(bits(packet, 1))));
    }

    double jitter_us_;
};

}  // namespace

const Kind& packet_jitter() {
    static const Kind kind{
        .name = "packet_jitter",
        .subject = Subject::stream,
        .summary =
            "packets arrive later by a random time, in their order, as behind the queue of a "
            "switch",
        .client = "Measures no time by the arrival of packets: the timestamp stands in the leader.",
        .keys = "`jitter_us` (1 to 1 000 000; required): the longest delay",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<PacketJitter>(node); }};
    return kind;
}

}  // namespace emulator::faults
