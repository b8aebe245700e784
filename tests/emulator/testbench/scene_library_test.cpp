#include "emulator/testbench/scene_library.h"

#include <doctest/doctest.h>

using emulator::testbench::SceneLibrary;
using scenes::targets::Picture;

namespace {

scenes::SceneFile uploaded(const std::string& name, int pixels = 1) {
    scenes::SceneFile scene{name, "body", {{"light", nlohmann::json::object()}}, {.elsewhere = false}};
    scene.pictures.uploaded["a.png"] =
        std::make_shared<const std::vector<Picture::Frame>>(1, Picture::Srgb(pixels, 1));
    return scene;
}

}  // namespace

TEST_CASE("scene library: scenes of the program and uploaded ones are found by name, and no others") {
    SceneLibrary library;
    CHECK(library.find("conveyor")->content.contains("conveyor"));
    CHECK_FALSE(library.find("mine"));
    CHECK_FALSE(library.find("../conveyor"));
    REQUIRE(library.keep(uploaded("mine")));
    CHECK(library.find("mine")->pictures.uploaded.contains("a.png"));
    CHECK(library.uploaded() == std::vector<std::string>{"mine"});
    CHECK(library.is_of_program("picture"));
    CHECK_FALSE(library.is_of_program("mine"));
}

TEST_CASE("scene library: names are letters, digits, - and _") {
    for (const std::string good : {"a", "A-1_b", "0"}) CHECK(SceneLibrary::is_name(good));
    CHECK(SceneLibrary::is_name(std::string(64, 'a')));
    for (const std::string bad : {"", "a/b", "..", "a.json", "ä", "a b"})
        CHECK_FALSE(SceneLibrary::is_name(bad));
    CHECK_FALSE(SceneLibrary::is_name(std::string(65, 'a')));
}

TEST_CASE("scene library: uploads are bounded in number and bytes, and one may be replaced") {
    SceneLibrary many;
    for (std::size_t i = 0; i < SceneLibrary::kUploadedMost; ++i)
        CHECK(many.keep(uploaded("scene" + std::to_string(i))));
    CHECK_FALSE(many.keep(uploaded("one_more")));
    CHECK(many.keep(uploaded("scene0", 2)));
    SceneLibrary large;
    CHECK(large.keep(uploaded("a", 50'000'000)));
    CHECK_FALSE(large.keep(uploaded("b", 50'000'000)));
    CHECK(large.keep(uploaded("a", 80'000'000)));
    CHECK_FALSE(large.keep(uploaded("a", 90'000'000)));
}

TEST_CASE("pictures: a scene over HTTP reaches its own pictures and those beside its file alone") {
    SceneLibrary library;
    auto scene = *library.find("picture");
    CHECK(scene.pictures.find("picture.jpg").frames);
    for (const std::string name :
         {"../../docs/gallery", "/etc/passwd", "../scenes/../../docs", "missing.png", ""}) {
        CAPTURE(name);
        const auto found = scene.pictures.find(name);
        CHECK_FALSE(found.frames);
        CHECK_FALSE(found.sentence.empty());
    }
    auto mine = uploaded("mine");
    CHECK(mine.pictures.find("a.png").frames);
    CHECK_FALSE(mine.pictures.find("picture.jpg").frames);
    CHECK_FALSE(mine.pictures.find("/etc/passwd").frames);
}
