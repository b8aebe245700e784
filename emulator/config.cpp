#include "emulator/config.h"

#include <fstream>

#include "emulator/acquisition/send_queue.h"
#include "emulator/faults/faults.h"
#include "scenes/json/json_reader.h"
#include "sensor_model/chip_keys.h"

namespace emulator {
namespace {

using scenes::Node;

constexpr double kMaxSeed = 9'007'199'254'740'991;  // the largest whole number that JSON carries
/// Below the transmitter's own limit, so that even a late sender drops no block.
constexpr int kMaxFramesWaiting = 16;
static_assert(kMaxFramesWaiting <= acquisition::SendQueue::kMost);
constexpr double kMaxOffset_ns = 4e18;  // in 2096

void apply_link(const Node& node, Link& link) {
    link.speed_mbps = static_cast<std::int64_t>(
        node.number_or("speed_mbps", {10, 100'000, "Mbit/s"}, static_cast<double>(link.speed_mbps)));
    link.gso = node.choice("gso", {"auto", "on", "off"}, link.gso);
    link.frames_waiting = node.whole_or("frames_waiting", {1, kMaxFramesWaiting}, link.frames_waiting);
    node.done();
}

void apply_faults(const Node& node, Profile& profile) {
    for (const auto& order : node.objects("faults", faults::order_kinds())) (void)faults::read_order(order);
    if (node.is_recording()) return;
    if (const auto* orders = node.value("faults"); orders != nullptr) {
        if (orders->size() > faults::Faults::kMost)
            node.wrong("faults", "at most " + std::to_string(faults::Faults::kMost) + " are possible");
        for (const auto& order : *orders) profile.faults.push_back(order.dump());
    }
}

void apply_oscillator(const Node& node, sim::OscillatorSettings& oscillator) {
    oscillator.offset = sim::Time(static_cast<std::int64_t>(node.number_or(
        "offset_ns", {0, kMaxOffset_ns, "ns"}, static_cast<double>(oscillator.offset.count()))));
    oscillator.drift_ppm = node.number_or("drift_ppm", {-1000, 1000, "ppm"}, oscillator.drift_ppm);
    oscillator.wander_ppb = node.number_or("wander_ppb", {0, 10'000, "ppb"}, oscillator.wander_ppb);
    oscillator.seed = static_cast<std::int64_t>(
        node.number_or("seed", {0, kMaxSeed}, static_cast<double>(oscillator.seed)));
    node.done();
}

void apply_chip(const Node& node, sensor_model::Chip& chip) {
    for (const auto& row : sensor_model::kChipKeys) {
        chip.*row.member =
            node.number_or(std::string(row.key), {row.min, row.max, row.unit}, chip.*row.member);
    }
    node.done();
    if (const auto wrong = sensor_model::contradiction(chip)) node.wrong("", *wrong);
}

void apply_lens(const Node& node, lens_model::Constants& lens) {
    for (const auto& row : lens_model::constants()) {
        lens.*row.member =
            node.number_or(std::string(row.key), {row.min, row.max, row.unit}, lens.*row.member);
    }
    node.done();
}

std::string text_of(NodeTypes types) { return types == NodeTypes::field ? "field" : "manual"; }

std::string text_of(const nlohmann::json& value) {
    return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

void read_profile(const Node& node, Profile& profile) {
    profile.serial = node.text_or("serial", profile.serial, "^[0-9]{8}$", "a text of eight digits");
    profile.user_name = node.text_or("user_name", profile.user_name, 15);
    profile.firmware = node.text_or("firmware", profile.firmware, 31);
    const auto node_types = node.choice("node_types", {"manual", "field"}, text_of(profile.node_types));
    profile.node_types = node_types == "field" ? NodeTypes::field : NodeTypes::manual;
    const auto form =
        node.choice("description_file", {"zip", "xml"}, profile.zips_description ? "zip" : "xml");
    profile.zips_description = form == "zip";
    profile.seed =
        static_cast<std::int64_t>(node.number_or("seed", {0, kMaxSeed}, static_cast<double>(profile.seed)));
    profile.scene = node.text_or("scene", profile.scene);
    profile.housing_c = node.number_or("housing_c", {-40, 85, "deg C"}, profile.housing_c);
    profile.row_time_follows_rate = node.flag_or("row_time_follows_rate", profile.row_time_follows_rate);
    profile.frame_number = node.flag_or("frame_number", profile.frame_number);
    if (node.has("link")) apply_link(node.object("link"), profile.link);
    if (node.has("oscillator")) apply_oscillator(node.object("oscillator"), profile.oscillator);
    if (node.has("chip")) apply_chip(node.object("chip"), profile.chip);
    if (node.has("lens")) apply_lens(node.object("lens"), profile.lens);
    apply_faults(node, profile);
    for (const auto& [name, value] : node.values("features", "an object of feature names and values"))
        profile.features.emplace_back(name, text_of(value));
    node.done();
}

void apply_config(const nlohmann::json& json, const std::string& file, Profile& profile) {
    read_profile(Node(json, file), profile);
}

nlohmann::json profile_schema() {
    scenes::ObjectSchema schema;
    Profile profile;
    read_profile(Node::recording(schema), profile);
    return schema.made();
}

nlohmann::json read_config(const std::filesystem::path& file) {
    std::ifstream in(file);
    if (!in) throw scenes::ConfigError(file.string(), "", "the file cannot be read");
    try {
        return nlohmann::json::parse(in, nullptr, true, true);
    } catch (const nlohmann::json::parse_error& error) {
        throw scenes::ConfigError(file.string(), "",
                                  "this is not JSON at byte " + std::to_string(error.byte));
    }
}

nlohmann::ordered_json to_json(const Profile& profile) {
    nlohmann::ordered_json json{{"serial", profile.serial},
                                {"user_name", profile.user_name},
                                {"firmware", profile.firmware},
                                {"node_types", text_of(profile.node_types)},
                                {"description_file", profile.zips_description ? "zip" : "xml"},
                                {"seed", profile.seed},
                                {"scene", profile.scene},
                                {"housing_c", profile.housing_c},
                                {"row_time_follows_rate", profile.row_time_follows_rate},
                                {"frame_number", profile.frame_number}};
    json["link"] = {{"speed_mbps", profile.link.speed_mbps},
                    {"gso", profile.link.gso},
                    {"frames_waiting", profile.link.frames_waiting}};
    json["oscillator"] = {{"offset_ns", profile.oscillator.offset.count()},
                          {"drift_ppm", profile.oscillator.drift_ppm},
                          {"wander_ppb", profile.oscillator.wander_ppb},
                          {"seed", profile.oscillator.seed}};
    json["features"] = nlohmann::ordered_json::object();
    for (const auto& [name, value] : profile.features) json["features"][name] = value;
    json["faults"] = nlohmann::ordered_json::array();
    for (const auto& fault : profile.faults) json["faults"].push_back(nlohmann::ordered_json::parse(fault));
    for (const auto& row : sensor_model::kChipKeys)
        json["chip"][std::string(row.key)] = profile.chip.*row.member;
    for (const auto& row : lens_model::constants())
        json["lens"][std::string(row.key)] = profile.lens.*row.member;
    return json;
}

}  // namespace emulator
