#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenes/targets/target.h"

namespace scenes::targets {

/// A grid of dark squares (material 1) on light ground (material 0), as matrix codes are printed.
struct Modules {
    int columns = 0, rows = 0;
    double module_m = 0;
    std::vector<std::uint8_t> dark;  // in rows, 1 for dark

    [[nodiscard]] bool is_dark(int column, int row) const;  // false outside of the grid: the quiet zone
    [[nodiscard]] Place at(Point) const;
    [[nodiscard]] Edge edge(Point) const;
};

enum class CodeKind { qr, data_matrix };

/// Light modules that the standards want around a code: ISO/IEC 18004 §5.3.8, ISO/IEC 16022 §4.2.
[[nodiscard]] constexpr int quiet_modules(CodeKind kind) { return kind == CodeKind::qr ? 4 : 1; }

/// The code of a text, quiet zone included in the width; nothing if the text does not fit into such a code.
[[nodiscard]] std::optional<Modules> encode(CodeKind, const std::string& text, double width_m);

}  // namespace scenes::targets
