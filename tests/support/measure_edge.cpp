#include "tests/support/measure_edge.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <complex>
#include <numbers>

#include "tests/support/measure_photons.h"

namespace measure {
namespace {

using std::numbers::pi;

constexpr double kBin_px = 0.25;

/// The centre of what changes along the pixels of a colour in a row that has it: they stand two columns
/// apart.
double edge_in_row(const Picture& picture, int channel, int row, double from_px, double to_px) {
    double weight = 0, moment = 0;
    for (int x = picture.channel(0, row) == channel ? 0 : 1; x + 2 < picture.width(); x += 2) {
        const double middle_px = picture.x + x + 1.5;
        if (middle_px < from_px || middle_px > to_px) continue;
        const double step = picture.dn.at(x + 2, row) - picture.dn.at(x, row);
        weight += step, moment += step * middle_px;
    }
    return moment / weight;
}

}  // namespace

SlantedEdge::SlantedEdge(const Picture& picture, double half_width_px, int channel) : channel_(channel) {
    find(picture, half_width_px);
    gather(picture, half_width_px);
}

/// First from whole rows, then twice from what is near the line that was found.
void SlantedEdge::find(const Picture& picture, double half_width_px) {
    for (int pass = 0; pass < 4; ++pass) {
        std::vector<double> x, y;
        for (int row = 0; row < picture.height(); ++row) {
            if (picture.channel(0, row) != channel_ && picture.channel(1, row) != channel_) continue;
            const double sensor_y = picture.y + row + 0.5, at = x_at(sensor_y);
            const double from = pass == 0 ? 0 : at - half_width_px, to = pass == 0 ? 1e9 : at + half_width_px;
            y.push_back(sensor_y);
            x.push_back(edge_in_row(picture, channel_, row, from, to));
        }
        const Line line = fit(y, x);
        slope_ = line.slope, x0_ = line.offset;
    }
}

void SlantedEdge::gather(const Picture& picture, double half_width_px) {
    std::vector<double> sum(static_cast<std::size_t>(2 * half_width_px / kBin_px)), count(sum.size());
    const double cosine = 1 / std::hypot(1, slope_);
    for (int y = 0; y < picture.height(); ++y) {
        const double edge_px = x_at(picture.y + y + 0.5);
        for (int x = 0; x < picture.width(); ++x) {
            if (picture.channel(x, y) != channel_) continue;
            const double off_px = (picture.x + x + 0.5 - edge_px) * cosine + half_width_px;
            if (off_px < 0 || off_px >= 2 * half_width_px) continue;
            const auto bin = std::min(static_cast<std::size_t>(off_px / kBin_px), sum.size() - 1);
            sum[bin] += picture.dn.at(x, y);
            count[bin] += 1;
        }
    }
    for (std::size_t i = 0; i < sum.size(); ++i) {
        assert(count[i] > 0);
        sum[i] /= count[i];
    }
    for (std::size_t i = 1; i < sum.size(); ++i) line_.push_back(sum[i] - sum[i - 1]);
    double weight = 0;
    for (std::size_t i = 0; i < line_.size(); ++i) {
        weight += line_[i], centre_bin_ += line_[i] * static_cast<double>(i);
    }
    centre_bin_ /= weight;
}

double SlantedEdge::contrast(double cycles_per_px) const {
    std::complex<double> at{}, zero{};
    for (std::size_t i = 0; i < line_.size(); ++i) {
        const double angle = 2 * pi * cycles_per_px * kBin_px * (static_cast<double>(i) - centre_bin_);
        at += line_[i] * std::polar(1.0, -angle);
        zero += line_[i];
    }
    const double x = pi * cycles_per_px * kBin_px, bin = x == 0 ? 1 : std::sin(x) / x;
    return (at / zero).real() / (bin * bin);
}

double SlantedEdge::frequency_of(double contrast) const {
    constexpr double kStep = 0.002;
    double high = kStep;
    while (this->contrast(high) > contrast && high < 0.7) high += kStep;
    double low = high - kStep;
    for (int i = 0; i < 30; ++i) {
        const double middle = (low + high) / 2;
        (this->contrast(middle) > contrast ? low : high) = middle;
    }
    return low;
}

/// 2 J1(x)/x is zero first at x = π d ν = 3.8317.
double SlantedEdge::disc_px() const { return 3.8317 / (pi * frequency_of(0)); }

double SlantedEdge::angle_deg() const { return std::atan(slope_) * 180 / pi; }

}  // namespace measure
