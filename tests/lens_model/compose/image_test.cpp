#include <doctest/doctest.h>

#include <cstdint>
#include <cstring>

#include "lens_model/blur/blurred.h"
#include "lens_model/optics/vignetting.h"
#include "scenes/light/isa.h"
#include "tests/lens_model/pictures.h"

using namespace lens_model;
using namespace lens_test;
using scenes::light::Isa;
using scenes::light::supported;

namespace {

void draw_noise(Layer& layer) {
    std::uint32_t seed = 7;
    for (auto& plane : layer.signal) {
        for (float& sample : plane.samples) {
            seed = seed * 1664525U + 1013904223U;
            sample = static_cast<float>(seed >> 20);
        }
    }
}

/// A bright square before a dark ground, both rendered with a margin.
Radiance square_before_ground(Rect pixels, double near_m, double far_m, int samples_per_pixel = 2) {
    const int spp = samples_per_pixel;
    auto radiance = plain(pixels, 60, spp, far_m, 500);
    Layer square;
    square.distance_m = near_m;
    square.where = {spp * (pixels.x + 30), spp * (pixels.y + 30), spp * 40, spp * 40};
    for (auto& plane : square.signal) plane = Image<float>(spp * 40, spp * 40, 2000);
    square.coverage = Image<float>(spp * 40, spp * 40, 1);
    radiance.layers.push_back(std::move(square));
    return radiance;
}

Mosaic cut_out(const Mosaic& from, const Rect& whole, const Rect& part) {
    Mosaic result(part.width, part.height);
    for (int y = 0; y < part.height; ++y) {
        for (int x = 0; x < part.width; ++x)
            result.at(x, y) = from.at(part.x - whole.x + x, part.y - whole.y + y);
    }
    return result;
}

bool same_bits(const Mosaic& a, const Mosaic& b) {
    if (a.width != b.width || a.height != b.height) return false;
    return a.samples.empty() ||
           std::memcmp(a.samples.data(), b.samples.data(), a.samples.size() * sizeof(float)) == 0;
}

}  // namespace

TEST_CASE("a flat field is the signal times the aperture and the relative illumination, blurred or not") {
    const Constants constants = without_stray_light();
    for (const double zoom : {0.0, 500.0, 1000.0}) {
        for (const auto quality : {Quality::full, Quality::coarse}) {
            const State state = lens_at(zoom, 4, 5);
            const auto radiance = plain({0, 0, 2048, 1536}, 0, 1, 1, 3000);
            const Mosaic mosaic = image(radiance, constants, state, quality);
            for (int y = 0; y < 1536; y += 97) {
                for (int x = 0; x < 2048; x += 101) {
                    const double field = std::hypot(x + 0.5 - 1024, y + 0.5 - 768) / 1280;
                    const double expected = 3000 * exposure_factor(constants, state) *
                                            relative_illumination(constants, state, field);
                    CHECK(mosaic.at(x, y) == doctest::Approx(expected).epsilon(1e-4));
                }
            }
        }
    }
}

TEST_CASE("a frame keeps its mean when stray light veils it, and black is no longer black") {
    Constants constants;
    const State state = lens_at(1000, 5.6, 20);
    auto radiance = plain({900, 650, 200, 200}, 40, 1, 20, 0);
    draw_edge(radiance, {1000, 0}, 4000, 0);
    const double factor = exposure_factor(constants, state);
    const Mosaic mosaic = image(radiance, constants, state);
    double sum = 0;
    for (const float value : mosaic.samples) sum += value;
    CHECK(sum / (200 * 200) / factor == doctest::Approx(2000).epsilon(0.02));
    CHECK(mosaic.at(190, 100) / factor == doctest::Approx(0.025 * 2000).epsilon(0.05));
    radiance.frame_mean = {0, 0, 0};
    CHECK(image(radiance, constants, state).at(190, 100) < 1e-3 * 2000 * factor);
}

