#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class OverTemperature final : public Fault {
  public:
    explicit OverTemperature(const scenes::Node& node)
        : housing_c_(node.number_or("housing_c", {-40, 125, "deg C"}, 80)) {}

  private:
    void disturb(Disturbance& disturbance) const override { disturbance.over_temperature_c = housing_c_; }
    void begin(Camera&) override { count_hit(); }

    double housing_c_;
};

}  // namespace

const Kind& over_temperature() {
    static const Kind kind{
        .name = "over_temperature",
        .subject = Subject::device,
        .summary =
            "the housing is too warm: DeviceTemperature says so, dark current doubles and "
            "doubles, and the status LED flashes red three times (assumed)",
        .client = "Reads DeviceTemperature now and then, and warns.",
        .keys = "`housing_c` (-40 to 125, default 80)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<OverTemperature>(node); }};
    return kind;
}

}  // namespace emulator::faults
