#include <sys/resource.h>
#include <unistd.h>

#include <fstream>

#include "emulator/net/discovery.h"
#include "emulator/net/interface.h"
#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/to_json.h"

namespace emulator::testbench::routes {
namespace {

constexpr std::chrono::milliseconds kDiscoveryPatience{1000};

Answer alive(Call&) { return {.body = {{"status", "alive"}}}; }

Answer ready(Call& call) {
    const auto ip = call.on_camera([](Bench& bench) { return bench.camera().device.ip.ip; });
    if (!net::answers_discovery(ip, kDiscoveryPatience))
        throw Problem(kUnavailable, "", "The camera at " + net::dotted(ip) + " does not answer discovery.");
    return {.body = {{"status", "ready"}}};
}

/// Text format of Prometheus, version 0.0.4.
class Exposition {
  public:
    void family(std::string_view name, std::string_view type, std::string_view help) {
        name_ = name;
        text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " + std::string(type) +
                 "\n";
    }
    void sample(const std::string& labels, auto value, std::string_view suffix = "") {
        text_ += name_ + std::string(suffix) + (labels.empty() ? "" : "{" + labels + "}") + " " +
                 Json(value).dump() + "\n";
    }
    void single(std::string_view name, std::string_view type, std::string_view help, auto value) {
        family(name, type, help);
        sample("", value);
    }
    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    std::string name_, text_;
};

std::string label(std::string_view name, std::string_view value) {
    return std::string(name) + "=\"" + std::string(value) + "\"";
}

void add_frames(const Bench& bench, Exposition& out) {
    const auto& counts = bench.counts();
    out.single("gigemu_frames_exposed_total", "counter", "Exposures since power-up.", counts.frames_exposed);
    out.single("gigemu_frames_without_channel_total", "counter",
               "Exposures while no stream channel was open: they are not sent.",
               counts.frames_without_channel);
    out.single("gigemu_frames_submitted_total", "counter", "Images ready to be sent.",
               counts.frames_submitted);
    out.family("gigemu_frames_dropped_total", "counter", "Frames that were not sent whole, by cause.");
    for (std::size_t cause = 0; cause < counts.frames_dropped.size(); ++cause)
        out.sample(label("cause", name_of(static_cast<acquisition::DropCause>(cause))),
                   counts.frames_dropped.at(cause));
    out.family("gigemu_triggers_total", "counter", "Triggers that reached the sensor.");
    out.sample(label("result", "accepted"), counts.triggers_accepted);
    out.sample(label("result", "missed"), counts.triggers_missed);
}

void add_network(const Bench& bench, Exposition& out) {
    const auto counted = bench.engine().stream;
    const auto& stream = counted.transmitter;
    out.single("gigemu_gvsp_blocks_total", "counter", "Blocks of which all packets left this host.",
               counted.blocks);
    out.single("gigemu_gvsp_packets_total", "counter", "Packets of blocks, without those sent again.",
               stream.packets);
    out.single("gigemu_gvsp_resend_requests_total", "counter", "PACKETRESEND_CMD that reached the stream.",
               stream.resend_requests);
    out.single("gigemu_gvsp_packets_resent_total", "counter", "Packets sent again.", stream.packets_resent);
    out.single("gigemu_gvsp_packets_refused_total", "counter",
               "Packets that were asked for and are not available.", stream.packets_refused);
    out.single("gigemu_gvsp_packets_unsent_total", "counter", "Packets that this host did not send.",
               counted.packets_unsent);
    out.family("gigemu_gvcp_commands_total", "counter", "Datagrams of the control channel, by acknowledge.");
    for (const auto& [key, count] : bench.journal().commands())
        out.sample(label("command", key.first) + "," + label("status", key.second), count);
    out.single("gigemu_controller_changes_total", "counter", "Control taken, passed on or ended.",
               bench.camera().device.control.changes());
}

void add_ptp(Bench& bench, Exposition& out) {
    const auto& port = bench.camera().ptp().port();
    out.single("gigemu_ptp_state", "gauge", "portState of IEEE 1588, as PtpStatus.",
               static_cast<int>(port.state()));
    out.single("gigemu_ptp_offset_seconds", "gauge", "Offset from the master as last measured.",
               protocol::seconds(port.offset()));
}

void add_render_times(const net::Histogram& times, Exposition& out) {
    out.family("gigemu_render_seconds", "histogram",
               "Time to make a frame, of those that were not cancelled.");
    for (std::size_t i = 0; i < times.counts().size(); ++i)
        out.sample(label("le", Json(net::Histogram::kBounds[i]).dump()), times.counts()[i], "_bucket");
    out.sample(label("le", "+Inf"), times.count(), "_bucket");
    out.sample("", times.sum(), "_sum");
    out.sample("", times.count(), "_count");
}

void add_process(Exposition& out) {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
    };
    out.single("process_cpu_seconds_total", "counter", "CPU time of the process.",
               seconds(used.ru_utime) + seconds(used.ru_stime));
    std::ifstream statm("/proc/self/statm");
    std::uint64_t size = 0, resident = 0;
    if (statm >> size >> resident)
        out.single("process_resident_memory_bytes", "gauge", "Resident memory of the process.",
                   resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)));
}

Answer metrics(Call& call) {
    Exposition out;
    call.on_camera([&](Bench& bench) {
        add_frames(bench, out);
        add_network(bench, out);
        add_ptp(bench, out);
        add_render_times(bench.engine().render_s, out);
    });
    add_process(out);
    return {.type = "text/plain; version=0.0.4", .bytes = out.take()};
}

constexpr std::string_view kStatus = R"({"type": "object", "required": ["status"], "properties": {
    "status": {"type": "string"}}})";

constexpr Route kHealthRows[] = {
    {.method = "GET",
     .path = "/livez",
     .summary = "The process serves",
     .answer = kStatus,
     .open = true,
     .act = alive},
    {.method = "GET",
     .path = "/readyz",
     .summary = "The camera answers discovery on the wire, else 503",
     .answer = kStatus,
     .open = true,
     .act = ready},
    {.method = "GET",
     .path = "/metrics",
     .summary = "Counters of frames, packets, commands and of the process, for Prometheus",
     .serves = "text/plain; version=0.0.4",
     .open = true,
     .act = metrics},
};

}  // namespace

std::span<const Route> health() { return kHealthRows; }

}  // namespace emulator::testbench::routes
