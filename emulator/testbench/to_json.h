#pragma once

#include "emulator/testbench/bench.h"
#include "emulator/testbench/http/route.h"
#include "scenes/truth.h"

namespace emulator::testbench {

// The forms that the answers of the routes have.
[[nodiscard]] std::string_view name_of(acquisition::DropCause);
[[nodiscard]] Json to_json(const Signal&);
[[nodiscard]] Json to_json(const SignalLog::Excerpt&);
[[nodiscard]] Json to_json(const Leds&);
[[nodiscard]] Json to_json(const ImageFormat&);
[[nodiscard]] Json to_json(const FrameRecord&);
[[nodiscard]] Json to_json(const BlockRecord&);
[[nodiscard]] Json to_json(scenes::Vec3);
[[nodiscard]] Json to_json(const scenes::TruthItem&);
/// Pose of the camera in the world, and what brings a place of the world into the frame of the entrance
/// pupil.
[[nodiscard]] Json extrinsics_to_json(const scenes::Pose& camera, const scenes::light::View&);
[[nodiscard]] Json to_json(const lens_model::Constants&, const lens_model::State&, bool moving);
[[nodiscard]] Json lines_to_json(const Bench&);
[[nodiscard]] Json identity_to_json(const Bench&);
[[nodiscard]] Json state_to_json(const Bench&);

}  // namespace emulator::testbench
