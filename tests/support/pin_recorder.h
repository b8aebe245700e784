#pragma once

#include <vector>

#include "emulator/camera/observer.h"
#include "tests/support/virtual_camera.h"

namespace support {

/// Records exposures, STROBE_OUT and lost frames, and drives TRIGGER_IN.
class PinRecorder final : public emulator::Observer {
  public:
    using Edge = std::pair<Time, bool>;
    using Edges = std::vector<Edge>;

    explicit PinRecorder(VirtualCamera& network) : network_(network) { network.camera.watch(*this); }

    /// TRIGGER_IN will have this level.
    void line(bool high, Time at) {
        network_.scheduler.at(at, [this, high] { network_.camera.set_trigger_in(high); });
    }
    void pulse(Time at, Time width = std::chrono::microseconds(10)) {
        line(true, at);
        line(false, at + width);
    }
    [[nodiscard]] std::vector<Time> starts() const {
        std::vector<Time> times;
        for (const auto& frame : frames) times.push_back(frame.start);
        return times;
    }
    void forget() {
        frames.clear();
        missed.clear();
        dropped.clear();
        strobe.clear();
    }

    std::vector<emulator::acquisition::Frame> frames;  // whose exposure began
    std::vector<Time> missed;                          // triggers
    std::vector<emulator::acquisition::FrameDropped> dropped;
    Edges strobe;  // of STROBE_OUT

  private:
    void on_output(const emulator::acquisition::Output& output, std::uint64_t) override {
        using namespace emulator::acquisition;
        if (const auto* start = std::get_if<ExposureStart>(&output.what)) frames.push_back(start->frame);
        if (std::holds_alternative<TriggerMissed>(output.what)) missed.push_back(output.at);
        if (const auto* lost = std::get_if<FrameDropped>(&output.what)) dropped.push_back(*lost);
        if (const auto* edge = std::get_if<StrobeEdge>(&output.what))
            strobe.emplace_back(output.at, edge->high);
    }

    VirtualCamera& network_;
};

}  // namespace support
