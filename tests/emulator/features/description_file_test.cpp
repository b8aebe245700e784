#include <doctest/doctest.h>
#include <tinyxml2.h>
#include <zip.h>

#include <array>
#include <memory>
#include <set>

#include "emulator/features/description_file.h"
#include "emulator/features/table.h"
#include "protocol/genicam/xml.h"
#include "protocol/gvcp/names.h"
#include "tests/support/fake_client.h"

// The GenICam description: well formed, closed in itself, in the order of the schema, and served as it is.

using namespace support;
using tinyxml2::XMLElement;

namespace {

const std::string& xml() {
    static const auto text = emulator::features::description_xml(emulator::features::table());
    return text;
}

const tinyxml2::XMLDocument& document() {
    static const auto parsed = [] {
        auto one = std::make_unique<tinyxml2::XMLDocument>();
        one->Parse(xml().c_str());
        return one;
    }();
    return *parsed;
}

template <class Visit>
void each(const XMLElement& parent, Visit visit) {
    for (const auto* child = parent.FirstChildElement(); child; child = child->NextSiblingElement())
        visit(*child);
}

std::string attribute(const std::string& text, const std::string& name) {
    tinyxml2::XMLDocument parsed;
    parsed.Parse(text.c_str());
    return parsed.RootElement()->Attribute(name.c_str());
}

}  // namespace

TEST_CASE("the description is XML, and every node that is referred to exists") {
    REQUIRE(document().Error() == false);
    const auto& root = *document().RootElement();
    CHECK(std::string_view(root.Name()) == "RegisterDescription");
    std::set<std::string> names;
    each(root, [&](const XMLElement& node) {
        CAPTURE(node.Attribute("Name"));
        CHECK(names.insert(node.Attribute("Name")).second);
    });
    each(root, [&](const XMLElement& node) {
        each(node, [&](const XMLElement& element) {
            const std::string_view name = element.Name();
            if (name.size() < 2 || name[0] != 'p' || !std::isupper(static_cast<unsigned char>(name[1])))
                return;
            CAPTURE(node.Attribute("Name"));
            CAPTURE(element.GetText());
            CHECK(names.contains(element.GetText()));
        });
    });
    for (const auto* needed : {"Root", "Device", "Width", "Height", "PixelFormat", "PayloadSize",
                               "AcquisitionMode", "AcquisitionStart", "AcquisitionStop", "TLParamsLocked",
                               "GevSCPSFireTestPacket", "GevSCPSPacketSize", "FPS"}) {
        CAPTURE(needed);
        CHECK(names.contains(needed));
    }
}

TEST_CASE("every feature hangs in the tree below Root") {
    const auto& root = *document().RootElement();
    std::map<std::string, std::vector<std::string>> children;
    each(root, [&](const XMLElement& node) {
        if (std::string_view(node.Name()) != "Category") return;
        each(node, [&](const XMLElement& element) {
            if (std::string_view(element.Name()) == "pFeature")
                children[node.Attribute("Name")].push_back(element.GetText());
        });
    });
    std::set<std::string> reached{"Root"};
    for (std::vector<std::string> open{"Root"}; !open.empty();) {
        const auto category = open.back();
        open.pop_back();
        for (const auto& child : children[category]) {
            CHECK(reached.insert(child).second);
            open.push_back(child);
        }
    }
    for (const auto& category : emulator::features::table()) {
        for (const auto& feature : category.features) {
            CAPTURE(std::string(feature.info.name));
            CHECK(reached.contains(std::string(feature.info.name)));
        }
    }
}

TEST_CASE("the data of an event are a category of their own below EventControl") {
    std::map<std::string, std::set<std::string>> children;
    each(*document().RootElement(), [&](const XMLElement& node) {
        if (std::string_view(node.Name()) != "Category") return;
        each(node,
             [&](const XMLElement& child) { children[node.Attribute("Name")].insert(child.GetText()); });
    });
    for (const std::string event : {"ExposureEnd", "FrameTriggerMissed", "Line1FallingEdge",
                                    "Line1RisingEdge", "FocusMoveCompleted", "ZoomMoveCompleted", "Test"}) {
        CAPTURE(event);
        const auto category = "Event" + event + "Data";
        CHECK(children["EventControl"].contains(category));
        CHECK(children[category].contains("Event" + event));
        CHECK(children[category].contains("Event" + event + "Timestamp"));
    }
    CHECK(children["EventExposureEndData"].contains("EventExposureEndFrameID"));
    CHECK(children["EventFocusMoveCompletedData"].contains("EventFocusMoveCompletedFocus"));
    CHECK(children["EventZoomMoveCompletedData"].contains("EventZoomMoveCompletedZoom"));
}

