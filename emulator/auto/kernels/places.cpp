#include "emulator/auto/kernels/places.h"

namespace emulator::auto_functions::GIGEMU_ISA {
namespace {

inline int larger(int a, int b) { return a > b ? a : b; }
inline int size(int a) { return a < 0 ? -a : a; }

/// All bits set if balanced signals are those of something that is nearly grey.
inline int nearly_grey(const PlaceLaw& law, int red, int green, int blue) {
    const int brightness = (76 * red + 150 * green + 29 * blue) / 255;
    const int most =
        larger(larger(size(red - brightness), size(green - brightness)), size(blue - brightness));
    return -static_cast<int>(brightness >= law.dark_dn) & -static_cast<int>(brightness <= law.white_dn) &
           -static_cast<int>(4 * most <= brightness);
}

}  // namespace

// Without branches, so that several places are summed at a time.
PlaceSums sum_places(const PlaceRow& row, const PlaceLaw& given) {
    const PlaceLaw law = given;
    std::int32_t colour[3] = {}, grey[3] = {}, unclipped = 0, greys = 0;
    for (int i = 0; i < row.count; ++i) {
        const int brightest = larger(larger(row.red[i], row.green_beside_red[i]),
                                     larger(row.green_beside_blue[i], row.blue[i]));
        const int red = row.red[i] - law.black_dn, blue = row.blue[i] - law.black_dn,
                  green = row.green_beside_red[i] + row.green_beside_blue[i] - 2 * law.black_dn;
        const int counts = -static_cast<int>(brightest < law.nearly_full_dn);
        const int is_grey = counts & nearly_grey(law, red * law.red_64 / 64, green * law.green_64 / 128,
                                                 blue * law.blue_64 / 64);
        unclipped -= counts;
        greys -= is_grey;
        colour[0] += red & counts, colour[1] += green & counts, colour[2] += blue & counts;
        grey[0] += red & is_grey, grey[1] += green & is_grey, grey[2] += blue & is_grey;
    }
    return {{colour[0], colour[1], colour[2]}, {grey[0], grey[1], grey[2]}, unclipped, greys};
}

}  // namespace emulator::auto_functions::GIGEMU_ISA
