#pragma once

#include <array>
#include <string>
#include <vector>

#include "scenes/geometry/outline.h"
#include "scenes/motion/snapshot.h"
#include "scenes/world.h"

namespace scenes {

enum class Visible { none, part, whole };

/// Ground truth of one item: a target, a part, or a code on a part.
struct TruthItem {
    int id = 0;  // its index in the snapshot
    std::string name, kind;
    std::string parent;   // of what is fixed to another item
    std::string content;  // the text of a code or print, the serial number of a part
    std::vector<std::string> defects;

    Visible visible = Visible::none;  // of its rectangle, in the frame; nothing is said about what hides it
    std::array<light::Point, 4>
        corners_px;  // of the green image after distortion: upper left as drawn, then clockwise
    Box box_px;      // holds all that is drawn; may reach beyond the frame
    light::Point centre_px;
    light::Point velocity_px_s;  // of the centre

    double width_m = 0, height_m = 0;
    Pose pose;              // in the frame of the entrance pupil, which is that of a pinhole camera
    double distance_m = 0;  // along the optical axis, from the entrance pupil to the centre
    Vec3 velocity_m_s;
};

struct Truth {
    Time time{};
    Pose camera;                   // the front of the lens in the world
    std::vector<TruthItem> items;  // still ones and moving ones in the order of the file, then parts
};

/// Ground truth of all items at a time, visible or not; items behind the camera and parts far from the frame
/// are left out.
[[nodiscard]] Truth truth(const Snapshot&, const light::View&);
[[nodiscard]] Truth truth(const World&, const light::View&, Time);

}  // namespace scenes
