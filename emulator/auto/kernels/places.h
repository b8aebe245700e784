#pragma once

#include <cstdint>

#include "scenes/light/isa.h"

/// Sums over places of the mosaic. This header and the source beside it include no library code, because the
/// source is compiled for several instruction sets.
namespace emulator::auto_functions {

/// What the mosaic has at places of four pixels, which are `count` long each.
struct PlaceRow {
    const std::int32_t *red, *green_beside_red, *green_beside_blue, *blue;
    int count = 0;
};

/// Which places count, and how they are balanced before they are judged.
struct PlaceLaw {
    int black_dn = 0, nearly_full_dn = 0;
    int dark_dn = 0, white_dn = 0;  // what is darker or brighter is no grey to go by
    int red_64 = 64, green_64 = 64, blue_64 = 64;
};

/// Sums above black of red, both greens and blue where nothing is clipped, and of places that are nearly
/// grey.
struct PlaceSums {
    std::int32_t colour_dn[3], grey_dn[3], unclipped, grey;
};

GIGEMU_FOR_EACH_ISA(PlaceSums sum_places(const PlaceRow&, const PlaceLaw&);)

}  // namespace emulator::auto_functions
