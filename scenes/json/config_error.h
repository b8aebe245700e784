#pragma once

#include <stdexcept>
#include <string>

namespace scenes {

/// Error in a JSON file, a request body or an option: file, key and what was expected there, in one sentence.
struct ConfigError : std::runtime_error {
    std::string file, key, sentence;

    ConfigError(std::string file, std::string key, std::string sentence)
        : std::runtime_error(file + ": " + (key.empty() ? "" : key + ": ") + sentence),
          file(std::move(file)),
          key(std::move(key)),
          sentence(std::move(sentence)) {}
};

}  // namespace scenes
