// A configuration folder of its own for one test, gone afterwards.
#pragma once

#include "config/config.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace crosswalk::config {

// Begins with what a folder needs at least to be right: two connectors, two connections, one route.
class Folder {
public:
    Folder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "crosswalk-config-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("no temporary folder");
        }
        path_ = pattern;
        write("crosswalk.yaml", "version: 1\nconnectors:\n  lever: { enabled: true }\n  goco: {}\n");
        write("connections/lever.yaml",
              "connection: lever\nconnector: lever\nsettings:\n  environment: production\n"
              "  auth: { type: api_key, api_key: \"secret:env/LEVER_KEY\" }\n");
        write("connections/goco.yaml",
              "connection: goco\nconnector: goco\nsettings:\n  company: acme\n  api_key: secret:env/GOCO_KEY\n");
        write("routes/hires.yaml",
              "route: hires\nfrom: { connection: lever, event: candidate.hired }\n"
              "to: { connection: goco, action: create_employee }\n");
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    void write(std::string const& file, std::string_view text) const {
        std::filesystem::create_directories((path_ / file).parent_path());
        std::ofstream(path_ / file, std::ios::binary) << text;
    }
    void append(std::string const& file, std::string_view text) const {
        std::ofstream(path_ / file, std::ios::binary | std::ios::app) << text;
    }
    void remove(std::string const& file) const { std::filesystem::remove(path_ / file); }

    [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }
    // Each problem as people see it, "file:line:column: text".
    [[nodiscard]] std::vector<std::string> problems() const { return in_words(load(path_).problems); }

    [[nodiscard]] static std::vector<std::string> in_words(std::vector<Problem> const& problems) {
        std::vector<std::string> words;
        for (Problem const& problem : problems) {
            words.push_back(to_string(problem));
        }
        return words;
    }

private:
    std::filesystem::path path_;
};

}  // namespace crosswalk::config
