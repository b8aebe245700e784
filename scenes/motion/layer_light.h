#pragma once

#include "scenes/motion/motion_blur.h"

namespace scenes {

/// Layer light: what things that do not hide one another give in a part of the frame, by one lamp, and how
/// much of the background they hide: both add up. Of the pixels of the mosaic, or with a pitch of places so
/// many pixels apart, between which it goes straight.
class LayerLight {
  public:
    LayerLight(const light::View&, const RelativeIllumination&, const light::Rect& part, int pitch);

    void add(const MotionBlurCell&);
    /// Over a picture of the part in electrons per second.
    void lay_over(Patch&) const;

  private:
    struct Plane {
        light::Image<float> light, coverage;
    };
    void add_places(const MotionBlurCell&);
    [[nodiscard]] float falloff_at(double x, double y) const;
    void lay_places_over(Patch&) const;

    const light::View& view_;
    const RelativeIllumination& falloff_;
    light::Rect part_;
    int pitch_;
    int first_x_, first_y_;      // place, counted from the corner of the frame
    std::vector<Plane> planes_;  // of the mosaic, or one for each colour
};

}  // namespace scenes
