#pragma once

#include <optional>

#include "scenes/geometry/outline.h"

namespace scenes {

/// A part of a straight way, from 0 at its begin to 1 at its end.
struct Stretch {
    double from = 0, to = 1;
};

/// Sight: when the frame shows what glides from one pose to another, at one distance and without turning.
class Sight {
  public:
    /// `reference` is where its sprite is drawn.
    Sight(const light::View&, const Pose& reference, const Pose& begin, const Pose& end);

    [[nodiscard]] double length_px() const;
    /// When it shows some of these pixels of the sprite; nothing: never.
    [[nodiscard]] std::optional<Stretch> of(const light::Rect& sprite) const;

  private:
    const light::View& view_;
    Box frame_;         // in tangents, as all of this
    Point from_, way_;  // from the reference to the begin, and from there to the end
};

}  // namespace scenes
