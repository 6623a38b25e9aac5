#include "kept.hpp"

#include "store/file_uses.hpp"

namespace crosswalk {
namespace {

store::LinkEnd end_of(plugin_host::Ref const& ref) {
    return {ref.system, ref.kind, ref.id};
}

class OpenFile final : public http::FileSource {
public:
    explicit OpenFile(spool::StoredFile file) : file_(std::move(file)) {}
    std::int64_t size() const noexcept override { return file_.size(); }
    model::Result<void> read(std::int64_t offset, std::span<char> out) override { return file_.read(offset, out); }

private:
    spool::StoredFile file_;
};

class IncomingFile final : public plugin_host::Files::Incoming {
public:
    explicit IncomingFile(std::unique_ptr<spool::Incoming> file) : file_(std::move(file)) {}
    model::Result<void> begin() override { return file_->begin(); }
    model::Result<void> add(std::string_view bytes) override { return file_->add(bytes); }
    model::Result<std::string> keep() override { return file_->keep(); }

private:
    std::unique_ptr<spool::Incoming> file_;
};

}  // namespace

model::Result<std::pair<std::string, std::uint64_t>> StoredKeyValues::get(std::string const& key) {
    auto found = state_.get(connection_, key);
    if (!found) {
        return found.error();
    }
    return std::pair(std::move(found->value), found->version);
}

model::Result<void> StoredKeyValues::put(std::string const& key, std::string const& value,
                                         std::optional<std::uint64_t> if_version) {
    auto const stored = state_.put(connection_, key, value, if_version);
    return stored ? model::Result<void>() : model::Result<void>(stored.error());
}

model::Result<void> StoredKeyValues::remove(std::string const& key, std::optional<std::uint64_t> if_version) {
    return state_.remove(connection_, key, if_version);
}

model::Result<std::unique_ptr<http::FileSource>> SpooledFiles::open(std::string const& id) {
    auto found = spool_.find(id);
    if (!found) {
        return found.error();
    }
    return std::make_unique<OpenFile>(std::move(*found));
}

model::Result<std::unique_ptr<plugin_host::Files::Incoming>> SpooledFiles::incoming() {
    auto incoming = spool_.incoming();
    if (!incoming) {
        return incoming.error();
    }
    return std::make_unique<IncomingFile>(std::move(*incoming));
}

model::Result<void> StoredLinks::put(plugin_host::Ref const& ours, plugin_host::Ref const& theirs) {
    return links_.put(end_of(ours), end_of(theirs));
}

model::Result<std::vector<plugin_host::Ref>> StoredLinks::find(plugin_host::Ref const& of) {
    auto found = links_.find(end_of(of));
    if (!found) {
        return found.error();
    }
    std::vector<plugin_host::Ref> refs;
    refs.reserve(found->size());
    for (store::LinkEnd& end : *found) {
        refs.push_back({std::move(end.system), std::move(end.kind), std::move(end.id)});
    }
    return refs;
}

model::Result<void> StoredLinks::remove(plugin_host::Ref const& ours, plugin_host::Ref const& theirs) {
    return links_.remove(end_of(ours), end_of(theirs));
}

model::Result<std::size_t> purge_files(spool::Spool& spool, store::Store& store, std::chrono::hours age) {
    auto const old = spool.older_than(age);
    if (old.empty()) {
        return std::size_t{0};
    }
    auto const used = store::files_in_use(store, old);
    if (!used) {
        return used.error();
    }
    return spool.purge(age, *used);
}

}  // namespace crosswalk
