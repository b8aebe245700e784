#include "protocol/genicam/xml.h"

#include <tinyxml2.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <vector>

namespace protocol::genicam {
namespace {

using tinyxml2::XMLElement;

constexpr std::string_view kLockedName = "TLParamsLocked";

std::string format(const char* pattern, auto... arguments) {
    char text[96];
    std::snprintf(text, sizeof text, pattern, arguments...);
    return text;
}

std::string hex(std::uint32_t value) { return format("0x%X", value); }
std::string number(double value) { return format("%.12g", value); }

const char* access_text(Access access) {
    return access == Access::ro ? "RO" : access == Access::wo ? "WO" : "RW";
}

const char* visibility_text(Visibility visibility) {
    constexpr std::array kTexts{"Beginner", "Expert", "Guru", "Invisible"};
    return kTexts[static_cast<std::size_t>(visibility)];
}

const char* look_text(Look look) {
    constexpr std::array kTexts{"Linear",      "Logarithmic", "HexNumber",
                                "IPV4Address", "MACAddress",  "PureNumber"};
    return kTexts[static_cast<std::size_t>(look)];
}

/// A read-only value is no slider, which clients draw for a linear one.
Look look_of(const FeatureInfo& info, Look look) {
    const bool slider = look == Look::linear && info.access == Access::ro && info.message.chunk_id == 0;
    return slider ? Look::pure_number : look;
}

const char* caching_text(Caching caching) {
    constexpr std::array kTexts{"NoCache", "WriteAround", "WriteThrough"};
    return kTexts[static_cast<std::size_t>(caching)];
}

const char* name_space_text(bool custom) { return custom ? "Custom" : "Standard"; }

/// Writes the nodes of one file. Elements of a node must stand in the order of the schema.
class XmlWriter {
  public:
    XmlWriter(XMLElement& root, std::span<const Node> nodes) : root_(root), nodes_(nodes) {}

    void write() {
        write_categories();
        write_port("Device", {});
        std::set<std::string> ports;
        for (const auto& node : nodes_) {
            const auto& message = node.info.message;
            if (message.is_source() && ports.insert(port_of(message)).second)
                write_port(port_of(message), message);
            std::visit([&](const auto& type) { write_feature(node, type); }, node.info.type);
        }
    }

  private:
    static std::string port_of(const Message& message) {
        if (!message.is_source()) return "Device";
        return message.event_id != 0 ? format("Event%04XPort", message.event_id)
                                     : format("Chunk%08XPort", message.chunk_id);
    }

    static void text(XMLElement& parent, const char* name, std::string_view content) {
        parent.InsertNewChildElement(name)->SetText(std::string(content).c_str());
    }

    XMLElement& element(const char* kind, std::string_view name) {
        auto& element = *root_.InsertNewChildElement(kind);
        element.SetAttribute("Name", std::string(name).c_str());
        return element;
    }

    /// The rows of an event are a category of their own, which is named by the first of them.
    [[nodiscard]] std::string event_category(const Node& node) const {
        const auto first = std::ranges::find(nodes_, node.info.message.event_id,
                                             [](const Node& other) { return other.info.message.event_id; });
        return std::string(first->info.name) + "Data";
    }

    /// A category of custom features alone is custom.
    struct Category {
        std::string name;
        bool custom = true;
        std::vector<std::string> features = {};
    };

    void write_categories() {
        std::vector<Category> categories, events;
        for (const auto& node : nodes_) {
            if (categories.empty() || categories.back().name != node.category)
                categories.push_back({.name = std::string(node.category)});
            auto* home = &categories.back();
            home->custom = home->custom && node.info.custom;
            if (node.info.message.event_id != 0) {
                const auto name = event_category(node);
                if (events.empty() || events.back().name != name) {
                    home->features.push_back(name);
                    events.push_back({.name = name});
                }
                home = &events.back();
                home->custom = home->custom && node.info.custom;
            }
            home->features.emplace_back(node.info.name);
        }
        Category root{.name = "Root", .custom = false};
        for (const auto& category : categories) root.features.push_back(category.name);
        write_category(root);
        for (const auto& category : categories) write_category(category);
        for (const auto& event : events) write_category(event);
    }

