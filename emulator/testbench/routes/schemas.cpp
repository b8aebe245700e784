#include "emulator/testbench/http/route.h"

namespace emulator::testbench {

namespace {

constexpr Schema kSchemas[] = {
    {"Problem",
     R"({"type": "object", "description": "RFC 9457", "required": ["type", "title", "status", "detail"],
            "properties": {"type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"},
            "detail": {"type": "string", "description": "one sentence; it begins with the key concerned"},
            "key": {"type": "string", "description": "dotted path of that key"}}})"},
    {"Ns", R"({"type": "integer", "description": "ns of the camera's clock"})"},
    {"AtNs", R"({"type": "integer", "minimum": 0,
            "description": "when, by the camera's clock, in ns: from now to a day ahead; not with after_us"})"},
    {"AfterUs", R"({"type": "number", "minimum": 0, "maximum": 86400000000,
            "description": "when, in us from now; not with at_ns"})"},
    {"PulseUs", R"({"type": "number", "minimum": 0.001, "maximum": 86400000000,
            "description": "length in us, to the ns"})"},
    {"Begun", R"({"type": "object", "required": ["begin_ns"], "properties": {
            "begin_ns": {"$ref": "#/components/schemas/Ns"}, "end_ns": {"$ref": "#/components/schemas/Ns"}}})"},
    {"Clock", R"({"type": "object",
        "required": ["time_ns", "mode", "rate", "step_end_ns", "next_event_ns", "waits"], "properties": {
        "time_ns": {"$ref": "#/components/schemas/Ns"},
        "mode": {"type": "string", "enum": ["rate", "fast", "step"]},
        "rate": {"type": ["number", "null"], "description": "of camera time against host time; 0: paused"},
        "step_end_ns": {"type": ["integer", "null"], "description": "where a step ends that is under way"},
        "next_event_ns": {"type": ["integer", "null"], "description": "of exposure, readout, motors or lines"},
        "waits": {"type": "boolean", "description":
            "the next jump waits until frames are sent and events acknowledged"}}})"},
    {"Switch", R"({"type": "object", "required": ["enabled"], "properties": {
        "enabled": {"type": "boolean"}}})"},
    {"Pair", R"({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2})"},
    {"Triple", R"({"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3})"},
    {"Image", R"({"type": "object", "description": "the region that was read",
            "required": ["width", "height", "offset_x", "offset_y", "decimation_x", "decimation_y", "reverse_x",
                "reverse_y"],
            "properties": {"width": {"type": "integer"}, "height": {"type": "integer"},
            "offset_x": {"type": "integer"}, "offset_y": {"type": "integer"},
            "decimation_x": {"type": "integer"}, "decimation_y": {"type": "integer"},
            "reverse_x": {"type": "boolean"}, "reverse_y": {"type": "boolean"}}})"},
    {"Lens", R"({"type": "object", "description": "where the lens was",
            "required": ["zoom_steps", "focus_counts", "iris_steps", "ir_cut_position", "focal_length_mm",
                "entrance_pupil_m", "f_number", "iris_closed", "focused_distance_m", "moving"],
            "properties": {"zoom_steps": {"type": "number"}, "focus_counts": {"type": "number"},
            "iris_steps": {"type": "number"}, "ir_cut_position": {"type": "number"},
            "focal_length_mm": {"type": "number"}, "entrance_pupil_m": {"type": "number"},
            "f_number": {"type": ["number", "null"]}, "iris_closed": {"type": "boolean"},
            "focused_distance_m": {"type": ["number", "null"],
                "description": "from the front of the lens; null: infinity, or beyond"},
            "moving": {"type": "boolean"}}})"},
    {"Frame", R"({"type": "object",
            "required": ["number", "block_id", "timestamp_ns", "trigger", "exposure_us", "gain_db", "index_in_set"],
            "properties": {"number": {"type": "integer", "description": "exposures since power-up"},
            "block_id": {"type": "integer", "description": "0: no stream channel was open"},
            "timestamp_ns": {"type": "integer", "description": "as in the leader"},
            "trigger": {"type": "integer"}, "exposure_us": {"type": "number"}, "gain_db": {"type": "number"},
            "index_in_set": {"type": "integer"}}})"},
    {"Item", R"({"type": "object",
            "required": ["name", "kind", "parent", "content", "defects", "visible", "corners_px", "box_px",
                "centre_px", "velocity_px_s", "position_m", "rotation_deg", "distance_m", "velocity_m_s"],
            "properties": {"name": {"type": "string"}, "kind": {"type": "string"}, "parent": {"type": "string"},
            "content": {"type": "string"}, "defects": {"type": "array", "items": {"type": "string"}},
            "visible": {"type": "string", "enum": ["none", "part", "whole"]},
            "corners_px": {"type": "array", "items": {"$ref": "#/components/schemas/Pair"}},
            "box_px": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
            "centre_px": {"$ref": "#/components/schemas/Pair"},
            "velocity_px_s": {"$ref": "#/components/schemas/Pair"},
            "position_m": {"$ref": "#/components/schemas/Triple"},
            "rotation_deg": {"$ref": "#/components/schemas/Triple"}, "distance_m": {"type": "number"},
            "velocity_m_s": {"$ref": "#/components/schemas/Triple"}}})"},
    {"Signal", R"({"type": "object", "required": ["number", "time_ns", "signal"],
            "properties": {"number": {"type": "integer"}, "time_ns": {"$ref": "#/components/schemas/Ns"},
            "signal": {"type": "string", "enum": ["trigger_in", "strobe_out", "trigger_accepted", "trigger_missed",
                "exposure_start", "exposure_end", "readout_end", "frame_submitted", "frame_dropped",
                "lens_move_begin", "lens_move_end"]},
            "block_id": {"type": "integer"}, "high": {"type": "boolean"}, "source": {"type": "string"},
            "trigger": {"type": "integer"}, "frame": {"type": "integer"}, "exposure_us": {"type": "number"},
            "gain_db": {"type": "number"}, "index_in_set": {"type": "integer"}, "cause": {"type": "string",
                "enum": ["abandoned", "rendering_late", "sending_late", "channel_closed"]},
            "part": {"type": "string", "enum": ["zoom", "focus", "iris", "ir_cut"]}}})"},
};

}  // namespace

std::span<const Schema> schemas() { return kSchemas; }

}  // namespace emulator::testbench
