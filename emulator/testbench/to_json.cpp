#include "emulator/testbench/to_json.h"

#include "emulator/net/interface.h"
#include "lens_model/optics/focus.h"
#include "lens_model/optics/iris.h"
#include "lens_model/optics/zoom.h"

namespace emulator::testbench {
namespace {

using namespace acquisition;
using scenes::light::Point;

const char* name_of(TriggerSource source) {
    switch (source) {
        case TriggerSource::line1:
            return "line1";
        case TriggerSource::software:
            return "software";
        case TriggerSource::action0:
            return "action0";
        default:
            return "any";
    }
}

constexpr const char* kDropCauses[] = {"abandoned", "rendering_late", "sending_late", "unreachable",
                                       "channel_closed"};
static_assert(std::size(kDropCauses) == static_cast<std::size_t>(DropCause::count));

const char* name_of(LedColour colour) {
    constexpr const char* kNames[] = {"blue", "green", "yellow", "red"};
    return kNames[static_cast<std::size_t>(colour)];
}

const char* name_of(scenes::Visible visible) {
    constexpr const char* kNames[] = {"none", "part", "whole"};
    return kNames[static_cast<std::size_t>(visible)];
}

/// Adds the keys of an output to the signal.
struct Sayer {
    Json& say;
    void operator()(const LineEdge& edge) const {
        say["signal"] = "trigger_in";
        say["high"] = edge.high;
    }
    void operator()(const StrobeEdge& edge) const {
        say["signal"] = "strobe_out";
        say["high"] = edge.high;
    }
    void operator()(const TriggerConditioned& conditioned) const {
        say["signal"] = "trigger_conditioned";
        say["source"] = name_of(conditioned.source);
    }
    void operator()(const TriggerAccepted& accepted) const {
        say["signal"] = "trigger_accepted";
        say["source"] = name_of(accepted.source);
        say["trigger"] = accepted.trigger;
    }
    void operator()(const TriggerMissed& missed) const {
        say["signal"] = "trigger_missed";
        say["source"] = name_of(missed.source);
    }
    void operator()(const ExposureStart& start) const {
        frame("exposure_start", start.frame.number);
        say["trigger"] = start.frame.trigger;
        say["exposure_us"] = start.frame.shutter.exposure_us;
        say["gain_db"] = start.frame.shutter.gain_db;
        say["index_in_set"] = start.frame.shutter.index_in_set;
    }
    void operator()(const ExposureEnd& end) const { frame("exposure_end", end.frame.number); }
    void operator()(const ReadoutEnd& end) const { frame("readout_end", end.frame.number); }
    void operator()(const FrameSubmitted& submitted) const { frame("frame_submitted", submitted.number); }
    void operator()(const FrameDropped& dropped) const {
        frame("frame_dropped", dropped.number);
        say["cause"] = kDropCauses[static_cast<std::size_t>(dropped.cause)];
    }
    void operator()(const Output& output) const { std::visit(*this, output.what); }
    void operator()(const LensMove& move) const {
        say["signal"] = move.begins ? "lens_move_begin" : "lens_move_end";
        say["part"] = kLensParts[move.part];
    }
    void operator()(const TransferEdge& edge) const {
        frame(edge.begins ? "transfer_begin" : "transfer_end", edge.frame);
    }

