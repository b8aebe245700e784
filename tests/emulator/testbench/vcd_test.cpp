#include "emulator/testbench/vcd.h"

#include <doctest/doctest.h>

#include <map>
#include <set>
#include <sstream>

#include "tests/emulator/testbench/testbench_camera.h"

using namespace emulator;
using namespace emulator::testbench;
using namespace testbench_camera;

namespace {

/// A change of a variable by its name; an event has the value 1.
struct Change {
    std::uint64_t at = 0;
    std::string name;
    std::uint64_t value = 0;
    bool operator==(const Change&) const = default;
};

struct Dump {
    std::map<std::string, std::uint64_t> initial;
    std::uint64_t begin = 0, end = 0;
    std::vector<Change> changes;
    std::string comments;  // among the changes

    [[nodiscard]] std::vector<std::uint64_t> times(const std::string& name, std::uint64_t value) const {
        std::vector<std::uint64_t> found;
        for (const auto& change : changes)
            if (change.name == name && change.value == value) found.push_back(change.at);
        return found;
    }
};

/// Reads a dump by the syntax of IEEE 1364-2005, 18.2, and by its rules: declarations before values, one
/// scope open for each variable, every code declared, times that grow, initial values of all but events, no
/// value that is none.
class Reader {
  public:
    explicit Reader(const std::string& text) : in_(text) {}

    Dump read() {
        while (declaration()) {
        }
        REQUIRE(dump_.comments.empty());
        for (std::string token; in_ >> token;) command(token);
        REQUIRE(began_);
        REQUIRE(dumped_);
        return dump_;
    }

  private:
    struct Variable {
        std::string type, name;
        std::size_t bits = 1;
    };

    std::string token() {
        std::string token;
        REQUIRE(bool(in_ >> token));
        return token;
    }
    std::string to_end() {
        std::string all;
        for (auto word = token(); word != "$end"; word = token()) all += word + " ";
        return all;
    }
    bool declaration() {
        const auto key = token();
        if (key == "$comment" || key == "$version" || key == "$date") {
            to_end();
        } else if (key == "$timescale") {
            REQUIRE(to_end() == "1 ns ");
        } else if (key == "$scope") {
            REQUIRE(token() == "module");
            token();
            REQUIRE(token() == "$end");
            ++scopes_;
        } else if (key == "$upscope") {
            REQUIRE(token() == "$end");
            --scopes_;
        } else if (key == "$var") {
            Variable variable;
            variable.type = token();
            static const std::set<std::string> kTypes{"event", "integer", "reg", "wire"};
            REQUIRE(kTypes.contains(variable.type));
            variable.bits = std::stoul(token());
            const auto code = token();
            for (const char c : code) REQUIRE((c >= '!' && c <= '~'));
            variable.name = token();
            REQUIRE(token() == "$end");
            REQUIRE(scopes_ > 0);
            REQUIRE(variables_.emplace(code, variable).second);
        } else {
            REQUIRE(key == "$enddefinitions");
            REQUIRE(token() == "$end");
            REQUIRE(scopes_ == 0);
            return false;
        }
        return true;
    }
    void command(const std::string& token) {
        if (token[0] == '#') {
            const auto at = std::stoull(token.substr(1));
            REQUIRE((!began_ || at > dump_.end));
            if (!began_) dump_.begin = at;
            began_ = true;
            dump_.end = at;
        } else if (token == "$comment") {
            dump_.comments += to_end();
        } else if (token == "$dumpvars") {
            REQUIRE((began_ && !dumped_));
            dumping_ = true;
        } else if (token == "$end") {
            REQUIRE(dumping_);
            dumping_ = false, dumped_ = true;
            for (const auto& [code, variable] : variables_)
                REQUIRE(dump_.initial.contains(variable.name) == (variable.type != "event"));
        } else if (token[0] == 'b') {
            value(this->token(), token.substr(1));
        } else {
            value(token.substr(1), token.substr(0, 1));
        }
    }
    void value(const std::string& code, const std::string& bits) {
        REQUIRE(began_);
        REQUIRE(variables_.contains(code));
        const auto& variable = variables_[code];
        REQUIRE((!bits.empty() && bits.size() <= variable.bits));
        REQUIRE(bits.find_first_not_of("01") == std::string::npos);
        REQUIRE((bits == "0" || bits[0] == '1'));
        const auto number = std::stoull(bits, nullptr, 2);
        if (dumping_) {
            REQUIRE(dump_.initial.emplace(variable.name, number).second);
            latest_[variable.name] = number;
            return;
        }
        REQUIRE(dumped_);
        if (variable.type == "event")
            REQUIRE(number == 1);
        else
            REQUIRE(std::exchange(latest_[variable.name], number) != number);
        dump_.changes.push_back({dump_.end, variable.name, number});
    }

