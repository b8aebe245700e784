#pragma once

#include <cstdint>
#include <vector>

#include "sensor_model/gain.h"
#include "sensor_model/kernels/pixels.h"
#include "sensor_model/sensor.h"

namespace sensor_model {

/// What holds for all rows of a frame.
struct FrameLaw {
    Gain gain;
    double adc_gain_dn_per_e = 0, read_variance_e2 = 0, black_dn = 0;
    double exposure_s = 0, row_s = 0, storage_wait_s = 0;
    double dark_factor = 1, dark_e_s = 0;
    bool dark_spreads = false;
};

/// Exposes and reads the rows of one frame, in any order, and keeps the memory for a row. All that it is made
/// of must outlive it.
class RowExposer {
  public:
    RowExposer(const Chip& chip, const FixedPattern& pattern, const Exposure& exposure,
               const Settings& settings, const FrameSeed& seed, Isa isa = scenes::light::best_isa());

    /// Row `y` of the frame, which has `read_width` columns.
    void expose(int y, std::uint16_t* dn);

  private:
    void collect_stills();
    void collect_patches();
    void add_defects();
    void add_rts_noise();
    void convert(int y, std::uint16_t* codes);
    void light_stuck_pixels(std::uint16_t* codes) const;
    void flip(const std::uint16_t* codes, std::uint16_t* dn) const;
    [[nodiscard]] RowLaw row_law(double offset_e) const;
    [[nodiscard]] double dark_s() const { return law_.exposure_s + stored_s_; }
    int list_next_row(int y, const float** maps) const;

    std::uint16_t* codes_in_order();
    /// The columns that are read, out of a row of the sensor.
    template <class T>
    const T* read_columns(const T* sensor_row, std::vector<T>& buffer) const;

    const Chip& chip_;
    const FixedPattern& pattern_;
    const Exposure& exposure_;
    const Region region_;
    const FrameSeed seed_;
    const PixelKernels& kernels_;
    const FrameLaw law_;

    // Of the row at hand.
    int row_ = 0;                             // of the sensor
    double stored_s_ = 0;                     // from the end of exposure until it is read
    std::vector<float> light_e_, column_dn_;  // by column of the sensor
    std::vector<float> read_light_e_, read_column_dn_;
    std::vector<std::int8_t> read_prnu_, read_dsnu_;
    std::vector<std::uint8_t> read_dark_;
    std::vector<std::uint16_t> codes_;
};

}  // namespace sensor_model
