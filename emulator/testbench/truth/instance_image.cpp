#include "emulator/testbench/truth/instance_image.h"

#include <bit>
#include <cmath>
#include <opencv2/imgcodecs.hpp>

#include "emulator/acquisition/frame_timing.h"

namespace emulator::testbench {
namespace {

using scenes::Snapshot;
using scenes::light::Image;

constexpr double kPngMost = 65535;

std::string png16(const Image<std::uint16_t>& image) {
    const cv::Mat pixels(image.height, image.width, CV_16UC1,
                         const_cast<std::uint16_t*>(image.samples.data()));
    std::vector<unsigned char> bytes;
    cv::imencode(".png", pixels, bytes);
    return {bytes.begin(), bytes.end()};
}

std::vector<double> visible_shares(const scenes::Instances& seen, const Snapshot& snapshot) {
    std::vector<double> shares(snapshot.items.size());
    for (const int item : seen.item.samples)
        for (int i = item; i != Snapshot::kNone; i = snapshot.parents[static_cast<std::size_t>(i)])
            ++shares[static_cast<std::size_t>(i)];
    for (std::size_t i = 0; i < shares.size(); ++i)
        if (seen.covered_px[i] > 0) shares[i] = std::min(1.0, shares[i] / seen.covered_px[i]);
    return shares;
}

}  // namespace

scenes::light::Rect sensor_part(const ImageFormat& image) {
    const auto r = acquisition::region(image);
    return {r.x, r.y, r.width, r.height};
}

InstanceImage instance_image(const Snapshot& snapshot, const scenes::TangentMap& centres,
                             const ImageFormat& format) {
    const auto r = acquisition::region(format);
    const auto seen = scenes::instances(snapshot, centres, sensor_part(format));
    const int width = read_width(r), height = read_height(r);
    InstanceImage image{Image<int>(width, height), Image<float>(width, height),
                        visible_shares(seen, snapshot)};
    std::vector<int> columns;
    columns.reserve(static_cast<std::size_t>(width));
    for (int x = 0; x < width; ++x) columns.push_back(sensor_column_from_frame(r, x) - r.x);
    for (int y = 0; y < height; ++y) {
        const int row = sensor_row_from_frame(r, y) - r.y;
        for (int x = 0; x < width; ++x) {
            image.item.at(x, y) = seen.item.at(columns[static_cast<std::size_t>(x)], row);
            image.depth_m.at(x, y) = seen.depth_m.at(columns[static_cast<std::size_t>(x)], row);
        }
    }
    return image;
}

std::string instances_png(const InstanceImage& image) {
    Image<std::uint16_t> ids(image.item.width, image.item.height);
    for (std::size_t i = 0; i < ids.samples.size(); ++i)
        ids.samples[i] = static_cast<std::uint16_t>(image.item.samples[i] + 1);
    return png16(ids);
}

std::string depth_png(const InstanceImage& image, double unit_m) {
    Image<std::uint16_t> units(image.depth_m.width, image.depth_m.height);
    for (std::size_t i = 0; i < units.samples.size(); ++i) {
        const double z = std::round(image.depth_m.samples[i] / unit_m);
        units.samples[i] = z <= kPngMost ? static_cast<std::uint16_t>(z) : 0;
    }
    return png16(units);
}

std::string depth_raw(const InstanceImage& image) {
    static_assert(std::endian::native == std::endian::little && sizeof(float) == 4);
    const auto& z = image.depth_m.samples;
    return {reinterpret_cast<const char*>(z.data()), sizeof(float) * z.size()};
}

}  // namespace emulator::testbench