    std::istringstream in_;
    std::map<std::string, Variable> variables_;
    std::map<std::string, std::uint64_t> latest_;
    Dump dump_;
    int scopes_ = 0;
    bool began_ = false, dumping_ = false, dumped_ = false;
};

Dump recorded(const TestbenchCamera& all, std::uint64_t since = 0) {
    const auto end = all.camera.camera.device.clock.ticks(all.bench.now());
    return Reader(vcd(all.bench.signals().record_since(since), end)).read();
}

Signal edge(std::uint64_t ticks, bool high) {
    return {.ticks = ticks, .what = acquisition::Output{{}, acquisition::LineEdge{high}}};
}

using Ticks = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("a dump shows a triggered frame from its edge to its last packet, with the motors beside it") {
    TestbenchCamera all;
    CHECK(all.client.set("TriggerDelay", 500) == 0);
    CHECK(all.client.set("StrobeEnable", 1) == 0);
    all.arm();
    const auto since = all.bench.signals().next();
    const auto begin = all.camera.camera.device.clock.ticks(all.bench.now()) + 1'000'000;
    all.tell("POST", "/lines/trigger_in/pulse",
             R"({"width_us": 100, "at_ns": )" + std::to_string(begin) + "}");
    CHECK(all.client.set("Zoom", 40) == 0);
    all.camera.run_for(2s);
    const auto dump = recorded(all, since);

    CHECK(dump.times("trigger_in", 1) == Ticks{begin});
    CHECK(dump.times("trigger_in", 0) == Ticks{begin + 100'000});
    CHECK(dump.times("trigger_conditioned", 1) == Ticks{begin + 500'000});
    CHECK(dump.times("trigger_accepted", 1) == dump.times("trigger_conditioned", 1));
    CHECK(dump.times("exposure", 1) == Ticks{begin + 500'000});
    const auto exposed = dump.times("exposure", 0), strobe = dump.times("strobe_out", 1);
    CHECK(strobe == exposed);
    CHECK(dump.times("readout", 1) == exposed);
    const auto read = dump.times("readout", 0), sent = dump.times("transfer", 1),
               done = dump.times("transfer", 0);
    REQUIRE((read.size() == 1 && sent.size() == 1 && done.size() == 1));
    CHECK(read[0] > exposed[0]);
    CHECK(sent[0] > exposed[0]);
    CHECK(done[0] > sent[0]);
    CHECK(dump.times("zoom", 1).size() == 1);
    CHECK(dump.times("zoom", 0).size() == 1);
    CHECK(dump.times("frame_dropped", 1).empty());
    CHECK(dump.initial.at("strobe_out") == 1);
    CHECK(dump.end == all.camera.camera.device.clock.ticks(all.bench.now()));
}

TEST_CASE("a bouncing contact is many edges and one conditioned trigger") {
    TestbenchCamera all;
    CHECK(all.client.set("TriggerDenoise", 2000) == 0);
    all.arm();
    all.tell("POST", "/lines/trigger_in/train",
             R"({"period_us": 60000, "width_us": 20000, "count": 1, "bounce": {"times": 3, "us": 1500}})");
    all.camera.run_for(200ms);
    const auto dump = recorded(all);
    CHECK(dump.times("trigger_in", 1).size() == 7);
    CHECK(dump.times("trigger_conditioned", 1).size() == 1);
    CHECK(all.signals("trigger_conditioned").size() == 1);
}

TEST_CASE("a dump that begins later has the levels of then, wherever it begins") {
    TestbenchCamera all;
    CHECK(all.client.set("StrobeEnable", 1) == 0);
    all.client.start();
    CHECK(all.client.set("Zoom", 300) == 0);
    all.camera.run_for(300ms);
    const auto whole = recorded(all);
    auto levels = whole.initial;
    const auto& signals = all.bench.signals();
    REQUIRE(signals.next() > 20);
    std::size_t done = 0;
    for (std::uint64_t since = 0; since <= signals.next(); ++since) {
        const auto recording = signals.record_since(since);
        const auto later =
            Reader(vcd(recording, all.camera.camera.device.clock.ticks(all.bench.now()))).read();
        // What is left out here is what the whole has before.
        for (; done + later.changes.size() < whole.changes.size(); ++done)
            if (levels.contains(whole.changes[done].name))
                levels[whole.changes[done].name] = whole.changes[done].value;
        CHECK(later.initial == levels);
        const auto rest = whole.changes.begin() + static_cast<std::ptrdiff_t>(done);
        CHECK(std::vector<Change>(rest, whole.changes.end()) == later.changes);
    }
}

TEST_CASE("initial levels are right after the log has lost its beginning") {
    SignalLog log({.trigger_in = false, .strobe_out = true});
    log.add({.what = LensMove{.part = LensMove::focus, .begins = true}});
    for (std::uint64_t i = 0; i < SignalLog::kKept + 1; ++i) log.add(edge(10 * i, i % 2 == 0));
    const auto dump = Reader(vcd(log.record_since(0), 1'000'000)).read();
    CHECK(dump.initial.at("focus") == 1);
    CHECK(dump.initial.at("strobe_out") == 1);
    CHECK(dump.initial.at("trigger_in") == 1);
    CHECK(dump.changes.size() == SignalLog::kKept);
    CHECK(dump.begin == 9);
}

TEST_CASE("times go on when the clock is set back, and a comment says so") {
    SignalLog log;
    for (const std::uint64_t ticks : {1000, 2000, 500, 700}) log.add(edge(ticks, log.next() % 2 == 0));
    const auto dump = Reader(vcd(log.record_since(0), 800)).read();
    CHECK(dump.times("trigger_in", 1) == Ticks{1000, 2000});
    CHECK(dump.times("trigger_in", 0) == Ticks{2000, 2200});
    CHECK(dump.end == 2300);
    CHECK(dump.comments.find("1500 ns") != std::string::npos);
    const auto nothing = Reader(vcd(SignalLog{}.record_since(5), 42)).read();
    CHECK(nothing.changes.empty());
    CHECK(nothing.end == 42);
}

TEST_CASE("a frame that is broken off ends in the dump as it does on the wire") {
    TestbenchCamera all;
    CHECK(all.client.set("ExposureTime", 50'000) == 0);
    all.client.start();
    all.camera.run_for(20ms);
    CHECK(recorded(all).times("exposure", 1).size() == 1);
    all.client.stop();
    all.client.start();
    const auto dump = recorded(all);
    CHECK(dump.times("exposure", 0).size() == 1);
    CHECK(dump.times("frame_dropped", 1) == dump.times("exposure", 0));
}