TEST_CASE("blur neither makes nor loses light") {
    const Constants constants = without_stray_light();
    const Rect pixels{904, 648, 240, 240};
    for (const double counts : {0.0, 150.0, 900.0}) {
        State state = lens_at(1000, 5.6, 5);
        state.focus_counts += counts;
        auto radiance = plain(pixels, 20, 2, 5, 0);
        Layer& layer = radiance.layers.front();
        for (auto& plane : layer.signal) {  // eight pixels square: each colour has its share
            for (int v = 0; v < 16; ++v)
                std::fill_n(&plane.at(2048 - layer.where.x, 1536 - layer.where.y + v), 16, 1000.0F);
        }
        const Mosaic mosaic = image(radiance, constants, state);
        double sum = 0;
        for (const float value : mosaic.samples) sum += value;
        CAPTURE(counts);
        CHECK(sum / exposure_factor(constants, state) == doctest::Approx(64 * 1000.0).epsilon(0.01));
    }
}

TEST_CASE("a light as bright as a lamp in the dark leaves no trace where tiles meet") {
    const Constants constants = without_stray_light();
    const Rect pixels{1600, 700, 320, 160};
    for (const double f : {1.5, 2.8}) {
        CAPTURE(f);
        const State state = lens_at(0, f, 3);
        // One pixel, at places that stand differently to the tiles.
        for (const int x : {1660, 1700, 1766, 1770, 1812}) {
            CAPTURE(x);
            auto radiance = plain(pixels, margin_px(constants, state, 3), 2, 3, 0);
            Layer& layer = radiance.layers.front();
            for (auto& plane : layer.signal) {
                for (int v = 0; v < 2; ++v) {
                    std::fill_n(&plane.at(2 * x - layer.where.x, 2 * 780 - layer.where.y + v), 2, 1.0F);
                }
            }
            radiance.frame_mean = {0, 0, 0};
            const Mosaic mosaic = image(radiance, constants, state);
            double worst = 0;
            for (int row = 0; row < mosaic.height; ++row) {
                for (int column = 0; column < mosaic.width; ++column) {
                    if (std::hypot(1600 + column - x, 700 + row - 780) < 26) continue;
                    worst = std::max<double>(worst, mosaic.at(column, row));
                }
            }
            CHECK(worst / exposure_factor(constants, state) < 1e-7);
        }
    }
}

TEST_CASE("a mosaic takes red, green and blue from their places on the sensor, whatever part is wanted") {
    const Constants constants = without_stray_light();
    const State state = lens_at(500, 5.6, 5);
    for (const Rect pixels : {Rect{1000, 700, 8, 8}, Rect{1001, 700, 8, 8}, Rect{1001, 701, 8, 8}}) {
        auto radiance = plain(pixels, 4, 2, 5, 0);
        for (std::size_t c = 0; c < 3; ++c) {
            auto& samples = radiance.layers[0].signal[c].samples;
            std::fill(samples.begin(), samples.end(), 100.0F * static_cast<float>(c + 1));
        }
        for (const auto quality : {Quality::full, Quality::coarse}) {
            const Mosaic mosaic = image(radiance, constants, state, quality);
            for (int y = 0; y < 8; ++y) {
                for (int x = 0; x < 8; ++x) {
                    const int channel = ((pixels.x + x) & 1) + ((pixels.y + y) & 1);
                    const double level = mosaic.at(x, y) / exposure_factor(constants, state);
                    CHECK(level == doctest::Approx(100 * (channel + 1)).epsilon(0.01));
                }
            }
        }
    }
}

TEST_CASE("a sharp thing hides what is behind it, and a thing of the ground's brightness vanishes") {
    const Constants constants = without_stray_light();
    const State state = lens_at(500, 2.8, 5);
    const Rect pixels{960, 700, 100, 100};
    const double factor = exposure_factor(constants, state);
    auto radiance = square_before_ground(pixels, 5, 40);
    const Mosaic mosaic = image(radiance, constants, state);
    CHECK(mosaic.at(50, 50) / factor == doctest::Approx(2000).epsilon(0.005));
    CHECK(mosaic.at(10, 50) / factor == doctest::Approx(500).epsilon(0.005));
    // As bright as a real scene is: a rounding error of light must not be one of coverage.
    constexpr float kLevel = 5e7F;
    for (auto& plane : radiance.layers[0].signal)
        std::fill(plane.samples.begin(), plane.samples.end(), kLevel);
    for (auto& plane : radiance.layers[1].signal) plane = Image<float>(80, 80, kLevel);
    for (const double counts : {0.0, 300.0, -2000.0}) {  // in focus, out of it, far out of it
        State moved = state;
        moved.focus_counts += counts;
        for (const auto quality : {Quality::full, Quality::coarse}) {
            const Mosaic hidden = image(radiance, constants, moved, quality);
            for (const float value : hidden.samples) {
                CHECK(value / exposure_factor(constants, moved) == doctest::Approx(kLevel).epsilon(1e-3));
            }
        }
    }
}

