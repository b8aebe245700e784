#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class LinkSpeed final : public Fault {
  public:
    explicit LinkSpeed(const scenes::Node& node)
        : mbps_(node.choice("mbps", {"10", "100"}, "100") == "10" ? 10 : 100),
          streams_(node.flag_or("streams", true)) {}

  private:
    void disturb(Disturbance& disturbance) const override {
        disturbance.link_mbps = mbps_;
        disturbance.stream_silent |= !streams_;
    }
    void begin(Camera&) override { count_hit(); }

    std::uint32_t mbps_;
    bool streams_;
};

}  // namespace

const Kind& link_speed() {
    static const Kind kind{
        .name = "link_speed",
        .subject = Subject::link,
        .summary = "the link comes up at 10 or 100 Mbit/s; the green LED of the connector is off",
        .client =
            "Expects fewer frames a second, or warns of the cable: the family is specified for "
            "1000 Mbit/s alone.",
        .keys =
            "`mbps` (10, 100; default 100); `streams` (default true): false as the vendor reports "
            "it, no image leaves at less than 1000 Mbit/s",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<LinkSpeed>(node); }};
    return kind;
}

}  // namespace emulator::faults
