// What other rooms keep for connectors, in memory; files lie in a folder of their own that goes with the test.
#pragma once

#include "plugin_host/digest.hpp"
#include "plugin_host/services.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace crosswalk::plugin_host {

class TestFiles final : public Files {
public:
    TestFiles() { std::filesystem::create_directories(folder_); }
    TestFiles(TestFiles const&) = delete;
    TestFiles& operator=(TestFiles const&) = delete;
    ~TestFiles() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }

    [[nodiscard]] model::Result<std::string> put(std::string_view bytes) override {
        std::string id = sha256_hex(bytes);
        std::ofstream(folder_ / id, std::ios::binary) << bytes;
        return id;
    }
    [[nodiscard]] model::Result<std::unique_ptr<http::FileSource>> open(std::string const& id) override {
        if (!std::filesystem::exists(folder_ / id)) {
            return model::Error{model::ErrorCode::not_found, "There is no such file."};
        }
        return std::make_unique<Open>(content(folder_ / id));
    }
    [[nodiscard]] model::Result<std::unique_ptr<Incoming>> incoming() override {
        return std::make_unique<Coming>(*this, folder_ / ("incoming-" + std::to_string(++incoming_)));
    }
    [[nodiscard]] std::int64_t bytes_max() const noexcept override { return bytes_max_; }

    [[nodiscard]] static std::string content(std::filesystem::path const& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    // How many files lie there, downloads that nobody took over among them.
    [[nodiscard]] std::size_t count() const {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_), {}));
    }
    std::int64_t bytes_max_ = 4 * 1024 * 1024;
    bool keep_fails = false;

private:
    class Open final : public http::FileSource {
    public:
        explicit Open(std::string content) : content_(std::move(content)) {}
        [[nodiscard]] std::int64_t size() const noexcept override { return static_cast<std::int64_t>(content_.size()); }
        [[nodiscard]] model::Result<void> read(std::int64_t offset, std::span<char> out) override {
            content_.copy(out.data(), out.size(), static_cast<std::size_t>(offset));
            return {};
        }

    private:
        std::string const content_;
    };
    class Coming final : public Incoming {
    public:
        Coming(TestFiles& files, std::filesystem::path path) : files_(files), path_(std::move(path)) {}
        ~Coming() override {
            std::error_code ignored;
            std::filesystem::remove(path_, ignored);
        }
        [[nodiscard]] model::Result<void> begin() override {
            std::ofstream(path_, std::ios::binary | std::ios::trunc);
            return {};
        }
        [[nodiscard]] model::Result<void> add(std::string_view bytes) override {
            std::ofstream(path_, std::ios::binary | std::ios::app) << bytes;
            return {};
        }
        [[nodiscard]] model::Result<std::string> keep() override {
            if (files_.keep_fails) {
                return model::Error{model::ErrorCode::unavailable, "The disk is full."};
            }
            return files_.put(content(path_));
        }

    private:
        TestFiles& files_;
        std::filesystem::path const path_;
    };

    std::filesystem::path const folder_ =
        std::filesystem::temp_directory_path() / ("crosswalk-files-" + std::to_string(std::random_device{}()));
    std::atomic<int> incoming_{0};
};

class TestLinks final : public Links {
public:
    [[nodiscard]] model::Result<void> put(Ref const& ours, Ref const& theirs) override {
        links_.emplace_back(ours, theirs);
        return {};
    }
    [[nodiscard]] model::Result<std::vector<Ref>> find(Ref const& of) override {
        std::vector<Ref> out;
        for (auto const& [ours, theirs] : links_) {
            if (ours == of || theirs == of) {
                out.push_back(ours == of ? theirs : ours);
            }
        }
        return out;
    }
    [[nodiscard]] model::Result<void> remove(Ref const& ours, Ref const& theirs) override {
        if (std::erase(links_, std::pair(ours, theirs)) == 0) {
            return model::Error{model::ErrorCode::not_found, "These are not linked."};
        }
        return {};
    }

private:
    std::vector<std::pair<Ref, Ref>> links_;
};

class TestKeptSecrets final : public KeptSecrets {
public:
    [[nodiscard]] model::Result<model::Secret> get(std::string const& pointer) override {
        ++reads;
        return found(values, pointer);
    }
    [[nodiscard]] model::Result<model::Secret> get_previous(std::string const& pointer) override {
        return found(previous, pointer);
    }
    [[nodiscard]] model::Result<void> put(std::string const& pointer, model::Secret const& value) override {
        values[pointer] = value.reveal();
        return {};
    }
    [[nodiscard]] model::Result<void> remove(std::string const& pointer) override {
        if (values.erase(pointer) == 0) {
            return model::Error{model::ErrorCode::not_found, "None is kept there."};
        }
        return {};
    }
    std::map<std::string, std::string> values;
    std::map<std::string, std::string> previous;
    bool unreadable = false;
    int reads = 0;

private:
    [[nodiscard]] model::Result<model::Secret> found(std::map<std::string, std::string> const& in,
                                                     std::string const& pointer) const {
        if (unreadable) {
            return model::Error{model::ErrorCode::corruption, "It was sealed with another key."};
        }
        auto const at = in.find(pointer);
        if (at == in.end()) {
            return model::Error{model::ErrorCode::not_found, "None is kept there."};
        }
        return model::Secret(at->second);
    }
};

// Hands out tokens in the order given; asking instead of the last one tells `exhausted`.
class TestTokens final : public AccessTokens {
public:
    [[nodiscard]] model::Result<model::Secret> current() override { return at(next_); }
    [[nodiscard]] model::Result<model::Secret> instead_of(model::Secret const& refused) override {
        if (next_ < tokens.size() && refused.reveal() == tokens[next_]) {
            ++next_;
        }
        ++replaced;
        return at(next_);
    }
    std::vector<std::string> tokens{"token-1"};
    model::ErrorCode exhausted = model::ErrorCode::unauthenticated;
    int replaced = 0;

private:
    [[nodiscard]] model::Result<model::Secret> at(std::size_t index) const {
        if (index >= tokens.size()) {
            return model::Error{exhausted, "There is no token."};
        }
        return model::Secret(tokens[index]);
    }
    std::size_t next_ = 0;
};

}  // namespace crosswalk::plugin_host
