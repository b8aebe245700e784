#include <algorithm>
#include <numbers>

#include "scenes/light/materials.h"
#include "scenes/load/loading.h"

namespace scenes {
namespace {

constexpr Bounds kSize_m{1e-5, 1000, "m"};

void read_size(const Node& node, Item& item, double width_m, double height_m) {
    item.width_m = width_m, item.height_m = height_m;
    if (!node.has("size_m")) return;
    const auto size = node.numbers("size_m", 2, 2, kSize_m);
    item.width_m = size[0], item.height_m = size[1];
}

void read_two_tone(const Node& node, Item& item) {
    item.materials = {read_reflectance(node, "light", 0.85), read_reflectance(node, "dark", 0.04)};
}

void read_uniform(const Node& node, Item& item) {
    read_size(node, item, 1, 1);
    item.materials = {read_reflectance(node, "reflectance", 0.18)};
    item.target = targets::Uniform{};
}

void read_colour_chart(const Node& node, Item& item) {
    read_size(node, item, 0.2794, 0.2159);
    for (int patch = 0; patch < 24; ++patch) item.materials.push_back(light::colour_checker(patch));
    item.materials.push_back(read_reflectance(node, "frame", 0.045));
    item.target = targets::ColourChart{item.width_m, item.height_m};
}

void read_slanted_edge(const Node& node, Item& item) {
    read_size(node, item, 0.2, 0.2);
    item.materials = {read_reflectance(node, "dark", 0.1), read_reflectance(node, "light", 0.4)};
    item.target = targets::SlantedEdge(node.number_or("angle_deg", {-360, 360, "deg"}, 5));
}

void read_siemens_star(const Node& node, Item& item) {
    const double diameter = node.number_or("diameter_m", kSize_m, 0.2);
    read_size(node, item, 1.1 * diameter, 1.1 * diameter);
    read_two_tone(node, item);
    const double hub = node.number_or("hub_share", {0, 0.9}, 0.02);
    item.target =
        targets::SiemensStar(node.whole_or("cycles", {2, 1000}, 36), 0.5 * diameter, 0.5 * hub * diameter);
}

void read_grey_steps(const Node& node, Item& item) {
    read_size(node, item, 0.3, 0.15);
    std::vector<double> steps{0.02, 0.04, 0.08, 0.12, 0.18, 0.26, 0.36, 0.48, 0.62, 0.78, 0.9};
    if (node.has("reflectances")) steps = node.numbers("reflectances", 2, 64, {0, 1});
    for (const double step : steps) item.materials.push_back(light::constant(step));
    item.target = targets::GreySteps{static_cast<int>(steps.size()), item.width_m};
}

void read_dot_grid(const Node& node, Item& item) {
    const targets::DotGrid grid{node.whole_or("columns", {1, 1000}, 17), node.whole_or("rows", {1, 1000}, 13),
                                node.number_or("pitch_m", kSize_m, 0.02),
                                node.number_or("diameter_m", kSize_m, 0.01)};
    if (grid.diameter_m > grid.pitch_m) node.unfit("diameter_m", "A number not above pitch_m");
    read_size(node, item, grid.columns * grid.pitch_m, grid.rows * grid.pitch_m);
    read_two_tone(node, item);
    item.target = grid;
}

void read_checkerboard(const Node& node, Item& item) {
    const targets::Checkerboard board{node.whole_or("columns", {1, 1000}, 10),
                                      node.whole_or("rows", {1, 1000}, 7),
                                      node.number_or("square_m", kSize_m, 0.03)};
    read_size(node, item, (board.columns + 2) * board.square_m, (board.rows + 2) * board.square_m);
    read_two_tone(node, item);
    item.target = board;
}

void read_text(const Node& node, Item& item) {
    item.content = node.text("text");
    const bool printable = std::all_of(item.content.begin(), item.content.end(), targets::has_glyph);
    if (item.content.empty() || !printable)
        node.unfit("text", "A text of " + std::string(targets::kPrintable));
    const targets::Text text{item.content, node.number_or("height_m", kSize_m, 0.02)};
    item.width_m = targets::text_size_m(text).x, item.height_m = text.height_m;
    item.materials = {read_reflectance(node, "reflectance", 0.04)};
    item.target = text;
}

void read_code(const Node& node, Item& item) {
    const auto kind = item.kind == "qr" ? targets::CodeKind::qr : targets::CodeKind::data_matrix;
    item.content = node.text("text");
    item.width_m = item.height_m = node.number_or("width_m", kSize_m, 0.05);
    const auto code = targets::encode(kind, item.content, item.width_m);
    if (!code)
        node.unfit("text", "A text that fits into such a code (not empty, about 1000 letters at most)");
    read_two_tone(node, item);
    item.target = *code;
}

void read_point_light(const Node& node, Item& item, const LampShapes& lamps) {
    item.width_m = item.height_m = node.number_or("diameter_m", kSize_m, 0.002);
    item.lamp = static_cast<std::size_t>(
        node.whole_or("lamp", {0, static_cast<double>(lamps.shapes.size()) - 1, {}, true}, 0));
    const double luminance = node.number("luminance_cd_m2", {0, 1e10, "cd/m2"});
    item.emission = light::normalised_to_lux(lamps.shapes[item.lamp], luminance);
    item.target = targets::Disc{0.5 * item.width_m};
}

void read_picture_item(const Node& node, Item& item, Pictures& pictures) {
    targets::Picture picture = read_picture(node, pictures);
    item.width_m = picture.width_m, item.height_m = picture.height_m();
    const double white = node.number_or("white_reflectance", {0.01, 1}, 0.9);
    for (const light::Spectrum& primary : light::srgb_basis()) item.materials.push_back(white * primary);
    item.target = std::move(picture);
}

struct Kind {
    std::string_view name;
    void (*read)(const Node&, Item&);
};

constexpr std::string_view kPicture = "picture", kPointLight = "point_light";

constexpr Kind kKinds[] = {
    {"uniform", read_uniform},
    {"colour_chart", read_colour_chart},
    {"slanted_edge", read_slanted_edge},
    {"siemens_star", read_siemens_star},
    {"grey_steps", read_grey_steps},
    {"dot_grid", read_dot_grid},
    {"checkerboard", read_checkerboard},
    {"text", read_text},
    {"qr", read_code},
    {"data_matrix", read_code},
};

void read_kind(const Node& node, Item& item, const LampShapes& lamps, Pictures& pictures) {
    if (item.kind == kPointLight) return read_point_light(node, item, lamps);
    if (item.kind == kPicture) return read_picture_item(node, item, pictures);
    for (const Kind& kind : kKinds)
        if (kind.name == item.kind) return kind.read(node, item);
}

}  // namespace

Kinds item_kinds() {
    Kinds kinds{.key = "kind", .names = {}};
    for (const Kind& kind : kKinds) kinds.names.push_back(kind.name);
    kinds.names.insert(kinds.names.end(), {kPicture, kPointLight});
    return kinds;
}

std::vector<std::string> kinds() {
    const auto of_items = item_kinds().names;
    std::vector<std::string> all(of_items.begin(), of_items.end());
    all.emplace_back(kPartKind);
    return all;
}

Item read_item(const Node& node, const LampShapes& lamps, Pictures& pictures) {
    Item item;
    item.kind = node.choice("kind", item_kinds().names);
    item.name = node.text_or("name", item.kind);
    read_kind(node, item, lamps, pictures);
    static_cast<Motion&>(item) = read_motion(node, {0, 0, 1});
    node.done();
    return item;
}

Conveyor read_conveyor(const Node& node) {
    Conveyor c;
    c.distance_m = node.number_or("distance_m", {0.01, 100, "m"}, c.distance_m);
    if (node.has("centre_m")) {
        const auto centre = node.numbers("centre_m", 2, 2, {-100, 100, "m"});
        c.centre_x_m = centre[0], c.centre_y_m = centre[1];
    }
    c.speed_m_s = node.number_or("speed_m_s", {0, 100, "m/s"}, c.speed_m_s);
    c.heading_deg = node.number_or("heading_deg", {-360, 360, "deg"}, c.heading_deg);
    c.pitch_m = node.number_or("pitch_m", {0.001, 10, "m"}, c.pitch_m);
    c.length_m = node.number_or("length_m", {0.01, 100, "m"}, c.length_m);
    if (node.has("part_size_m")) {
        const auto size = node.numbers("part_size_m", 2, 2, {0.001, 10, "m"});
        c.part_width_m = size[0], c.part_height_m = size[1];
    }
    c.sway_m = node.number_or("sway_m", {0, 1, "m"}, c.sway_m);
    c.turn_deg = node.number_or("turn_deg", {0, 180, "deg"}, c.turn_deg);
    c.serial_prefix = node.text_or("serial_prefix", c.serial_prefix);
    if (!std::all_of(c.serial_prefix.begin(), c.serial_prefix.end(), targets::has_glyph))
        node.unfit("serial_prefix", "A text of " + std::string(targets::kPrintable));
    c.first_serial = node.whole_or("first_serial", {0, 1e9}, c.first_serial);
    c.scratch_share = node.number_or("scratch_share", {0, 1}, c.scratch_share);
    c.missing_hole_share = node.number_or("missing_hole_share", {0, 1}, c.missing_hole_share);
    c.wrong_colour_share = node.number_or("wrong_colour_share", {0, 1}, c.wrong_colour_share);
    node.done();
    return c;
}

}  // namespace scenes
