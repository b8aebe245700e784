#include "scenes/item.h"

#include <cmath>

namespace scenes {

Pose pose_at(const Item& item, std::chrono::nanoseconds time) {
    if (!moves(item)) return item.pose;
    double time_s = std::chrono::duration<double>(time).count();
    if (item.period_s > 0) time_s -= item.period_s * std::floor(time_s / item.period_s);
    return {item.pose.position_m + time_s * item.velocity_m_s,
            item.pose.rotation_deg + time_s * item.spin_deg_s};
}

}  // namespace scenes
