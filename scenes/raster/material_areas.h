#pragma once

#include <array>

#include "scenes/targets/target.h"

namespace scenes {

/// Which materials a sample shows, each with its share of the sample's area.
class MaterialAreas {
  public:
    void add(int material, double area) {
        if (material == targets::kNothing) return;
        int i = 0;
        while (i < count_ && all_[i].material != material) ++i;
        if (i == kMost) i = kMost - 1;  // so many edges within a sample: nobody tells them apart
        if (i == count_) all_[count_++] = {material, 0};
        all_[i].area += area;
    }
    struct Part {
        int material;
        double area;
    };
    [[nodiscard]] const Part* begin() const { return all_.data(); }
    [[nodiscard]] const Part* end() const { return all_.data() + count_; }
    [[nodiscard]] double coverage() const {
        double sum = 0;
        for (const Part& part : *this) sum += part.area;
        return sum;
    }

  private:
    static constexpr int kMost = 8;
    std::array<Part, kMost> all_;
    int count_ = 0;
};

}  // namespace scenes
