#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "scenes/geometry/motion.h"
#include "scenes/light/spectrum.h"
#include "scenes/targets/charts.h"
#include "scenes/targets/codes.h"
#include "scenes/targets/picture.h"
#include "scenes/targets/plate.h"
#include "scenes/targets/text.h"

namespace scenes {

using Target = std::variant<targets::Uniform, targets::Disc, targets::ColourChart, targets::SlantedEdge,
                            targets::SiemensStar, targets::GreySteps, targets::DotGrid, targets::Checkerboard,
                            targets::Modules, targets::Text, targets::Plate, targets::Picture>;

/// Scene item: a flat object with its pattern, materials, and motion in the world.
struct Item : Motion {
    std::string name, kind;  // the kind as scene files say it
    double width_m = 0, height_m = 0;
    Target target;
    std::vector<light::Spectrum>
        materials;  // reflectances, 0 .. 1; for a picture: of pure red, green and blue
    std::optional<light::Spectrum>
        emission;  // W/(sr m² nm): shines by itself when `lamp` does, and reflects nothing
    std::size_t lamp = 0;
    std::string content;               // what a code or a text says
    std::string parent;                // the name of the item that it is fixed to
    std::vector<std::string> defects;  // what is wrong with a part
};

}  // namespace scenes
