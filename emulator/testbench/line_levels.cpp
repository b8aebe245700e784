#include "emulator/testbench/line_levels.h"

namespace emulator::testbench {
namespace {

using namespace acquisition;

struct Applier {
    LineLevels& levels;
    void operator()(const LineEdge& edge) const { levels.trigger_in = edge.high; }
    void operator()(const StrobeEdge& edge) const { levels.strobe_out = edge.high; }
    void operator()(const ExposureStart& start) const { levels.exposed = levels.frame = start.frame.number; }
    void operator()(const ExposureEnd& end) const {
        levels.exposed.reset();
        levels.read = end.frame.number;
    }
    void operator()(const ReadoutEnd&) const { levels.read.reset(); }
    // An exposure or a readout that is broken off ends with its frame.
    void operator()(const FrameDropped& dropped) const {
        if (levels.exposed == dropped.number) levels.exposed.reset();
        if (levels.read == dropped.number && dropped.cause == DropCause::abandoned) levels.read.reset();
    }
    void operator()(const Output& output) const { std::visit(*this, output.what); }
    void operator()(const LensMove& move) const { levels.lens_moves.at(move.part) = move.begins; }
    void operator()(const TransferEdge& edge) const { levels.transfer = edge.begins; }
    void operator()(const auto&) const {}  // without a duration
};

}  // namespace

void LineLevels::apply(const Signal& signal) {
    std::visit(Applier{*this}, signal.what);
    const auto* output = std::get_if<Output>(&signal.what);
    if (output != nullptr && std::holds_alternative<ExposureStart>(output->what)) block_id = signal.block_id;
}

}  // namespace emulator::testbench