    void write_category(const Category& category) {
        auto& one = element("Category", category.name);
        one.SetAttribute("NameSpace", name_space_text(category.custom));
        for (const auto& feature : category.features) text(one, "pFeature", feature);
    }

    void write_port(std::string_view name, const Message& message) {
        auto& port = element("Port", name);
        if (!message.is_source()) port.SetAttribute("NameSpace", "Standard");
        if (message.event_id != 0) text(port, "EventID", format("%04X", message.event_id));
        if (message.chunk_id != 0) text(port, "ChunkID", format("%08X", message.chunk_id));
    }

    /// The elements that begin every feature node.
    XMLElement& feature(const char* kind, const Node& node) {
        const auto& info = node.info;
        auto& one = element(kind, info.name);
        one.SetAttribute("NameSpace", name_space_text(info.custom));
        text(one, "ToolTip", info.tip);
        text(one, "Description", info.tip);
        if (!info.display.empty()) text(one, "DisplayName", info.display);
        text(one, "Visibility", visibility_text(info.visibility));
        if (node.can_be_unavailable) text(one, "pIsAvailable", plane(node, "_Available", kAvailablePlane, 4));
        if (node.can_be_locked || info.frozen_while_streaming) text(one, "pIsLocked", lock(node));
        if (node.streamable) text(one, "Streamable", "Yes");
        return one;
    }

    std::string lock(const Node& node) {
        // A lock that the camera computes includes TLParamsLocked.
        return node.can_be_locked ? plane(node, "_Locked", kLockedPlane, 4) : std::string(kLockedName);
    }

    /// A read-only register in another plane of the feature's address.
    std::string plane(const Node& node, const char* suffix, Plane plane, std::uint32_t bytes,
                      bool is_signed = false) {
        auto name = std::string(node.info.name) + suffix;
        auto& reg = element("IntReg", name);
        text(reg, "Visibility", "Invisible");
        text(reg, "Address", hex(node.info.address + plane));
        text(reg, "Length", std::to_string(bytes));
        access_elements(reg, Access::ro, "Device");
        const bool is_lock = plane == kLockedPlane;
        // A stream may end by itself, and with it the lock.
        const bool volatile_lock = is_lock && node.info.frozen_while_streaming;
        text(reg, "Cachable", caching_text(volatile_lock ? Caching::none : node.caching));
        invalidators(reg, node.changed_by);
        for (const auto writer : node.lock_changed_by) {
            if (is_lock) text(reg, "pInvalidator", writer);
        }
        integer_register_elements(reg, is_signed);
        return name;
    }

    static void access_elements(XMLElement& reg, Access access, std::string_view port) {
        text(reg, "AccessMode", access_text(access));
        text(reg, "pPort", port);
    }

    /// Access mode, cachability and invalidators of the value.
    void value_elements(XMLElement& reg, const Node& node) {
        const auto& info = node.info;
        access_elements(reg, info.access, port_of(info.message));
        if (info.constant) return;
        text(reg, "Cachable", caching_text(node.caching));
        const bool polled = info.polling_ms != 0 && !std::holds_alternative<Command>(info.type);
        if (polled) text(reg, "PollingTime", std::to_string(info.polling_ms));
        if (info.access != Access::wo && !info.message.is_source()) invalidators(reg, node.changed_by);
    }

    /// Features whose change makes a client read this register again.
    void invalidators(XMLElement& reg, const std::vector<std::string_view>& writers) {
        for (const auto& node : nodes_) {
            if (node.info.changes_all) text(reg, "pInvalidator", node.info.name);
        }
        for (const auto writer : writers) text(reg, "pInvalidator", writer);
    }

    static void integer_register_elements(XMLElement& reg, bool is_signed) {
        text(reg, "Sign", is_signed ? "Signed" : "Unsigned");
        text(reg, "Endianess", "BigEndian");
    }

    static bool is_masked(const Node& node) { return node.info.bits.low != 0 || node.info.bits.high != 31; }

