#include "scenes/targets/text.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

namespace scenes::targets {
namespace {

/// Strokes of a glyph, with a space between two; each is a chain of points of two digits: x 0..4, y 0
/// (top)..6.
struct Glyph {
    char letter;
    std::string_view strokes;
};

// clang-format off
constexpr Glyph kGlyphs[] = {
    {' ', ""},
    {'0', "103041453616050110 1432"},  {'1', "112026 1636"},              {'2', "01103041420646"},
    {'3', "0110304142334445361605 1333"}, {'4', "36300444"},              {'5', "400003334445361605"},
    {'6', "4130100105163645443303"},   {'7', "004016"},
    {'8', "103041423313020110 133344453616050413"},                       {'9', "0516364541301001021343"},
    {'A', "0602204246 0444"},          {'B', "003041423303 000636454433"}, {'C', "4130100105163645"},
    {'D', "00204244260600"},           {'E', "40000646 0333"},            {'F', "400006 0333"},
    {'G', "41301001051636454323"},     {'H', "0006 4046 0343"},           {'I', "1030 2026 1636"},
    {'J', "4045361605"},               {'K', "0006 400346"},              {'L', "000646"},
    {'M', "0600234046"},               {'N', "06004640"},                 {'O', "103041453616050110"},
    {'P', "06003041423303"},           {'Q', "103041453616050110 2446"},  {'R', "06003041423303 2346"},
    {'S', "413010010213334445361605"}, {'T', "0040 2026"},                {'U', "000516364540"},
    {'V', "002640"},                   {'W', "0016233640"},               {'X', "0046 4006"},
    {'Y', "002340 2326"},              {'Z', "00400646"},                 {'-', "1333"},
    {'.', "2626"},                     {':', "2222 2525"},                {'/', "0640"},
    {'+', "0343 2125"},                {'_', "0646"},
};
// clang-format on

// In units of a sixth of the distance between the strokes' centres at top and bottom.
constexpr double kInkHalf = 0.42, kAdvance = 5.8, kGlyphWidth = 4, kGlyphHeight = 6;
constexpr double kSide =
    0.5 * (kAdvance - kGlyphWidth) - kInkHalf;  // clean space at each side of a letter's ink

const Glyph* glyph_of(char letter) {
    const char capital = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
    const auto* found = std::find_if(std::begin(kGlyphs), std::end(kGlyphs),
                                     [&](const Glyph& g) { return g.letter == capital; });
    return found == std::end(kGlyphs) ? nullptr : found;
}

Point point_of(std::string_view strokes, std::size_t at) {
    return {static_cast<double>(strokes[at] - '0'), static_cast<double>(strokes[at + 1] - '0')};
}

/// How deep in the ink of a glyph a place is, in font units.
double inside_glyph(std::string_view strokes, Point p) {
    double inside = -kFar;
    for (std::size_t at = 0; at + 3 < strokes.size();) {
        if (strokes[at + 2] == ' ') {
            at += 3;
            continue;
        }
        inside =
            std::max(inside, inside_stroke_m(p, point_of(strokes, at), point_of(strokes, at + 2), kInkHalf));
        at += 2;
    }
    return inside;
}

double unit_m(const Text& text) { return text.height_m / (kGlyphHeight + 2 * kInkHalf); }

}  // namespace

bool has_glyph(char letter) { return glyph_of(letter) != nullptr; }

Point text_size_m(const Text& text) {
    const double letters = static_cast<double>(text.line.size());
    return {unit_m(text) * (letters * kAdvance - 2 * kSide), text.height_m};
}

Place Text::at(Point p) const {
    const double unit = unit_m(*this), letters = static_cast<double>(line.size());
    const double along = p.x / unit + 0.5 * letters * kAdvance, down = p.y / unit + 0.5 * kGlyphHeight;
    const double slot = std::clamp(std::floor(along / kAdvance), 0.0, std::max(letters - 1, 0.0));
    if (line.empty()) return {};

    const double in_slot = along - slot * kAdvance;
    const auto strokes = glyph_of(line[static_cast<std::size_t>(slot)])->strokes;
    const double inside = inside_glyph(strokes, {in_slot - 0.5 * (kAdvance - kGlyphWidth), down});
    if (inside >= 0) return {0, inside * unit};
    const double to_next = std::max(0.0, std::min(in_slot, kAdvance - in_slot)) + kSide;
    return {kNothing, std::min(-inside, to_next) * unit};
}

}  // namespace scenes::targets
