#pragma once

#include "scenes/raster/plane_block.h"

namespace scenes {

/// A place of a pattern, and the only edge about it.
struct BesideEdge {
    light::Point at;
    int material;
    targets::Edge edge;
};

/// Draws parts of a block in which there is one edge only, of materials of one light each: the area of each
/// sample on either side is known without the pattern.
class EdgePainter {
  public:
    /// `open` as for `paint`.
    EdgePainter(light::Layer& layer, const Palette& palette, bool colours_meet, bool open)
        : layer_(layer), palette_(palette), colours_meet_(colours_meet), open_(open) {}

    void paint(const PlaneBlock&, const Footprint&, const light::Rect& part, const BesideEdge&);

  private:
    void paint_row(const PlaneBlock&, const Footprint&, const light::Rect& row, const BesideEdge&);

    light::Layer& layer_;
    const Palette& palette_;
    bool colours_meet_, open_;
};

}  // namespace scenes