TEST_CASE("the elements that every node can have come first, in the order of the schema") {
    constexpr std::array kFirst{"ToolTip",    "Description",  "DisplayName",
                                "Visibility", "pIsAvailable", "pIsLocked"};
    each(*document().RootElement(), [&](const XMLElement& node) {
        std::size_t last = 0;
        bool others = false;
        each(node, [&](const XMLElement& element) {
            const auto place = std::ranges::find(kFirst, std::string_view(element.Name()));
            if (place == kFirst.end()) {
                others = true;
                return;
            }
            CAPTURE(node.Attribute("Name"));
            CAPTURE(element.Name());
            CHECK_FALSE(others);
            const auto index = static_cast<std::size_t>(place - kFirst.begin());
            CHECK(index >= last);
            last = index;
        });
    });
}

TEST_CASE("loading a user set makes clients read every value again") {
    int invalidated = 0;
    each(*document().RootElement(), [&](const XMLElement& node) {
        CAPTURE(node.Attribute("Name"));
        const auto* invalidator = node.FirstChildElement("pInvalidator");
        const auto* port = node.FirstChildElement("pPort");
        const auto* access = node.FirstChildElement("AccessMode");
        const bool changes = port && std::string_view(port->GetText()) == "Device" &&
                             std::string_view(access->GetText()) != "WO" &&
                             node.FirstChildElement("Cachable");
        REQUIRE((invalidator != nullptr) == changes);
        if (!invalidator) return;
        ++invalidated;
        CHECK(std::string_view(invalidator->GetText()) == "UserSetLoad");
    });
    CHECK(invalidated > 100);
}

TEST_CASE("the description says whose names they are, what is saved, what is polled, and which limits move") {
    std::map<std::string, int> counts;
    std::set<std::string> features;
    for (const auto& category : emulator::features::table()) {
        for (const auto& feature : category.features) features.insert(std::string(feature.info.name));
    }
    each(*document().RootElement(), [&](const XMLElement& node) {
        if (node.FirstChildElement("PollingTime")) ++counts["polled"];
        if (!features.contains(node.Attribute("Name"))) return;
        REQUIRE(node.Attribute("NameSpace"));
        ++counts[node.Attribute("NameSpace")];
        if (node.FirstChildElement("Streamable")) ++counts["streamable"];
        if (node.FirstChildElement("pMax")) ++counts["limits move"];
        if (std::string_view(node.Name()) == "Enumeration")
            CHECK(node.FirstChildElement("EnumEntry")->Attribute("NameSpace") ==
                  std::string(node.Attribute("NameSpace")));
    });
    // 230 features of the family's conventions, and DeviceFirmwareVersion.
    CHECK(counts["Standard"] == 152);
    CHECK(counts["Custom"] == 79);
    CHECK(counts["streamable"] == 89);
    CHECK(counts["polled"] == 14);
    CHECK(counts["limits move"] == 10);
}

TEST_CASE("a client may keep what only clients change, and must ask for the rest") {
    std::map<std::string, std::string> caching;
    each(*document().RootElement(), [&](const XMLElement& node) {
        if (const auto* cachable = node.FirstChildElement("Cachable"))
            caching[node.Attribute("Name")] = cachable->GetText();
    });
    for (const std::string kept :
         {"Width", "PixelFormat", "TriggerMode", "Gamma", "PayloadSize", "WidthMax"}) {
        CAPTURE(kept);
        CHECK(caching[kept + "_Reg"] == "WriteThrough");
    }
    // What is written there may be put right.
    CHECK(caching["OffsetX_Reg"] == "WriteAround");
    CHECK(caching["ChunkEnable_Reg"] == "WriteAround");
    for (const std::string asked : {"ExposureTime", "Gain", "Iris", "Focus", "DeviceTemperature",
                                    "GevSCPSPacketSize", "GevSCPHostPort", "GevCCP", "PtpStatus"}) {
        CAPTURE(asked);
        CHECK(caching[asked + "_Reg"] == "NoCache");
    }
    CHECK(caching["ChunkEnable_Locked"] == "NoCache");
    CHECK(caching["BalanceRatio_Locked"] == "NoCache");
    CHECK(caching["OffsetX_Locked"] == "WriteAround");
}

TEST_CASE("the misspelt name of older cameras is there with the types of the field alone") {
    using emulator::NodeTypes;
    const auto in_field = emulator::features::description_xml(emulator::features::table(NodeTypes::field));
    CHECK(in_field.find("\"ExposureAutoHighlighReduction\"") != std::string::npos);
    CHECK(xml().find("ExposureAutoHighlighReduction") == std::string::npos);
    CHECK(xml().find("\"DeviceFirmwareVersion\"") != std::string::npos);
}

