#include "emulator/testbench/vcd.h"

#include <string_view>
#include <utility>

namespace emulator::testbench {
namespace {

using namespace acquisition;

/// A variable: its identifier code is its place in the table.
struct Variable {
    std::string_view type;
    int bits;
    std::string_view name;
    std::uint64_t (*value)(const LineLevels&);  // nothing for an event
    bool (*happens)(const Signal&) = nullptr;
};

template <class What>
bool is(const Signal& signal) {
    const auto* output = std::get_if<Output>(&signal.what);
    return output != nullptr && std::holds_alternative<What>(output->what);
}

template <LensMove::Part part>
std::uint64_t moves(const LineLevels& levels) {
    return levels.lens_moves.at(part) ? 1 : 0;
}

constexpr Variable kVariables[] = {
    {"wire", 1, "trigger_in", [](const LineLevels& l) -> std::uint64_t { return l.trigger_in ? 1 : 0; }},
    {"event", 1, "trigger_conditioned", nullptr, is<TriggerConditioned>},
    {"event", 1, "trigger_accepted", nullptr, is<TriggerAccepted>},
    {"event", 1, "trigger_missed", nullptr, is<TriggerMissed>},
    {"wire", 1, "exposure", [](const LineLevels& l) -> std::uint64_t { return l.exposed ? 1 : 0; }},
    {"wire", 1, "readout", [](const LineLevels& l) -> std::uint64_t { return l.read ? 1 : 0; }},
    {"wire", 1, "transfer", [](const LineLevels& l) -> std::uint64_t { return l.transfer ? 1 : 0; }},
    {"event", 1, "frame_dropped", nullptr, is<FrameDropped>},
    {"wire", 1, "strobe_out", [](const LineLevels& l) -> std::uint64_t { return l.strobe_out ? 1 : 0; }},
    {"wire", 1, "zoom", moves<LensMove::zoom>},
    {"wire", 1, "focus", moves<LensMove::focus>},
    {"wire", 1, "iris", moves<LensMove::iris>},
    {"wire", 1, "ir_cut", moves<LensMove::ir_cut>},
    {"reg", 64, "frame", [](const LineLevels& l) { return l.frame; }},
    {"reg", 64, "block_id", [](const LineLevels& l) { return l.block_id; }},
};

char code_of(const Variable& variable) { return static_cast<char>('!' + (&variable - kVariables)); }

std::string change(const Variable& variable, std::uint64_t value) {
    const std::string code(1, code_of(variable));
    if (variable.bits == 1) return (value != 0 ? "1" : "0") + code + "\n";
    std::string binary;
    for (auto rest = value; rest != 0; rest >>= 1) binary.insert(binary.begin(), (rest & 1) != 0 ? '1' : '0');
    return "b" + (binary.empty() ? "0" : binary) + " " + code + "\n";
}

std::string header() {
    std::string text = "$comment Times are those of the camera's clock. $end\n$timescale 1 ns $end\n";
    text += "$scope module camera $end\n";
    for (const auto& variable : kVariables)
        text += "$var " + std::string(variable.type) + " " + std::to_string(variable.bits) + " " +
                code_of(variable) + " " + std::string(variable.name) + " $end\n";
    return text + "$upscope $end\n$enddefinitions $end\n";
}

/// Times that never go back.
class Times {
  public:
    explicit Times(std::uint64_t begin) : text_("#" + std::to_string(begin) + "\n"), last_(begin) {}

    /// The line of a new time, and nothing for the same one.
    std::string line(std::uint64_t ticks) {
        std::string line = std::exchange(text_, {});
        const auto at = ticks + added_;
        if (at < last_) {
            added_ += last_ - at;
            line += "$comment The clock was set back: from here on " + std::to_string(added_) +
                    " ns are added. $end\n";
        } else if (at > last_) {
            line += "#" + std::to_string(at) + "\n";
        }
        last_ = ticks + added_;
        return line;
    }

  private:
    std::string text_;
    std::uint64_t last_, added_ = 0;
};

}  // namespace

std::string vcd(const SignalLog::Recording& recording, std::uint64_t end_ticks) {
    auto levels = recording.before;
    const auto first = recording.signals.empty() ? end_ticks : recording.signals.front().ticks;
    const auto begin = first > 0 ? first - 1 : 0;
    Times times(begin);
    auto text = header() + times.line(begin) + "$dumpvars\n";
    for (const auto& variable : kVariables)
        if (variable.value != nullptr) text += change(variable, variable.value(levels));
    text += "$end\n";
    for (const auto& signal : recording.signals) {
        const auto before = levels;
        levels.apply(signal);
        std::string changes;
        for (const auto& variable : kVariables) {
            if (variable.value == nullptr) {
                if (variable.happens(signal)) changes += change(variable, 1);
            } else if (variable.value(before) != variable.value(levels)) {
                changes += change(variable, variable.value(levels));
            }
        }
        if (!changes.empty()) text += times.line(signal.ticks) + changes;
    }
    return text + times.line(end_ticks);
}

}  // namespace emulator::testbench
