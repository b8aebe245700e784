#include "emulator/testbench/truth/coco_rle.h"

#include <algorithm>

namespace emulator::testbench {
namespace {

/// Builds masks out of runs of one item, in order.
class Runs {
  public:
    Runs(const InstanceImage& image, const scenes::Snapshot& snapshot)
        : snapshot_(snapshot), ends_(snapshot.items.size()) {
        masks_.assign(snapshot.items.size(),
                      {.height = image.item.height, .width = image.item.width, .counts = {}});
    }

    void add(int item, std::uint32_t begin, std::uint32_t end) {
        for (; item != scenes::Snapshot::kNone; item = snapshot_.parents[static_cast<std::size_t>(item)]) {
            const auto i = static_cast<std::size_t>(item);
            auto& counts = masks_[i].counts;
            if (!counts.empty() && ends_[i] == begin) {
                counts.back() += end - begin;
            } else {
                counts.push_back(begin - ends_[i]);
                counts.push_back(end - begin);
            }
            ends_[i] = end;
        }
    }
    [[nodiscard]] std::vector<CocoRle> take(std::uint32_t pixels) {
        for (std::size_t i = 0; i < masks_.size(); ++i)
            if (ends_[i] < pixels) masks_[i].counts.push_back(pixels - ends_[i]);
        return std::move(masks_);
    }

  private:
    const scenes::Snapshot& snapshot_;
    std::vector<CocoRle> masks_;
    std::vector<std::uint32_t> ends_;  // of each mask so far
};

}  // namespace

std::uint64_t CocoRle::area_px() const {
    std::uint64_t area = 0;
    for (std::size_t i = 1; i < counts.size(); i += 2) area += counts[i];
    return area;
}

std::array<int, 4> CocoRle::box() const {
    int left = width, top = height, right = 0, bottom = 0;
    std::uint32_t begin = 0;
    for (std::size_t i = 0; i + 1 < counts.size(); i += 2) {
        begin += counts[i];
        const int first = static_cast<int>(begin), last = first + static_cast<int>(counts[i + 1]) - 1;
        const bool one_column = first / height == last / height;
        left = std::min(left, first / height), right = std::max(right, last / height + 1);
        top = std::min(top, one_column ? first % height : 0);
        bottom = std::max(bottom, one_column ? last % height + 1 : height);
        begin += counts[i + 1];
    }
    if (right <= left) return {};
    return {left, top, right - left, bottom - top};
}

std::string CocoRle::packed() const {
    std::string text;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        std::int64_t rest = counts[i];
        if (i > 2) rest -= counts[i - 2];
        for (bool more = true; more;) {
            const std::int64_t group = rest & 0x1F;
            rest >>= 5;
            more = (group & 0x10) != 0 ? rest != -1 : rest != 0;
            text += static_cast<char>((more ? group | 0x20 : group) + 48);
        }
    }
    return text;
}

std::vector<CocoRle> masks(const InstanceImage& image, const scenes::Snapshot& snapshot) {
    Runs runs(image, snapshot);
    const int width = image.item.width, height = image.item.height;
    int item = scenes::Snapshot::kNone;
    std::uint32_t begin = 0, at = 0;
    for (int x = 0; x < width; ++x)
        for (int y = 0; y < height; ++y, ++at) {
            const int next = image.item.at(x, y);
            if (next == item) continue;
            runs.add(item, begin, at);
            item = next, begin = at;
        }
    runs.add(item, begin, at);
    return runs.take(at);
}

}  // namespace emulator::testbench