TEST_CASE("an enumeration's entries are symbols, and addresses of registers are those of the table") {
    each(*document().RootElement(), [&](const XMLElement& node) {
        if (std::string_view(node.Name()) == "Enumeration") {
            CHECK(node.FirstChildElement("EnumEntry") != nullptr);
            CHECK(node.FirstChildElement("pValue") != nullptr);
        }
        if (const auto* event = node.FirstChildElement("EventID")) {
            // An odd number of digits breaks a client.
            CHECK(std::string_view(event->GetText()).size() == 4);
        }
    });
}

TEST_CASE("the version changes with the content, and with nothing else") {
    using namespace protocol::genicam;
    const DeviceInfo device{.vendor_symbol = "V", .model_symbol = "M", .tip = "t"};
    Node node{.info = {}, .category = "C"};
    node.info.name = "A";
    node.info.tip = "A tip.";
    node.info.address = 0xA000;
    node.info.type = Integer{0, 10};
    const auto one = make_xml(device, std::span(&node, 1));
    CHECK(one == make_xml(device, std::span(&node, 1)));
    node.info.type = Integer{0, 11};
    const auto other = make_xml(device, std::span(&node, 1));
    CHECK(attribute(one, "VersionGuid") != attribute(other, "VersionGuid"));
    CHECK(attribute(one, "ProductGuid") == attribute(other, "ProductGuid"));
    CHECK(attribute(one, "VersionGuid").size() == 36);
    CHECK(attribute(one, "SchemaMajorVersion") == "1");
    CHECK(attribute(one, "SchemaMinorVersion") == "1");
}

TEST_CASE("a profile can ask for a plain description file") {
    VirtualCameraOptions options;
    options.profile.zips_description = false;
    VirtualCamera camera(options);
    FakeClient client(camera);
    const auto url = protocol::text_of(ByteView(client.read_memory(0x0200, 512)->payload).subspan(4));
    const auto& xml = camera.camera.registers().xml();
    CHECK(url.find(".xml;10000;" + protocol::gvcp::hex(xml.size(), 1).substr(2)) != std::string::npos);
    const auto begin = client.read_memory(0x10000, 512)->payload;
    CHECK(protocol::text_of(ByteView(begin).subspan(4)) == xml.substr(0, 512));
    CHECK(client.read_memory(0x10000 + static_cast<std::uint32_t>(xml.size() / 4 * 4 + 4), 4)->status != 0);
}

TEST_CASE("the address of the description leads to an archive with the description and nothing else") {
    VirtualCamera camera;
    FakeClient client(camera);
    const auto url_ack = client.read_memory(0x0200, 512);
    const auto url = protocol::text_of(ByteView(url_ack->payload).subspan(4));
    const auto first = url.find(';'), second = url.find(';', first + 1);
    const auto name = url.substr(6, first - 6);
    const auto address = static_cast<std::uint32_t>(std::stoul(url.substr(first + 1), nullptr, 16));
    const auto size = std::stoul(url.substr(second + 1), nullptr, 16);
    CHECK(name.ends_with(".zip"));

    Bytes file;
    while (file.size() < size) {
        const auto count =
            static_cast<std::uint32_t>(std::min<std::size_t>(512, (size - file.size() + 3) / 4 * 4));
        const auto ack = client.read_memory(address + static_cast<std::uint32_t>(file.size()), count);
        REQUIRE(ack->status == 0);
        file.insert(file.end(), ack->payload.begin() + 4, ack->payload.end());
    }
    while (file.size() > size) {
        CHECK(file.back() == 0);
        file.pop_back();
    }
    CHECK(file == emulator::features::zipped(camera.camera.registers().xml(), "gigemu_DFK_39GX265_Z20.xml"));

    zip_error_t error;
    zip_error_init(&error);
    auto* archive = zip_open_from_source(zip_source_buffer_create(file.data(), file.size(), 0, &error),
                                         ZIP_RDONLY, &error);
    REQUIRE(archive);
    CHECK(zip_get_num_entries(archive, 0) == 1);
    zip_stat_t stat;
    REQUIRE(zip_stat_index(archive, 0, 0, &stat) == 0);
    CHECK(std::string(stat.name).ends_with(".xml"));
    std::string content(stat.size, ' ');
    auto* member = zip_fopen_index(archive, 0, 0);
    CHECK(zip_fread(member, content.data(), content.size()) == static_cast<zip_int64_t>(content.size()));
    zip_fclose(member);
    zip_discard(archive);
    CHECK(content == camera.camera.registers().xml());
    CHECK(content == xml());
    // No data descriptor: a common client looks only at the header before the data.
    CHECK((file[6] & 8) == 0);
}