  private:
    void frame(const char* name, std::uint64_t number) const {
        say["signal"] = name;
        say["frame"] = number;
    }
};

Json to_json(Point point) { return {point.x, point.y}; }

/// From coordinates of the item (u right, v down, and away from its front) to those of the camera.
Json rotation_to_json(const scenes::Pose& pose) {
    const auto plane = scenes::plane_at(pose);
    const auto &u = plane.u, &v = plane.v;
    const scenes::Vec3 w{u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x};
    return Json::array({{u.x, v.x, w.x}, {u.y, v.y, w.y}, {u.z, v.z, w.z}});
}

Json endpoint(std::uint32_t ip, std::uint16_t port) { return net::dotted(ip) + ":" + std::to_string(port); }

std::string mac_text(std::uint64_t mac) {
    constexpr char kDigits[] = "0123456789abcdef";
    std::string text;
    for (int shift = 44; shift >= 0; shift -= 4) {
        text += kDigits[mac >> shift & 0xF];
        if (shift % 8 == 0 && shift > 0) text += ':';
    }
    return text;
}

}  // namespace

std::string_view name_of(DropCause cause) { return kDropCauses[static_cast<std::size_t>(cause)]; }

Json to_json(const BlockRecord& block) {
    const auto& sent = block.sent;
    Json say{{"frame", block.frame},
             {"block_id", block.block_id},
             {"trigger", block.trigger},
             {"time_ns", block.ticks},
             {"packets", sent.packets},
             {"resend_requests", sent.resend_requests},
             {"packets_resent", sent.packets_resent},
             {"packets_refused", sent.packets_refused},
             {"dropped", block.dropped ? Json(name_of(*block.dropped)) : Json()}};
    if (sent.packets > 0) {
        say["first_ns"] = block.first.ticks;
        say["first_host_ns"] = block.first.unix_ns;
        say["last_ns"] = block.last.ticks;
        say["last_host_ns"] = block.last.unix_ns;
    }
    if (!block.fault.empty()) say["fault"] = block.fault;
    return say;
}

Json to_json(scenes::Vec3 vector) { return {vector.x, vector.y, vector.z}; }

Json to_json(const Signal& signal) {
    Json say{{"number", signal.number}, {"time_ns", signal.ticks}};
    if (signal.block_id != 0) say["block_id"] = signal.block_id;
    std::visit(Sayer{say}, signal.what);
    return say;
}

Json to_json(const SignalLog::Excerpt& excerpt) {
    auto list = Json::array();
    for (const auto& signal : excerpt.signals) list.push_back(to_json(signal));
    return {{"signals", std::move(list)}, {"next", excerpt.next}, {"lost", excerpt.lost}};
}

Json to_json(const Leds& leds) {
    return {{"rj45_green", leds.link},
            {"rj45_orange", leds.activity},
            {"status",
             {{"colour", name_of(leds.status.colour)},
              {"blinking", leds.status.blinking},
              {"flashes", leds.status.flashes},
              {"lit", leds.status.lit}}}};
}

Json to_json(const ImageFormat& image) {
    return {{"width", image.width},
            {"height", image.height},
            {"offset_x", image.offset_x},
            {"offset_y", image.offset_y},
            {"decimation_x", image.decimation_x},
            {"decimation_y", image.decimation_y},
            {"reverse_x", image.reverse_x},
            {"reverse_y", image.reverse_y}};
}

Json to_json(const FrameRecord& record) {
    const auto& frame = record.frame;
    return {{"number", frame.number},
            {"block_id", record.block_id},
            {"timestamp_ns", record.ticks},
            {"trigger", frame.trigger},
            {"exposure_us", frame.shutter.exposure_us},
            {"gain_db", frame.shutter.gain_db},
            {"index_in_set", frame.shutter.index_in_set}};
}

Json extrinsics_to_json(const scenes::Pose& camera, const scenes::light::View& view) {
    const auto origin = scenes::seen_from(camera, {});
    return {{"position_m", to_json(camera.position_m)},
            {"rotation_deg", to_json(camera.rotation_deg)},
            {"R", rotation_to_json(origin)},
            {"t", to_json(scenes::from_entrance_pupil(view, origin.position_m))}};
}

Json to_json(const scenes::TruthItem& item) {
    auto corners = Json::array();
    for (const auto& corner : item.corners_px) corners.push_back(to_json(corner));
    return {{"id", item.id},
            {"name", item.name},
            {"kind", item.kind},
            {"parent", item.parent},
            {"content", item.content},
            {"defects", item.defects},
            {"visible", name_of(item.visible)},
            {"corners_px", std::move(corners)},
            {"box_px", {item.box_px.left, item.box_px.top, item.box_px.right, item.box_px.bottom}},
            {"centre_px", to_json(item.centre_px)},
            {"velocity_px_s", to_json(item.velocity_px_s)},
            {"size_m", {item.width_m, item.height_m}},
            {"R", rotation_to_json(item.pose)},
            {"t", to_json(item.pose.position_m)},
            {"position_m", to_json(item.pose.position_m)},
            {"rotation_deg", to_json(item.pose.rotation_deg)},
            {"distance_m", item.distance_m},
            {"velocity_m_s", to_json(item.velocity_m_s)}};
}

Json to_json(const lens_model::Constants& constants, const lens_model::State& lens, bool moving) {
    return {{"zoom_steps", lens.zoom_steps},
            {"focus_counts", lens.focus_counts},
            {"iris_steps", lens.iris_steps},
            {"ir_cut_position", lens.ir_cut_position},
            {"focal_length_mm", lens_model::focal_length_mm(constants, lens)},
            {"entrance_pupil_m", lens_model::entrance_pupil_m(constants, lens.zoom_steps)},
            {"f_number", lens_model::f_number(constants, lens)},
            {"iris_closed", lens_model::iris_is_closed(constants, lens)},
            {"focused_distance_m", lens_model::focused_distance_m(constants, lens)},  // null: infinity
            {"moving", moving}};
}

Json lines_to_json(const Bench& bench) {
    const auto& camera = bench.camera();
    const auto& strobe = camera.settings.strobe;
    const bool in = camera.trigger_in(), out = camera.strobe_out();
    const bool active = strobe.enabled && out == (strobe.polarity == StrobePolarity::active_high);
    return {{"time_ns", camera.device.clock.ticks(bench.now())},
            {"trigger_in",
             {{"high", in}, {"gpin", gp_in(in) ? 1 : 0}, {"edges_to_come", bench.trigger_in().busy()}}},
            {"strobe_out",
             {{"high", out}, {"transistor_on", !out}, {"enabled", strobe.enabled}, {"pulse", active}}}};
}

Json identity_to_json(const Bench& bench) {
    const auto& device = bench.camera().device;
    return {{"model", device.identity.model},
            {"serial", device.identity.serial},
            {"user_name", device.non_volatile.user_name.c_str()},
            {"version", device.identity.version},
            {"mac", mac_text(device.identity.mac)},
            {"address", net::dotted(device.ip.ip)}};
}

Json state_to_json(const Bench& bench) {
    const auto& camera = bench.camera();
    const auto& device = camera.device;
    const auto& counts = bench.counts();
    const auto owner = device.control.owner();
    Json dropped_by;
    std::uint64_t dropped = 0;
    for (std::size_t cause = 0; cause < std::size(kDropCauses); ++cause) {
        dropped_by[kDropCauses[cause]] = counts.frames_dropped.at(cause);
        dropped += counts.frames_dropped.at(cause);
    }
    Json controller, destination;  // null: nobody
    if (device.control.taken()) controller = endpoint(owner.ip, owner.port);
    if (device.stream.open()) destination = endpoint(device.stream.destination_ip, device.stream.host_port);
    auto state = identity_to_json(bench);
    state.update(
        {{"scene", bench.scene().plan().now.file->name},
         {"time_ns", device.clock.ticks(bench.now())},
         {"uptime_s", protocol::seconds(bench.host_now())},
         {"controller", controller},
         {"stream", {{"to", destination}, {"active", camera.streaming()}, {"sending", bench.sending()}}},
         {"counts",
          {{"triggers_accepted", counts.triggers_accepted},
           {"triggers_missed", counts.triggers_missed},
           {"frames_exposed", counts.frames_exposed},
           {"frames_submitted", counts.frames_submitted},
           {"frames_dropped", dropped},
           {"frames_dropped_by", std::move(dropped_by)}}}});
    return state;
}

}  // namespace emulator::testbench