    /// The register that holds the value of a numeric feature.
    std::string value_register(const Node& node, bool is_signed = false) {
        const auto& info = node.info;
        auto name = std::string(info.name) + "_Reg";
        const bool masked = is_masked(node);
        auto& reg = element(masked ? "MaskedIntReg" : "IntReg", name);
        text(reg, "Visibility", "Invisible");
        text(reg, "Address", hex(info.address));
        const auto bytes = info.message.is_source() ? info.message.bytes : register_bytes(info.type);
        text(reg, "Length", std::to_string(bytes));
        value_elements(reg, node);
        if (masked) {
            // Big-endian registers count their bits from the top.
            text(reg, "LSB", std::to_string(31 - info.bits.low));
            text(reg, "MSB", std::to_string(31 - info.bits.high));
        }
        integer_register_elements(reg, is_signed);
        return name;
    }

    void selected(XMLElement& one, const Node& node) {
        for (const auto& other : nodes_) {
            if (other.info.selector == node.info.name) text(one, "pSelected", other.info.name);
        }
    }

    void write_feature(const Node& node, const Integer& type) {
        const bool is_signed = type.min < 0;
        const auto bytes = register_bytes(node.info.type);
        auto& one = feature("Integer", node);
        text(one, "pValue", value_register(node, is_signed));
        if (node.range_moves) {
            text(one, "pMin", plane(node, "_Min", kMinPlane, bytes, is_signed));
            text(one, "pMax", plane(node, "_Max", kMaxPlane, bytes, is_signed));
        } else if (!node.info.message.is_source()) {
            text(one, "Min", std::to_string(type.min));
            text(one, "Max", std::to_string(type.max));
        }
        // Aravis finds no increment behind the bits of a register, not even the usual one.
        if (type.inc != 1 || is_masked(node)) text(one, "Inc", std::to_string(type.inc));
        if (!type.unit.empty()) text(one, "Unit", type.unit);
        text(one, "Representation", look_text(look_of(node.info, type.look)));
        selected(one, node);
    }

    void write_feature(const Node& node, const Real& type) {
        const bool is_signed = type.min < 0;
        auto& one = feature("Float", node);
        text(one, "pValue", converter(node, type, is_signed));
        if (node.range_moves) {
            text(one, "pMin", bound(node, type, "_Min", kMinPlane, is_signed));
            text(one, "pMax", bound(node, type, "_Max", kMaxPlane, is_signed));
        } else {
            text(one, "Min", number(type.min));
            text(one, "Max", number(type.max));
        }
        text(one, "Inc", number(type.step));
        if (!type.unit.empty()) text(one, "Unit", type.unit);
        text(one, "Representation", look_text(look_of(node.info, type.look)));
    }

    static std::string from_steps(const Real& type, const char* variable) {
        if (type.step < 1) return format("%s / %.0f", variable, std::round(1 / type.step));
        return format("%s * %.0f", variable, type.step);
    }

    static std::string to_steps(const Real& type) {
        if (type.step < 1) return format("FLOOR(FROM * %.0f + 0.5)", std::round(1 / type.step));
        return format("FLOOR(FROM / %.0f + 0.5)", type.step);
    }

    std::string converter(const Node& node, const Real& type, bool is_signed) {
        auto name = std::string(node.info.name) + "_Conv";
        auto& one = element("Converter", name);
        text(one, "Visibility", "Invisible");
        text(one, "FormulaTo", to_steps(type));
        text(one, "FormulaFrom", from_steps(type, "TO * 1.0"));
        text(one, "pValue", value_register(node, is_signed));
        text(one, "Slope", "Increasing");
        return name;
    }

    std::string bound(const Node& node, const Real& type, const char* suffix, Plane which, bool is_signed) {
        auto name = std::string(node.info.name) + suffix;
        auto& one = element("SwissKnife", name);
        text(one, "Visibility", "Invisible");
        auto& variable = *one.InsertNewChildElement("pVariable");
        variable.SetAttribute("Name", "STEPS");
        variable.SetText(plane(node, (std::string(suffix) + "Reg").c_str(), which, 4, is_signed).c_str());
        text(one, "Formula", from_steps(type, "STEPS * 1.0"));
        return name;
    }