TEST_CASE("light beyond 700 nm blurs what it is part of") {
    const Constants constants = without_stray_light();
    const State state = lens_at(1000, 3.4, 5);
    const Rect pixels{960, 700, 64, 64};
    auto radiance = plain(pixels, 40, 2, 5, 0);
    draw_edge(radiance, {992, 0}, 1000, 0);
    const double sharp = image(radiance, constants, state).at(36, 31);
    radiance.infrared_share = {1, 1, 1};
    CHECK(image(radiance, constants, state).at(36, 31) > 3 * sharp);
}

TEST_CASE("an image made in parts is the whole image, bit for bit") {
    const Constants constants;
    const Rect pixels{950, 690, 300, 170};
    for (const double counts : {0.0, 200.0, 1500.0}) {
        State state = lens_at(500, 2.8, 5);
        state.focus_counts += counts;
        auto radiance = square_before_ground(pixels, 5, 40);
        draw_noise(radiance.layers[0]);
        for (const auto quality : {Quality::full, Quality::coarse}) {
            const Mosaic whole = image(radiance, constants, state, quality);
            for (const Rect part : {Rect{950, 690, 300, 55}, Rect{1011, 721, 37, 101}}) {
                CAPTURE(counts);
                CHECK(same_bits(image(radiance, part, constants, state, quality),
                                cut_out(whole, pixels, part)));
            }
        }
    }
}

TEST_CASE("samples, units and cells are not taken for one another") {
    CHECK_FALSE(std::is_convertible_v<Rect, Units>);
    CHECK_FALSE(std::is_convertible_v<Units, Cells>);
    CHECK_FALSE(std::is_convertible_v<RasterSamples, LayerSamples>);
    CHECK(std::is_convertible_v<Cells, Rect>);
}

TEST_CASE("all instruction sets blur to the same bits") {
    const Constants constants;
    const Rect pixels{950, 690, 100, 60};
    const State state = lens_at(700, 4, 5);
    auto radiance = square_before_ground(pixels, 4.9, 6);
    draw_noise(radiance.layers[1]);
    draw_noise(radiance.layers[0]);
    const LayerSamples rendered{2 * radiance.rendered.x, 2 * radiance.rendered.y, 2 * radiance.rendered.width,
                                2 * radiance.rendered.height};
    for (const Layer& layer : radiance.layers) {
        const BlurJob job{constants, state, {&layer, rendered}, 2, {0.3, 0.2, 0.1}, {}, Units(pixels)};
        const Blurred tiles = blur_by_tiles(kernels(Isa::baseline), job);
        const Blurred gaussians = blur_by_gaussians(kernels(Isa::baseline), job);
        for (const Isa isa : scenes::light::kIsas) {
            if (!supported(isa)) continue;
            const TileKernels& wide = kernels(isa);
            for (std::size_t c = 0; c < 3; ++c) {
                CHECK(same_bits(blur_by_tiles(wide, job).signal[c], tiles.signal[c]));
                CHECK(same_bits(blur_by_tiles(wide, job).coverage[c], tiles.coverage[c]));
                CHECK(same_bits(blur_by_gaussians(wide, job).signal[c], gaussians.signal[c]));
            }
        }
    }
}

TEST_CASE("a coarse image has the width of the full one") {
    const Constants constants = without_stray_light();
    const Rect pixels{960, 700, 64, 64};
    for (const double counts : {40.0, 150.0}) {
        State state = lens_at(500, 2.8, 5);
        state.focus_counts += counts;
        auto radiance = plain(pixels, 80, 1, 5, 0);
        draw_edge(radiance, {992, 0}, 1000, 0);
        const Mosaic full = image(radiance, constants, state);
        const Mosaic coarse = image(radiance, constants, state, Quality::coarse);
        const double factor = exposure_factor(constants, state);
        for (int x = 0; x < 64; ++x) {
            CAPTURE(x);
            CHECK(std::abs(full.at(x, 31) - coarse.at(x, 31)) < 0.06 * 1000 * factor);
        }
    }
}

