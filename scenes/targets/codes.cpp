#include "scenes/targets/codes.h"

#include <zint.h>

#include <algorithm>
#include <memory>

namespace scenes::targets {

bool Modules::is_dark(int column, int row) const {
    if (column < 0 || row < 0 || column >= columns || row >= rows) return false;
    return dark[static_cast<std::size_t>(row) * columns + column] != 0;
}

Place Modules::at(Point p) const {
    const double x = p.x / module_m + 0.5 * columns, y = p.y / module_m + 0.5 * rows;
    const int i = static_cast<int>(std::clamp(x + 2, 0.0, columns + 3.0)) - 2;
    const int j = static_cast<int>(std::clamp(y + 2, 0.0, rows + 3.0)) - 2;
    const bool here = is_dark(i, j);
    const double dx = x - i, dy = y - j;
    // All within one module around this one may differ; what lies beyond is at least one module away.
    const double to_x[] = {dx, 1 - dx}, to_y[] = {dy, 1 - dy};
    double clear = 1 + std::max(0.0, std::min({to_x[0], to_x[1], to_y[0], to_y[1]}));
    bool beside[2], above[2];
    for (int side = 0; side < 2; ++side) {
        beside[side] = is_dark(i + 2 * side - 1, j) != here,
        above[side] = is_dark(i, j + 2 * side - 1) != here;
        if (beside[side]) clear = std::min(clear, to_x[side]);
        if (above[side]) clear = std::min(clear, to_y[side]);
    }
    for (int b = 0; b < 2; ++b)
        for (int a = 0; a < 2; ++a)
            if (!beside[a] && !above[b] && is_dark(i + 2 * a - 1, j + 2 * b - 1) != here)
                clear = std::min(clear, length_m(to_x[a], to_y[b]));
    return {here ? 1 : 0, clear * module_m};
}

std::optional<Modules> encode(CodeKind kind, const std::string& text, double width_m) {
    const std::unique_ptr<zint_symbol, decltype(&ZBarcode_Delete)> symbol(ZBarcode_Create(), ZBarcode_Delete);
    if (!symbol || text.empty()) return std::nullopt;
    symbol->symbology = kind == CodeKind::qr ? BARCODE_QRCODE : BARCODE_DATAMATRIX;
    symbol->input_mode = UNICODE_MODE;
    if (kind == CodeKind::data_matrix) symbol->option_3 = DM_SQUARE;
    const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
    if (ZBarcode_Encode(symbol.get(), bytes, static_cast<int>(text.size())) >= ZINT_ERROR)
        return std::nullopt;

    Modules code{symbol->width, symbol->rows, 0, {}};
    code.module_m = width_m / (code.columns + 2 * quiet_modules(kind));
    for (int row = 0; row < code.rows; ++row)
        for (int column = 0; column < code.columns; ++column)
            code.dark.push_back((symbol->encoded_data[row][column / 8] >> (column % 8)) & 1);
    return code;
}

}  // namespace scenes::targets
