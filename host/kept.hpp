// What the host keeps for its connectors, as the plugin host asks for it: private state and links in the
// store, files in the spool.
//
// Threads  safe from any thread. Owner  borrow the spool and the store.
#pragma once

#include "plugin_host/services.hpp"
#include "spool/spool.hpp"
#include "store/links.hpp"
#include "store/state.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace crosswalk {

// A connection's private state, kept in the store.
class StoredKeyValues final : public plugin_host::KeyValues {
public:
    StoredKeyValues(store::State& state, std::string connection) : state_(state), connection_(std::move(connection)) {}

    model::Result<std::pair<std::string, std::uint64_t>> get(std::string const& key) override;
    model::Result<void> put(std::string const& key, std::string const& value,
                            std::optional<std::uint64_t> if_version) override;
    model::Result<void> remove(std::string const& key, std::optional<std::uint64_t> if_version) override;

private:
    store::State& state_;
    std::string const connection_;
};

class SpooledFiles final : public plugin_host::Files {
public:
    explicit SpooledFiles(spool::Spool& spool) noexcept : spool_(spool) {}

    model::Result<std::string> put(std::string_view bytes) override { return spool_.put(bytes); }
    model::Result<std::unique_ptr<http::FileSource>> open(std::string const& id) override;
    model::Result<std::unique_ptr<Incoming>> incoming() override;
    std::int64_t bytes_max() const noexcept override { return spool_.file_bytes_max(); }

private:
    spool::Spool& spool_;
};

class StoredLinks final : public plugin_host::Links {
public:
    explicit StoredLinks(store::Store& store) noexcept : links_(store) {}

    model::Result<void> put(plugin_host::Ref const& ours, plugin_host::Ref const& theirs) override;
    model::Result<std::vector<plugin_host::Ref>> find(plugin_host::Ref const& of) override;
    model::Result<void> remove(plugin_host::Ref const& ours, plugin_host::Ref const& theirs) override;

private:
    store::Links links_;
};

// Removes files that were last put before `age` and that no record of the store names any more; returns how many.
[[nodiscard]] model::Result<std::size_t> purge_files(spool::Spool& spool, store::Store& store, std::chrono::hours age);

}  // namespace crosswalk