TEST_CASE("samples of a quarter pixel give the same picture as those of a half") {
    const Constants constants = without_stray_light();
    const State state = lens_at(500, 5.6, 5);
    const Rect pixels{960, 700, 40, 40};
    const auto picture = [&](int samples_per_pixel) {
        auto radiance = plain(pixels, 20, samples_per_pixel, 5, 0);
        draw_edge(radiance, {980 - 720 * 0.1, 0.1}, 1000, 100);
        return image(radiance, constants, state);
    };
    const Mosaic half = picture(2), quarter = picture(4);
    for (std::size_t i = 0; i < half.samples.size(); ++i) {
        CHECK(std::abs(half.samples[i] - quarter.samples[i]) <
              0.01 * 1000 * exposure_factor(constants, state));
    }
}

TEST_CASE("a thing that is spread and laid over a ground is the image of both") {
    const Constants constants = without_stray_light();
    const Rect pixels{980, 720, 100, 100};
    for (const double counts : {0.0, 100.0, -1500.0}) {
        for (const auto quality : {Quality::full, Quality::coarse}) {
            State state = lens_at(500, 4, 5);
            state.focus_counts += counts;
            const auto both = square_before_ground(pixels, 5, 40, 1);
            auto alone = both;
            alone.layers.erase(alone.layers.begin());
            const PsfLayer thing = spread(alone, constants, state, quality);
            const Mosaic image = lens_model::image(both, constants, state, quality);
            const double factor = exposure_factor(constants, state);
            double worst = 0;
            for (int y = 0; y < 100; ++y) {
                for (int x = 0; x < 100; ++x) {
                    const auto channel =
                        static_cast<std::size_t>(((pixels.x + x) & 1) + ((pixels.y + y) & 1));
                    // A coarse thing that moves is as green sees it, in all colours.
                    if (quality == Quality::coarse && channel != 1) continue;
                    const double laid =
                        thing.light[channel].at(x, y) / factor + 500 * (1 - thing.coverage.at(x, y));
                    worst = std::max(worst, std::abs(laid - image.at(x, y) / factor));
                }
            }
            CAPTURE(counts);
            // Green's coverage stands for all colours, and in a coarse thing one place of the field for all.
            CHECK(worst < (quality == Quality::full ? 0.015 : 0.07) * 1500);
        }
    }
}

TEST_CASE("at two samples per pixel a thing is spread over a pixel about each sample") {
    const Constants constants = without_stray_light();
    const State state = lens_at(500, 4, 5);
    const Rect pixels{980, 720, 100, 100};
    auto fine = square_before_ground(pixels, 5, 40, 2), coarse = square_before_ground(pixels, 5, 40, 1);
    fine.layers.erase(fine.layers.begin());
    coarse.layers.erase(coarse.layers.begin());
    const PsfLayer two = spread(fine, constants, state), one = spread(coarse, constants, state);
    REQUIRE(two.coverage.width == 200);
    for (int x = 0; x < 100; ++x) {
        const double between = (two.coverage.at(2 * x, 100) + two.coverage.at(2 * x + 1, 100)) / 2;
        CHECK(std::abs(between - one.coverage.at(x, 50)) < 0.08);
    }
    double sum_two = 0, sum_one = 0;
    for (const float sample : two.light[1].samples) sum_two += sample / 4;
    for (const float sample : one.light[1].samples) sum_one += sample;
    CHECK(sum_two == doctest::Approx(sum_one).epsilon(1e-3));
}

TEST_CASE("margins grow with blur") {
    const State sharp = lens_at(500, 2.8, 5);
    CHECK(margin_px({}, sharp, 5) < 20);
    CHECK(margin_px({}, sharp, 1) > margin_px({}, sharp, 3));
    // Focused at 5 m, light from 0.05 m: a disc of f²/F (1/0.05 - 1/5), in pixels.
    CHECK(margin_px({}, sharp, 0.05) >
          0.5 * 19.0 * 19.0 / 2.8 * (1 / 50.0 - 1 / 5000.0) / (1e-3 * kPixelPitch_um));
}
