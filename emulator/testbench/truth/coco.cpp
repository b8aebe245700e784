#include "emulator/testbench/truth/coco.h"

#include <algorithm>

#include "emulator/acquisition/frame_timing.h"
#include "emulator/testbench/ground_truth.h"

namespace emulator::testbench {
namespace {

using scenes::TruthItem;

/// Instance images of one moment after the other; what depends on the lens alone is kept between them.
class InstanceImages {
  public:
    InstanceImage of(const Moment& moment, const scenes::Snapshot& snapshot) {
        if (!centres_ || !(moment.constants == constants_) || !(moment.lens == lens_) ||
            sensor_part(moment.image) != part_) {
            constants_ = moment.constants, lens_ = moment.lens, part_ = sensor_part(moment.image);
            centres_ = scenes::pixel_centres(moment.view(), part_);
        }
        return instance_image(snapshot, *centres_, moment.image);
    }

  private:
    lens_model::Constants constants_;
    lens_model::State lens_;
    scenes::light::Rect part_;
    std::optional<scenes::TangentMap> centres_;
};

/// An item of a moment with its mask.
struct Masked {
    TruthItem item;
    CocoRle mask;
    double visible = 0;
};

/// The items of which a pixel is visible.
std::vector<Masked> masked(const Moment& moment, InstanceImages& images) {
    const auto view = moment.view();
    const auto snapshot = scenes::snapshot(*moment.world, view, moment.time);
    const auto image = images.of(moment, snapshot);
    auto all = masks(image, snapshot);
    std::vector<Masked> found;
    for (auto& item : ground_truth(snapshot, view, moment.image).items) {
        const auto id = static_cast<std::size_t>(item.id);
        if (all[id].counts.size() > 1)
            found.push_back({std::move(item), std::move(all[id]), image.visible[id]});
    }
    return found;
}

/// Ids of categories are the same for all data sets, and so they count all kinds.
int category_of(const std::string& kind) {
    const auto all = scenes::kinds();
    return static_cast<int>(std::find(all.begin(), all.end(), kind) - all.begin()) + 1;
}

Json categories() {
    auto list = Json::array();
    for (const auto& kind : scenes::kinds())
        list.push_back({{"id", category_of(kind)}, {"name", kind}, {"supercategory", "item"}});
    return list;
}

Json image_to_json(const Moment& moment) {
    const auto& record = *moment.frame;
    const auto r = acquisition::region(moment.image);
    return {{"id", record.frame.number},   {"width", read_width(r)},
            {"height", read_height(r)},    {"file_name", std::to_string(record.frame.number) + ".png"},
            {"block_id", record.block_id}, {"timestamp_ns", record.ticks}};
}

Json annotation_to_json(const Masked& one, std::uint64_t id, std::uint64_t image) {
    const auto& mask = one.mask;
    return {{"id", id},
            {"image_id", image},
            {"category_id", category_of(one.item.kind)},
            {"segmentation", {{"size", {mask.height, mask.width}}, {"counts", mask.packed()}}},
            {"area", mask.area_px()},
            {"bbox", mask.box()},
            {"iscrowd", 0},
            {"attributes",
             {{"name", one.item.name},
              {"parent", one.item.parent},
              {"content", one.item.content},
              {"defects", one.item.defects},
              {"visible", one.visible},
              {"truncated", one.item.visible != scenes::Visible::whole}}}};
}

void append(std::string& list, const Json& entry) {
    if (!list.empty()) list += ",\n";
    list += entry.dump();
}

}  // namespace

InstanceImage instance_image(const Moment& moment) {
    return InstanceImages().of(moment, scenes::snapshot(*moment.world, moment.view(), moment.time));
}

Json masks_to_json(const Moment& moment) {
    InstanceImages images;
    auto list = Json::array();
    for (const auto& one : masked(moment, images))
        list.push_back(
            {{"id", one.item.id},
             {"name", one.item.name},
             {"kind", one.item.kind},
             {"bbox", one.mask.box()},
             {"area", one.mask.area_px()},
             {"visible", one.visible},
             {"segmentation", {{"size", {one.mask.height, one.mask.width}}, {"counts", one.mask.counts}}},
             {"packed", one.mask.packed()}});
    const auto r = acquisition::region(moment.image);
    Json body{{"time_ns", moment.time.count()}, {"width", read_width(r)}, {"height", read_height(r)}};
    if (moment.frame) body["frame"] = to_json(*moment.frame);
    body["instances"] = std::move(list);
    return body;
}

std::string coco_data_set(std::span<const Moment> frames) {
    InstanceImages instance_images;
    std::string images, annotations;
    std::uint64_t count = 0;
    for (const auto& moment : frames) {
        append(images, image_to_json(moment));
        for (const auto& one : masked(moment, instance_images))
            append(annotations, annotation_to_json(one, ++count, moment.frame->frame.number));
    }
    const Json info{{"description", "gigemu ground truth"}, {"version", "1"}};
    return "{\"info\": " + info.dump() + ",\n\"licenses\": [],\n\"images\": [" + images +
           "],\n\"annotations\": [" + annotations + "],\n\"categories\": " + categories().dump() + "}\n";
}

}  // namespace emulator::testbench
