#pragma once

#include <string>
#include <vector>

#include "emulator/imaging/frame_source.h"

/// A test bench around the camera: what stands in front of it, how it is set, and frames as a client gets
/// them.
namespace measure {

/// A frame decoded from its payload; (x, y) is the sensor pixel of its upper left corner.
struct Picture {
    int x = 0, y = 0;
    scenes::light::Image<double> dn;

    [[nodiscard]] int width() const { return dn.width; }
    [[nodiscard]] int height() const { return dn.height; }
    /// 0 R, 1 G, 2 B: RGGB, red at even columns of even rows of the sensor.
    [[nodiscard]] int channel(int column, int row) const { return ((x + column) & 1) + ((y + row) & 1); }
};

class Bench {
  public:
    /// A scene by its name in configs/scenes, with overrides, seen as its camera hints say.
    explicit Bench(const std::string& scene, const std::vector<std::string>& overrides = {},
                   const emulator::Profile& = {});
    explicit Bench(scenes::World, const emulator::Profile& = {});
    Bench(const Bench&) = delete;
    Bench& operator=(const Bench&) = delete;

    emulator::Settings settings;
    /// When STROBE_OUT is high, in seconds from the start of each exposure.
    std::vector<scenes::light::Interval> strobe_high;

    /// The window that is read, of even size, its middle as near to a place of the sensor as offsets allow.
    void aim(scenes::light::Point at_px, int width, int height);
    void aim_at_axis(int width, int height) { aim(view().centre_px, width, height); }
    void focus_at(double distance_m);
    void stop_to(double f_number);

    /// The next frame, with the noise of its own.
    [[nodiscard]] Picture shoot(emulator::Time start = {});
    /// The mean of some frames.
    [[nodiscard]] Picture shoot_mean(int frames, emulator::Time start = {});
    [[nodiscard]] protocol::Bytes payload(emulator::Time start, std::uint64_t number);

    [[nodiscard]] const emulator::Profile& profile() const { return profile_; }
    [[nodiscard]] lens_model::State lens() const;
    [[nodiscard]] scenes::light::View view() const { return lens_model::view(profile_.lens, lens()); }
    [[nodiscard]] double electrons_per_dn() const { return 1 / profile_.chip.gain_dn_per_e; }

  private:
    emulator::Profile profile_;
    std::shared_ptr<const scenes::World> world_;
    emulator::FrameSource source_;
    std::uint64_t frames_ = 0;
};

/// A scene out of a text, as a user's own file would have it.
[[nodiscard]] scenes::World scene_of(const std::string& json);
[[nodiscard]] scenes::World scene_named(const std::string& name,
                                        const std::vector<std::string>& overrides = {});

/// Mean of one colour above a black level, over the whole picture or a square of it about a place of the
/// sensor.
[[nodiscard]] double mean_dn(const Picture&, int channel);
[[nodiscard]] double mean_dn(const Picture&, int channel, scenes::light::Point about_px, double half_px);

}  // namespace measure
