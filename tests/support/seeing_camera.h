#pragma once

#include <array>
#include <string>

#include "tests/support/fake_client.h"

namespace support {

/// Red, green and blue, or Y, Cb and Cr.
using Colour = std::array<double, 3>;

/// What a block shows, as a client unpacks it: codes of one raw value per pixel, RGGB from the upper left
/// corner, or of three.
struct Photo {
    std::uint32_t pixel_format = 0;
    int width = 0, height = 0;
    bool raw = false;
    std::vector<std::array<int, 3>> pixels;  // of a raw one only the first counts

    [[nodiscard]] int code(int x, int y) const { return pixels[static_cast<std::size_t>(y * width + x)][0]; }
    /// Mean of a rectangle; of a raw one each colour where the mosaic has it.
    [[nodiscard]] Colour mean(int x, int y, int columns, int rows) const;
    [[nodiscard]] Colour mean() const { return mean(0, 0, width, height); }
    /// Standard deviation of one colour.
    [[nodiscard]] double deviation(std::size_t channel) const;
};
[[nodiscard]] Photo photo(const ReceivedBlock&);

/// Means of cells of so many pixels, row by row; with flips as a mirror would show them.
[[nodiscard]] std::vector<Colour> cells(const Photo&, int size, bool flip_x = false, bool flip_y = false);
/// How far two pictures are apart: the mean difference of their cells.
[[nodiscard]] double distance(const std::vector<Colour>&, const std::vector<Colour>&);

/// A camera in front of a scene of configs/scenes, and a client that has control and a stream. Light goes all
/// the way from the lamp to the client's bytes, and every setting comes in by its register.
class SeeingCamera {
  public:
    explicit SeeingCamera(const std::string& scene, const std::vector<std::string>& overrides = {},
                          const emulator::Profile& = small_profile());

    /// The next frame.
    [[nodiscard]] Photo shoot();
    /// Sets features, each of which must take its value.
    void set(std::initializer_list<std::pair<std::string_view, double>> values);

    VirtualCamera camera;
    FakeClient client;
};

}  // namespace support
