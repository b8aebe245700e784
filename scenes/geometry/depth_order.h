#pragma once

#include <span>
#include <vector>

#include "scenes/geometry/geometry.h"

namespace scenes {

/// A flat thing in the frame of the camera.
struct Facet {
    Pose pose;
    double width_m = 0, height_m = 0;
};

/// Its distance from the front of the lens, by which it is blurred: that of its centre, or where that is
/// behind the lens the mean of its corners in front of it. Nothing if all of it is behind.
[[nodiscard]] std::optional<double> distance_of(const Facet&);

/// The order in which facets are drawn, as indices. One lies in front of another if it lies on the camera's
/// side of the other's plane, and in one plane later ones lie on top. Of facets whose planes cross the one
/// whose centre is farther comes first.
[[nodiscard]] std::vector<int> far_to_near(const light::View&, std::span<const Facet>);

}  // namespace scenes
