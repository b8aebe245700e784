#include "emulator/isp/kernels/loops.h"

// The filters of Malvar, He and Cutler: the mean of the neighbours of the missing colour, corrected by how
// much the colour that is there curves. Rounded to nearest, and arranged so that no step leaves 16 bits for
// signals within
// +-4095: a filter of eighths or sixteenths is split into its mean and its correction, and the bits that the
// mean loses are carried into the correction.

namespace emulator::isp::GIGEMU_ISA {
namespace {

/// The pixels around those of one column parity, in five rows. `left[row][i + 1]` is right of `same[row][i]`.
struct Around {
    const Signal *same[5], *left[5];
};

/// (8 s + 2 a + h + 8) / 16, where s sums two neighbours, a is the correction and h the two distant ones that
/// have the opposite sign.
inline Signal between(int s, int a, int h) {
    const int correction = narrow(a + (h >> 1) + 4 * (s & 1) + 4);
    return narrow((s >> 1) + (correction >> 3));
}

/// At green: the colour left and right of it, and the colour above and below it.
void at_green(const Around& p, int half, Span span, Signal* __restrict beside, Signal* __restrict above) {
    const Signal *uu = p.same[0], *u = p.same[1], *c = p.same[2], *d = p.same[3], *dd = p.same[4];
    const Signal *lu = p.left[1], *l = p.left[2], *ld = p.left[3];
    const Signal lowest = span.lowest, highest = span.highest;
    for (int i = 0; i < half; ++i) {
        const Signal diagonal = narrow(lu[i] + lu[i + 1] + ld[i] + ld[i + 1]);
        const Signal far_beside = narrow(c[i - 1] + c[i + 1]), far_above = narrow(uu[i] + dd[i]);
        const Signal near_beside = narrow(l[i] + l[i + 1]), near_above = narrow(u[i] + d[i]);
        const Signal own = narrow(5 * c[i] - diagonal);
        const Signal h = between(near_beside, narrow(own - far_beside), far_above);
        const Signal v = between(near_above, narrow(own - far_above), far_beside);
        beside[i] = narrow(clamped(h, lowest, highest));
        above[i] = narrow(clamped(v, lowest, highest));
    }
}

/// At red or blue: green, and the opposite colour.
void at_colour(const Around& p, int half, Span span, Signal* __restrict green, Signal* __restrict opposite) {
    const Signal *uu = p.same[0], *u = p.same[1], *c = p.same[2], *d = p.same[3], *dd = p.same[4];
    const Signal *lu = p.left[1], *l = p.left[2], *ld = p.left[3];
    const Signal lowest = span.lowest, highest = span.highest;
    for (int i = 0; i < half; ++i) {
        const Signal curve = narrow(4 * c[i] - (uu[i] + dd[i] + c[i - 1] + c[i + 1]));
        const Signal cross = narrow(u[i] + d[i] + l[i] + l[i + 1]);
        const Signal diagonal = narrow(lu[i] + lu[i + 1] + ld[i] + ld[i + 1]);
        // (2 cross + curve + 4) / 8
        const Signal g = narrow((cross >> 2) + (narrow(curve + 2 * (cross & 3) + 4) >> 3));
        // (4 diagonal + 3 curve + 8) / 16
        const Signal carried = narrow(((3 * (curve & 3)) >> 2) + (diagonal & 3) + 2);
        const Signal o = narrow((diagonal >> 2) + (narrow(3 * narrow(curve >> 2) + carried) >> 2));
        green[i] = narrow(clamped(g, lowest, highest));
        opposite[i] = narrow(clamped(o, lowest, highest));
    }
}

inline void copy(const Signal* from, int count, Signal* to) {
    __builtin_memcpy(to, from, static_cast<unsigned long>(count) * sizeof *to);
}

}  // namespace

void demosaic(const Neighbourhood& rows, int half, bool red_row, Span span, Planes planes) {
    Around at_even{}, at_odd{};
    for (int row = 0; row < 5; ++row) {
        at_even.same[row] = rows.even[row];
        at_even.left[row] = rows.odd[row] - 1;
        at_odd.same[row] = rows.odd[row];
        at_odd.left[row] = rows.even[row];
    }
    if (red_row) {
        copy(rows.even[2], half, planes.red);
        at_colour(at_even, half, span, planes.green, planes.blue);
        copy(rows.odd[2], half, planes.green + half);
        at_green(at_odd, half, span, planes.red + half, planes.blue + half);
    } else {
        copy(rows.even[2], half, planes.green);
        at_green(at_even, half, span, planes.blue, planes.red);
        copy(rows.odd[2], half, planes.blue + half);
        at_colour(at_odd, half, span, planes.green + half, planes.red + half);
    }
}

}  // namespace emulator::isp::GIGEMU_ISA
