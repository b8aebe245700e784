#include "scenes/targets/text.h"

#include <algorithm>
#include <array>
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

/// From a point some way along.
struct Stroke {
    double x = 0, y = 0, along_x = 0, along_y = 0, per_square = 0;
};

/// Calls `each` with every stroke of a glyph.
template <class Each>
constexpr void for_strokes(std::string_view strokes, Each each) {
    for (std::size_t at = 0; at + 3 < strokes.size(); at += strokes[at + 2] == ' ' ? 3 : 2) {
        if (strokes[at + 2] == ' ') continue;
        const double x = strokes[at] - '0', y = strokes[at + 1] - '0';
        const double along_x = strokes[at + 2] - '0' - x, along_y = strokes[at + 3] - '0' - y;
        const double square = along_x * along_x + along_y * along_y;
        each(Stroke{x, y, along_x, along_y, square > 0 ? 1 / square : 0});
    }
}

constexpr std::size_t count_strokes() {
    std::size_t count = 0;
    for (const Glyph& glyph : kGlyphs) for_strokes(glyph.strokes, [&](const Stroke&) { ++count; });
    return count;
}

/// All glyphs, taken apart; the strokes of a letter lie between its place and the next.
struct Font {
    std::array<Stroke, count_strokes()> strokes{};
    std::array<std::size_t, std::size(kGlyphs) + 1> first{};
    std::array<int, 128> glyph{};  // -1: none
};

constexpr Font font() {
    Font font;
    font.glyph.fill(-1);
    std::size_t count = 0;
    for (std::size_t i = 0; i < std::size(kGlyphs); ++i) {
        const char letter = kGlyphs[i].letter;
        const bool capital = letter >= 'A' && letter <= 'Z';
        font.glyph[static_cast<unsigned char>(letter)] = static_cast<int>(i);
        if (capital) font.glyph[static_cast<std::size_t>(letter - 'A' + 'a')] = static_cast<int>(i);
        for_strokes(kGlyphs[i].strokes, [&](const Stroke& stroke) { font.strokes[count++] = stroke; });
        font.first[i + 1] = count;
    }
    return font;
}

constexpr Font kFont = font();

int glyph_of(char letter) {
    const auto code = static_cast<unsigned char>(letter);
    return code < kFont.glyph.size() ? kFont.glyph[code] : -1;
}

/// How deep in the ink of a glyph a place is, in font units.
double inside_glyph(int glyph, Point p) {
    double nearest = kFar;  // squared
    for (auto i = kFont.first[static_cast<std::size_t>(glyph)];
         i < kFont.first[static_cast<std::size_t>(glyph) + 1]; ++i) {
        const Stroke& s = kFont.strokes[i];
        const double x = p.x - s.x, y = p.y - s.y;
        const double t = std::min(1.0, std::max(0.0, (x * s.along_x + y * s.along_y) * s.per_square));
        const double off_x = x - t * s.along_x, off_y = y - t * s.along_y;
        nearest = std::min(nearest, off_x * off_x + off_y * off_y);
    }
    return kInkHalf - std::sqrt(nearest);
}

double unit_m(const Text& text) { return text.height_m / (kGlyphHeight + 2 * kInkHalf); }

}  // namespace

bool has_glyph(char letter) { return glyph_of(letter) >= 0; }

Point text_size_m(const Text& text) {
    const double letters = static_cast<double>(text.line.size());
    return {unit_m(text) * (letters * kAdvance - 2 * kSide), text.height_m};
}

Place Text::at(Point p) const {
    const double unit = unit_m(*this), letters = static_cast<double>(line.size());
    const double along = p.x / unit + 0.5 * letters * kAdvance, down = p.y / unit + 0.5 * kGlyphHeight;
    const int slot = static_cast<int>(std::clamp(along / kAdvance, 0.0, std::max(letters - 1, 0.0)));
    if (line.empty()) return {};

    const double in_slot = along - slot * kAdvance;
    const int glyph = glyph_of(line[static_cast<std::size_t>(slot)]);
    const double inside = inside_glyph(glyph, {in_slot - 0.5 * (kAdvance - kGlyphWidth), down});
    if (inside >= 0) return {0, inside * unit};
    const double to_next = std::max(0.0, std::min(in_slot, kAdvance - in_slot)) + kSide;
    return {kNothing, std::min(-inside, to_next) * unit};
}

}  // namespace scenes::targets
