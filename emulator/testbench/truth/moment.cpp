#include "emulator/testbench/truth/moment.h"

#include <algorithm>

#include "emulator/testbench/ground_truth.h"
#include "emulator/testbench/truth/camera_matrix.h"

namespace emulator::testbench {
namespace {

Json matrix_to_json(const CameraMatrix& k) {
    return Json::array({{k.fx, 0, k.cx}, {0, k.fy, k.cy}, {0, 0, 1}});
}

}  // namespace

Moment moment_of(const Bench& bench, const FrameRecord& record) {
    const auto& profile = bench.camera().profile;
    // Motion follows the camera's clock, so the time is that of the stamp.
    const auto from = scene_time(protocol::timestamp(record.ticks)),
               to = from + (record.frame.end - record.frame.start);
    return {.world = record.world,
            .constants = profile.lens,
            .lens = record.lens,
            .lens_moved = record.lens_moved,
            .image = record.image,
            .time = middle_of_light(*record.world, profile, record.lens, from, to, record.strobe_high),
            .frame = record};
}

Moment moment_at(const Bench& bench, protocol::Timestamp time) {
    const auto& camera = bench.camera();
    const auto at = camera.device.clock.oscillator_at(time);
    return {.world = camera.world_at(at),
            .constants = camera.profile.lens,
            .lens = camera.lens().state(at, camera.housing_c()),
            .lens_moved = camera.lens().moving(at),
            .image = camera.settings.image,
            .time = scene_time(time),
            .frame = {}};
}

Json to_json(const Moment& moment) {
    const auto view = moment.view();
    const auto matrix = camera_matrix(view, moment.image);
    auto items = Json::array();
    const auto truth = ground_truth(scenes::snapshot(*moment.world, view, moment.time), view, moment.image);
    for (const auto& item : truth.items) items.push_back(to_json(item));
    Json body{{"time_ns", moment.time.count()},
              {"image", to_json(moment.image)},
              {"lens", to_json(moment.constants, moment.lens, moment.lens_moved)},
              {"K", matrix_to_json(matrix)},
              {"dist", matrix.distortion},
              {"camera", extrinsics_to_json(truth.camera, view)},
              {"items", std::move(items)}};
    if (moment.frame) body["frame"] = to_json(*moment.frame);
    return body;
}

std::vector<Moment> last_frames(const Bench& bench, std::size_t count) {
    std::vector<Moment> last;
    const auto& frames = bench.frames();
    for (auto record = frames.rbegin(); record != frames.rend() && last.size() < count; ++record)
        if (record->exposed) last.push_back(moment_of(bench, *record));
    std::reverse(last.begin(), last.end());
    return last;
}

TruthExcerpt truth_since(const Bench& bench, std::uint64_t number, std::size_t limit) {
    const auto& frames = bench.frames();
    const auto first = std::partition_point(frames.begin(), frames.end(), [&](const FrameRecord& record) {
        return record.frame.number < number;
    });
    TruthExcerpt excerpt{.moments = {}, .next = number};
    if (!frames.empty() && frames.front().frame.number > number)
        excerpt.lost = frames.front().frame.number - number;
    for (auto record = first; record != frames.end() && excerpt.moments.size() < limit; ++record) {
        if (!record->exposed) continue;
        excerpt.moments.push_back(moment_of(bench, *record));
        excerpt.next = record->frame.number + 1;
    }
    return excerpt;
}

}  // namespace emulator::testbench
