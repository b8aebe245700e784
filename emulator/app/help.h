#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace emulator {

/// Help of 80 columns: an option, what its value is, and one sentence.
class Help final : public CLI::Formatter {
  public:
    static constexpr std::size_t kColumns = 80, kIndent = 26;

    Help() { column_width(kIndent); }

    std::string make_option(const CLI::Option* option, bool positional) const override {
        const auto& value = option->get_option_text();
        return row(make_option_name(option, positional) + (value.empty() ? "" : " " + value),
                   option->get_description());
    }
    std::string make_help(const CLI::App* app, std::string name, CLI::AppFormatMode mode) const override {
        return CLI::detail::find_and_replace(Formatter::make_help(app, name, mode), "\n\n\n", "\n\n");
    }
    std::string make_subcommand(const CLI::App* command) const override {
        return row(command->get_name(), command->get_description());
    }
    std::string make_footer(const CLI::App* app) const override {
        return wrapped(app->get_footer(), 0) + "\n";
    }

  private:
    static std::string row(const std::string& name, const std::string& text) {
        auto left = "  " + name;
        left += left.size() + 1 < kIndent ? std::string(kIndent - left.size(), ' ')
                                          : "\n" + std::string(kIndent, ' ');
        return left + wrapped(text, kIndent) + "\n";
    }
    /// The text in lines that begin at this column; the first is there already.
    static std::string wrapped(const std::string& text, std::size_t column) {
        std::istringstream words(text);
        std::string lines, word;
        auto at = column;
        while (words >> word) {
            if (at > column && at + 1 + word.size() > kColumns) {
                lines += "\n" + std::string(column, ' ');
                at = column;
            }
            if (at > column) {
                lines += ' ';
                ++at;
            }
            lines += word;
            at += word.size();
        }
        return lines;
    }
};

}  // namespace emulator
