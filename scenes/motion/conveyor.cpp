#include "scenes/motion/conveyor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "scenes/light/materials.h"
#include "scenes/light/progress.h"
#include "scenes/light/random.h"

namespace scenes {
namespace {

enum Purpose : std::uint64_t {
    kSway,
    kTurn,
    kColour,
    kScratch,
    kScratchFrom,
    kScratchTo,
    kHole,
    kWhichHole,
    kWrong
};

double draw(std::uint64_t seed, std::int64_t part, std::uint64_t purpose) {
    return light::share(light::hash(seed, static_cast<std::uint64_t>(part), purpose));
}

Point heading(const Conveyor& c) {
    const double angle = c.heading_deg * std::numbers::pi / 180;
    return {std::cos(angle), std::sin(angle)};
}

/// Travel of the belt: whole pitches, each of which brings the next part to the centre, and the rest.
light::Progress belt_travel(const Conveyor& c, std::chrono::nanoseconds time) {
    return light::progress(c.speed_m_s, time, c.pitch_m);
}

/// Four near the corners, in reading order.
std::vector<targets::Plate::Hole> holes(const Conveyor& c) {
    const double inset = 0.13 * c.part_height_m, radius = 0.06 * c.part_height_m;
    const double x = 0.5 * c.part_width_m - inset, y = 0.5 * c.part_height_m - inset;
    return {{{-x, -y}, radius}, {{x, -y}, radius}, {{-x, y}, radius}, {{x, y}, radius}};
}

Item plate(const Conveyor& c, std::uint64_t seed, std::int64_t part) {
    Item item;
    item.kind = kPartKind;
    item.name = "part " + std::to_string(part);
    item.width_m = c.part_width_m, item.height_m = c.part_height_m;
    targets::Plate plate{c.part_width_m, c.part_height_m, 0.08 * c.part_height_m, holes(c), {}};

    const std::array<std::array<double, 3>, 4> good{
        {{.72, .74, .76}, {.58, .70, .82}, {.80, .76, .58}, {.62, .78, .64}}};
    auto colour = good[light::hash(seed, static_cast<std::uint64_t>(part), kColour) % good.size()];
    if (draw(seed, part, kWrong) < c.wrong_colour_share) {
        colour = {.78, .24, .20};
        item.defects.emplace_back("wrong_colour");
    }
    if (draw(seed, part, kHole) < c.missing_hole_share) {
        plate.holes.erase(plate.holes.begin() +
                          static_cast<std::ptrdiff_t>(4 * draw(seed, part, kWhichHole)));
        item.defects.emplace_back("missing_hole");
    }
    if (draw(seed, part, kScratch) < c.scratch_share) {
        // Between the codes, where no label hides it.
        const double x = 0.03 * c.part_width_m, from = draw(seed, part, kScratchFrom),
                     to = draw(seed, part, kScratchTo);
        plate.scratches.push_back({{(from - 0.5) * 2 * x, -0.42 * c.part_height_m},
                                   {(to - 0.5) * 2 * x, (0.24 * from - 0.1) * c.part_height_m},
                                   0.008 * c.part_height_m});
        item.defects.emplace_back("scratch");
    }
    item.materials = {light::reflectance_from_srgb(colour), light::constant(0.12)};
    item.target = std::move(plate);
    return item;
}

Item label(const Item& part, std::string kind, std::string content) {
    Item item;
    item.name = part.name + " " + kind;
    item.kind = std::move(kind);
    item.content = std::move(content);
    item.parent = part.name;
    item.materials = {light::constant(0.82), light::constant(0.04)};
    return item;
}

Item code(const Item& part, targets::CodeKind kind, const std::string& content, double width_m) {
    Item item = label(part, kind == targets::CodeKind::qr ? "qr" : "data_matrix", content);
    item.width_m = item.height_m = width_m;
    if (auto modules = targets::encode(kind, content, width_m))
        item.target = std::move(*modules);
    else
        item.target = targets::Uniform{};
    return item;
}

Item text(const Item& part, const std::string& content, double height_m) {
    Item item = label(part, "text", content);
    targets::Text line{content, height_m};
    item.width_m = targets::text_size_m(line).x, item.height_m = height_m;
    item.materials = {light::constant(0.04)};
    item.target = std::move(line);
    return item;
}

}  // namespace

PartRange parts_on(const Conveyor& c, std::chrono::nanoseconds time) {
    const auto travel = belt_travel(c, time);
    const double half = 0.5 * c.length_m;
    return {travel.steps + static_cast<std::int64_t>(std::ceil((travel.rest - half) / c.pitch_m)),
            travel.steps + static_cast<std::int64_t>(std::floor((travel.rest + half) / c.pitch_m))};
}

Pose part_pose(const Conveyor& c, std::uint64_t seed, std::int64_t part, std::chrono::nanoseconds time) {
    const auto travel = belt_travel(c, time);
    const double along = travel.rest + static_cast<double>(travel.steps - part) * c.pitch_m;
    const double aside = c.sway_m * (2 * draw(seed, part, kSway) - 1);
    const double turn = c.turn_deg * (2 * draw(seed, part, kTurn) - 1);
    const Point way = heading(c);
    return {{c.centre_x_m + along * way.x - aside * way.y, c.centre_y_m + along * way.y + aside * way.x,
             c.distance_m},
            {0, 0, turn}};
}

Vec3 belt_velocity_m_s(const Conveyor& c) {
    const Point way = heading(c);
    return {c.speed_m_s * way.x, c.speed_m_s * way.y, 0};
}

std::vector<Item> part_items(const Conveyor& c, std::uint64_t seed, std::int64_t part, const Pose& at) {
    const std::string serial = c.serial_prefix + std::to_string(c.first_serial + part);
    const double w = c.part_width_m, h = c.part_height_m;
    std::vector<Item> items{plate(c, seed, part)};
    items[0].pose = at;
    items[0].content = serial;
    const auto add = [&](Item item, Point offset_m) {
        item.pose = pose_within(at, offset_m);
        items.push_back(std::move(item));
    };
    const double glyph = std::min(0.12 * h, 0.4 * w / (0.85 * static_cast<double>(serial.size())));
    add(code(items[0], targets::CodeKind::qr, "gigemu:" + serial, 0.62 * h), {-0.25 * w, 0});
    add(code(items[0], targets::CodeKind::data_matrix, serial, 0.38 * h), {0.2 * w, -0.13 * h});
    add(text(items[0], serial, glyph), {0.16 * w, 0.26 * h});
    return items;
}

}  // namespace scenes
