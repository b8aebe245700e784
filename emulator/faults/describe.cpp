#include "emulator/faults/describe.h"

#include <cctype>

#include "emulator/faults/table.h"

namespace emulator::faults {
namespace {

std::string_view heading(Subject subject) {
    switch (subject) {
        case Subject::stream:
            return "Stream";
        case Subject::frames:
            return "Frames";
        case Subject::control:
            return "Control";
        case Subject::link:
            return "Link";
        default:
            return "Device";
    }
}

std::string sentence(std::string_view text) {
    std::string sentence(text);
    sentence.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence.front())));
    return sentence.ends_with('.') ? sentence : sentence + ".";
}

}  // namespace

std::string kinds_markdown() {
    std::string text;
    std::string_view last;
    for (const auto* kind : kinds()) {
        if (heading(kind->subject) != last) text += "\n## " + std::string(heading(kind->subject)) + "\n";
        last = heading(kind->subject);
        text += "\n### " + std::string(kind->name) + "\n\n" + sentence(kind->summary) + "\n";
        if (!kind->keys.empty()) text += "\nKeys: " + sentence(kind->keys) + "\n";
        text += "\nA correct client: " + std::string(kind->client) + "\n";
    }
    return text;
}

}  // namespace emulator::faults
