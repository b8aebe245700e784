#pragma once

#include <deque>
#include <vector>

#include "scenes/seen.h"

namespace scenes {

/// Snapshot: the items of a world at one time, each as the camera sees it then. Still and moving ones in the
/// order of the file, then parts near the frame. It refers to the world.
struct Snapshot {
    struct Entry {
        const Item* item = nullptr;
        Pose pose;
        Vec3 velocity_m_s;  // against the camera
    };
    static constexpr int kNone = -1;

    Time time{};
    Pose camera;  // in the world
    Ground ground;
    std::vector<Entry> items;
    std::vector<int> parents;        // of each item the index of what it is fixed to, or none
    std::vector<int> drawing_order;  // as the renderer composes: what moves lies over what stands still
    std::deque<Item> parts;          // what `items` refers to beside the world

    Snapshot() = default;
    Snapshot(Snapshot&&) = default;
    Snapshot& operator=(Snapshot&&) = default;
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;
    ~Snapshot() = default;
};

[[nodiscard]] Snapshot snapshot(const World&, const light::View&, Time);

}  // namespace scenes
