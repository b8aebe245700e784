#include "scenes/item.h"

#include "scenes/light/progress.h"

namespace scenes {

Pose pose_at(const Item& item, std::chrono::nanoseconds time) {
    if (!moves(item)) return item.pose;
    const double time_s = item.period_s > 0 ? light::progress(1, time, item.period_s).rest
                                            : std::chrono::duration<double>(time).count();
    return {item.pose.position_m + time_s * item.velocity_m_s,
            item.pose.rotation_deg + time_s * item.spin_deg_s};
}

}  // namespace scenes
