#include <doctest/doctest.h>

#include <opencv2/imgcodecs.hpp>

#include "scenes/light/materials.h"
#include "tests/scenes/scene_support.h"

using namespace scenes;
using namespace scenes::testing;
namespace fs = std::filesystem;

namespace {

/// A folder of pictures for as long as this lives.
class Folder {
  public:
    Folder() : path_(fs::temp_directory_path() / ("gigemu_frames_" + std::to_string(getpid()))) {
        fs::create_directories(path_);
    }
    ~Folder() { fs::remove_all(path_); }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    void add(const std::string& name, const cv::Mat& picture) const {
        cv::imwrite((path_ / name).string(), picture);
    }
    [[nodiscard]] std::string file(const std::string& name = "") const { return (path_ / name).string(); }

  private:
    fs::path path_;
};

World showing(const std::string& file) { return scene("picture", {"items.picture.file=" + file}); }

constexpr Raster kCentre{{960, 720, 128, 96}, 0, 2};

}  // namespace

TEST_CASE("a picture of one colour is that colour, as its sRGB says under D65") {
    const Folder folder;
    folder.add("plain.png", cv::Mat(30, 40, CV_8UC3, cv::Scalar(60, 120, 180)));  // B, G, R
    const World world = showing(folder.file("plain.png"));
    const auto radiance = render_still(world, plain_view(19), response(), 0, kCentre);
    const auto reflectance = 0.9 * light::reflectance_from_srgb({180 / 255.0, 120 / 255.0, 60 / 255.0});
    const auto wanted = light::signal(light::radiance(reflectance, world.lamps[0].irradiance), response());
    for (int c = 0; c < 3; ++c)
        CHECK(seen(radiance, c, 2000, 1500) ==
              doctest::Approx(wanted[static_cast<std::size_t>(c)]).epsilon(0.01));
}

TEST_CASE("texels finer than samples become an even grey, without moire") {
    const Folder folder;
    cv::Mat fine(3000, 4000, CV_8UC3);
    for (int y = 0; y < fine.rows; ++y)
        for (int x = 0; x < fine.cols; ++x)
            fine.at<cv::Vec3b>(y, x) = (x + y) % 2 ? cv::Vec3b(255, 255, 255) : cv::Vec3b(0, 0, 0);
    folder.add("fine.png", fine);
    const World world = showing(folder.file("fine.png"));
    const auto radiance =
        render_still(world, plain_view(5), response(), 0, Raster{{1000, 740, 48, 48}, 0, 1});
    const auto white =
        light::signal(light::radiance(light::constant(0.9), world.lamps[0].irradiance), response());
    for (int y = 740; y < 788; ++y)
        for (int x = 1000; x < 1048; ++x)
            CHECK(seen(radiance, 1, x, y) == doctest::Approx(0.5 * white[1]).epsilon(0.02));
}

TEST_CASE("the frames of a folder follow one another in the order of their names, for ever") {
    const Folder folder;
    for (int i = 0; i < 3; ++i)
        folder.add("frame" + std::to_string(i) + ".png",
                   cv::Mat(9, 12, CV_8UC3, cv::Scalar::all(50 + 80 * i)));
    World world = scene("picture", {"items.picture.file=" + folder.file(), "items.picture.frame_rate_hz=10"});
    const auto brightness = [&](Time time) {
        return seen(render_still(world, plain_view(19), response(), 0, kCentre, time), 1, 2000, 1500);
    };
    using namespace std::chrono_literals;
    CHECK(brightness(0ms) < brightness(100ms));
    CHECK(brightness(110ms) < brightness(250ms));
    CHECK(brightness(310ms) == brightness(0ms));
    CHECK(still_version(world, Time(20ms)) == still_version(world, Time(80ms)));
    CHECK(still_version(world, Time(20ms)) != still_version(world, Time(120ms)));
    CHECK(still_version(scene("siemens_star"), Time(20ms)) ==
          still_version(scene("siemens_star"), Time(120ms)));
}
