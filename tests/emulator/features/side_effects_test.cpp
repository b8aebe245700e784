#include <doctest/doctest.h>
#include <tinyxml2.h>

#include <set>

#include "emulator/features/table.h"
#include "tests/support/feature_values.h"

// What a write changes elsewhere, the description must tell: else a client shows what is no longer so.

using namespace support;
using tinyxml2::XMLElement;
using Values = std::vector<std::pair<std::string_view, double>>;

namespace {

/// A register of the description file, and the features whose write makes clients read it again.
struct Register {
    std::string name;
    std::uint32_t address = 0, size = 0;
    protocol::genicam::Bits bits = {};
    std::set<std::string> invalidators = {};
};

std::string text_of(const XMLElement& node, const char* name) {
    const auto* child = node.FirstChildElement(name);
    return child ? child->GetText() : "";
}

Register register_of(const XMLElement& node) {
    Register one{.name = node.Attribute("Name")};
    one.address = static_cast<std::uint32_t>(std::stoul(text_of(node, "Address"), nullptr, 16));
    one.size = static_cast<std::uint32_t>(std::stoul(text_of(node, "Length")));
    if (const auto lsb = text_of(node, "LSB"); !lsb.empty())
        one.bits = {31 - std::stoi(lsb), 31 - std::stoi(text_of(node, "MSB"))};
    for (const auto* i = node.FirstChildElement("pInvalidator"); i; i = i->NextSiblingElement("pInvalidator"))
        one.invalidators.insert(i->GetText());
    return one;
}

std::vector<Register> readable_registers(const std::string& xml) {
    tinyxml2::XMLDocument document;
    document.Parse(xml.c_str());
    std::vector<Register> all;
    const auto* node = document.RootElement()->FirstChildElement();
    for (; node; node = node->NextSiblingElement()) {
        if (text_of(*node, "pPort") == "Device" && text_of(*node, "AccessMode") != "WO")
            all.push_back(register_of(*node));
    }
    return all;
}

/// Writes every writable feature, and records changes that no invalidation covers.
class Examiner {
  public:
    explicit Examiner(const Values& state)
        : registers_(readable_registers(camera_.camera.registers().xml())) {
        client_.take_control();
        client_.open_stream();
        client_.keep_alive();
        for (const auto& setting : state) {
            const std::string name(setting.first);
            CAPTURE(name);
            CHECK(client_.set(name, setting.second) == 0);
        }
    }

    void examine() {
        // Afterwards control is lost, the camera restarts, or the acknowledge is delayed.
        static const std::set<std::string_view> kOthers{"GevCCP", "DeviceReset", "DeviceFactoryReset",
                                                        "TestPendingAck"};
        for (const auto& category : emulator::features::table()) {
            for (const auto& feature : category.features) {
                if (feature.info.access != protocol::genicam::Access::ro &&
                    !kOthers.contains(feature.info.name))
                    examine(feature);
            }
        }
    }

    int writes = 0, side_effects = 0;
    std::set<std::string> undeclared;

  private:
    void examine(const emulator::features::Feature& feature) {
        for (const auto units : units_to_try(feature, camera_.camera)) {
            camera_.run_for(100us);
            const auto before = snapshot();
            if (put_bits(client_, feature.info, static_cast<std::uint32_t>(units)) != 0) continue;
            ++writes;
            compare(before, snapshot(), std::string(feature.info.name));
            client_.acks.clear();
        }
    }

    void compare(const std::vector<Bytes>& before, const std::vector<Bytes>& after,
                 const std::string& writer) {
        for (std::size_t i = 0; i < registers_.size(); ++i) {
            const auto& one = registers_[i];
            if (before[i] == after[i] || one.name == writer + "_Reg" || one.name == writer) continue;
            ++side_effects;
            if (!one.invalidators.contains(writer)) undeclared.insert(writer + " changes " + one.name);
        }
    }

    std::vector<Bytes> snapshot() {
        const auto words = read_words();
        std::vector<Bytes> all;
        std::size_t word = 0;
        for (const auto& one : registers_) {
            all.push_back(one.size == 4 ? be32(bits_of(words[word++], one.bits))
                                        : read_long(client_, one.address, one.size));
        }
        return all;
    }

    /// All registers of one word, many by each command.
    std::vector<std::uint32_t> read_words() {
        constexpr std::size_t kAtOnce = 128;
        Bytes addresses;
        for (const auto& one : registers_)
            if (one.size == 4) addresses = addresses + be32(one.address);
        std::vector<std::uint32_t> words;
        for (std::size_t at = 0; at < addresses.size(); at += 4 * kAtOnce) {
            const auto asked = ByteView(addresses).subspan(at, std::min(4 * kAtOnce, addresses.size() - at));
            const auto ack = client_.command(0x80, asked);
            REQUIRE(ack);
            REQUIRE(ack->status == 0);
            REQUIRE(ack->payload.size() == asked.size());
            for (std::size_t i = 0; i < asked.size(); i += 4)
                words.push_back(static_cast<std::uint32_t>(number_at(ack->payload, i, 4)));
        }
        return words;
    }

    VirtualCamera camera_;
    FakeClient client_{camera_};
    std::vector<Register> registers_;
};

}  // namespace

TEST_CASE("no write has a side effect that the description does not tell") {
    const std::vector<Values> states{
        {},
        {{"ExposureAuto", 1}, {"GainAuto", 1}, {"BalanceWhiteAuto", 1}, {"IrisAuto", 1}},
        {{"OffsetAutoCenter", 0},
         {"AutoFunctionsROIPreset", 1},
         {"BalanceWhiteMode", 1},
         {"ChunkModeActive", 1}},
        {{"DecimationHorizontal", 2}, {"DecimationVertical", 2}, {"OffsetAutoCenter", 0}, {"Width", 1024}},
        {{"Height", 1536}, {"Width", 2048}, {"AcquisitionFrameRate", 1}, {"ExposureAuto", 1}},
        {{"ChunkSelector", 1}, {"UserSetSelector", 1}, {"TriggerMode", 1}, {"AcquisitionStart", 1}},
    };
    int writes = 0, side_effects = 0;
    for (const auto& state : states) {
        Examiner examiner(state);
        examiner.examine();
        for (const auto& sentence : examiner.undeclared) {
            CAPTURE(sentence);
            CHECK(false);
        }
        writes += examiner.writes;
        side_effects += examiner.side_effects;
    }
    MESSAGE(writes << " writes had " << side_effects << " side effects");
    CHECK(writes > 1500);
    CHECK(side_effects > 300);
}
