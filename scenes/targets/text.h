#pragma once

#include <string>
#include <string_view>

#include "scenes/targets/target.h"

namespace scenes::targets {

/// One line of capitals and digits in a stroke font (material 0) on nothing, centred.
struct Text {
    std::string line;
    double height_m = 0;  // of a capital
    [[nodiscard]] Place at(Point) const;
};

/// Width and height of the ink's box.
[[nodiscard]] Point text_size_m(const Text&);

/// Whether the font has the character; lower case is drawn as capitals.
[[nodiscard]] bool has_glyph(char letter);

inline constexpr std::string_view kPrintable = "A to Z, 0 to 9, space and - . : / + _";

}  // namespace scenes::targets
