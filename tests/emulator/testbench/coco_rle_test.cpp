#include "emulator/testbench/truth/coco_rle.h"

#include <doctest/doctest.h>

#include <random>

using namespace emulator::testbench;
using scenes::Snapshot;

namespace {

/// The counts of a packed text, by the format's definition.
std::vector<std::uint32_t> unpacked(const std::string& text) {
    std::vector<std::int64_t> counts;
    for (std::size_t at = 0; at < text.size();) {
        std::int64_t value = 0;
        int shift = 0;
        for (bool more = true; more; shift += 5) {
            const int group = text[at++] - 48;
            value |= static_cast<std::int64_t>(group & 0x1F) << shift;
            more = (group & 0x20) != 0;
            if (!more && (group & 0x10) != 0) value |= -(std::int64_t{1} << (shift + 5));
        }
        if (counts.size() > 2) value += counts[counts.size() - 2];
        counts.push_back(value);
    }
    return {counts.begin(), counts.end()};
}

InstanceImage image_of(int width, int height, const std::vector<int>& items) {
    InstanceImage image{scenes::light::Image<int>(width, height), {}, {}};
    image.item.samples = items;
    return image;
}

Snapshot family(std::vector<int> parents) {
    Snapshot snapshot;
    snapshot.items.resize(parents.size());
    snapshot.parents = std::move(parents);
    return snapshot;
}

}  // namespace

TEST_CASE("runs go down the columns, zeros first") {
    const auto all = masks(image_of(3, 2,
                                    {0, 0, -1,  //
                                     -1, 0, -1}),
                           family({-1, -1}));
    CHECK(all[0].counts == std::vector<std::uint32_t>{0, 1, 1, 2, 2});
    CHECK(all[0].area_px() == 3);
    CHECK(all[0].box() == std::array{0, 0, 2, 2});
    CHECK(all[1].counts == std::vector<std::uint32_t>{6});
    CHECK(all[1].area_px() == 0);
    CHECK(all[1].box() == std::array{0, 0, 0, 0});
}

TEST_CASE("packed counts are what the format says") {
    // A middle column of 3 x 3, and a square in 10 x 10, worked out by hand.
    CocoRle middle{.height = 3, .width = 3, .counts = {3, 3, 3}};
    CHECK(middle.packed() == "333");
    CocoRle square{.height = 10, .width = 10, .counts = {22, 3, 7, 3, 7, 3, 55}};
    CHECK(square.packed() == "f037000`1");
}

TEST_CASE("masks of random images are whole, with those of children in those of their parents") {
    std::mt19937 dice(13);
    for (int round = 0; round < 200; ++round) {
        const int width = std::uniform_int_distribution(1, 40)(dice),
                  height = std::uniform_int_distribution(1, 40)(dice);
        std::vector<int> items(static_cast<std::size_t>(width * height));
        int last = -1;
        for (int& item : items) {
            if (dice() % 4 == 0) last = static_cast<int>(dice() % 4) - 1;
            item = last;
        }
        const auto image = image_of(width, height, items);
        const auto all = masks(image, family({-1, 0, -1}));
        for (std::size_t i = 0; i < 3; ++i) {
            const auto& mask = all[i];
            REQUIRE(unpacked(mask.packed()) == mask.counts);
            std::array<int, 4> box{width, height, 0, 0};
            std::uint64_t area = 0;
            std::vector<bool> bits;
            bool one = false;
            for (const auto count : mask.counts) {
                bits.insert(bits.end(), count, one);
                one = !one;
            }
            REQUIRE(bits.size() == items.size());
            for (int x = 0; x < width; ++x)
                for (int y = 0; y < height; ++y) {
                    const int item = image.item.at(x, y);
                    const bool in = item == static_cast<int>(i) || (i == 0 && item == 1);
                    REQUIRE(bits[static_cast<std::size_t>(x * height + y)] == in);
                    if (!in) continue;
                    ++area;
                    box = {std::min(box[0], x), std::min(box[1], y), std::max(box[2], x + 1),
                           std::max(box[3], y + 1)};
                }
            CHECK(mask.area_px() == area);
            const std::array<int, 4> wanted{box[0], box[1], box[2] - box[0], box[3] - box[1]};
            if (area > 0) CHECK(mask.box() == wanted);
        }
    }
}
