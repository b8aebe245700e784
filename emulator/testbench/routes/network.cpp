#include "emulator/net/interface.h"
#include "emulator/testbench/bench.h"
#include "emulator/testbench/routes/table.h"
#include "emulator/testbench/to_json.h"

namespace emulator::testbench::routes {
namespace {

constexpr const char* kPtpStates[] = {"",           "initializing", "faulty",  "disabled",     "listening",
                                      "pre_master", "master",       "passive", "uncalibrated", "slave"};

Json endpoint(protocol::Endpoint at) { return net::dotted(at.ip) + ":" + std::to_string(at.port); }

double ms(Time time) { return protocol::seconds(time) * 1e3; }

Json control_to_json(const Bench& bench) {
    const auto& device = bench.camera().device;
    Json controller, heard_ms, left_ms;
    if (device.control.taken()) {
        const auto heard = bench.host_now() - device.control.last_heard();
        controller = endpoint(device.control.owner());
        heard_ms = ms(heard);
        if (!device.heartbeat_disabled) left_ms = device.heartbeat_ms - ms(heard);
    }
    return {{"controller", controller},
            {"privilege", device.control.privilege()},
            {"heartbeat_ms", device.heartbeat_disabled ? Json() : Json(device.heartbeat_ms)},
            {"heard_ms", heard_ms},
            {"left_ms", left_ms}};
}

Json stream_to_json(const Bench& bench) {
    const auto& camera = bench.camera();
    const auto& stream = camera.device.stream;
    const auto sent = bench.engine().stream.transmitter;
    Json to;
    if (stream.open()) to = endpoint(stream.destination());
    return {{"to", to},
            {"active", camera.streaming()},
            {"sending", bench.sending()},
            {"packet_size_bytes", stream.packet_size_bytes},
            {"packet_delay_ticks", stream.delay_ticks},
            {"extended_ids", stream.extended_ids},
            {"packets", sent.packets},
            {"resend_requests", sent.resend_requests},
            {"packets_resent", sent.packets_resent},
            {"packets_refused", sent.packets_refused}};
}

Json ptp_to_json(Bench& bench) {
    const auto& port = bench.camera().ptp().port();
    char grandmaster[17];
    std::snprintf(grandmaster, sizeof grandmaster, "%016llx",
                  static_cast<unsigned long long>(port.grandmaster()));
    const bool follows = port.follows();
    return {{"state", kPtpStates[static_cast<std::size_t>(bench.camera().device.ptp_state)]},
            {"grandmaster", grandmaster},
            {"offset_ns", follows ? Json(port.offset().count()) : Json()},
            {"path_delay_ns", follows ? Json(port.path_delay().count()) : Json()},
            {"rate_ppb", port.rate_ppb()}};
}

Answer get_network(Call& call) {
    return {.body = call.on_camera([](Bench& bench) -> Json {
        const auto& camera = bench.camera();
        const auto& message = camera.device.message;
        Json messages;
        if (message.open()) messages = endpoint({.ip = message.destination_ip, .port = message.host_port});
        return {{"time_ns", bench.ticks(bench.now())},
                {"link",
                 {{"speed_mbps", camera.disturbance().cable_out ? 0 : camera.device.link_speed_mbps},
                  {"cable_out", camera.disturbance().cable_out},
                  {"powered", !camera.disturbance().off}}},
                {"control", control_to_json(bench)},
                {"stream", stream_to_json(bench)},
                {"messages_to", messages},
                {"ptp", ptp_to_json(bench)}};
    })};
}

Json part_to_json(const char* name, double position, std::int64_t target, Time done, Time now) {
    return {{"part", name},
            {"position", position},
            {"target", target},
            {"left_s", std::max(0.0, protocol::seconds(done - now))}};
}

Answer get_lens(Call& call) {
    return {.body = call.on_camera([](Bench& bench) {
        const auto& camera = bench.camera();
        const auto& drive = camera.lens();
        const auto now = bench.now();
        const auto state = drive.state(now, camera.housing_c());
        const auto& target = camera.settings.lens;
        auto body = to_json(camera.profile.lens, state, drive.moving(now));
        body["time_ns"] = bench.ticks(now);
        body["housing_c"] = camera.housing_c();
        body["motors"] = {part_to_json("zoom", state.zoom_steps, target.zoom, drive.zoom_done(), now),
                          part_to_json("focus", state.focus_counts, target.focus, drive.focus_done(), now),
                          part_to_json("iris", state.iris_steps, target.iris, drive.iris_done(), now)};
        return body;
    })};
}

constexpr Route kNetworkRows[] = {
    {.method = "GET",
     .path = "/api/v1/camera/lens",
     .summary = "The lens now: its optics, and where its motors are on their way",
     .answer = R"({"allOf": [{"$ref": "#/components/schemas/Lens"}, {"type": "object",
         "required": ["time_ns", "housing_c", "motors"], "properties": {
         "time_ns": {"$ref": "#/components/schemas/Ns"},
         "housing_c": {"type": "number", "description": "temperature of the housing, in degrees C"},
         "motors": {"type": "array", "items": {"type": "object", "required": ["part", "position", "target", "left_s"],
             "properties": {"part": {"type": "string", "enum": ["zoom", "focus", "iris"]},
             "position": {"type": "number", "description": "in steps, as the features have them"},
             "target": {"type": "integer"},
             "left_s": {"type": "number", "description": "until it arrives, in camera time"}}}}}}]})",
     .act = get_lens},
    {.method = "GET",
     .path = "/api/v1/camera/network",
     .summary = "Link, control and its heartbeat, channels, packets of the stream, and PTP",
     .answer =
         R"({"type": "object", "required": ["time_ns", "link", "control", "stream", "messages_to", "ptp"],
             "properties": {
         "time_ns": {"$ref": "#/components/schemas/Ns"},
         "link": {"type": "object", "required": ["speed_mbps", "cable_out", "powered"], "properties": {
             "speed_mbps": {"type": "integer", "description": "0: no link"}, "cable_out": {"type": "boolean"},
             "powered": {"type": "boolean"}}},
         "control": {"type": "object", "required": ["controller", "privilege", "heartbeat_ms", "heard_ms", "left_ms"],
             "properties": {"controller": {"type": ["string", "null"],
             "description": "address and port; null: nobody"},
             "privilege": {"type": "integer", "description": "as GevCCP"},
             "heartbeat_ms": {"type": ["integer", "null"], "description": "null: switched off"},
             "heard_ms": {"type": ["number", "null"], "description": "since its last command"},
             "left_ms": {"type": ["number", "null"], "description": "until control ends without another command"}}},
         "stream": {"type": "object", "required": ["to", "active", "sending", "packet_size_bytes",
             "packet_delay_ticks",
             "extended_ids", "packets", "resend_requests", "packets_resent", "packets_refused"], "properties": {
             "to": {"type": ["string", "null"]}, "active": {"type": "boolean"}, "sending": {"type": "boolean"},
             "packet_size_bytes": {"type": "integer", "description": "of the IP packet"},
             "packet_delay_ticks": {"type": "integer", "description": "GevSCPD"},
             "extended_ids": {"type": "boolean"}, "packets": {"type": "integer", "description": "since power-up"},
             "resend_requests": {"type": "integer"}, "packets_resent": {"type": "integer"},
             "packets_refused": {"type": "integer"}}},
         "messages_to": {"type": ["string", "null"], "description": "of the message channel"},
         "ptp": {"type": "object", "required": ["state", "grandmaster", "offset_ns", "path_delay_ns", "rate_ppb"],
             "properties": {"state": {"type": "string", "description": "portState of IEEE 1588"},
             "grandmaster": {"type": "string", "description": "its clock identity"},
             "offset_ns": {"type": ["integer", "null"], "description": "from the master, as last measured"},
             "path_delay_ns": {"type": ["integer", "null"]}, "rate_ppb": {"type": "number"}}}}})",
     .act = get_network},
};

}  // namespace

std::span<const Route> network() { return kNetworkRows; }

}  // namespace emulator::testbench::routes
