// What the host keeps for its connectors, as the plugin host asks for it: files in the spool, links in the store.
//
// Threads  safe from any thread. Owner  borrow the spool and the store.
#pragma once

#include "plugin_host/services.hpp"
#include "spool/spool.hpp"
#include "store/links.hpp"

#include <chrono>

namespace crosswalk {

class SpooledFiles final : public plugin_host::Files {
public:
    explicit SpooledFiles(spool::Spool& spool) noexcept : spool_(spool) {}

    model::Result<std::string> put(std::string_view bytes) override { return spool_.put(bytes); }
    model::Result<Found> find(std::string const& id) override;
    model::Result<std::filesystem::path> incoming() override { return spool_.incoming(); }
    model::Result<std::string> adopt(std::filesystem::path const& incoming) override { return spool_.adopt(incoming); }
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