    void write_feature(const Node& node, const Choice& type) {
        auto& one = feature("Enumeration", node);
        for (const auto& entry : type.entries) {
            auto& choice = *one.InsertNewChildElement("EnumEntry");
            choice.SetAttribute("Name", std::string(entry.name).c_str());
            choice.SetAttribute("NameSpace", name_space_text(node.info.custom));
            if (!entry.display.empty()) text(choice, "DisplayName", entry.display);
            text(choice, "Value", std::to_string(entry.value));
        }
        text(one, "pValue", value_register(node));
        selected(one, node);
    }

    void write_feature(const Node& node, const Flag&) {
        auto& one = feature("Boolean", node);
        text(one, "pValue", value_register(node));
        text(one, "OnValue", "1");
        text(one, "OffValue", "0");
    }

    void write_feature(const Node& node, const Command& type) {
        auto& one = feature("Command", node);
        text(one, "pValue", value_register(node));
        text(one, "CommandValue", std::to_string(type.value));
        if (node.info.polling_ms != 0) text(one, "PollingTime", std::to_string(node.info.polling_ms));
    }

    void write_memory(const char* kind, const Node& node) {
        auto& one = feature(kind, node);
        text(one, "Address", hex(node.info.address));
        text(one, "Length", std::to_string(register_bytes(node.info.type)));
        value_elements(one, node);
    }
    void write_feature(const Node& node, const Text&) { write_memory("StringReg", node); }
    void write_feature(const Node& node, const Raw& type) {
        if (type.size_from.empty()) return write_memory("Register", node);
        auto& one = feature("Register", node);
        text(one, "Address", hex(node.info.address));
        text(one, "pLength", type.size_from);
        value_elements(one, node);
    }

    XMLElement& root_;
    std::span<const Node> nodes_;
};

std::string guid(std::uint64_t first, std::uint64_t second) {
    return format("%08X-%04X-%04X-%04X-%012llX", static_cast<unsigned>(first >> 32),
                  static_cast<unsigned>(first >> 16 & 0xFFFF), static_cast<unsigned>(first & 0xFFFF),
                  static_cast<unsigned>(second >> 48),
                  static_cast<unsigned long long>(second & 0xFFFF'FFFF'FFFF));
}

std::string print(const DeviceInfo& device, std::span<const Node> nodes, const std::string& version_guid) {
    tinyxml2::XMLDocument document;
    document.InsertEndChild(document.NewDeclaration());
    auto& root = *document.NewElement("RegisterDescription");
    document.InsertEndChild(&root);
    root.SetAttribute("ModelName", std::string(device.model_symbol).c_str());
    root.SetAttribute("VendorName", std::string(device.vendor_symbol).c_str());
    root.SetAttribute("ToolTip", std::string(device.tip).c_str());
    root.SetAttribute("StandardNameSpace", "GEV");
    root.SetAttribute("SchemaMajorVersion", 1);
    root.SetAttribute("SchemaMinorVersion", 1);
    root.SetAttribute("SchemaSubMinorVersion", 1);
    root.SetAttribute("MajorVersion", device.version[0]);
    root.SetAttribute("MinorVersion", device.version[1]);
    root.SetAttribute("SubMinorVersion", device.version[2]);
    const auto product = content_hash(device.model_symbol);
    root.SetAttribute("ProductGuid", guid(product, content_hash(device.vendor_symbol)).c_str());
    root.SetAttribute("VersionGuid", version_guid.c_str());
    root.SetAttribute("xmlns", "http://www.genicam.org/GenApi/Version_1_1");
    XmlWriter(root, nodes).write();
    tinyxml2::XMLPrinter printer;
    document.Print(&printer);
    return printer.CStr();
}

}  // namespace

std::uint64_t content_hash(std::string_view text) {
    std::uint64_t hash = 0xCBF2'9CE4'8422'2325;
    for (const char c : text) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100'0000'01B3;
    return hash;
}

std::string make_xml(const DeviceInfo& device, std::span<const Node> nodes) {
    const auto content = print(device, nodes, guid(0, 0));
    const auto hash = content_hash(content);
    return print(device, nodes,
                 guid(hash, content_hash(format("%llx", static_cast<unsigned long long>(hash)))));
}

}  // namespace protocol::genicam
