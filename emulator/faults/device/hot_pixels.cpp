#include "emulator/camera/camera.h"
#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

class HotPixels final : public Fault {
  public:
    explicit HotPixels(const scenes::Node& node)
        : per_s_(node.number_or("per_s", {0.001, 1e6, "1/s"}, 10)),
          most_(node.whole_or("most", {1, 100'000}, 5000)) {}

  private:
    void disturb(Disturbance& disturbance) const override {
        disturbance.hot_pixels = {.since = since_, .per_s = per_s_, .most = most_};
    }
    void begin(Camera& camera) override {
        since_ = camera.now();
        count_hit();
    }

    double per_s_;
    int most_;
    Time since_{};
};

}  // namespace

const Kind& hot_pixels() {
    static const Kind kind{
        .name = "hot_pixels",
        .subject = Subject::device,
        .summary = "more and more pixels are hot, the same ones for the same seed of the camera",
        .client = "Corrects them from dark frames, or reports a sensor that ages.",
        .keys = "`per_s` (0.001 to 1e6, default 10); `most` (1 to 100 000, default 5000)",
        .make = [](const scenes::Node& node) -> FaultPtr { return std::make_shared<HotPixels>(node); }};
    return kind;
}

}  // namespace emulator::faults
